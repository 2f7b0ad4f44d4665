import type { BybitError } from '../errors.ts';
import type { ReadOptions, RestCaller } from '../rest.ts';
import type { Result } from '../result.ts';
import { ok } from '../result.ts';
import type { Category } from '../wire/enums.ts';
import { listOf } from '../wire/market.ts';
import type { Execution } from '../wire/order.ts';
import { execution } from '../wire/order.ts';
import type { UnreadableRow } from '../wire/schema.ts';
import { privateRead } from './endpoint.ts';
import type { Listing, Page } from './paging.ts';
import { readPage, readToEnd } from './paging.ts';

export type ExecutionQuery = Readonly<{
  category: Category;
  symbol?: string;
  /** With an order id all other filters are ignored. */
  orderId?: string;
  orderLinkId?: string;
  baseCoin?: string;
  settleCoin?: string;
  /** At most 7 days between them, ms. Neither: the last 7 days. */
  startTime?: number;
  endTime?: number;
  execType?: string;
  /** 1 … 100, default 50. */
  limit?: number;
  cursor?: string;
}>;

export type ExecutionsSince = Readonly<{
  category: Category;
  symbol?: string;
  /** Venue time, ms. */
  since: number;
  /** Venue time, ms; default: now. */
  until?: number;
  /** How far before `since` the reading begins, ms: what was booked late carries an earlier time. Default 5 s. */
  overlapMs?: number;
}>;

/** Longest span of one query. */
const SPAN_MS = 7 * 24 * 3_600_000;
/** Executions may carry a time slightly ahead of what we take for the venue's. */
const AHEAD_MS = 2_000;

const LIST = privateRead('/v5/execution/list', 50, listOf(execution));

/** By time, then by the venue's sequence, then by id: the same order on every reading. */
function byTime(a: Execution, b: Execution): number {
  return a.execTime - b.execTime || (a.seq ?? 0) - (b.seq ?? 0) || (a.execId < b.execId ? -1 : 1);
}

/** What was executed on the account. Look at `execType`: funding rows are no fills. */
export class ExecutionApi {
  readonly #caller: RestCaller;

  constructor(caller: RestCaller) {
    this.#caller = caller;
  }

  /** One page, newest first. */
  list(params: ExecutionQuery, options?: ReadOptions): Promise<Result<Page<Execution>, BybitError>> {
    return readPage(this.#caller, LIST, params, options);
  }

  /** All executions of one order, oldest first. */
  async ofOrder(
    params: Readonly<{ category: Category; symbol?: string }> & ({ orderId: string } | { orderLinkId: string }),
    options?: ReadOptions,
  ): Promise<Result<Listing<Execution>, BybitError>> {
    return sorted(await this.#all(params, options));
  }

  /**
   * All executions from `since` (less the overlap) on, oldest first, each id once: complete, or an error. Longer spans
   * than Bybit answers at once are read in windows that meet at their edges.
   */
  async since(params: ExecutionsSince, options?: ReadOptions): Promise<Result<Listing<Execution>, BybitError>> {
    const { category, symbol, since, overlapMs = 5_000 } = params;
    const until = params.until ?? this.#caller.config.serverClock.now() + AHEAD_MS;
    const rows = new Map<string, Execution>();
    const unreadable: UnreadableRow[] = [];
    const read: ReadOptions = { lane: 'reconcile', ...options };
    for (let startTime = since - overlapMs; startTime <= until; startTime += SPAN_MS) {
      const endTime = Math.min(startTime + SPAN_MS, until);
      const window = await this.#all(
        { category, ...(symbol === undefined ? {} : { symbol }), startTime, endTime },
        read,
      );
      if (!window.ok) return window;
      for (const row of window.value.rows) rows.set(row.execId, row);
      unreadable.push(...window.value.unreadable);
      if (endTime === until) break;
    }
    return sorted(ok({ rows: [...rows.values()], unreadable }));
  }

  #all(params: ExecutionQuery, options: ReadOptions | undefined): Promise<Result<Listing<Execution>, BybitError>> {
    return readToEnd<Execution>({
      page: (cursor) => this.list({ ...params, limit: 100, ...(cursor === undefined ? {} : { cursor }) }, options),
      key: (row) => row.execId,
    });
  }
}

const sorted = (listing: Result<Listing<Execution>, BybitError>): Result<Listing<Execution>, BybitError> =>
  listing.ok ? ok({ rows: [...listing.value.rows].sort(byTime), unreadable: listing.value.unreadable }) : listing;
