import type { BybitError } from '../errors.ts';
import type { ReadOptions, RestCaller } from '../rest.ts';
import type { Result } from '../result.ts';
import type { Category } from '../wire/enums.ts';
import type {
  FuturesInstrument,
  FuturesTicker,
  OptionInstrument,
  OptionTicker,
  RestPublicTrade,
  SpotInstrument,
  SpotTicker,
} from '../wire/market.ts';
import {
  futuresInstrument,
  futuresTicker,
  listOf,
  optionInstrument,
  optionTicker,
  orderbook,
  publicTrade,
  serverTime,
  spotInstrument,
  spotTicker,
} from '../wire/market.ts';
import type { Schema } from '../wire/schema.ts';
import { publicRead } from './endpoint.ts';
import type { Listing, Page } from './paging.ts';
import { readPage, readToEnd } from './paging.ts';

/** Rows differ between categories; the category of the request decides which they are. */
export type InstrumentOf<C extends Category> = C extends 'spot'
  ? SpotInstrument
  : C extends 'option'
    ? OptionInstrument
    : FuturesInstrument;
export type TickerOf<C extends Category> = C extends 'spot'
  ? SpotTicker
  : C extends 'option'
    ? OptionTicker
    : FuturesTicker;

export type InstrumentsParams<C extends Category> = Readonly<{
  category: C;
  symbol?: string;
  status?: 'PreLaunch' | 'Trading' | 'Delivering' | 'Closed';
  /** Not for spot. Under linear and inverse Bybit returns all contracts of the coin together. */
  baseCoin?: string;
  symbolType?: string;
  /** 1 … 1000, default 500; spot ignores it and answers with everything. */
  limit?: number;
  cursor?: string;
}>;

export type OrderbookParams = Readonly<{
  category: Category;
  symbol: string;
  /** Levels a side. Bybit's default is 1 for spot and option: say what you need. At most 1000, option 25. */
  limit: number;
}>;

export type TickersParams<C extends Category> = Readonly<{
  category: C;
  /** Option needs a symbol or a base coin. */
  symbol?: string;
  baseCoin?: string;
  expDate?: string;
}>;

export type RecentTradesParams = Readonly<{
  category: Category;
  /** Needed except for option. */
  symbol?: string;
  baseCoin?: string;
  optionType?: 'Call' | 'Put';
  /** Spot 1 … 60, others 1 … 1000. */
  limit?: number;
}>;

const INSTRUMENTS_PATH = '/v5/market/instruments-info';
const TICKERS_PATH = '/v5/market/tickers';

/** The endpoint of one path, per category: only the rows differ. */
const perCategory = (path: string, spot: Schema<unknown>, option: Schema<unknown>, futures: Schema<unknown>) => ({
  spot: publicRead(path, listOf(spot)),
  option: publicRead(path, listOf(option)),
  linear: publicRead(path, listOf(futures)),
  inverse: publicRead(path, listOf(futures)),
});

export const TIME = publicRead('/v5/market/time', serverTime);
const INSTRUMENTS = perCategory(INSTRUMENTS_PATH, spotInstrument, optionInstrument, futuresInstrument);
const TICKERS = perCategory(TICKERS_PATH, spotTicker, optionTicker, futuresTicker);
const ORDERBOOK = publicRead('/v5/market/orderbook', orderbook);
const RECENT_TRADES = publicRead('/v5/market/recent-trade', listOf(publicTrade));

/** Venue time in ms with the fraction cut off, from the answer to `/v5/market/time`. */
export const millisOfTime = (time: { readonly timeNano: string; readonly timeSecond: number }): number => {
  const millis = Number(time.timeNano.slice(0, -6));
  return Number.isSafeInteger(millis) && millis > 0 ? millis : time.timeSecond * 1_000;
};

/** Public market data. */
export class MarketApi {
  readonly #caller: RestCaller;

  constructor(caller: RestCaller) {
    this.#caller = caller;
  }

  /** The venue's clock. */
  time(options?: ReadOptions) {
    return this.#caller.read(TIME, {}, options);
  }

  /** One page of instruments. */
  instruments<C extends Category>(
    params: InstrumentsParams<C>,
    options?: ReadOptions,
  ): Promise<Result<Page<InstrumentOf<C>>, BybitError>> {
    const page = readPage(this.#caller, INSTRUMENTS[params.category], params, options);
    // The schema of the category was applied, so the rows are the category's.
    return page as Promise<Result<Page<InstrumentOf<C>>, BybitError>>;
  }

  /** All instruments of a category, over all pages: there are more than one page of linear ones. */
  allInstruments<C extends Category>(
    params: Omit<InstrumentsParams<C>, 'cursor' | 'limit'>,
    options?: ReadOptions,
  ): Promise<Result<Listing<InstrumentOf<C>>, BybitError>> {
    const base = params.category === 'spot' ? params : { ...params, limit: 1_000 };
    return readToEnd<InstrumentOf<C>>({
      page: (cursor) =>
        this.instruments<C>({ ...base, ...(cursor === undefined ? {} : { cursor }) } as InstrumentsParams<C>, options),
      key: (row) => row.symbol,
    });
  }

  orderbook(params: OrderbookParams, options?: ReadOptions) {
    return this.#caller.read(ORDERBOOK, params, options);
  }

  tickers<C extends Category>(
    params: TickersParams<C>,
    options?: ReadOptions,
  ): Promise<Result<Page<TickerOf<C>>, BybitError>> {
    const page = readPage(this.#caller, TICKERS[params.category], params, options);
    return page as Promise<Result<Page<TickerOf<C>>, BybitError>>;
  }

  /** Latest public trades, newest first. */
  recentTrades(params: RecentTradesParams, options?: ReadOptions): Promise<Result<Page<RestPublicTrade>, BybitError>> {
    return readPage(this.#caller, RECENT_TRADES, params, options);
  }
}
