import { formatDecimal, formatFixed, multiply } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import type { ExchangeInstrument, ExchangeLevel, ExchangeTicker } from '../../../ports/exchange.ts';
import { formatsOf, shownChange } from '../numbers.ts';

/** Best level of each side, where there is one. */
export type Touch = Readonly<{ bid: ExchangeLevel | undefined; ask: ExchangeLevel | undefined }>;
type Fields = Record<string, string>;

/** Row of GET /v5/market/tickers (V5 docs, "Get Tickers"). */
export const tickerRow = (ticker: ExchangeTicker, touch: Touch, instrument: ExchangeInstrument): Fields =>
  instrument.category === 'spot'
    ? { ...spotPush(ticker, instrument), ...touchFields(touch, instrument) }
    : {
        ...contractCommon(ticker, touch, instrument),
        predictedDeliveryPrice: '',
        basisRate: '',
        basisRateYear: '',
        basis: '',
        deliveryFeeRate: '',
        deliveryTime: '0',
      };

/** `data` of the public topic `tickers`; a spot ticker has no bid and ask there. */
export const tickerPush = (ticker: ExchangeTicker, touch: Touch, instrument: ExchangeInstrument): Fields =>
  instrument.category === 'spot'
    ? spotPush(ticker, instrument)
    : { ...contractCommon(ticker, touch, instrument), tickDirection: ticker.tickDirection };

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

function contractCommon(ticker: ExchangeTicker, touch: Touch, instrument: ExchangeInstrument): Fields {
  const { price, qty } = formatsOf(instrument);
  const funding = instrument.contract?.funding ?? null;
  // Bybit's open interest counts both sides of each contract; `single` is the usual count.
  const both = (ticker.openInterest * 2n) as Money;
  const value = (size: Money) => formatFixed(multiply(size, ticker.mark, 'down'), 2, 'down');
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
    fundingIntervalHour: funding === null ? '' : String(funding.intervalMin / 60),
    fundingCap: funding === null ? '' : formatDecimal(funding.cap),
    ...touchFields(touch, instrument),
    preOpenPrice: '',
    preQty: '',
    curPreListingPhase: '',
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
