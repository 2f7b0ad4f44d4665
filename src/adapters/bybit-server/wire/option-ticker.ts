import { formatDecimal, ZERO } from '../../../domain/decimal.ts';
import { priceOf, qtyOf } from '../../../domain/instrument.ts';
import { invariant } from '../../../domain/result.ts';
import type { ExchangeInstrument, ExchangeLevel, ExchangeTicker, OptionPrices } from '../../../ports/exchange.ts';
import { shownChange } from '../numbers.ts';

type Fields = Record<string, string>;
type Touch = Readonly<{ bid: ExchangeLevel | undefined; ask: ExchangeLevel | undefined }>;
type Names = Readonly<{ bid: string; ask: string; markIv: string }>;

const CHANGE_DIGITS = 8;

/** Row of an option in GET /v5/market/tickers: without trailing zeros, and zero where there is nothing. */
export const optionRow = (ticker: ExchangeTicker, touch: Touch, instrument: ExchangeInstrument): Fields =>
  optionFields(ticker, touch, instrument, { bid: 'bid1', ask: 'ask1', markIv: 'markIv' });

/** `data` of an option in the topic `tickers`, where some of it has another name. */
export const optionPush = (ticker: ExchangeTicker, touch: Touch, instrument: ExchangeInstrument): Fields =>
  optionFields(ticker, touch, instrument, { bid: 'bid', ask: 'ask', markIv: 'markPriceIv' });

function optionFields(ticker: ExchangeTicker, touch: Touch, instrument: ExchangeInstrument, names: Names): Fields {
  const { option } = ticker;
  invariant(option !== null, `${instrument.id} has no option prices`);
  const { delta, gamma, vega, theta } = option.greeks;
  return {
    symbol: instrument.symbol,
    ...sideFields(names.bid, touch.bid, option.bidIv, instrument),
    ...sideFields(names.ask, touch.ask, option.askIv, instrument),
    lastPrice: formatDecimal(ticker.last),
    highPrice24h: formatDecimal(ticker.high24h),
    lowPrice24h: formatDecimal(ticker.low24h),
    markPrice: formatDecimal(ticker.mark),
    indexPrice: formatDecimal(ticker.index),
    [names.markIv]: formatDecimal(option.markIv),
    underlyingPrice: formatDecimal(option.underlying),
    openInterest: formatDecimal(ticker.openInterest),
    turnover24h: formatDecimal(ticker.turnover24h),
    volume24h: formatDecimal(ticker.volume24h),
    totalVolume: formatDecimal(option.totalVolume),
    totalTurnover: formatDecimal(option.totalTurnover),
    delta: formatDecimal(delta),
    gamma: formatDecimal(gamma),
    vega: formatDecimal(vega),
    theta: formatDecimal(theta),
    predictedDeliveryPrice: formatDecimal(ticker.predictedDelivery ?? ZERO),
    change24h: shownChange(ticker.prev24h, ticker.last, CHANGE_DIGITS),
  };
}

function sideFields(
  word: string,
  level: ExchangeLevel | undefined,
  volatility: OptionPrices['bidIv'],
  { listing }: ExchangeInstrument,
): Fields {
  return {
    [`${word}Price`]: level === undefined ? '0' : formatDecimal(priceOf(listing, level.price)),
    [`${word}Size`]: level === undefined ? '0' : formatDecimal(qtyOf(listing, level.qty)),
    [`${word}Iv`]: formatDecimal(volatility),
  };
}
