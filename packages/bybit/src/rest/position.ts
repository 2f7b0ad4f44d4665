import type { Decimal } from '../decimal.ts';
import type { BybitError } from '../errors.ts';
import type { SettingOutcome } from '../outcome.ts';
import { judgeSettingCode } from '../outcome.ts';
import type { ReadOptions, RestCaller, WriteJudge, WriteOptions } from '../rest.ts';
import type { Result } from '../result.ts';
import type { Position } from '../wire/account.ts';
import { nothing, position } from '../wire/account.ts';
import { listOf } from '../wire/market.ts';
import { privateRead, write } from './endpoint.ts';
import type { Listing, Page } from './paging.ts';
import { readPage, readUntilStable } from './paging.ts';

const LIST = privateRead('/v5/position/list', 50, listOf(position));
const SET_LEVERAGE = write('/v5/position/set-leverage', 'submit', 10, nothing);

export type PositionsParams = Readonly<{
  category: 'linear' | 'inverse' | 'option';
  /** With a symbol its rows come even when flat (two of them in hedge mode). */
  symbol?: string;
  baseCoin?: string;
  /** Linear needs a symbol or a settle coin; with a settle coin alone only what is held comes. */
  settleCoin?: string;
  /** 1 … 200, default 20. */
  limit?: number;
  cursor?: string;
}>;

export type SetLeverage = Readonly<{
  category: 'linear' | 'inverse';
  symbol: string;
  /** Must be equal in one-way mode and under cross margin. */
  buyLeverage: Decimal;
  sellLeverage: Decimal;
}>;

const SETTING: WriteJudge<unknown, Readonly<{ changed: boolean }>> = {
  command: 'setting',
  code: judgeSettingCode,
  ack: () => ({ type: 'acknowledged', value: { changed: true } }),
};

/** Positions, which are keyed by symbol and `positionIdx`. */
export class PositionApi {
  readonly #caller: RestCaller;

  constructor(caller: RestCaller) {
    this.#caller = caller;
  }

  list(params: PositionsParams, options?: ReadOptions): Promise<Result<Page<Position>, BybitError>> {
    return readPage(this.#caller, LIST, params, options);
  }

  /** All rows that match, over all pages; several pages are read until they hold still. */
  all(
    params: Omit<PositionsParams, 'cursor' | 'limit'>,
    options?: ReadOptions,
  ): Promise<Result<Listing<Position>, BybitError>> {
    const startedAt = this.#caller.config.serverClock.now();
    const read = { lane: 'reconcile', ...options } as const;
    return readUntilStable<Position>(
      {
        page: (cursor) => this.list({ ...params, limit: 200, ...(cursor === undefined ? {} : { cursor }) }, read),
        key: (row) => `${row.symbol} ${row.positionIdx}`,
      },
      (row) => (row.updatedTime ?? 0) < startedAt - 1_000,
    );
  }

  /** Leverage that is already so counts as done (`changed: false`). */
  setLeverage(params: SetLeverage, options?: WriteOptions): Promise<SettingOutcome> {
    return this.#caller.write(SET_LEVERAGE, params, SETTING, options);
  }
}
