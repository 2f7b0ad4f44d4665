import type { PartitionId } from '../../domain/ids.ts';
import type { Tail } from './reader.ts';

/** What the main thread hands to the writer thread, and what comes back. Tasks are done in the order of sending. */
export type WriterStart = Readonly<{
  path: string;
  tails: readonly Tail[];
  faultCells: Int32Array<SharedArrayBuffer> | null;
}>;

export type RowTask = Readonly<{ partition: PartitionId; firstSeq: number; lastSeq: number; payload: Uint8Array }>;

export type WriterTask = Readonly<
  | { type: 'commit'; rows: readonly RowTask[] }
  | { type: 'snapshot_chunk'; partition: PartitionId; seq: number; chunk: number; bytes: Uint8Array }
  /** Makes the chunks sent before it a snapshot, and drops all but the newest two of the partition. */
  | { type: 'snapshot_end'; partition: PartitionId; seq: number; chunks: number; length: number; crc: number }
  | { type: 'meta'; key: string; value: string }
  /** Marks where every partition ends; the thread ends after it. */
  | { type: 'seal' }
>;

export type WriterReport = Readonly<
  /** The oldest task that was not reported yet is durable; the first report says that the database is open. */
  | { type: 'done' }
  /** It was rolled back and the disk is merely full: the journal itself is sound. Only for snapshots and meta. */
  | { type: 'refused'; message: string }
  /** It may or may not be on disk. Nothing is written any more. */
  | { type: 'failed'; message: string }
>;
