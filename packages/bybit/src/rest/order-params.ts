import type { Decimal } from '../decimal.ts';
import type { Category, OrderSide, OrderType, TimeInForce } from '../wire/enums.ts';

/** Parameters of the order endpoints (docs/v5/order), the same over REST and over the trade socket. */

export type CreateOrder = Readonly<{
  category: Category;
  symbol: string;
  side: OrderSide;
  orderType: OrderType;
  /** Base quantity or contracts; on spot market orders in the unit that `marketUnit` names. */
  qty: Decimal;
  /**
   * Required here, though Bybit makes it optional: an order whose outcome is unknown can only be found again by it.
   * Unique, at most 36 of `A-Za-z0-9_-`. `newOrderLinkId` makes one.
   */
  orderLinkId: string;
  /** Of spot market orders. Left out, Bybit reads the quantity of a buy as quote currency. */
  marketUnit?: 'baseCoin' | 'quoteCoin';
  price?: Decimal;
  timeInForce?: TimeInForce;
  /** 0 one-way, 1 hedge Buy, 2 hedge Sell. */
  positionIdx?: 0 | 1 | 2;
  reduceOnly?: boolean;
  closeOnTrigger?: boolean;
  /** Spot: 1 borrows. */
  isLeverage?: 0 | 1;
  triggerPrice?: Decimal;
  /** 1 when the price rises to the trigger, 2 when it falls to it. */
  triggerDirection?: 1 | 2;
  triggerBy?: 'LastPrice' | 'IndexPrice' | 'MarkPrice';
  orderFilter?: 'Order' | 'tpslOrder' | 'StopOrder';
  takeProfit?: Decimal;
  stopLoss?: Decimal;
  tpTriggerBy?: 'LastPrice' | 'IndexPrice' | 'MarkPrice';
  slTriggerBy?: 'LastPrice' | 'IndexPrice' | 'MarkPrice';
  tpslMode?: 'Full' | 'Partial';
  tpOrderType?: OrderType;
  slOrderType?: OrderType;
  tpLimitPrice?: Decimal;
  slLimitPrice?: Decimal;
  slippageToleranceType?: 'TickSize' | 'Percent';
  slippageTolerance?: Decimal;
  smpType?: 'None' | 'CancelMaker' | 'CancelTaker' | 'CancelBoth';
  rpiTakerAccess?: boolean;
  bboSideType?: 'Queue' | 'Counterparty';
  bboLevel?: '1' | '2' | '3' | '4' | '5';
  orderIv?: Decimal;
  mmp?: boolean;
}>;

/** One of both ids; where both are given Bybit goes by `orderId`. */
export type OrderRef = Readonly<
  { orderId: string; orderLinkId?: string } | { orderId?: undefined; orderLinkId: string }
>;

/** Only what changes. `qty` is the new total, what is filled included. */
export type AmendOrder = Readonly<{ category: Category; symbol: string }> &
  OrderRef &
  Readonly<{
    qty?: Decimal;
    price?: Decimal;
    orderIv?: Decimal;
    triggerPrice?: Decimal;
    tpslMode?: 'Full' | 'Partial';
    /** "0" removes it. */
    takeProfit?: Decimal;
    stopLoss?: Decimal;
    tpTriggerBy?: 'LastPrice' | 'IndexPrice' | 'MarkPrice';
    slTriggerBy?: 'LastPrice' | 'IndexPrice' | 'MarkPrice';
    triggerBy?: 'LastPrice' | 'IndexPrice' | 'MarkPrice';
    tpLimitPrice?: Decimal;
    slLimitPrice?: Decimal;
  }>;

export type CancelOrder = Readonly<{ category: Category; symbol: string }> &
  OrderRef &
  /** Spot only. */
  Readonly<{ orderFilter?: 'Order' | 'tpslOrder' | 'StopOrder' }>;

export type CancelAll = Readonly<{
  category: Category;
  /** Linear and inverse need a symbol, a base coin or a settle coin, in this order of precedence. */
  symbol?: string;
  baseCoin?: string;
  settleCoin?: string;
  orderFilter?: 'Order' | 'tpslOrder' | 'StopOrder' | 'OcoOrder' | 'BidirectionalTpslOrder' | 'OpenOrder';
  stopOrderType?: 'Stop';
}>;

export type OrderQuery = Readonly<{
  category: Category;
  /** Linear needs a symbol, a base coin or a settle coin, unless an id is given. */
  symbol?: string;
  baseCoin?: string;
  settleCoin?: string;
  orderId?: string;
  orderLinkId?: string;
  orderFilter?: string;
  /** 1 … 50, default 20. */
  limit?: number;
  cursor?: string;
}>;

export type OpenOrdersQuery = OrderQuery &
  /** 0 open orders, 1 the last 500 closed ones (lost when Bybit's service restarts). */
  Readonly<{ openOnly?: 0 | 1 }>;

export type OrderHistoryQuery = OrderQuery &
  /** At most 7 days between them, ms. Unfilled cancelled or rejected orders stay for 24 h only. */
  Readonly<{ orderStatus?: string; startTime?: number; endTime?: number }>;

const LINK_ID = /^[A-Za-z0-9_-]{1,36}$/;

/** Null if Bybit would take the id, else what is wrong with it. */
export const linkIdProblem = (orderLinkId: string): string | null =>
  LINK_ID.test(orderLinkId) ? null : `orderLinkId must be 1 to 36 of A-Za-z0-9_-: ${JSON.stringify(orderLinkId)}`;
