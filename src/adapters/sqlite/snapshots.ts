import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { PartitionId } from '../../domain/ids.ts';
import type { Log } from '../../ports/log.ts';
import type { TaskEnd, WriterThread } from './writer.ts';
import type { WriterTask } from './writer-protocol.ts';

/** A chunk is one transaction: between two of them the writer serves commits, so a large state does not hold up orders. */
const CHUNK_BYTES = 256 * 1024;

/** Writes a state in chunks, the mark that makes it a snapshot last. Resolves when it is durable. */
export async function writeSnapshot(
  writer: WriterThread,
  partition: PartitionId,
  seq: number,
  state: Uint8Array,
): Promise<void> {
  let chunk = 0;
  for (let at = 0; at < state.length; at += CHUNK_BYTES) {
    const bytes = state.slice(at, at + CHUNK_BYTES);
    await perform(writer, { type: 'snapshot_chunk', partition, seq, chunk, bytes });
    chunk += 1;
  }
  await perform(writer, {
    type: 'snapshot_end',
    partition,
    seq,
    chunks: chunk,
    length: state.length,
    crc: crc32(state),
  });
}

/** Runs one task of the writer; rejects when it was refused or failed. */
export function perform(writer: WriterThread, task: WriterTask): Promise<void> {
  return new Promise((resolve, reject) => {
    writer.send(task, (end: TaskEnd) => {
      if (end.type === 'done') resolve();
      else reject(new Error(`${task.type} was not written: ${end.message}`));
    });
  });
}

type SnapshotRow = Readonly<{ seq: number; length: number; crc: number }>;

/** Finds the newest snapshot that is whole. A damaged one is reported and passed over: the records behind it are there. */
export class SnapshotReader {
  readonly #snapshots: StatementSync;
  readonly #chunks: StatementSync;
  readonly #log: Log;

  constructor(db: DatabaseSync, log: Log) {
    this.#log = log;
    this.#snapshots = db.prepare(
      `SELECT seq, length, crc FROM snapshots
       WHERE partition = (SELECT id FROM partitions WHERE name = ?) ORDER BY seq DESC`,
    );
    this.#chunks = db.prepare(
      `SELECT bytes FROM snapshot_chunks
       WHERE partition = (SELECT id FROM partitions WHERE name = ?) AND seq = ? ORDER BY chunk`,
    );
  }

  latest(partition: PartitionId): { seq: number; state: Uint8Array } | null {
    for (const { seq, length, crc } of this.#snapshots.all(partition) as unknown as SnapshotRow[]) {
      const chunks = this.#chunks.all(partition, seq) as unknown as { bytes: Uint8Array }[];
      const state = Buffer.concat(chunks.map(({ bytes }) => bytes));
      if (state.length === length && crc32(state) === crc) return { seq, state };
      this.#log.error('snapshot_damaged', { partition, seq });
    }
    return null;
  }
}
