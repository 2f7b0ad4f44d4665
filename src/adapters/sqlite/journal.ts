import type { PartitionId } from '../../domain/ids.ts';
import { invariant } from '../../domain/result.ts';
import { type Journal, JournalClosed, type JournalRecord } from '../../ports/journal.ts';
import { GroupCommit } from './group-commit.ts';
import type { RowReader, Tail } from './reader.ts';
import { perform, type SnapshotReader, writeSnapshot } from './snapshots.ts';
import type { WriterThread } from './writer.ts';

/** The journal in SQLite: appends gather in `GroupCommit`, the writer thread makes them durable, reads come from disk. */
export class SqliteJournal implements Journal {
  readonly #writer: WriterThread;
  readonly #reader: RowReader;
  readonly #snapshots: SnapshotReader;
  readonly #group: GroupCommit;
  readonly #listeners: ((error: Error) => void)[] = [];
  readonly #rejections = new Set<(error: Error) => void>();
  #failure: Error | null = null;
  #closing: Promise<void> | null = null;

  constructor(writer: WriterThread, reader: RowReader, snapshots: SnapshotReader, tails: readonly Tail[]) {
    this.#writer = writer;
    this.#reader = reader;
    this.#snapshots = snapshots;
    this.#group = new GroupCommit(writer, new Map(tails.map(({ name, lastSeq }) => [name, lastSeq])));
    writer.onFailure((message) => this.#fail(new Error(`the journal cannot be written: ${message}`)));
  }

  append(partition: PartitionId, records: readonly Uint8Array[]): number {
    this.assertOpen();
    return this.#group.append(partition, records);
  }

  assertOpen(): void {
    if (this.#failure !== null) throw new JournalClosed(this.#failure.message, { cause: this.#failure });
    if (this.#closing !== null) throw new JournalClosed('the journal was closed');
  }

  whenDurable(run: () => void): void {
    if (this.#failure === null) this.#group.whenDurable(run);
  }

  *read(partition: PartitionId, fromSeq: number): Generator<JournalRecord> {
    const known = this.#reader.partitions().find(({ name }) => name === partition);
    if (known !== undefined) yield* this.#reader.records(known, fromSeq);
  }

  partitions(): readonly PartitionId[] {
    return this.#group.partitions();
  }

  onFailure(run: (error: Error) => void): void {
    const failure = this.#failure;
    if (failure === null) this.#listeners.push(run);
    else queueMicrotask(() => run(failure));
  }

  /** Written after the records that it covers are durable; commits go on between its chunks. */
  async saveSnapshot(partition: PartitionId, seq: number, state: Uint8Array): Promise<void> {
    invariant(seq <= this.#group.lastSeq(partition), `snapshot of ${partition} is ahead of its records`);
    this.assertOpen();
    const copy = new Uint8Array(state); // a Buffer's own slice would share its memory
    await this.#durable();
    await writeSnapshot(this.#writer, partition, seq, copy);
  }

  latestSnapshot(partition: PartitionId): { readonly seq: number; readonly state: Uint8Array } | null {
    return this.#snapshots.latest(partition);
  }

  /** Waits until everything appended is durable and seals the journal; after a failure there is nothing to wait for. */
  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  async #shut(): Promise<void> {
    if (this.#failure === null) await this.#durable().catch(() => {}); // a failure was told to its listeners
    if (this.#failure === null) await perform(this.#writer, { type: 'seal' });
    await this.#writer.terminate();
  }

  /** Rejects on failure, so that nobody who holds a promise waits for ever. */
  #durable(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#rejections.add(reject);
      this.#group.whenDurable(() => {
        this.#rejections.delete(reject);
        resolve();
      });
    });
  }

  #fail(failure: Error): void {
    this.#failure = failure;
    this.#group.stop();
    for (const reject of this.#rejections) reject(failure);
    for (const run of this.#listeners.splice(0)) run(failure);
  }
}
