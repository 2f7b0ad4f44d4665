import { side, tickDirection } from './enums.ts';
import type { Infer } from './schema.ts';
import { decimal, flag, integer, millis, name, object, oneOf, orNull, partial, rows, text } from './schema.ts';

/** Pushes of the public topics (docs/v5/websocket/public). The book has a parser of its own (`book/message.ts`). */

const maybeDecimal = orNull(decimal);
const maybeText = orNull(text);
const maybeFlag = orNull(flag);
const maybeInteger = orNull(integer);

/** One trade of `publicTrade.*`, under the wire's own short names. */
export const streamTrade = object({
  /** When it matched, ms. */
  T: millis,
  s: name,
  /** Side of the taker. */
  S: side,
  v: decimal,
  p: decimal,
  /** Futures only. */
  L: orNull(tickDirection),
  /** Trade id. */
  i: name,
  /** Block trade; trade against retail price improvement. */
  BT: maybeFlag,
  RPI: maybeFlag,
  seq: maybeInteger,
  mP: maybeDecimal,
  iP: maybeDecimal,
  mIv: maybeDecimal,
  iv: maybeDecimal,
});
export type StreamTrade = Infer<typeof streamTrade>;

export const tradeMessage = object({ topic: name, ts: millis, data: rows(streamTrade) });

/** `tickers.*` of all categories: absent means unchanged (linear, inverse), null means that there is none. */
export const streamTicker = partial({
  symbol: name,
  tickDirection: orNull(tickDirection),
  lastPrice: maybeDecimal,
  prevPrice24h: maybeDecimal,
  price24hPcnt: maybeDecimal,
  highPrice24h: maybeDecimal,
  lowPrice24h: maybeDecimal,
  prevPrice1h: maybeDecimal,
  markPrice: maybeDecimal,
  indexPrice: maybeDecimal,
  usdIndexPrice: maybeDecimal,
  underlyingPrice: maybeDecimal,
  openInterest: maybeDecimal,
  openInterestValue: maybeDecimal,
  singleOpenInterest: maybeDecimal,
  singleOpenInterestValue: maybeDecimal,
  turnover24h: maybeDecimal,
  volume24h: maybeDecimal,
  totalVolume: maybeDecimal,
  totalTurnover: maybeDecimal,
  fundingRate: maybeDecimal,
  /** Milliseconds since 1970. */
  nextFundingTime: orNull(millis),
  fundingIntervalHour: maybeText,
  fundingCap: maybeDecimal,
  bid1Price: maybeDecimal,
  bid1Size: maybeDecimal,
  ask1Price: maybeDecimal,
  ask1Size: maybeDecimal,
  bidPrice: maybeDecimal,
  bidSize: maybeDecimal,
  bidIv: maybeDecimal,
  askPrice: maybeDecimal,
  askSize: maybeDecimal,
  askIv: maybeDecimal,
  markPriceIv: maybeDecimal,
  delta: maybeDecimal,
  gamma: maybeDecimal,
  vega: maybeDecimal,
  theta: maybeDecimal,
  predictedDeliveryPrice: maybeDecimal,
  change24h: maybeDecimal,
  /** ISO 8601 here, where REST has milliseconds. */
  deliveryTime: maybeText,
  basisRate: maybeDecimal,
  basisRateYear: maybeDecimal,
  basis: maybeDecimal,
  deliveryFeeRate: maybeDecimal,
  preOpenPrice: maybeDecimal,
  preQty: maybeDecimal,
  curPreListingPhase: maybeText,
});
export type StreamTicker = Infer<typeof streamTicker>;

export const tickerMessage = object({
  topic: name,
  type: oneOf('type', ['snapshot', 'delta']),
  ts: millis,
  cs: maybeInteger,
  data: streamTicker,
});

/** Envelope of every private push; `data` is checked by the topic's own schema. */
export const privateEnvelope = object({
  topic: name,
  id: maybeText,
  creationTime: millis,
});
export type PrivateEnvelope = Infer<typeof privateEnvelope>;

/** Header of an answer on the trade socket: limits as in the REST headers, all text. */
export const tradeAnswer = object({
  reqId: maybeText,
  retCode: integer,
  retMsg: maybeText,
  op: maybeText,
});
export type TradeAnswer = Infer<typeof tradeAnswer>;
