import { invariant, ok } from '../../../../domain/result.ts';
import type { Exchange, ExchangeInstrument } from '../../../../ports/exchange.ts';
import { CATEGORIES, category, optional, pageSize, text } from '../../params/fields.ts';
import { publicRoute } from '../../route.ts';
import { tickerRow } from '../../wire/ticker.ts';
import { recentTradeRow } from '../../wire/trade.ts';
import { instrumentOf, maybeInstrument } from '../find.ts';

export const tickers = publicRoute(
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

export const recentTrade = publicRoute(
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
