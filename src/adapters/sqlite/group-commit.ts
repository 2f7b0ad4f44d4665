import type { PartitionId } from '../../domain/ids.ts';
import { RowPacker } from './rows.ts';
import type { WriterThread } from './writer.ts';
import type { RowTask } from './writer-protocol.ts';

/** Appends that will share one transaction, and who waits for them. */
type Batch = { readonly rows: Map<PartitionId, RowPacker>; readonly waiting: (() => void)[] };

const newBatch = (): Batch => ({ rows: new Map(), waiting: [] });

/**
 * Gathers the appends of one turn of the event loop into one transaction. While a commit is under way everything
 * gathers for the next one, so the batch grows with the load and the disk is never waited for twice: at most one
 * commit is in progress, and the next goes out in the turn in which it ends.
 */
export class GroupCommit {
  readonly #writer: WriterThread;
  readonly #lastSeqs: Map<PartitionId, number>;
  #open = newBatch();
  #committing: Batch | null = null;
  #scheduled = false;
  #stopped = false;

  constructor(writer: WriterThread, lastSeqs: Map<PartitionId, number>) {
    this.#writer = writer;
    this.#lastSeqs = lastSeqs;
  }

  partitions(): PartitionId[] {
    return [...this.#lastSeqs.keys()];
  }

  /** Of what was appended; 0 when nothing was. */
  lastSeq(partition: PartitionId): number {
    return this.#lastSeqs.get(partition) ?? 0;
  }

  append(partition: PartitionId, records: readonly Uint8Array[]): number {
    const firstSeq = this.lastSeq(partition) + 1;
    if (records.length === 0) return firstSeq;
    let row = this.#open.rows.get(partition);
    if (row === undefined) {
      row = new RowPacker(firstSeq);
      this.#open.rows.set(partition, row);
    }
    for (const record of records) row.add(record);
    this.#lastSeqs.set(partition, row.lastSeq);
    this.#schedule();
    return firstSeq;
  }

  whenDurable(run: () => void): void {
    if (this.#open.rows.size > 0) this.#open.waiting.push(run);
    else if (this.#committing !== null) this.#committing.waiting.push(run);
    else queueMicrotask(() => this.#stopped || run());
  }

  /** Nothing that waits is ever released. */
  stop(): void {
    this.#stopped = true;
    this.#open = newBatch();
    this.#committing = null;
  }

  /** The check phase of this turn: everything that the turn appended is there. */
  #schedule(): void {
    if (this.#scheduled || this.#committing !== null) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#committing === null) this.#commitOpen();
    });
  }

  #commitOpen(): void {
    if (this.#stopped || this.#open.rows.size === 0) return;
    const batch = this.#open;
    this.#open = newBatch();
    this.#committing = batch;
    const rows: RowTask[] = [];
    const buffers: ArrayBuffer[] = [];
    for (const [partition, row] of batch.rows) {
      const payload = row.finish();
      rows.push({ partition, firstSeq: row.firstSeq, lastSeq: row.lastSeq, payload });
      buffers.push(payload.buffer);
    }
    this.#writer.send({ type: 'commit', rows }, (end) => end.type === 'done' && this.#committed(batch), buffers);
  }

  #committed(batch: Batch): void {
    if (this.#stopped) return;
    this.#committing = null;
    this.#commitOpen();
    for (const run of batch.waiting) run();
  }
}
