import type { Records } from '../../../ports/records.ts';
import { IN_MEMORY } from './database.ts';
import { RecordsEngine } from './engine.ts';
import { queriesOver } from './lists.ts';
import type { JournalSource } from './projector.ts';

const BATCH = 1_000;

/**
 * Records in the calling thread, brought up to date by each question: for the simulator, where nothing may happen
 * between two events, and for tests. Never stale where the journal has what the mark names.
 */
export function openInlineRecords(journal: JournalSource, path = IN_MEMORY): Records {
  const engine = RecordsEngine.open(path, journal);
  const follow = (): void => {
    while (engine.step(BATCH).records > 0);
  };
  return {
    ...queriesOver((question) => {
      follow();
      return Promise.resolve(engine.answer(question));
    }),
    projectedSeq: (partition) => engine.projectedSeq(partition),
    close: () => Promise.resolve(engine.close()),
  };
}
