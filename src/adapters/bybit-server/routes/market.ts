import { invariant, ok } from '../../../domain/result.ts';
import type { Exchange, ExchangeInstrument } from '../../../ports/exchange.ts';
import { CATEGORIES, category, optional, pageSize, text } from '../params/fields.ts';
import { page } from '../params/paging.ts';
import { publicRoute, type Route } from '../route.ts';
import { bookResult } from '../wire/book.ts';
import { instrumentRow } from '../wire/instrument.ts';
import { tickerRow } from '../wire/ticker.ts';
import { recentTradeRow } from '../wire/trade.ts';
import { instrumentOf, maybeInstrument } from './find.ts';

const time = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/time',
    params: {},
  },
  (_params, { now }) => ok({ timeSecond: String(Math.floor(now / 1000)), timeNano: `${now}000000` }),
);

const instrumentsInfo = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/instruments-info',
    params: {
      category: category(...CATEGORIES),
      symbol: optional(text),
      symbolType: optional(text),
      status: optional(text),
      baseCoin: optional(text),
      limit: pageSize(1000, 500),
      cursor: optional(text),
    },
  },
  (params, { exchange }) => {
    const one = maybeInstrument(exchange, params.category, params.symbol);
    if (!one.ok) return one;
    const listed = exchange.instruments(params.category);
    const status = (params.status ?? 'Trading').toLowerCase();
    const chosen = listed.filter(
      (instrument) =>
        (one.value === null || instrument.id === one.value.id) &&
        (params.baseCoin === null || instrument.base === params.baseCoin) &&
        (params.symbolType === null || params.symbolType === '') &&
        instrument.status === status,
    );
    const row = (instrument: ExchangeInstrument) => instrumentRow(instrument, listed.indexOf(instrument) + 1);
    // Spot comes in one piece and says nothing of a next page.
    if (params.category === 'spot') return ok({ category: params.category, list: chosen.map(row) });
    // Listings are in a fixed order: one time for all, the symbol is the place.
    const cut = page(chosen, params.limit, params.cursor, (instrument) => ({ at: 0, id: instrument.symbol }));
    if (!cut.ok) return cut;
    return ok({ category: params.category, list: cut.value.rows.map(row), nextPageCursor: cut.value.nextPageCursor });
  },
);

/** A call without a limit gets the top of the book on spot and options, 25 levels on futures. */
const BOOK_DEPTHS = {
  spot: pageSize(1000, 1),
  linear: pageSize(1000, 25),
  inverse: pageSize(1000, 25),
  option: pageSize(25, 1),
} as const;

const orderbook = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/orderbook',
    params: { category: category(...CATEGORIES), symbol: text, limit: optional(text) },
  },
  (params, { exchange, now, readBook }) => {
    const depth = BOOK_DEPTHS[params.category](params.limit, 'limit');
    if (!depth.ok) return depth;
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const { rows, stamp } = readBook(instrument.value);
    const cut = { bids: rows.bids.slice(0, depth.value), asks: rows.asks.slice(0, depth.value) };
    return ok(bookResult(instrument.value, cut, stamp, now));
  },
);

const tickers = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/tickers',
    params: { category: category(...CATEGORIES), symbol: optional(text), baseCoin: optional(text) },
  },
  (params, { exchange }) => {
    const one = maybeInstrument(exchange, params.category, params.symbol);
    if (!one.ok) return one;
    const chosen = one.value === null ? exchange.instruments(params.category) : [one.value];
    return ok({ category: params.category, list: chosen.map((instrument) => tickerOf(exchange, instrument)) });
  },
);

function tickerOf(exchange: Exchange, instrument: ExchangeInstrument) {
  const book = exchange.book(instrument.id, 1);
  return tickerRow(exchange.ticker(instrument.id), { bid: book.bids[0], ask: book.asks[0] }, instrument);
}

const TRADE_COUNTS = {
  spot: pageSize(60, 60),
  linear: pageSize(1000, 500),
  inverse: pageSize(1000, 500),
  option: pageSize(1000, 500),
} as const;

const recentTrade = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/recent-trade',
    params: { category: category(...CATEGORIES), symbol: text, limit: optional(text) },
  },
  (params, { exchange }) => {
    const limit = TRADE_COUNTS[params.category](params.limit, 'limit');
    if (!limit.ok) return limit;
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const trades = exchange.recentTrades(instrument.value.id, limit.value);
    invariant(trades.length <= limit.value, 'the exchange gave more trades than were asked for');
    return ok({ category: params.category, list: trades.map((trade) => recentTradeRow(trade, instrument.value)) });
  },
);

export const MARKET_ROUTES: readonly Route[] = [time, instrumentsInfo, orderbook, tickers, recentTrade];
