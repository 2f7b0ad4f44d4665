import { DatabaseSync } from 'node:sqlite';
import type { PartitionId } from '../../../domain/ids.ts';
import type { JournalRecord } from '../../../ports/journal.ts';
import { type Partition, RowReader } from '../reader.ts';
import type { JournalSource } from './projector.ts';

/**
 * The journal's file, read while another thread writes it: a commit is seen only after it was synced, so nothing is
 * seen that a crash could take back. Errors come without SQLite's codes: what is wrong here is not wrong with the records.
 */
export class JournalFile implements JournalSource {
  readonly #db: DatabaseSync;
  readonly #reader: RowReader;
  #partitions = new Map<PartitionId, Partition>();

  constructor(path: string, dir: string) {
    this.#db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    this.#reader = new RowReader(this.#db, dir);
  }

  /** Changes whenever something was committed. */
  version(): number {
    return this.#try(() => Number(this.#db.prepare('PRAGMA data_version').get()?.['data_version']));
  }

  partitions(): readonly PartitionId[] {
    this.#partitions = this.#try(() => new Map(this.#reader.partitions().map((one) => [one.name, one])));
    return [...this.#partitions.keys()];
  }

  *read(name: PartitionId, fromSeq: number): Generator<JournalRecord> {
    if (!this.#partitions.has(name)) this.partitions();
    const partition = this.#partitions.get(name);
    if (partition === undefined) return;
    const records = this.#reader.records(partition, fromSeq);
    for (let next = this.#try(() => records.next()); next.done !== true; next = this.#try(() => records.next()))
      yield next.value;
  }

  close(): void {
    this.#db.close();
  }

  #try<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw new Error(`the journal cannot be read: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }
}
