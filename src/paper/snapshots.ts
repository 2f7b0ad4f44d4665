import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import { PARTITION } from './core.ts';
import { encodeSnapshot, type StoredHistory, type StoredRecords } from './state/snapshot.ts';
import type { PaperState } from './state/state.ts';
import type { Views } from './views/views.ts';

/** Records between two snapshots: a restart reads at most about so many, some seconds of work. */
const EVERY_RECORDS = 200_000;
/** A shorter tail is not worth a snapshot when the exchange closes. */
const WORTH_CLOSING = 1000;

/** Writes the state down from time to time, so that a restart need not read everything that ever happened. */
export class Snapshots {
  readonly #journal: Journal;
  readonly #log: Log;
  #lastSeq: number;
  #since: number;
  #writing = false;

  constructor(journal: Journal, log: Log, lastSeq: number, since: number) {
    this.#journal = journal;
    this.#log = log;
    this.#lastSeq = lastSeq;
    this.#since = since;
  }

  recorded(lastSeq: number, records: number): void {
    this.#lastSeq = lastSeq;
    this.#since += records;
  }

  get isDue(): boolean {
    return this.#since >= EVERY_RECORDS && !this.#writing;
  }

  get isWorthClosing(): boolean {
    return this.#since >= WORTH_CLOSING && !this.#writing;
  }

  /** Only when everything that was decided has reached the views: both halves then are of the same moment. */
  async write(state: PaperState, views: Views): Promise<void> {
    this.#writing = true;
    const bytes = encodeSnapshot(state, historiesOf(views), recordsOf(views));
    const seq = this.#lastSeq;
    this.#since = 0;
    try {
      await this.#journal.saveSnapshot(PARTITION, seq, bytes);
      this.#log.info('paper.snapshot', { seq, bytes: bytes.length });
    } catch (error) {
      // Without it the next start only reads more; a journal that fails says so to everybody by itself.
      this.#log.warn('paper.snapshot_failed', { seq, error: String(error) });
    } finally {
      this.#writing = false;
    }
  }
}

function historiesOf(views: Views): readonly StoredHistory[] {
  const none = { spreadOrders: [], spreadExecutions: [] };
  const own = [...views.histories()].map(([key, history]) => ({
    uid: key.slice(0, key.indexOf('/')),
    ...history.all(),
    ...none,
  }));
  const spreads = [...views.accounts.keys()].map((uid) => ({
    uid,
    orders: [],
    executions: [],
    ...views.spreads(uid).all(),
  }));
  return [...own, ...spreads];
}

function recordsOf(views: Views): readonly StoredRecords[] {
  return [...views.allRecords()].map(([uid, records]) => ({ uid, records: records.all() }));
}
