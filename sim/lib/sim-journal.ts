import type { PartitionId } from '../../src/domain/ids.ts';
import { invariant } from '../../src/domain/result.ts';
import { type Journal, JournalClosed, type JournalRecord } from '../../src/ports/journal.ts';
import { uniform } from '../../src/ports/rng.ts';
import type { SimProcess } from './process.ts';
import type { Write, WriteTarget } from './writes.ts';

type Batch = {
  readonly writes: Write[];
  readonly waiting: (() => void)[];
  readonly rejections: ((error: Error) => void)[];
  /** Its fate on the disk is decided; the process may not know yet. */
  decided: boolean;
};

const newBatch = (): Batch => ({ writes: [], waiting: [], rejections: [], decided: false });

/**
 * The journal of one process life on a simulated disk: group commit as the real one does it. What one virtual event
 * and its microtasks append is one commit; what comes while a commit is under way shares the next. When the process
 * dies, what was not committed is lost; of the commit under way it is chance whether all of it or nothing is there.
 */
export class SimJournal implements Journal {
  readonly #disk: WriteTarget;
  readonly #process: SimProcess;
  readonly #lastSeqs = new Map<PartitionId, number>();
  readonly #listeners: ((error: Error) => void)[] = [];
  #open = newBatch();
  #committing: Batch | null = null;
  #planned = false;
  #failure: Error | null = null;
  #closed = false;

  constructor(disk: WriteTarget, process: SimProcess) {
    this.#disk = disk;
    this.#process = process;
    for (const partition of disk.partitions()) this.#lastSeqs.set(partition, disk.records(partition).length);
    process.onDeath(() => this.#crash());
  }

  append(partition: PartitionId, records: readonly Uint8Array[]): number {
    this.assertOpen();
    const before = this.#lastSeqs.get(partition) ?? 0;
    if (records.length === 0) return before + 1;
    this.#lastSeqs.set(partition, before + records.length);
    for (const [i, record] of records.entries()) {
      this.#add({ type: 'record', partition, seq: before + 1 + i, payload: new Uint8Array(record) });
    }
    return before + 1;
  }

  assertOpen(): void {
    if (this.#failure !== null) throw new JournalClosed(this.#failure.message, { cause: this.#failure });
    if (this.#closed) throw new JournalClosed('the journal was closed');
  }

  whenDurable(run: () => void): void {
    if (this.#failure !== null) return;
    const batch = this.#open.writes.length > 0 ? this.#open : this.#committing;
    if (batch !== null) batch.waiting.push(run);
    else queueMicrotask(() => this.#failure ?? this.#process.enter(run));
  }

  *read(partition: PartitionId, fromSeq: number): Generator<JournalRecord> {
    for (let seq = Math.max(1, fromSeq); seq <= this.#disk.records(partition).length; seq += 1) {
      const payload = this.#disk.records(partition)[seq - 1];
      invariant(payload !== undefined, 'records have no gaps');
      yield { seq, payload };
    }
  }

  partitions(): readonly PartitionId[] {
    return [...this.#lastSeqs.keys()];
  }

  onFailure(run: (error: Error) => void): void {
    const failure = this.#failure;
    if (failure === null) this.#listeners.push(run);
    else queueMicrotask(() => this.#process.enter(() => run(failure)));
  }

  async saveSnapshot(partition: PartitionId, seq: number, state: Uint8Array): Promise<void> {
    invariant(seq <= (this.#lastSeqs.get(partition) ?? 0), `snapshot of ${partition} is ahead of its records`);
    await this.write({ type: 'snapshot', partition, seq, state: new Uint8Array(state) });
  }

  latestSnapshot(partition: PartitionId): { readonly seq: number; readonly state: Uint8Array } | null {
    return this.#disk.snapshot(partition);
  }

  /** Joins the next commit. Resolves when it is durable, rejects when the journal fails. */
  write(write: Write): Promise<void> {
    this.assertOpen();
    return new Promise((resolve, reject) => {
      this.#add(write);
      this.#open.waiting.push(resolve);
      this.#open.rejections.push(reject);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const last = this.#open.writes.length > 0 ? this.#open : this.#committing;
    if (last === null || this.#failure !== null) return;
    await new Promise<void>((resolve) => {
      last.waiting.push(resolve);
      last.rejections.push(() => resolve()); // a failure was told to its listeners
    });
  }

  #add(write: Write): void {
    if (!this.#process.alive) return;
    this.#open.writes.push(write);
    if (this.#planned || this.#committing !== null) return;
    this.#planned = true;
    this.#process.clock.after(0, () => {
      this.#planned = false;
      this.#commitOpen();
    });
  }

  #commitOpen(): void {
    if (this.#open.writes.length === 0 || this.#committing !== null) return;
    const batch = this.#open;
    this.#open = newBatch();
    this.#committing = batch;
    this.#disk.clock.after(this.#disk.drawCommitMs(), () => this.#commitEnds(batch));
  }

  #commitEnds(batch: Batch): void {
    if (batch.decided) return; // the process died meanwhile
    batch.decided = true;
    if (this.#disk.takeFailure()) {
      if (uniform(this.#disk.rng) < 0.5) this.#disk.commit(batch.writes);
      this.#process.enter(() => this.#fail(batch));
      return;
    }
    const writesSoFar = this.#disk.commit(batch.writes);
    this.#process.enter(() => {
      this.#committing = null;
      this.#commitOpen();
      this.#disk.acknowledge(writesSoFar);
      for (const run of batch.waiting) run();
    });
  }

  #fail(batch: Batch): void {
    const failure = new Error(`the journal cannot be written: simulated failure of ${this.#disk.name}`);
    this.#failure = failure;
    for (const reject of [...batch.rejections, ...this.#open.rejections]) reject(failure);
    this.#open = newBatch();
    this.#committing = null;
    for (const run of this.#listeners.splice(0)) run(failure);
  }

  #crash(): void {
    const batch = this.#committing;
    this.#committing = null;
    this.#open = newBatch();
    if (batch === null || batch.decided) return;
    batch.decided = true;
    if (uniform(this.#disk.rng) < 0.5) this.#disk.commit(batch.writes);
  }
}
