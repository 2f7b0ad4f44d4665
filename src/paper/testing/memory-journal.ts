import type { PartitionId } from '../../domain/ids.ts';
import { type Journal, JournalClosed, type JournalRecord } from '../../ports/journal.ts';

/** A journal in memory for tests: `commit` makes durable, `reopen` is what a new process finds. */
export class MemoryJournal implements Journal {
  readonly #durable = new Map<PartitionId, Uint8Array[]>();
  readonly #pending: { partition: PartitionId; record: Uint8Array }[] = [];
  readonly #snapshots = new Map<PartitionId, { seq: number; state: Uint8Array }>();
  #waiting: (() => void)[] = [];
  #onFailure: ((error: Error) => void)[] = [];
  #closed = false;
  /** By itself, in a microtask of its own; else when the test says so. */
  auto = true;

  append(partition: PartitionId, records: readonly Uint8Array[]): number {
    this.assertOpen();
    const first = this.#count(partition) + 1;
    for (const record of records) this.#pending.push({ partition, record });
    return first;
  }

  assertOpen(): void {
    if (this.#closed) throw new JournalClosed('closed');
  }

  whenDurable(run: () => void): void {
    this.#waiting.push(run);
    if (this.auto && this.#waiting.length === 1) inMicrotask(() => this.commit());
  }

  commit(): void {
    if (this.#closed) return;
    for (const { partition, record } of this.#pending.splice(0)) {
      const records = this.#durable.get(partition) ?? [];
      records.push(record);
      this.#durable.set(partition, records);
    }
    const runs = this.#waiting;
    this.#waiting = [];
    for (const run of runs) run();
  }

  fail(error: Error): void {
    this.#closed = true;
    for (const run of this.#onFailure) run(error);
  }

  *read(partition: PartitionId, fromSeq: number): Iterable<JournalRecord> {
    const records = this.#durable.get(partition) ?? [];
    for (let seq = fromSeq; seq <= records.length; seq += 1) yield { seq, payload: records[seq - 1] as Uint8Array };
  }

  partitions(): readonly PartitionId[] {
    return [...this.#durable.keys()];
  }

  onFailure(run: (error: Error) => void): void {
    this.#onFailure.push(run);
  }

  async saveSnapshot(partition: PartitionId, seq: number, state: Uint8Array): Promise<void> {
    this.#snapshots.set(partition, { seq, state });
  }

  latestSnapshot(partition: PartitionId): { readonly seq: number; readonly state: Uint8Array } | null {
    return this.#snapshots.get(partition) ?? null;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** What a new process finds: what was durable, nothing else. */
  reopen(): MemoryJournal {
    const next = new MemoryJournal();
    for (const [partition, records] of this.#durable) next.#durable.set(partition, [...records]);
    for (const [partition, snapshot] of this.#snapshots) next.#snapshots.set(partition, snapshot);
    return next;
  }

  #count(partition: PartitionId): number {
    const pending = this.#pending.filter((one) => one.partition === partition).length;
    return (this.#durable.get(partition)?.length ?? 0) + pending;
  }
}

const inMicrotask = (run: () => void): void => {
  void Promise.resolve().then(run);
};
