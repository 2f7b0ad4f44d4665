import type { UnixMs } from '../../domain/ids.ts';
import type { AccountRecord, RecordKind, RecordOf, TimeRange } from '../../ports/exchange.ts';

const SURPLUS = 1000;

/** What one account's ledger and the lists beside it show, by kind, oldest first; the oldest go when there are too many. */
export class AccountRecords {
  readonly #kinds = new Map<RecordKind, AccountRecord[]>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  put(record: AccountRecord): void {
    const rows = this.#kinds.get(record.kind);
    if (rows === undefined) this.#kinds.set(record.kind, [record]);
    else rows.push(record);
    if (rows !== undefined && rows.length > this.#most + SURPLUS) rows.splice(0, rows.length - this.#most);
  }

  /** Newest first. */
  list<K extends RecordKind>(kind: K, { from, to }: TimeRange): readonly RecordOf<K>[] {
    const rows = (this.#kinds.get(kind) ?? []) as RecordOf<K>[];
    return rows.slice(firstAt(rows, from), firstAt(rows, (to + 1) as UnixMs)).reverse();
  }

  /** Everything that is kept; within a kind oldest first. */
  all(): readonly AccountRecord[] {
    return [...this.#kinds.values()].flat();
  }
}

/** Index of the first record at or after a time. */
function firstAt(rows: readonly AccountRecord[], at: UnixMs): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] as AccountRecord).at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
