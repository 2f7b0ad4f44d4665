import type { Journal } from '../ports/journal.ts';
import { decodeText } from '../kernel/codec.ts';
import { PARTITION } from './core.ts';
import { applyEvent } from './state/apply.ts';
import type { Change } from './state/changes.ts';
import type { PaperEvent } from './state/events.ts';
import { PaperOpenError } from './open-error.ts';
import { FORMAT } from './state/exchange-events.ts';
import { decodeSnapshot, isSnapshot } from './state/snapshot.ts';
import { newState, type PaperState } from './state/state.ts';

export type Recovered = Readonly<{
  state: PaperState;
  /** Sequence of the last record, 0 for a new exchange. */
  lastSeq: number;
  /** Records since the snapshot. */
  records: number;
}>;

/**
 * Brings the state back to where the journal ends: the latest snapshot, then every record after it. `onChanges` gets
 * what each of them changed, null when everything before is to be forgotten.
 */
export function recover(journal: Journal, onChanges: (changes: readonly Change[] | null) => void): Recovered {
  const snapshot = journal.latestSnapshot(PARTITION);
  let state = newState();
  let lastSeq = 0;
  if (snapshot !== null) {
    if (!isSnapshot(new TextDecoder().decode(snapshot.state))) throw otherFormat();
    const loaded = decodeSnapshot(snapshot.state);
    state = loaded.state;
    lastSeq = snapshot.seq;
    onChanges(loaded.changes);
  }
  const decoder = new TextDecoder();
  let records = 0;
  for (const record of journal.read(PARTITION, lastSeq + 1)) {
    const event = decodeText(decoder.decode(record.payload)) as PaperEvent;
    if (event.type === 'started' && event.format !== FORMAT) throw otherFormat();
    if (event.type === 'opened' || event.type === 'restored') onChanges(null);
    onChanges(applyEvent(state, event));
    lastSeq = record.seq;
    records += 1;
  }
  return { state, lastSeq, records };
}

const otherFormat = (): PaperOpenError =>
  new PaperOpenError(
    'DATA_FORMAT',
    'the data directory holds a paper exchange of another build, which this one cannot read: ' +
      'start with another --data, or remove the directory to begin anew (it is play money)',
  );
