import { join } from 'node:path';
import { RECORDS_FILE, removeDatabase } from '../adapters/sqlite/records/database.ts';
import { RecordsEngine } from '../adapters/sqlite/records/engine.ts';
import type { Journal } from '../ports/journal.ts';
import { CommandError } from './exit.ts';
import { compareWithState, type Verification } from './records-check.ts';
import { withStopped } from './stopped.ts';

/** Commands on the records of an instance that does not run. */
const DIFFERENT = 1;
const BATCH = 2_000;
const REPORT_EVERY_MS = 1_000;

/** Drops the records and makes them again from the journal. Stopped half-way, the next start goes on from there. */
export function rebuildRecords(
  dir: string,
  report: (line: string) => void,
): Promise<Readonly<{ records: number; ms: number }>> {
  return withStopped(dir, async (journal) => {
    const started = performance.now();
    removeDatabase(join(dir, RECORDS_FILE));
    return withRecords(dir, journal, async (engine) => {
      const records = await project(engine, report);
      return { records, ms: performance.now() - started };
    });
  });
}

/** Compares the records with the state that the journal leads to, after folding what they did not have yet. */
export function verifyRecords(dir: string, report: (line: string) => void): Promise<Verification> {
  return withStopped(dir, (journal) =>
    withRecords(dir, journal, async (engine) => {
      await project(engine, report);
      return compareWithState(journal, engine.db);
    }),
  );
}

/** What a verification found, in one line. Throws where the records differ, naming the first difference. */
export function verificationLine({ accounts, orders, lines, problems }: Verification): string {
  const [first] = problems;
  if (first === undefined) return `records agree: ${accounts} accounts, ${orders} orders, ${lines} ledger lines`;
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  throw new CommandError('RECORDS_DIFFER', `${first}${more}; okd records rebuild makes them anew`, DIFFERENT);
}

async function withRecords<T>(dir: string, journal: Journal, run: (engine: RecordsEngine) => Promise<T>): Promise<T> {
  const engine = RecordsEngine.open(join(dir, RECORDS_FILE), journal);
  try {
    return await run(engine);
  } finally {
    engine.close();
  }
}

/** Folds to the end of the journal; signals are heard between two batches. */
async function project(engine: RecordsEngine, report: (line: string) => void): Promise<number> {
  let folded = 0;
  let told = performance.now();
  for (let batch = engine.step(BATCH); batch.records > 0; batch = engine.step(BATCH)) {
    folded += batch.records;
    if (performance.now() - told > REPORT_EVERY_MS) {
      told = performance.now();
      report(`${folded} journal records so far`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return folded;
}
