import { divide, formatDecimal, formatFixed, multiply, quotient, roundTo, ZERO } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import type { ExchangeInstrument, ExchangeLevel, ExchangeTicker } from '../../../ports/exchange.ts';
import { formatsOf, shownChange } from '../numbers.ts';
import { optionPush, optionRow } from './option-ticker.ts';

/** Best level of each side, where there is one. */
export type Touch = Readonly<{ bid: ExchangeLevel | undefined; ask: ExchangeLevel | undefined }>;
export type Fields = Record<string, string>;

const BASIS_DIGITS = 8;
const YEAR_MS = 365 * 86_400_000;

/** Row of GET /v5/market/tickers (V5 docs, "Get Tickers"). */
export function tickerRow(ticker: ExchangeTicker, touch: Touch, instrument: ExchangeInstrument, now: number): Fields {
  if (instrument.category === 'spot') return { ...spotPush(ticker, instrument), ...touchFields(touch, instrument) };
  if (instrument.category === 'option') return optionRow(ticker, touch, instrument);
  const { contract } = instrument;
  const delivery = contract?.delivery ?? null;
  return {
    ...contractCommon(ticker, touch, instrument),
    ...fundingTerms(instrument),
    ...UNLISTED,
    ...(delivery === null ? NO_DELIVERY : deliveryFields(ticker, instrument, now)),
    deliveryTime: delivery === null ? '0' : String(delivery.at),
  };
}

/** `data` of the public topic `tickers`; a spot ticker has no bid and ask there. */
export function tickerPush(ticker: ExchangeTicker, touch: Touch, instrument: ExchangeInstrument, now: number): Fields {
  if (instrument.category === 'spot') return spotPush(ticker, instrument);
  if (instrument.category === 'option') return optionPush(ticker, touch, instrument);
  const delivery = instrument.contract?.delivery ?? null;
  const common = { ...contractCommon(ticker, touch, instrument), tickDirection: ticker.tickDirection };
  if (delivery === null) return { ...common, ...fundingTerms(instrument), ...UNLISTED };
  const deliveryTime = new Date(delivery.at).toISOString().replace('.000Z', 'Z');
  return { ...common, ...deliveryFields(ticker, instrument, now), deliveryTime };
}

function spotPush(ticker: ExchangeTicker, instrument: ExchangeInstrument): Fields {
  const { price } = formatsOf(instrument);
  return {
    symbol: instrument.symbol,
    lastPrice: price(ticker.last),
    highPrice24h: price(ticker.high24h),
    lowPrice24h: price(ticker.low24h),
    prevPrice24h: price(ticker.prev24h),
    volume24h: formatDecimal(ticker.volume24h),
    turnover24h: formatDecimal(ticker.turnover24h),
    price24hPcnt: shownChange(ticker.prev24h, ticker.last, 4),
    usdIndexPrice: formatDecimal(ticker.index),
  };
}

/** Before a symbol is listed there is an auction; here there is none. */
const UNLISTED: Fields = { preOpenPrice: '', preQty: '', curPreListingPhase: '' };
const NO_DELIVERY: Fields = {
  predictedDeliveryPrice: '',
  basisRate: '',
  basisRateYear: '',
  basis: '',
  deliveryFeeRate: '',
};

function fundingTerms({ contract }: ExchangeInstrument): Fields {
  const funding = contract?.funding ?? null;
  return {
    fundingIntervalHour: funding === null ? '' : formatDecimal(divided(funding.intervalMin, 60)),
    fundingCap: funding === null ? '' : formatDecimal(funding.cap),
  };
}

const divided = (a: number, b: number): Money => divide(BigInt(a) * 10n ** 18n, BigInt(b), 'half_even') as Money;

/** Basis: the last price over the index; its rate: the mark over the index, and that for a year of 365 days. */
function deliveryFields(ticker: ExchangeTicker, instrument: ExchangeInstrument, now: number): Fields {
  const { delivery = null } = instrument.contract ?? {};
  const { price } = formatsOf(instrument);
  const rate =
    ticker.index === ZERO ? ZERO : quotient((ticker.mark - ticker.index) as Money, ticker.index, 'half_even');
  const left = Math.max(1, (delivery?.at ?? now) - now);
  const yearly = divide(rate * BigInt(YEAR_MS), BigInt(left), 'half_even') as Money;
  return {
    predictedDeliveryPrice: price(ticker.predictedDelivery ?? ZERO),
    basisRate: formatDecimal(roundTo(rate, BASIS_DIGITS, 'half_even')),
    basisRateYear: formatDecimal(roundTo(yearly, BASIS_DIGITS, 'half_even')),
    basis: price((ticker.last - ticker.index) as Money),
    deliveryFeeRate: formatDecimal(delivery?.feeRate ?? ZERO),
  };
}

/** What so many contracts are worth: in quote currency, of inverse ones in the coin. */
function valueOf(size: Money, ticker: ExchangeTicker, instrument: ExchangeInstrument): Money {
  if (instrument.contract?.valuation !== 'inverse') return multiply(size, ticker.mark, 'down');
  return ticker.mark === ZERO ? ZERO : quotient(size, ticker.mark, 'down');
}

function contractCommon(ticker: ExchangeTicker, touch: Touch, instrument: ExchangeInstrument): Fields {
  const { price, qty } = formatsOf(instrument);
  const funding = instrument.contract?.funding ?? null;
  // Bybit's open interest counts both sides of each contract; `single` is the usual count.
  const both = (ticker.openInterest * 2n) as Money;
  const value = (size: Money) => formatFixed(valueOf(size, ticker, instrument), 2, 'down');
  return {
    symbol: instrument.symbol,
    lastPrice: price(ticker.last),
    indexPrice: price(ticker.index),
    markPrice: price(ticker.mark),
    prevPrice24h: price(ticker.prev24h),
    price24hPcnt: shownChange(ticker.prev24h, ticker.last, 6),
    highPrice24h: price(ticker.high24h),
    lowPrice24h: price(ticker.low24h),
    prevPrice1h: price(ticker.prev1h),
    openInterest: qty(both),
    openInterestValue: value(both),
    singleOpenInterest: qty(ticker.openInterest),
    singleOpenInterestValue: value(ticker.openInterest),
    turnover24h: formatFixed(ticker.turnover24h, 4, 'down'),
    volume24h: formatFixed(ticker.volume24h, 4, 'down'),
    fundingRate: funding === null ? '' : formatDecimal(ticker.fundingRate),
    nextFundingTime: ticker.nextFundingAt === null ? '' : String(ticker.nextFundingAt),
    ...touchFields(touch, instrument),
  };
}

/** An empty side is the empty text. */
function touchFields(touch: Touch, instrument: ExchangeInstrument): Fields {
  const { ticks, lots } = formatsOf(instrument);
  return {
    bid1Price: touch.bid === undefined ? '' : ticks(touch.bid.price),
    bid1Size: touch.bid === undefined ? '' : lots(touch.bid.qty),
    ask1Price: touch.ask === undefined ? '' : ticks(touch.ask.price),
    ask1Size: touch.ask === undefined ? '' : lots(touch.ask.qty),
  };
}
