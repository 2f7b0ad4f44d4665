import { err, ok, type Result } from '../../../../domain/result.ts';
import type { ExchangeSpread, SpreadInstrument } from '../../../../ports/exchange.ts';
import { optional, pageSize, text } from '../../params/fields.ts';
import { page } from '../../params/paging.ts';
import { invalidSymbol, type WireRefusal } from '../../refusals.ts';
import { publicRoute, type Route } from '../../route.ts';
import { spreadInstrumentRow, spreadLevels, spreadTicker, spreadTradeRow } from '../../wire/spread.ts';

/** The combo of a symbol, or the refusal of one that is not listed. */
export function comboOf(spread: ExchangeSpread, symbol: string): Result<SpreadInstrument, WireRefusal> {
  const instrument = spread.instrument(symbol);
  return instrument === null ? err(invalidSymbol) : ok(instrument);
}

const instruments = publicRoute(
  {
    method: 'GET',
    path: '/v5/spread/instrument',
    params: { symbol: optional(text), baseCoin: optional(text), limit: pageSize(500, 200), cursor: optional(text) },
  },
  ({ symbol, baseCoin, limit, cursor }, { exchange }) => {
    const chosen = exchange.spread
      .instruments()
      .filter((one) => (symbol === null || one.symbol === symbol) && (baseCoin === null || one.base === baseCoin));
    if (symbol !== null && chosen.length === 0) return err(invalidSymbol);
    // Ids of a cursor are plain words: the place in the list, which is in a fixed order.
    const numbered = chosen.map((one, index) => ({ one, id: String(index + 1) }));
    const cut = page(numbered, limit, cursor, ({ id }) => ({ at: 0, id }));
    if (!cut.ok) return cut;
    const { rows, nextPageCursor } = cut.value;
    return ok({ list: rows.map(({ one }) => spreadInstrumentRow(one)), nextPageCursor });
  },
);

const orderbook = publicRoute(
  {
    method: 'GET',
    path: '/v5/spread/orderbook',
    retMsg: 'Success',
    params: { symbol: text, limit: pageSize(25, 1) },
  },
  ({ symbol, limit }, { exchange, readSpreadBook, now }) => {
    const combo = comboOf(exchange.spread, symbol);
    if (!combo.ok) return combo;
    const { rows, update, seq, at } = readSpreadBook(combo.value);
    const cut = { bids: rows.bids.slice(0, limit), asks: rows.asks.slice(0, limit) };
    return ok({ s: symbol, ...spreadLevels(combo.value, cut), u: update, ts: Math.max(now, at), seq, cts: at });
  },
);

const tickers = publicRoute(
  { method: 'GET', path: '/v5/spread/tickers', retMsg: 'Success', params: { symbol: text } },
  ({ symbol }, { exchange: { spread } }) => {
    const combo = comboOf(spread, symbol);
    if (!combo.ok) return combo;
    return ok({ list: [spreadTicker(combo.value, spread.ticker(symbol), spread.book(symbol, 1))] });
  },
);

const recentTrades = publicRoute(
  {
    method: 'GET',
    path: '/v5/spread/recent-trade',
    retMsg: 'Success',
    params: { symbol: text, limit: pageSize(1000, 500) },
  },
  ({ symbol, limit }, { exchange: { spread } }) => {
    const combo = comboOf(spread, symbol);
    return combo.ok ? ok({ list: spread.recentTrades(symbol, limit).map(spreadTradeRow) }) : combo;
  },
);

export const SPREAD_MARKET_ROUTES: readonly Route[] = [instruments, orderbook, tickers, recentTrades];
