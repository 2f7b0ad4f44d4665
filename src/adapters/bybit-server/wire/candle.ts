import { formatDecimal, formatFixed, roundTo } from '../../../domain/decimal.ts';
import type { UnixMs } from '../../../domain/ids.ts';
import type { Candle, CandleInterval, CandleKind, ExchangeInstrument } from '../../../ports/exchange.ts';
import { formatsOf } from '../numbers.ts';

const TURNOVER_DIGITS = 8;
/** Of the premium index, a fraction. */
const PREMIUM_DIGITS = 6;

const turnover = (candle: Candle): string => formatDecimal(roundTo(candle.turnover, TURNOVER_DIGITS, 'half_even'));

/** Row of the four kline endpoints: seven columns where something trades, five where not. */
export function candleRow(candle: Candle, kind: CandleKind, instrument: ExchangeInstrument): readonly string[] {
  const { open, high, low, close } = candle;
  const start = String(candle.start);
  if (kind === 'last') {
    return [start, ...[open, high, low, close, candle.volume].map(formatDecimal), turnover(candle)];
  }
  const { price } = formatsOf(instrument);
  const shown = kind === 'premium' ? premium : price;
  return [start, ...[open, high, low, close].map(shown)];
}

const premium = (value: Candle['open']): string => formatFixed(value, PREMIUM_DIGITS, 'half_even');

/** `data` of the topic `kline`; it ends a millisecond before the next one begins. */
export const candlePush = (candle: Candle, interval: CandleInterval, now: UnixMs) => ({
  start: candle.start,
  end: candle.end - 1,
  interval,
  open: formatDecimal(candle.open),
  close: formatDecimal(candle.close),
  high: formatDecimal(candle.high),
  low: formatDecimal(candle.low),
  volume: formatDecimal(candle.volume),
  turnover: turnover(candle),
  confirm: candle.isClosed,
  timestamp: now,
});
