import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { AccountId, PartitionId } from '../../../domain/ids.ts';
import { invariant } from '../../../domain/result.ts';
import type { Journal, JournalRecord } from '../../../ports/journal.ts';
import { AccountFold } from './fold/account-fold.ts';
import type { Fold } from './fold/fold.ts';
import { PlatformFold, RegistryFold } from './fold/instance-folds.ts';
import { Storage } from './fold/storage.ts';

/** What the projector needs of a journal: only what is durable. */
export type JournalSource = Pick<Journal, 'read' | 'partitions'>;

const decoder = new TextDecoder();
const ACCOUNT = 'account:';

/** What one step folded: how many records, and where their partitions are now. */
export type Batch = Readonly<{ records: number; positions: readonly (readonly [PartitionId, number])[] }>;

type Follower = { lastSeq: number; lastCrc: number; fold: Fold };
type Taken = Readonly<{ partition: PartitionId; records: readonly JournalRecord[] }>;

/** Books and whatever else has a journal of its own say nothing that accounts do not. */
const isProjected = (partition: PartitionId): boolean =>
  partition.startsWith(ACCOUNT) || partition === 'platform' || partition === 'registry';

/**
 * Folds the journal into the tables: batches of records, each in one transaction with the positions that it leads to.
 * So every record is folded exactly once, whenever the process dies, and the tables never show half a batch.
 */
export class Projector {
  readonly #db: DatabaseSync;
  readonly #journal: JournalSource;
  readonly #storage: Storage;
  #followers = new Map<PartitionId, Follower>();
  /** Reads that a full batch broke off: the journal reads whole pages of rows, which are not to be read for each batch. */
  readonly #reads = new Map<PartitionId, Iterator<JournalRecord>>();
  /** The partition that the last batch ended in: the next begins behind it, so that none waits for ever. */
  #lastServed: PartitionId | null = null;

  constructor(db: DatabaseSync, journal: JournalSource) {
    this.#db = db;
    this.#journal = journal;
    this.#storage = new Storage(db);
    this.#rewind();
  }

  projectedSeq(partition: PartitionId): number {
    return this.#followers.get(partition)?.lastSeq ?? 0;
  }

  positions(): [PartitionId, number][] {
    return [...this.#followers].map(([partition, { lastSeq }]) => [partition, lastSeq]);
  }

  /** False where the tables were made from another journal, or from more of it than there is. */
  continues(): boolean {
    for (const [partition, { lastSeq, lastCrc }] of this.#followers) {
      const [last] = this.#journal.read(partition, lastSeq);
      if (last === undefined || last.seq !== lastSeq || crc32(last.payload) !== lastCrc) return false;
    }
    return true;
  }

  /** Folds up to `limit` records, those of `first` before others. No records: there is nothing new. */
  step(limit: number, first: PartitionId | null = null): Batch {
    try {
      const batch = this.#collect(limit, first);
      if (batch.length > 0) this.#commit(batch);
      return {
        records: batch.reduce((sum, { records }) => sum + records.length, 0),
        positions: batch.map(({ partition }) => [partition, this.projectedSeq(partition)]),
      };
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      this.#rewind();
      throw error;
    }
  }

  #commit(batch: readonly Taken[]): void {
    this.#db.exec('BEGIN IMMEDIATE');
    for (const taken of batch) this.#fold(taken);
    this.#db.exec('COMMIT');
  }

  #collect(limit: number, first: PartitionId | null): Taken[] {
    const batch: Taken[] = [];
    let left = limit;
    for (const partition of this.#inTurn(first)) {
      const records = this.#take(partition, left);
      left -= records.length;
      if (records.length > 0) batch.push({ partition, records });
      if (left === 0) {
        this.#lastServed = partition;
        break;
      }
    }
    return batch;
  }

  #take(partition: PartitionId, most: number): JournalRecord[] {
    const records: JournalRecord[] = [];
    const brokenOff = this.#reads.get(partition);
    this.#reads.delete(partition);
    // A read that was broken off has not seen what was appended since: at its end there may be more.
    if (brokenOff !== undefined) this.#drain(brokenOff, partition, most, records);
    if (records.length < most) {
      const from = this.projectedSeq(partition) + records.length + 1;
      this.#drain(this.#journal.read(partition, from)[Symbol.iterator](), partition, most, records);
    }
    return records;
  }

  #drain(read: Iterator<JournalRecord>, partition: PartitionId, most: number, records: JournalRecord[]): void {
    while (records.length < most) {
      const next = read.next();
      if (next.done === true) return;
      records.push(next.value);
    }
    this.#reads.set(partition, read);
  }

  #inTurn(first: PartitionId | null): PartitionId[] {
    const all = this.#journal.partitions().filter(isProjected);
    const start = this.#lastServed === null ? 0 : all.indexOf(this.#lastServed) + 1;
    const turn = [...all.slice(start), ...all.slice(0, start)];
    return first === null || !all.includes(first) ? turn : [first, ...turn.filter((one) => one !== first)];
  }

  #fold({ partition, records }: Taken): void {
    const follower = this.#followers.get(partition) ?? this.#follow(partition);
    for (const { seq, payload } of records) {
      invariant(seq === follower.lastSeq + 1, `records of ${partition}: ${seq} follows ${follower.lastSeq}`);
      follower.fold.take(seq, decoder.decode(payload));
      follower.lastSeq = seq;
      follower.lastCrc = crc32(payload);
    }
    follower.fold.save();
    const { lastSeq, lastCrc, fold } = follower;
    this.#storage.projection.put({ partition, last_seq: lastSeq, last_crc: lastCrc, account: fold.account });
  }

  #follow(partition: PartitionId): Follower {
    const follower = { lastSeq: 0, lastCrc: 0, fold: this.#newFold(partition, null) };
    this.#followers.set(partition, follower);
    return follower;
  }

  /** Back to what the tables say: at the start, and after a batch that failed. */
  #rewind(): void {
    this.#reads.clear();
    this.#followers = new Map();
    for (const [partition, { last_seq, last_crc, account }] of this.#storage.positions()) {
      const fold = this.#newFold(partition, account as AccountId | null);
      this.#followers.set(partition, { lastSeq: last_seq, lastCrc: last_crc, fold });
    }
  }

  #newFold(partition: PartitionId, account: AccountId | null): Fold {
    if (partition === 'platform') return new PlatformFold(this.#storage);
    if (partition === 'registry') return new RegistryFold(this.#storage);
    return new AccountFold(this.#storage, partition, account);
  }
}
