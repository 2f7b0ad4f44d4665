import type { PartitionId } from '../domain/ids.ts';

/**
 * The append-only record from which all state is rebuilt. One journal per store; partitions share it, and its order
 * is the order of the appends: what is durable is always a prefix. All appends of one turn of the event loop are in
 * the same commit. So a partition may hand a message to another partition of the same store before it is durable;
 * only what leaves the process has to wait.
 */
export interface Journal {
  /**
   * Joins the next group commit. Returns the sequence number of the first record within its partition (from 1).
   * Throws JournalClosed after a failure: nothing was appended.
   */
  append(partition: PartitionId, records: readonly Uint8Array[]): number;
  /** Throws JournalClosed once an append or sync has failed, or after `close`. */
  assertOpen(): void;
  /** Calls `run` when everything appended so far is durable; in the order of the calls; never after a failure. */
  whenDurable(run: () => void): void;
  /** Records of one partition from `fromSeq` on, oldest first; only what was durable when the journal was opened or since. */
  read(partition: PartitionId, fromSeq: number): Iterable<JournalRecord>;
  partitions(): readonly PartitionId[];
  /** Told once, when an append or sync failed. The journal is closed for writing from then on. */
  onFailure(run: (error: Error) => void): void;
  /** Stores a state under (partition, seq): recovery starts from the latest and reads records after it. */
  saveSnapshot(partition: PartitionId, seq: number, state: Uint8Array): Promise<void>;
  latestSnapshot(partition: PartitionId): { readonly seq: number; readonly state: Uint8Array } | null;
  close(): Promise<void>;
}

export type JournalRecord = Readonly<{ seq: number; payload: Uint8Array }>;

export class JournalClosed extends Error {
  override readonly name = 'JournalClosed';
  readonly code = 'JOURNAL_UNAVAILABLE';
}

/** Start-up refusals, each with what to do in its message. */
export class JournalOpenError extends Error {
  override readonly name = 'JournalOpenError';
  readonly code: 'DATA_DIR_NOT_WRITABLE' | 'DATA_DIR_NEWER_VERSION' | 'DATA_DIR_IN_USE' | 'JOURNAL_CORRUPT';
  constructor(code: JournalOpenError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
