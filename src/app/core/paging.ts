import { type ApiError, refusal } from '../../contract/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';

/** Cursors name the account that they were given to and the place to go on from; other accounts cannot use them. */
const CURSOR = /^c1\.([A-Za-z0-9_-]+)\.(\d{1,15})$/;

export function cursorOf(text: string | null, account: AccountId): Result<number | null, ApiError> {
  if (text === null) return ok(null);
  const match = CURSOR.exec(text);
  if (match !== null && match[1] === account) return ok(Number(match[2]));
  return err(foreignCursor());
}

export const foreignCursor = (): ApiError =>
  refusal('VALIDATION_FAILED', { message: 'The cursor is not one that this list gave.', details: { field: 'cursor' } });

/** Cuts a page out of rows that are sorted by a falling number. */
export function pageFrom<T>(
  rows: readonly T[],
  before: number | null,
  limit: number,
  account: AccountId,
  numberOf: (row: T, index: number) => number,
): { items: readonly T[]; nextCursor: string | null } {
  const first = before === null ? 0 : rows.findIndex((row, index) => numberOf(row, index) < before);
  if (first < 0) return { items: [], nextCursor: null };
  const items = rows.slice(first, first + limit);
  const last = items.at(-1);
  const more = first + limit < rows.length && last !== undefined;
  return { items, nextCursor: more ? `c1.${account}.${numberOf(last, first + items.length - 1)}` : null };
}
