import type { AssetId, InstrumentId, Lots, Money, Side, Ticks, UnixMs } from '../domain/ids.ts';
import type { Liquidity, TimeInForce } from '../domain/order.ts';
import type { Result } from '../domain/result.ts';
import type { CloseReason, ExchangeExecution, ExchangeOrder, OrderIds, TimeRange } from './exchange-order.ts';
import type { ExchangeRefusal } from './exchange-refusal.ts';

/**
 * What a combo trades on: a perpetual and its coin, a dated future and its coin, two dated futures, or a dated future
 * and a perpetual.
 */
export type SpreadKind = 'funding_rate_arb' | 'carry_trade' | 'future_spread' | 'perp_basis';

/**
 * A combo of two instruments, traded as one at the difference of their prices: far − near, which may be zero or
 * negative. Whoever buys it buys the far leg and sells the near one.
 */
export type SpreadInstrument = Readonly<{
  /** `BTCUSDT_BTC/USDT`. */
  symbol: string;
  kind: SpreadKind;
  /** `settling`: a leg is being delivered, nothing trades any more. */
  status: 'trading' | 'settling';
  base: AssetId;
  quote: AssetId;
  settle: AssetId;
  /** The finer tick of its legs, and their coarser step. */
  tick: Money;
  step: Money;
  minPrice: Money;
  maxPrice: Money;
  minQty: Lots;
  maxQty: Lots;
  launchedAt: UnixMs;
  /** When the first of its legs is delivered; null where none is. */
  deliveryAt: UnixMs | null;
  far: SpreadLeg;
  near: SpreadLeg;
}>;

export type SpreadLeg = Readonly<{
  instrument: InstrumentId;
  symbol: string;
  kind: 'spot' | 'perpetual' | 'future';
}>;

/** A price as a count of the combo's ticks: below zero where the far leg is the cheaper one. */
export type SpreadLevel = Readonly<{ price: Ticks; qty: Lots }>;

/** The book as it was published: at most 25 levels a side, best first. */
export type SpreadBook = Readonly<{
  symbol: string;
  bids: readonly SpreadLevel[];
  asks: readonly SpreadLevel[];
  version: number;
  seq: number;
  at: UnixMs;
}>;

/** The last 24 hours; prices are null before the first trade. */
export type SpreadTicker = Readonly<{
  symbol: string;
  last: Money | null;
  high24h: Money | null;
  low24h: Money | null;
  prev24h: Money | null;
  volume24h: Money;
}>;

export type SpreadTrade = Readonly<{
  symbol: string;
  tradeId: string;
  price: Money;
  qty: Money;
  aggressor: Side;
  at: UnixMs;
  seq: number;
  tickDirection: 'PlusTick' | 'ZeroPlusTick' | 'MinusTick' | 'ZeroMinusTick';
}>;

export type PlaceSpread = Readonly<{
  symbol: string;
  clientOrderId: string | null;
  side: Side;
  type: 'market' | 'limit';
  qty: Money;
  /** Required for limit orders. */
  price: Money | null;
  timeInForce: TimeInForce;
}>;

/** `qty` is the new total, filled part included; null leaves it. */
export type AmendSpread = Readonly<{ price: Money | null; qty: Money | null }>;

/** By the exchange's id where given, else by the client's; `symbol` null: of any combo. */
export type SpreadRef = Readonly<{ symbol: string | null; orderId: string | null; clientOrderId: string | null }>;

export type SpreadFilter = Readonly<{
  symbol: string | null;
  base: AssetId | null;
  orderId: string | null;
  clientOrderId: string | null;
}>;

/** One side of a combo order: an order of its own in that instrument's lists, which lives and ends with the combo's. */
export type SpreadLegOrder = Readonly<{ orderId: string; instrument: InstrumentId; side: Side }>;

/** What of a combo order was fixed when it was accepted, but for amendments. */
export type SpreadTerms = Readonly<{
  orderId: string;
  clientOrderId: string | null;
  symbol: string;
  kind: SpreadKind;
  base: AssetId;
  settle: AssetId;
  side: Side;
  type: 'market' | 'limit';
  /** Of a market order the worst price that it may trade at. */
  price: Money;
  qty: Money;
  timeInForce: TimeInForce;
  far: SpreadLegOrder;
  near: SpreadLegOrder;
  createdAt: UnixMs;
}>;

export type SpreadOrder = SpreadTerms &
  Readonly<{
    status: 'new' | 'partially_filled' | 'filled' | 'canceled';
    closeReason: CloseReason | null;
    cumQty: Money;
    leavesQty: Money;
    updatedAt: UnixMs;
  }>;

export const isOpenSpread = ({ status }: Pick<SpreadOrder, 'status'>): boolean =>
  status === 'new' || status === 'partially_filled';

/** What of a combo's execution happened on one of its legs. */
export type SpreadLegFill = Readonly<{
  instrument: InstrumentId;
  execId: string;
  side: Side;
  price: Money;
  qty: Money;
  notional: Money;
  fee: Money;
  feeAsset: AssetId;
}>;

export type SpreadExecution = Readonly<{
  execId: string;
  orderId: string;
  clientOrderId: string | null;
  symbol: string;
  base: AssetId;
  side: Side;
  orderType: 'market' | 'limit';
  orderPrice: Money;
  orderQty: Money;
  leavesQty: Money;
  price: Money;
  qty: Money;
  liquidity: Liquidity;
  legs: readonly SpreadLegFill[];
  at: UnixMs;
  seq: number;
}>;

export type SpreadPublicEvent = Readonly<
  | { type: 'book'; symbol: string }
  | { type: 'trades'; symbol: string; trades: readonly SpreadTrade[] }
  | { type: 'ticker'; symbol: string }
>;

/** An order of a combo with its legs as they are now. */
export type SpreadOrderRows = Readonly<{ order: SpreadOrder; legs: readonly ExchangeOrder[] }>;
export type SpreadExecutionRows = Readonly<{ execution: SpreadExecution; legs: readonly ExchangeExecution[] }>;

export type SpreadPrivateEvent = Readonly<{ uid: string; at: UnixMs }> &
  Readonly<
    | { type: 'order'; orders: readonly SpreadOrderRows[] }
    | { type: 'execution'; executions: readonly SpreadExecutionRows[] }
  >;

type Answer<T> = Promise<Result<T, ExchangeRefusal>>;

/** The market of combos: each has a book of its own, and every trade in it trades both of its legs at once. */
export interface ExchangeSpread {
  instruments(): readonly SpreadInstrument[];
  instrument(symbol: string): SpreadInstrument | null;
  /** Throws for a symbol that is not listed, like `ticker` and `recentTrades`. */
  book(symbol: string, depth: number): SpreadBook;
  ticker(symbol: string): SpreadTicker;
  /** Newest first. */
  recentTrades(symbol: string, limit: number): readonly SpreadTrade[];

  place(uid: string, order: PlaceSpread): Answer<OrderIds>;
  amend(uid: string, ref: SpreadRef, change: AmendSpread): Answer<OrderIds>;
  cancel(uid: string, ref: SpreadRef): Answer<OrderIds>;
  /** `symbol` null: of all combos. */
  cancelAll(uid: string, symbol: string | null): Answer<readonly OrderIds[]>;
  /** The most that the account could order at a price now. */
  maxQty(uid: string, symbol: string, side: Side, price: Money): Result<Money, ExchangeRefusal>;

  /** Working orders, newest first. */
  orders(uid: string, filter: SpreadFilter): readonly SpreadOrder[];
  /** Closed and open orders by creation time in [from, to], newest first. */
  orderHistory(uid: string, filter: SpreadFilter & TimeRange): readonly SpreadOrder[];
  /** By execution time in [from, to], newest first. */
  executions(uid: string, filter: SpreadFilter & TimeRange): readonly SpreadExecution[];

  onPublic(listener: (event: SpreadPublicEvent) => void): void;
  onPrivate(listener: (event: SpreadPrivateEvent) => void): void;
}
