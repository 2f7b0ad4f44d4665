import type { FaultSubject } from './subject.ts';
import type { Faults } from './fault-book.ts';
import { mutate, shuffle } from './mutate.ts';
import type { RuleOf } from './rule.ts';

type Result = Record<string, unknown>;
type Params = Readonly<Record<string, unknown>>;
/** One read of an endpoint. */
export type Read = Readonly<{ uid: string | null; path: string; params: Params; result: object; now: number }>;

const MOST_REQUESTS = 500;
const MOST_READS = 11;
const TIMES = ['updatedTime', 'execTime', 'createdTime'] as const;
const EXTRA = 'okd_extra_page';

/** What a query answers under a fault, from what it would have answered and what it answered before. */
export class QueryDamage {
  readonly #faults: Faults;
  /** Results of the last reads of each request, newest last. */
  readonly #reads = new Map<string, object[]>();
  /** Rows of the last page of each list that is being paged through. */
  readonly #pages = new Map<string, readonly unknown[]>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** The result to answer with. The truth is remembered, so that a later read can be stale. */
  apply(rule: RuleOf<'QRY'> | null, read: Read): object {
    const key = keyOf(read, read.params);
    const before = this.#reads.get(key) ?? [];
    remember(this.#reads, key, [...before, read.result].slice(-MOST_READS));
    const listKey = keyOf(read, { ...read.params, cursor: undefined });
    const lastPage = this.#pages.get(listKey) ?? [];
    const rows = rowsOf(read.result);
    if (rows !== null) remember(this.#pages, listKey, rows);
    if (rule === null) return read.result;
    return this.#damaged(rule, structuredClone(read.result) as Result, { read, before, lastPage });
  }

  #damaged(
    rule: RuleOf<'QRY'>,
    result: Result,
    known: Readonly<{ read: Read; before: readonly object[]; lastPage: readonly unknown[] }>,
  ): object {
    const { read, before, lastPage } = known;
    const rows = rowsOf(result);
    switch (rule.action) {
      case 'stale':
        return before.at(-rule.reads) ?? before[0] ?? result;
      case 'mutate': {
        const message = { result };
        mutate(message, rule, this.#faults.rng);
        return message.result;
      }
      case 'empty':
        return { ...result, list: [], ...(result['nextPageCursor'] === undefined ? {} : { nextPageCursor: '' }) };
      case 'reorder':
        if (rows !== null) shuffle(rows, this.#faults.rng);
        return result;
      case 'page_shift':
        return rows === null || !isFurther(read) ? result : { ...result, list: shifted(rows, lastPage, rule.rows) };
      case 'repeat_cursor':
        return isFurther(read) ? { ...result, nextPageCursor: read.params['cursor'] } : result;
      case 'extra_page':
        return result['nextPageCursor'] === '' && rows?.length !== 0 ? { ...result, nextPageCursor: EXTRA } : result;
      case 'retention':
        return rows === null ? result : { ...result, list: rows.filter((row) => timeOf(row) >= read.now - rule.ms) };
      default:
        return result;
    }
  }
}

/** The page that `extra_page` named: there is nothing on it. */
export const isExtraPage = (params: Params): boolean => params['cursor'] === EXTRA;

export const queryRule = (faults: Faults, subject: FaultSubject): RuleOf<'QRY'> | null => faults.take('QRY', subject);

const isFurther = ({ params }: Read): boolean => typeof params['cursor'] === 'string' && params['cursor'] !== '';

const rowsOf = (result: object): unknown[] | null => {
  const list = (result as Result)['list'];
  return Array.isArray(list) ? list : null;
};

const shifted = (rows: readonly unknown[], lastPage: readonly unknown[], by: number): readonly unknown[] =>
  by >= 0 ? [...(by === 0 ? [] : lastPage.slice(-by)), ...rows] : rows.slice(-by);

function timeOf(row: unknown): number {
  for (const name of TIMES) {
    const at = (row as Result | null)?.[name];
    if (at !== undefined) return Number(at);
  }
  return Infinity;
}

const keyOf = ({ uid, path }: Read, params: Params): string => `${uid} ${path} ${JSON.stringify(params)}`;

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST_REQUESTS && oldest !== undefined) map.delete(oldest);
}
