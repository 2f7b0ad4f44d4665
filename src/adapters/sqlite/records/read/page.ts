import type { SQLInputValue } from 'node:sqlite';
import type { AccountId } from '../../../../domain/ids.ts';
import { err, ok, type Result } from '../../../../domain/result.ts';
import type { RecordsError } from '../../../../ports/records.ts';

/** Conditions of one query, all of which must hold. A filter that is null asks for nothing. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly values: SQLInputValue[] = [];

  /** `sql` has a `?` for the value. */
  when(value: SQLInputValue, sql: string): this {
    return value === null ? this : this.and(sql, value);
  }

  and(sql: string, ...values: readonly SQLInputValue[]): this {
    this.#parts.push(sql);
    this.values.push(...values);
    return this;
  }

  get sql(): string {
    return this.#parts.join(' AND ');
  }
}

/** Where a page ends: the sort key of its last row. The next page holds what sorts behind it, whatever came since. */
export type SortKey = readonly number[];

const KEY = /^\d{1,16}(\.\d{1,16})*$/;
const INVALID = {
  code: 'INVALID_CURSOR',
  message: 'The cursor is not one that this list gave to this account.',
} as const;

/** A cursor names its list and its account, and is refused by any other. */
export const cursorText = (list: string, account: AccountId, key: SortKey): string =>
  `${list}.${account}.${key.join('.')}`;

/** The key of a cursor with `length` parts; null for the first page. */
export function cursorKey(
  list: string,
  account: AccountId,
  cursor: string | null,
  length: number,
): Result<SortKey | null, RecordsError> {
  if (cursor === null) return ok(null);
  const prefix = `${list}.${account}.`;
  const rest = cursor.slice(prefix.length);
  if (!cursor.startsWith(prefix) || !KEY.test(rest)) return err(INVALID);
  const key = rest.split('.').map(Number);
  return key.length === length && key.every(Number.isSafeInteger) ? ok(key) : err(INVALID);
}

/** Cuts the row that was read beyond the page, which says that there is more. */
export function cut<Row>(
  rows: Row[],
  limit: number,
  cursorOf: (last: Row) => string,
): { rows: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
