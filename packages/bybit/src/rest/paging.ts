import type { BybitError } from '../errors.ts';
import type { ReadOptions, RestCaller } from '../rest.ts';
import type { Params } from '../rest.ts';
import type { Result } from '../result.ts';
import { err, ok } from '../result.ts';
import type { Rows, UnreadableRow } from '../wire/schema.ts';
import type { Endpoint } from './endpoint.ts';

/** One page of a list. Rows that could not be read are kept beside the good ones. */
export type Page<T> = Readonly<{
  rows: readonly T[];
  unreadable: readonly UnreadableRow[];
  /** Goes back verbatim to get the next page; null on the last one. */
  nextPageCursor: string | null;
}>;

/** A list read to its end, each row once. */
export type Listing<T> = Readonly<{ rows: readonly T[]; unreadable: readonly UnreadableRow[] }>;

type WireList<T> = Readonly<{ list: Rows<T>; nextPageCursor: string | null }>;

/** Reads one page. */
export async function readPage<T>(
  caller: RestCaller,
  endpoint: Endpoint<WireList<T>>,
  params: Params,
  options?: ReadOptions,
): Promise<Result<Page<T>, BybitError>> {
  const read = await caller.read(endpoint, params, options);
  if (!read.ok) return read;
  const { list, nextPageCursor } = read.value;
  for (const row of list.unreadable) {
    caller.config.observe({ type: 'unreadable', where: endpoint.path, reason: row.reason, text: row.text });
  }
  return ok({ rows: list.rows, unreadable: list.unreadable, nextPageCursor });
}

/** Enough for every list of one account; a cursor that never ends is an error, not a reason to read for ever. */
const MAX_PAGES = 2_000;
const MAX_TRAVERSALS = 5;

export type Traversal<T> = Readonly<{
  page: (cursor: string | undefined) => Promise<Result<Page<T>, BybitError>>;
  /** What makes a row the same row when pages shift while they are read. */
  key: (row: T) => string;
}>;

/**
 * Reads all pages to the last one. Rows that were inserted meanwhile shift others onto the next page: they are taken
 * once, the later copy wins. A page that fails fails the whole: a part of a list is not a list.
 */
export async function readToEnd<T>(
  traversal: Traversal<T>,
): Promise<Result<Listing<T> & { pages: number }, BybitError>> {
  const rows = new Map<string, T>();
  const unreadable: UnreadableRow[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 1; pages <= MAX_PAGES; pages++) {
    const page = await traversal.page(cursor);
    if (!page.ok) return page;
    for (const row of page.value.rows) rows.set(traversal.key(row), row);
    unreadable.push(...page.value.unreadable);
    const next = page.value.nextPageCursor;
    if (next === null) return ok({ rows: [...rows.values()], unreadable, pages });
    if (cursors.has(next)) return err({ type: 'incomplete', message: `the cursor came back: ${next}` });
    cursors.add(next);
    cursor = next;
  }
  return err({ type: 'incomplete', message: `more than ${MAX_PAGES} pages` });
}

/**
 * As `readToEnd`, for lists from which rows also vanish while they are read (open orders): a vanished row pulls the
 * others one place forward, past a page edge, unseen. A list of several pages is read again until a traversal finds no
 * row that an earlier one should have shown (`isOlder`: it existed before the first traversal began).
 */
export async function readUntilStable<T>(
  traversal: Traversal<T>,
  isOlder: (row: T) => boolean,
): Promise<Result<Listing<T>, BybitError>> {
  const seen = new Map<string, T>();
  for (let i = 0; i < MAX_TRAVERSALS; i++) {
    const listing = await readToEnd(traversal);
    if (!listing.ok) return listing;
    let missed = false;
    for (const row of listing.value.rows) {
      const key = traversal.key(row);
      if (i > 0 && !seen.has(key) && isOlder(row)) missed = true;
      seen.set(key, row);
    }
    const settled = i > 0 && !missed;
    if (listing.value.pages === 1 || settled) {
      return ok({ rows: [...seen.values()], unreadable: listing.value.unreadable });
    }
  }
  return err({ type: 'incomplete', message: `the list did not hold still over ${MAX_TRAVERSALS} traversals` });
}
