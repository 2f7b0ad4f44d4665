import type { PartitionId } from '../../domain/ids.ts';
import { type Journal, JournalClosed } from '../../ports/journal.ts';
import type { Log } from '../../ports/log.ts';
import type { MarketFact } from './facts.ts';
import { decodeRecord, encodeRecord, type MarketRecord } from './records.ts';

export const MARKET_PARTITION = 'paper:market' as PartitionId;

/** Records between two snapshots: a day of minutes. */
const EVERY_RECORDS = 1_440;
/** A shorter tail is not worth a snapshot when the exchange closes. */
const WORTH_CLOSING = 60;

export type Found = Readonly<{ snapshot: Uint8Array | null; records: readonly MarketRecord[] }>;

/** Writes down what the markets did, in a partition of its own: no decision reads it. */
export class MarketRecorder {
  readonly #journal: Journal;
  readonly #log: Log;
  #lastSeq = 0;
  #since = 0;
  #writing = false;
  /** Facts that are written and not yet taken into the histories: no snapshot may pass them by. */
  #ahead = 0;

  constructor(journal: Journal, log: Log) {
    this.#journal = journal;
    this.#log = log;
  }

  /** What earlier runs left. Read once, before anything is written. */
  read(): Found {
    const snapshot = this.#journal.latestSnapshot(MARKET_PARTITION);
    this.#lastSeq = snapshot?.seq ?? 0;
    const records: MarketRecord[] = [];
    for (const { seq, payload } of this.#journal.read(MARKET_PARTITION, this.#lastSeq + 1)) {
      records.push(decodeRecord(payload));
      this.#lastSeq = seq;
    }
    this.#since = records.length;
    return { snapshot: snapshot?.state ?? null, records };
  }

  /** In the commit of the decision that says so. */
  facts(facts: readonly MarketFact[]): void {
    if (facts.length === 0) return;
    this.#ahead += facts.length;
    this.#append(facts.map((fact): MarketRecord => ({ type: 'fact', fact })));
  }

  /** The facts of a decision are in the histories. */
  taken(facts: readonly MarketFact[]): void {
    this.#ahead -= facts.length;
  }

  write(records: readonly MarketRecord[]): void {
    this.#append(records);
  }

  get isDue(): boolean {
    return this.#since >= EVERY_RECORDS && !this.#writing && this.#ahead === 0;
  }

  get isWorthClosing(): boolean {
    return this.#since >= WORTH_CLOSING && !this.#writing && this.#ahead === 0;
  }

  async snapshot(state: Uint8Array): Promise<void> {
    this.#writing = true;
    this.#since = 0;
    const seq = this.#lastSeq;
    try {
      await this.#journal.saveSnapshot(MARKET_PARTITION, seq, state);
    } catch (error) {
      // Without it the next start only reads more; a journal that fails says so to everybody by itself.
      this.#log.warn('paper.market_snapshot_failed', { seq, error: String(error) });
    } finally {
      this.#writing = false;
    }
  }

  #append(records: readonly MarketRecord[]): void {
    try {
      const first = this.#journal.append(MARKET_PARTITION, records.map(encodeRecord));
      this.#lastSeq = first + records.length - 1;
      this.#since += records.length;
    } catch (error) {
      // Everybody who waits for the journal is told by it; the last minute of the candles is lost with it.
      if (!(error instanceof JournalClosed)) throw error;
    }
  }
}
