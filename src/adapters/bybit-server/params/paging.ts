import type { UnixMs } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import { invalidParam, refused, type WireRefusal } from '../refusals.ts';

/** One page of a list that is newest first. */
export type Page<T> = Readonly<{ rows: readonly T[]; nextPageCursor: string }>;

/** What places a row in its list: its time, and an id for rows of one millisecond. */
export type Place = Readonly<{ at: number; id: string }>;

/**
 * Cuts a page out of `rows`, newest first. The cursor names the last row of the page before; when that row has left
 * the list meanwhile, the page begins at the first row that is not newer than it.
 */
export function page<T>(
  rows: readonly T[],
  limit: number,
  cursor: string | null,
  placeOf: (row: T) => Place,
): Result<Page<T>, WireRefusal> {
  let from = 0;
  if (cursor !== null) {
    const after = readCursor(cursor);
    if (after === null) return err(invalidParam('cursor'));
    const found = rows.findIndex((row) => placeOf(row).id === after.id);
    const older = rows.findIndex((row) => placeOf(row).at <= after.at);
    from = found >= 0 ? found + 1 : older >= 0 ? older : rows.length;
  }
  const cut = rows.slice(from, from + limit);
  const last = cut.at(-1);
  const more = last !== undefined && from + limit < rows.length;
  return ok({ rows: cut, nextPageCursor: more ? writeCursor(placeOf(last)) : '' });
}

/** Percent-encoded already, as Bybit hands cursors out: a client puts it into its query as it is. */
const writeCursor = (place: Place): string => encodeURIComponent(`${place.at}:${place.id}`);

/**
 * A client that encodes the cursor once more sends it back with its percent signs; one that does not, without. Both
 * are at home on Bybit, and no cursor of ours contains a percent sign of its own.
 */
function readCursor(cursor: string): Place | null {
  const match = /^(\d{1,16})(?::|%3A)([A-Za-z0-9_./-]+)$/.exec(cursor);
  return match === null ? null : { at: Number(match[1]), id: match[2] as string };
}

const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;

/** How far a list goes back without bounds or from one of them, and how many days it covers at most. */
export type WindowRule = Readonly<{ usualMs: number; mostDays: number }>;

/** The times that a list is asked for, completed from whichever bound is given. */
export function historyWindow(
  start: UnixMs | null,
  end: UnixMs | null,
  now: UnixMs,
  { usualMs, mostDays }: WindowRule,
): Result<Readonly<{ from: UnixMs; to: UnixMs }>, WireRefusal> {
  const from = start ?? (end ?? now) - usualMs;
  const to = end ?? (start === null ? now : start + usualMs);
  if (to < from) return err(refused(10001, 'params error: startTime is later than endTime'));
  if (to - from > mostDays * DAY_MS)
    return err(refused(10001, `The time range between startTime and endTime cannot exceed ${mostDays} days`));
  return ok({ from: from as UnixMs, to: to as UnixMs });
}

/** Trading history: seven days at most, and as many by default. */
export const weekWindow = (start: UnixMs | null, end: UnixMs | null, now: UnixMs) =>
  historyWindow(start, end, now, { usualMs: WEEK_MS, mostDays: 7 });
