import type { Category } from '../../../../domain/ids.ts';
import { ok } from '../../../../domain/result.ts';
import { CANDLE_INTERVALS, type CandleKind } from '../../../../ports/exchange.ts';
import { category, type Field, instant, oneOf, optional, text, whole } from '../../params/fields.ts';
import { publicRoute, type Route } from '../../route.ts';
import { candleRow } from '../../wire/candle.ts';
import { instrumentOf } from '../find.ts';
import { linearUnlessGiven } from './fields.ts';

const MOST = 1000;
const MOST_OF_OPTIONS = 500;
const USUAL = 200;

/** Candles of one kind. A start without an end asks for those that follow it, else the newest of the range are given. */
function candleRoute<const C extends Category>(word: string, kind: CandleKind, categories: readonly C[]): Route {
  return publicRoute(
    {
      method: 'GET',
      path: `/v5/market/${word}`,
      params: {
        category: linearUnlessGiven(category(...categories) as Field<Category>),
        symbol: text,
        interval: oneOf(CANDLE_INTERVALS),
        start: instant,
        end: instant,
        limit: optional(whole(1, MOST)),
      },
    },
    (params, { exchange }) => {
      const instrument = instrumentOf(exchange, params.category, params.symbol);
      if (!instrument.ok) return instrument;
      const most = params.category === 'option' ? MOST_OF_OPTIONS : MOST;
      const { start: from, end: to, interval } = params;
      const limit = Math.min(params.limit ?? USUAL, most);
      const query = { interval, from, to, limit, oldest: from !== null && to === null };
      const candles = exchange.market.candles(instrument.value.id, kind, query);
      const list = candles.map((candle) => candleRow(candle, kind, instrument.value));
      return ok({ symbol: params.symbol, category: params.category, list });
    },
  );
}

export const CANDLE_ROUTES: readonly Route[] = [
  candleRoute('kline', 'last', ['spot', 'linear', 'inverse']),
  candleRoute('mark-price-kline', 'mark', ['linear', 'inverse', 'option']),
  candleRoute('index-price-kline', 'index', ['linear', 'inverse']),
  candleRoute('premium-index-price-kline', 'premium', ['linear']),
];
