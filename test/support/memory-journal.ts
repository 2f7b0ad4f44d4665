import type { PartitionId } from '../../src/domain/ids.ts';
import { type Journal, JournalClosed, type JournalRecord } from '../../src/ports/journal.ts';

/** A journal in memory: durable when `commit` is called, or at once with `auto`. For unit tests of the parts above it. */
export class MemoryJournal implements Journal {
  readonly #records = new Map<PartitionId, Uint8Array[]>();
  readonly #durable = new Map<PartitionId, number>();
  readonly #waiting: (() => void)[] = [];
  readonly #failureListeners: ((error: Error) => void)[] = [];
  readonly auto: boolean;
  #failed = false;

  constructor(auto = true) {
    this.auto = auto;
  }

  assertOpen(): void {
    if (this.#failed) throw new JournalClosed('failed');
  }

  append(partition: PartitionId, records: readonly Uint8Array[]): number {
    this.assertOpen();
    const all = this.#records.get(partition) ?? [];
    this.#records.set(partition, all);
    all.push(...records);
    return all.length - records.length + 1;
  }

  whenDurable(run: () => void): void {
    if (this.#failed) return;
    this.#waiting.push(run);
    if (this.auto) this.commit();
  }

  commit(): void {
    for (const [partition, records] of this.#records) this.#durable.set(partition, records.length);
    for (const run of this.#waiting.splice(0)) run();
  }

  fail(): void {
    this.#failed = true;
    this.#waiting.length = 0;
    for (const listener of this.#failureListeners) listener(new Error('disk full'));
  }

  *read(partition: PartitionId, fromSeq: number): Iterable<JournalRecord> {
    const records = this.#records.get(partition) ?? [];
    for (let i = fromSeq - 1; i < records.length; i++) yield { seq: i + 1, payload: records[i] as Uint8Array };
  }

  partitions(): readonly PartitionId[] {
    return [...this.#records.keys()];
  }

  onFailure(run: (error: Error) => void): void {
    this.#failureListeners.push(run);
  }

  /** What a crash now would leave: the durable prefix, in a journal of its own. */
  afterCrash(): MemoryJournal {
    const survivor = new MemoryJournal(this.auto);
    for (const [partition, count] of this.#durable)
      survivor.append(partition, (this.#records.get(partition) ?? []).slice(0, count));
    survivor.commit();
    return survivor;
  }

  saveSnapshot(): Promise<void> {
    return Promise.resolve();
  }
  latestSnapshot(): null {
    return null;
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
