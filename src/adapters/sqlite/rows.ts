import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { invariant } from '../../domain/result.ts';

/**
 * The bytes of the journal. One row holds the records of one partition in one group commit: each record as its
 * length (uint32, little-endian) and its bytes. Rows of a partition are chained: a row stores the hash of the row
 * before it, so a row that is lost, swapped or altered is noticed by the next one; its own crc covers the last.
 */
export type Row = Readonly<{
  firstSeq: number;
  lastSeq: number;
  hashPrev: Uint8Array;
  crc: number;
  payload: Uint8Array;
}>;

const LENGTH_BYTES = 4;
const FIRST_CAPACITY = 256;

export const checksum = (payload: Uint8Array): number => crc32(payload);

/** What the first row of a partition is chained to: rows cannot be moved to another partition. */
export const genesisHash = (partition: string): Uint8Array =>
  createHash('sha256').update(`okd journal ${partition}`).digest();

/** Hash of a row: what the next row of its partition must name as its predecessor. */
export function rowHash(hashPrev: Uint8Array, firstSeq: number, lastSeq: number, payload: Uint8Array): Uint8Array {
  const sequences = new BigUint64Array([BigInt(firstSeq), BigInt(lastSeq)]);
  return createHash('sha256').update(hashPrev).update(sequences).update(payload).digest();
}

/** Collects the records of one row. Copies at once, so the caller may reuse its buffers. */
export class RowPacker {
  readonly firstSeq: number;
  #lastSeq: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #used = 0;

  constructor(firstSeq: number) {
    this.firstSeq = firstSeq;
    this.#lastSeq = firstSeq - 1;
    this.#bytes = new Uint8Array(FIRST_CAPACITY);
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  add(record: Uint8Array): void {
    const end = this.#used + LENGTH_BYTES + record.length;
    if (end > this.#bytes.length) this.#grow(end);
    const { length } = record;
    this.#bytes[this.#used] = length;
    this.#bytes[this.#used + 1] = length >>> 8;
    this.#bytes[this.#used + 2] = length >>> 16;
    this.#bytes[this.#used + 3] = length >>> 24;
    this.#bytes.set(record, this.#used + LENGTH_BYTES);
    this.#used = end;
    this.#lastSeq += 1;
  }

  /** Hands the packed bytes over, in a buffer of their own that can be transferred to a thread. */
  finish(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#bytes.buffer.transfer(this.#used));
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = grown;
  }
}

/** Views on the records of a row, oldest first. The row's crc was checked before: a length that does not fit is a bug. */
export function unpackRecords(payload: Uint8Array): Uint8Array[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const records: Uint8Array[] = [];
  let at = 0;
  while (at < payload.length) {
    const start = at + LENGTH_BYTES;
    invariant(start <= payload.length, 'journal row ends inside a length');
    at = start + view.getUint32(start - LENGTH_BYTES, true);
    invariant(at <= payload.length, 'journal row ends inside a record');
    records.push(payload.subarray(start, at));
  }
  return records;
}

/** How many records a payload of unknown soundness holds; -1 when its lengths do not add up. */
export function countRecords(payload: Uint8Array): number {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  let count = 0;
  let at = 0;
  while (at + LENGTH_BYTES <= payload.length) {
    at += LENGTH_BYTES + view.getUint32(at, true);
    count += 1;
  }
  return at === payload.length ? count : -1;
}
