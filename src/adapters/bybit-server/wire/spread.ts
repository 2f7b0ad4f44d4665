import { formatDecimal, formatFixed, scaleOf } from '../../../domain/decimal.ts';
import type { Money, Ticks } from '../../../domain/ids.ts';
import type {
  SpreadExecution,
  SpreadInstrument,
  SpreadLeg,
  SpreadLevel,
  SpreadOrder,
  SpreadTicker,
  SpreadTrade,
} from '../../../ports/exchange.ts';
import { splitInstrumentId } from '../../../domain/ids.ts';
import { orderTypeWord, sideWord, timeInForceWord } from '../words.ts';

const KINDS = {
  funding_rate_arb: 'FundingRateArb',
  carry_trade: 'CarryTrade',
  future_spread: 'FutureSpread',
  perp_basis: 'PerpBasis',
} as const satisfies Record<SpreadInstrument['kind'], string>;
const LEG_KINDS = {
  spot: 'Spot',
  perpetual: 'LinearPerpetual',
  future: 'LinearFutures',
} as const satisfies Record<SpreadLeg['kind'], string>;
const STATUSES = {
  new: 'New',
  partially_filled: 'PartiallyFilled',
  filled: 'Filled',
  canceled: 'Cancelled',
} as const satisfies Record<SpreadOrder['status'], string>;
export const spreadStatus = ({ status }: SpreadOrder): string => STATUSES[status];

/** Row of GET /v5/spread/instrument (V5 docs, "Get Instruments Info"). */
export const spreadInstrumentRow = (one: SpreadInstrument) => ({
  symbol: one.symbol,
  contractType: KINDS[one.kind],
  status: one.status === 'trading' ? 'Trading' : 'Settling',
  baseCoin: one.base,
  quoteCoin: one.quote,
  settleCoin: one.settle,
  tickSize: formatDecimal(one.tick),
  minPrice: formatDecimal(one.minPrice),
  maxPrice: formatDecimal(one.maxPrice),
  lotSize: formatDecimal(one.step),
  minSize: formatDecimal((BigInt(one.minQty) * one.step) as Money),
  maxSize: formatDecimal((BigInt(one.maxQty) * one.step) as Money),
  launchTime: String(one.launchedAt),
  deliveryTime: String(one.deliveryAt ?? 0),
  legs: [one.far, one.near].map(({ symbol, kind }) => ({ symbol, contractType: LEG_KINDS[kind] })),
});

export type SpreadRows = Readonly<{ bids: readonly SpreadLevel[]; asks: readonly SpreadLevel[] }>;

/** Levels with all digits of tick and step; a level that is gone has `"0"`. */
export function spreadLevels({ tick, step }: SpreadInstrument, rows: SpreadRows) {
  const price = (ticks: Ticks): string => formatFixed((BigInt(ticks) * tick) as Money, scaleOf(tick), 'half_even');
  const side = (levels: readonly SpreadLevel[]): string[][] =>
    levels.map((level) => [
      price(level.price),
      level.qty === 0 ? '0' : formatFixed((BigInt(level.qty) * step) as Money, scaleOf(step), 'down'),
    ]);
  return { b: side(rows.bids), a: side(rows.asks) };
}

const shown = (price: Money | null): string => (price === null ? '' : formatDecimal(price));

/** Fields of GET /v5/spread/tickers and of the topic `tickers`: empty where there is nothing. */
export function spreadTicker(instrument: SpreadInstrument, ticker: SpreadTicker, top: SpreadRows) {
  const { b, a } = spreadLevels(instrument, top);
  return {
    symbol: instrument.symbol,
    bidPrice: b[0]?.[0] ?? '',
    bidSize: b[0]?.[1] ?? '',
    askPrice: a[0]?.[0] ?? '',
    askSize: a[0]?.[1] ?? '',
    lastPrice: shown(ticker.last),
    highPrice24h: shown(ticker.high24h),
    lowPrice24h: shown(ticker.low24h),
    prevPrice24h: shown(ticker.prev24h),
    volume24h: formatDecimal(ticker.volume24h),
  };
}

/** Row of GET /v5/spread/recent-trade. */
export const spreadTradeRow = (trade: SpreadTrade) => ({
  execId: trade.tradeId,
  symbol: trade.symbol,
  price: formatDecimal(trade.price),
  size: formatDecimal(trade.qty),
  side: sideWord(trade.aggressor),
  time: String(trade.at),
  seq: String(trade.seq),
});

/** Row of the topic `publicTrade`. */
export const spreadTradePush = (trade: SpreadTrade) => ({
  T: trade.at,
  s: trade.symbol,
  S: sideWord(trade.aggressor),
  v: formatDecimal(trade.qty),
  p: formatDecimal(trade.price),
  L: trade.tickDirection,
  i: trade.tradeId,
  seq: trade.seq,
});

const orderFields = (order: SpreadOrder) => ({
  symbol: order.symbol,
  orderType: orderTypeWord(order.type),
  orderLinkId: order.clientOrderId ?? '',
  orderId: order.orderId,
  orderStatus: spreadStatus(order),
  price: formatDecimal(order.price),
  timeInForce: timeInForceWord(order.timeInForce),
  baseCoin: order.base,
  side: sideWord(order.side),
  leavesQty: formatDecimal(order.leavesQty),
  cumExecQty: formatDecimal(order.cumQty),
  qty: formatDecimal(order.qty),
});

/** Row of GET /v5/spread/order/realtime. */
export const openSpreadRow = (order: SpreadOrder) => ({
  ...orderFields(order),
  createdTime: String(order.createdAt),
  updatedTime: String(order.updatedAt),
});

const legFields = (number: 1 | 2, leg: SpreadOrder['far']) => {
  const { category, symbol } = splitInstrumentId(leg.instrument);
  return {
    [`leg${number}Symbol`]: symbol,
    [`leg${number}Side`]: sideWord(leg.side),
    [`leg${number}OrderId`]: leg.orderId,
    [`leg${number}ProdType`]: category === 'spot' ? 'Spot' : 'Futures',
  };
};

/** Row of GET /v5/spread/order/history. */
export const closedSpreadRow = (order: SpreadOrder) => ({
  ...orderFields(order),
  contractType: KINDS[order.kind],
  orderQty: formatDecimal(order.qty),
  createdAt: String(order.createdAt),
  updatedAt: String(order.updatedAt),
  settleCoin: order.settle,
  ...legFields(1, order.far),
  ...legFields(2, order.near),
});

/** Row of GET /v5/spread/execution/list. */
export const spreadExecutionRow = (one: SpreadExecution) => ({
  symbol: one.symbol,
  orderLinkId: one.clientOrderId ?? '',
  side: sideWord(one.side),
  orderId: one.orderId,
  execPrice: formatDecimal(one.price),
  legs: one.legs.map((leg) => {
    const { category, symbol } = splitInstrumentId(leg.instrument);
    return {
      symbol,
      side: sideWord(leg.side),
      execPrice: formatDecimal(leg.price),
      execTime: String(one.at),
      execValue: formatDecimal(leg.notional),
      execType: 'FutureSpread',
      category,
      execQty: formatDecimal(leg.qty),
      execFee: formatDecimal(leg.fee),
      execId: leg.execId,
    };
  }),
  execTime: String(one.at),
  execType: 'Trade',
  execQty: formatDecimal(one.qty),
  execId: one.execId,
});
