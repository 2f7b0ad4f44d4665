import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PartitionId } from '../../domain/ids.ts';
import { JournalOpenError, type JournalRecord } from '../../ports/journal.ts';
import { checksum, countRecords, genesisHash, type Row, rowHash, unpackRecords } from './rows.ts';

/** Where a partition ends: the next record gets `lastSeq + 1`, the next row is chained to `hash`. */
export type Tail = Readonly<{ id: number; name: PartitionId; lastSeq: number; hash: Uint8Array }>;

export type Partition = Readonly<{ id: number; name: PartitionId; sealedSeq: number }>;
const WRONG_CHECKSUM = 'its checksum is wrong';

/** Rows a page: reads end their transaction after each, so a slow consumer does not hold the log's checkpoint up. */
const PAGE_ROWS = 64;

/** Reads rows in order and refuses whatever does not fit: crc, chain, sequence. */
export class RowReader {
  readonly #rowsFrom: StatementSync;
  readonly #rowHolding: StatementSync;
  readonly #partitions: StatementSync;
  readonly #dir: string;

  constructor(db: DatabaseSync, dir: string) {
    this.#dir = dir;
    this.#rowsFrom = db.prepare(
      `SELECT first_seq AS firstSeq, last_seq AS lastSeq, hash_prev AS hashPrev, crc, payload FROM journal
       WHERE partition = ? AND first_seq >= ? ORDER BY first_seq LIMIT ${PAGE_ROWS}`,
    );
    this.#rowHolding = db.prepare('SELECT max(first_seq) AS seq FROM journal WHERE partition = ? AND first_seq <= ?');
    this.#partitions = db.prepare('SELECT id, name, sealed_seq AS sealedSeq FROM partitions ORDER BY id');
  }

  partitions(): Partition[] {
    return this.#partitions.all() as unknown as Partition[];
  }

  /** Checks each row's crc alone: the chain was verified when the store was opened, and nobody else writes. */
  *records({ id, name }: Partition, fromSeq: number): Generator<JournalRecord> {
    for (const row of this.#rows(id, fromSeq)) {
      if (checksum(row.payload) !== row.crc) throw this.#corrupt(name, row.firstSeq, WRONG_CHECKSUM);
      let seq = row.firstSeq;
      for (const payload of unpackRecords(row.payload)) {
        if (seq >= fromSeq) yield { seq, payload };
        seq += 1;
      }
    }
  }

  /** Reads the partition from the row that holds `fromSeq` to its end and says where that is. Throws JournalOpenError. */
  verify({ id, name, sealedSeq }: Partition, fromSeq: number): Tail {
    let tail: Tail | null = fromSeq > 1 ? null : { id, name, lastSeq: 0, hash: genesisHash(name) };
    for (const row of this.#rows(id, fromSeq)) {
      this.#check(name, row, tail);
      tail = { id, name, lastSeq: row.lastSeq, hash: rowHash(row.hashPrev, row.firstSeq, row.lastSeq, row.payload) };
    }
    const lastSeq = tail?.lastSeq ?? 0;
    if (tail === null || lastSeq < Math.max(sealedSeq, fromSeq)) {
      throw this.#corrupt(name, lastSeq + 1, `it ends before record ${Math.max(sealedSeq, fromSeq)}`);
    }
    return tail;
  }

  /** From the row that holds `fromSeq` on, as they are. */
  *#rows(partition: number, fromSeq: number): Generator<Row> {
    let next = Number(this.#rowHolding.get(partition, fromSeq)?.seq ?? 0);
    for (;;) {
      const page = this.#rowsFrom.all(partition, next) as unknown as Row[];
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE_ROWS) return;
      next = last.firstSeq + 1;
    }
  }

  #check(name: PartitionId, row: Row, before: Tail | null): void {
    const { firstSeq, lastSeq, payload, crc } = row;
    if (checksum(payload) !== crc) throw this.#corrupt(name, firstSeq, WRONG_CHECKSUM);
    if (lastSeq - firstSeq + 1 !== countRecords(payload)) throw this.#corrupt(name, firstSeq, 'records are missing');
    if (before === null) return;
    if (firstSeq !== before.lastSeq + 1) {
      throw this.#corrupt(name, before.lastSeq + 1, `record ${firstSeq} follows instead`);
    }
    if (Buffer.compare(row.hashPrev, before.hash) !== 0) {
      throw this.#corrupt(name, firstSeq, 'it does not continue what is before it');
    }
  }

  #corrupt(name: PartitionId, seq: number, why: string): JournalOpenError {
    return new JournalOpenError(
      'JOURNAL_CORRUPT',
      `The journal in ${this.#dir} is damaged: partition ${name}, record ${seq}: ${why}. Nothing was changed. ` +
        'Keep a copy of the directory, then restore it from a backup; the venues are asked for what happened since.',
    );
  }
}
