import { err, ok } from '../../../../domain/result.ts';
import type { Exchange, ExchangeInstrument } from '../../../../ports/exchange.ts';
import { CATEGORIES, category, optional, pageSize, text, withDefault, wordOf } from '../../params/fields.ts';
import { missingParam } from '../../refusals.ts';
import { publicRoute } from '../../route.ts';
import { tickerRow } from '../../wire/ticker.ts';
import { recentTradeRow } from '../../wire/trade.ts';
import { maybeInstrument } from '../find.ts';

export const tickers = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/tickers',
    params: {
      category: category(...CATEGORIES),
      symbol: optional(text),
      baseCoin: optional(text),
      expDate: optional(text),
    },
  },
  (params, { exchange, now }) => {
    const { category: kind, symbol, baseCoin, expDate } = params;
    if (kind === 'option' && symbol === null && baseCoin === null) return err(missingParam('symbol or baseCoin'));
    const one = maybeInstrument(exchange, kind, symbol);
    if (!one.ok) return one;
    const chosen = one.value === null ? exchange.instruments(kind).filter(isListed) : [one.value];
    const list = chosen
      .filter((instrument) => kind !== 'option' || isOption(instrument, baseCoin, expDate))
      .map((instrument) => tickerOf(exchange, instrument, now));
    return ok({ category: kind, list });
  },
);

const isListed = ({ status }: ExchangeInstrument): boolean => status !== 'closed';

/** On a coin, and expiring on a date (`25DEC22`), where those are asked for. */
const isOption = ({ base, symbol }: ExchangeInstrument, baseCoin: string | null, expDate: string | null): boolean =>
  (baseCoin === null || base === baseCoin) && (expDate === null || symbol.split('-')[1] === expDate);

function tickerOf(exchange: Exchange, instrument: ExchangeInstrument, now: number) {
  const book = exchange.book(instrument.id, 1);
  return tickerRow(exchange.ticker(instrument.id), { bid: book.bids[0], ask: book.asks[0] }, instrument, now);
}

const TRADE_COUNTS = {
  spot: pageSize(60, 60),
  linear: pageSize(1000, 500),
  inverse: pageSize(1000, 500),
  option: pageSize(1000, 500),
} as const;

const isOptionOf = ({ base, contract }: ExchangeInstrument, coin: string, type: 'call' | 'put' | null): boolean =>
  base === coin && (type === null || contract?.option?.type === type);

/** The last trades of some instruments together, newest first. */
function newestTrades(exchange: Exchange, of: readonly ExchangeInstrument[], limit: number) {
  const trades = of.flatMap((instrument) =>
    exchange.recentTrades(instrument.id, limit).map((trade) => ({ trade, instrument })),
  );
  if (of.length > 1) trades.sort((a, b) => b.trade.at - a.trade.at || b.trade.seq - a.trade.seq);
  return trades.slice(0, limit).map(({ trade, instrument }) => recentTradeRow(trade, instrument));
}

export const recentTrade = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/recent-trade',
    params: {
      category: category(...CATEGORIES),
      symbol: optional(text),
      baseCoin: withDefault(text, 'BTC'),
      optionType: optional(wordOf({ Call: 'call', Put: 'put' } as const)),
      limit: optional(text),
    },
  },
  (params, { exchange }) => {
    const limit = TRADE_COUNTS[params.category](params.limit, 'limit');
    if (!limit.ok) return limit;
    const { category: kind, symbol } = params;
    if (symbol === null && kind !== 'option') return err(missingParam('symbol'));
    const one = maybeInstrument(exchange, kind, symbol);
    if (!one.ok) return one;
    const chosen =
      one.value === null
        ? exchange.instruments('option').filter((option) => isOptionOf(option, params.baseCoin, params.optionType))
        : [one.value];
    return ok({ category: kind, list: newestTrades(exchange, chosen, limit.value) });
  },
);
