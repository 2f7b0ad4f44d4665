import { auctionPhase, category, contractType, instrumentStatus, side } from './enums.ts';
import type { Infer, Schema } from './schema.ts';
import { array, decimal, flag, integer, millis, name, object, oneOf, orNull, rows, text } from './schema.ts';

/** Public market data over REST (docs/v5/market). */

const maybeDecimal = orNull(decimal);
const maybeText = orNull(text);
const maybeMillis = orNull(millis);
const maybeFlag = orNull(flag);
const maybeInteger = orNull(integer);

export const serverTime = object({ timeSecond: integer, timeNano: name });

const riskParameters = orNull(object({ priceLimitRatioX: maybeDecimal, priceLimitRatioY: maybeDecimal }));

const preListing = orNull(
  object({
    curAuctionPhase: orNull(auctionPhase),
    phases: orNull(array(object({ phase: auctionPhase, startTime: maybeMillis, endTime: maybeMillis }))),
    auctionFeeInfo: orNull(
      object({ auctionFeeRate: maybeDecimal, takerFeeRate: maybeDecimal, makerFeeRate: maybeDecimal }),
    ),
    skipCallAuction: maybeFlag,
  }),
);

/** linear and inverse: perpetuals and futures. */
export const futuresInstrument = object({
  symbol: name,
  symbolId: maybeInteger,
  contractType,
  status: instrumentStatus,
  baseCoin: name,
  quoteCoin: name,
  settleCoin: name,
  symbolType: maybeText,
  displayName: maybeText,
  launchTime: maybeMillis,
  /** 0 for perpetuals, unless delisting. */
  deliveryTime: maybeMillis,
  deliveryFeeRate: maybeDecimal,
  priceScale: maybeText,
  leverageFilter: object({ minLeverage: decimal, maxLeverage: decimal, leverageStep: decimal }),
  priceFilter: object({ minPrice: decimal, maxPrice: decimal, tickSize: decimal }),
  lotSizeFilter: object({
    minNotionalValue: maybeDecimal,
    maxOrderQty: decimal,
    maxMktOrderQty: maybeDecimal,
    minOrderQty: decimal,
    qtyStep: decimal,
    postOnlyMaxOrderQty: maybeDecimal,
  }),
  unifiedMarginTrade: maybeFlag,
  /** Minutes. */
  fundingInterval: maybeInteger,
  copyTrading: maybeText,
  upperFundingRate: maybeDecimal,
  lowerFundingRate: maybeDecimal,
  forbidUplWithdrawal: maybeFlag,
  riskParameters,
  isPreListing: maybeFlag,
  preListingInfo: preListing,
});
export type FuturesInstrument = Infer<typeof futuresInstrument>;

export const optionInstrument = object({
  symbol: name,
  symbolId: maybeInteger,
  optionsType: oneOf('optionsType', ['Call', 'Put']),
  status: instrumentStatus,
  baseCoin: name,
  quoteCoin: name,
  settleCoin: name,
  displayName: maybeText,
  launchTime: maybeMillis,
  deliveryTime: maybeMillis,
  deliveryFeeRate: maybeDecimal,
  priceFilter: object({ minPrice: decimal, maxPrice: decimal, tickSize: decimal }),
  lotSizeFilter: object({ maxOrderQty: decimal, minOrderQty: decimal, qtyStep: decimal }),
});
export type OptionInstrument = Infer<typeof optionInstrument>;

export const spotInstrument = object({
  symbol: name,
  symbolId: maybeInteger,
  status: instrumentStatus,
  baseCoin: name,
  quoteCoin: name,
  symbolType: maybeText,
  xstockMultiplier: maybeDecimal,
  innovation: maybeText,
  marginTrading: maybeText,
  stTag: maybeText,
  /** `minOrderQty`, `maxOrderQty` and `maxOrderAmt` are dead fields: the venue no longer applies them. */
  lotSizeFilter: object({
    basePrecision: decimal,
    quotePrecision: decimal,
    minOrderQty: maybeDecimal,
    maxOrderQty: maybeDecimal,
    minOrderAmt: maybeDecimal,
    maxOrderAmt: maybeDecimal,
    maxLimitOrderQty: maybeDecimal,
    maxMarketOrderQty: maybeDecimal,
    postOnlyMaxLimitOrderSize: maybeDecimal,
  }),
  priceFilter: object({ tickSize: decimal }),
  riskParameters,
});
export type SpotInstrument = Infer<typeof spotInstrument>;

/** [price, size] as text. */
export type WireLevel = readonly [price: string, size: string];

const level: Schema<WireLevel> = {
  check(value, report) {
    if (!Array.isArray(value) || value.length < 2) return report.fail('[price, size]', value);
    const price = decimal.check(value[0], report);
    return [price, decimal.check(value[1], report)];
  },
};

/** A book over REST; also `data` of the `orderbook.N` topics (there without `ts` and `cts`). */
export const orderbook = object({
  s: name,
  b: array(level),
  a: array(level),
  u: integer,
  seq: maybeInteger,
  ts: maybeMillis,
  cts: maybeMillis,
});
export type RestOrderbook = Infer<typeof orderbook>;

export const futuresTicker = object({
  symbol: name,
  lastPrice: maybeDecimal,
  indexPrice: maybeDecimal,
  markPrice: maybeDecimal,
  prevPrice24h: maybeDecimal,
  price24hPcnt: maybeDecimal,
  highPrice24h: maybeDecimal,
  lowPrice24h: maybeDecimal,
  prevPrice1h: maybeDecimal,
  openInterest: maybeDecimal,
  openInterestValue: maybeDecimal,
  singleOpenInterest: maybeDecimal,
  singleOpenInterestValue: maybeDecimal,
  turnover24h: maybeDecimal,
  volume24h: maybeDecimal,
  fundingRate: maybeDecimal,
  nextFundingTime: maybeMillis,
  fundingIntervalHour: maybeText,
  fundingCap: maybeDecimal,
  predictedDeliveryPrice: maybeDecimal,
  basisRate: maybeDecimal,
  basisRateYear: maybeDecimal,
  basis: maybeDecimal,
  deliveryFeeRate: maybeDecimal,
  deliveryTime: maybeMillis,
  bid1Price: maybeDecimal,
  bid1Size: maybeDecimal,
  ask1Price: maybeDecimal,
  ask1Size: maybeDecimal,
  preOpenPrice: maybeDecimal,
  preQty: maybeDecimal,
  curPreListingPhase: maybeText,
});
export type FuturesTicker = Infer<typeof futuresTicker>;

export const optionTicker = object({
  symbol: name,
  bid1Price: maybeDecimal,
  bid1Size: maybeDecimal,
  bid1Iv: maybeDecimal,
  ask1Price: maybeDecimal,
  ask1Size: maybeDecimal,
  ask1Iv: maybeDecimal,
  lastPrice: maybeDecimal,
  highPrice24h: maybeDecimal,
  lowPrice24h: maybeDecimal,
  markPrice: maybeDecimal,
  indexPrice: maybeDecimal,
  markIv: maybeDecimal,
  underlyingPrice: maybeDecimal,
  openInterest: maybeDecimal,
  turnover24h: maybeDecimal,
  volume24h: maybeDecimal,
  totalVolume: maybeDecimal,
  totalTurnover: maybeDecimal,
  delta: maybeDecimal,
  gamma: maybeDecimal,
  vega: maybeDecimal,
  theta: maybeDecimal,
  predictedDeliveryPrice: maybeDecimal,
  change24h: maybeDecimal,
});
export type OptionTicker = Infer<typeof optionTicker>;

export const spotTicker = object({
  symbol: name,
  bid1Price: maybeDecimal,
  bid1Size: maybeDecimal,
  ask1Price: maybeDecimal,
  ask1Size: maybeDecimal,
  lastPrice: maybeDecimal,
  prevPrice24h: maybeDecimal,
  price24hPcnt: maybeDecimal,
  highPrice24h: maybeDecimal,
  lowPrice24h: maybeDecimal,
  turnover24h: maybeDecimal,
  volume24h: maybeDecimal,
  usdIndexPrice: maybeDecimal,
});
export type SpotTicker = Infer<typeof spotTicker>;

export const publicTrade = object({
  execId: name,
  symbol: name,
  price: decimal,
  size: decimal,
  /** Side of the taker. */
  side,
  time: millis,
  isBlockTrade: maybeFlag,
  isRPITrade: maybeFlag,
  seq: maybeInteger,
  /** Options only: mark price, index price, mark volatility, volatility of the trade. */
  mP: maybeDecimal,
  iP: maybeDecimal,
  mIv: maybeDecimal,
  iv: maybeDecimal,
});
export type RestPublicTrade = Infer<typeof publicTrade>;

/** A list with its category, and the way to the next page where there is one. */
export const listOf = <T>(row: Schema<T>) =>
  object({ category: orNull(category), list: rows(row), nextPageCursor: orNull(text) });
