import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../../domain/result.ts';
import { meetFaults } from './faults.ts';
import { checksum, genesisHash, rowHash } from './rows.ts';
import { openWritable } from './schema.ts';
import type { RowTask, WriterReport, WriterStart, WriterTask } from './writer-protocol.ts';

/**
 * The one connection that writes. A thread of its own, so that the sync of a commit never stops the event loop: while
 * it waits for the disk, decisions go on and the next batch gathers.
 */
const SQLITE_FULL = 13;
const KEPT_SNAPSHOTS = 2;
/**
 * After about this much the log is copied into the database: after the commit was reported, so that its own
 * acknowledgement does not wait (SQLite's would run inside the commit; it stays on as a net, at four times as much).
 * Measured: at 4 MiB the copies, 5 ms each, are the 99th percentile of commits; at 16 MiB they are beyond the 99.9th.
 * A third thread for them let the log grow without end, because it never catches up with a writer that goes on.
 */
const CHECKPOINT_BYTES = 16 * 1024 * 1024;
const PAGE_BYTES = 4096;

type SnapshotEnd = Extract<WriterTask, { type: 'snapshot_end' }>;
type Chain = { id: number; lastSeq: number; hash: Uint8Array };

class Writer {
  readonly #db: DatabaseSync;
  readonly #chains = new Map<string, Chain>();
  readonly #faultCells: WriterStart['faultCells'];
  #bytesInLog = 0;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #insertRow: StatementSync;
  readonly #insertChunk: StatementSync;

  constructor(start: WriterStart) {
    this.#db = openWritable(start.path);
    this.#db.exec(`PRAGMA wal_autocheckpoint = ${(4 * CHECKPOINT_BYTES) / PAGE_BYTES}`);
    this.#faultCells = start.faultCells;
    for (const { id, name, lastSeq, hash } of start.tails) this.#chains.set(name, { id, lastSeq, hash });
    this.#begin = this.#db.prepare('BEGIN IMMEDIATE');
    this.#commit = this.#db.prepare('COMMIT');
    this.#insertRow = this.#db.prepare(
      'INSERT INTO journal (partition, first_seq, last_seq, hash_prev, crc, payload) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#insertChunk = this.#db.prepare(
      'INSERT OR REPLACE INTO snapshot_chunks (partition, seq, chunk, bytes) VALUES (?, ?, ?, ?)',
    );
  }

  run(task: WriterTask): void {
    this.#begin.run();
    this.#write(task);
    meetFaults(this.#faultCells);
    this.#commit.run();
    if (task.type === 'seal') this.#db.close();
  }

  checkpointWhenDue(): void {
    if (this.#bytesInLog < CHECKPOINT_BYTES) return;
    this.#bytesInLog = 0;
    this.#db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  rollback(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }

  #write(task: WriterTask): void {
    switch (task.type) {
      case 'commit':
        for (const row of task.rows) this.#appendRow(row);
        return;
      case 'snapshot_chunk':
        this.#bytesInLog += task.bytes.length + PAGE_BYTES;
        this.#insertChunk.run(this.#chain(task.partition).id, task.seq, task.chunk, task.bytes);
        return;
      case 'snapshot_end':
        this.#endSnapshot(this.#chain(task.partition).id, task);
        return;
      case 'meta':
        this.#db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(task.key, task.value);
        return;
      case 'seal': {
        const seal = this.#db.prepare('UPDATE partitions SET sealed_seq = ? WHERE id = ?');
        for (const { id, lastSeq } of this.#chains.values()) seal.run(lastSeq, id);
      }
    }
  }

  #appendRow({ partition, firstSeq, lastSeq, payload }: RowTask): void {
    const chain = this.#chain(partition);
    invariant(firstSeq === chain.lastSeq + 1, `journal rows of ${partition} out of sequence`);
    this.#bytesInLog += payload.length + PAGE_BYTES;
    this.#insertRow.run(chain.id, firstSeq, lastSeq, chain.hash, checksum(payload), payload);
    chain.hash = rowHash(chain.hash, firstSeq, lastSeq, payload);
    chain.lastSeq = lastSeq;
  }

  #chain(partition: string): Chain {
    const known = this.#chains.get(partition);
    if (known !== undefined) return known;
    const { lastInsertRowid } = this.#db.prepare('INSERT INTO partitions (name) VALUES (?)').run(partition);
    const chain = { id: Number(lastInsertRowid), lastSeq: 0, hash: genesisHash(partition) };
    this.#chains.set(partition, chain);
    return chain;
  }

  #endSnapshot(partition: number, { seq, chunks, length, crc }: SnapshotEnd): void {
    this.#db // what an attempt that was cut short may have left
      .prepare('DELETE FROM snapshot_chunks WHERE partition = ? AND seq = ? AND chunk >= ?')
      .run(partition, seq, chunks);
    this.#db
      .prepare('INSERT OR REPLACE INTO snapshots (partition, seq, length, crc) VALUES (?, ?, ?, ?)')
      .run(partition, seq, length, crc);
    this.#db
      .prepare(
        `DELETE FROM snapshots WHERE partition = :partition AND seq NOT IN
         (SELECT seq FROM snapshots WHERE partition = :partition ORDER BY seq DESC LIMIT ${KEPT_SNAPSHOTS})`,
      )
      .run({ partition });
    this.#db
      .prepare(
        `DELETE FROM snapshot_chunks WHERE partition = :partition AND seq NOT IN
         (SELECT seq FROM snapshots WHERE partition = :partition)`,
      )
      .run({ partition });
  }
}

function serve(port: NonNullable<typeof parentPort>, start: WriterStart): void {
  const report = (message: WriterReport): void => port.postMessage(message);
  const writer = new Writer(start);
  let failed = false;
  port.on('message', (task: WriterTask) => {
    if (failed) return;
    try {
      writer.run(task);
      report({ type: 'done' });
      if (task.type === 'seal') port.close();
      else writer.checkpointWhenDue();
    } catch (error) {
      const { message, errcode } = error as Error & { errcode?: number };
      const full = errcode === SQLITE_FULL && task.type !== 'commit' && task.type !== 'seal';
      if (full) writer.rollback();
      failed = !full;
      report({ type: full ? 'refused' : 'failed', message });
    }
  });
  report({ type: 'done' });
}

invariant(parentPort !== null, 'the journal writer runs in a worker thread');
serve(parentPort, workerData as WriterStart);
