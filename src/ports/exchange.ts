import type { Listing } from '../domain/instrument.ts';
import type { AssetId, Category, InstrumentId, Lots, Money, Side, Ticks, UnixMs } from '../domain/ids.ts';
import type { Liquidity, SelfTradePrevention, TimeInForce } from '../domain/order.ts';
import type { Result } from '../domain/result.ts';

/**
 * An exchange as its protocol server sees it. The paper exchange implements it; later the router does, so that
 * bots written for Bybit trade through it. In the core's words: the server maps them to its protocol's names, codes
 * and number formats. Writes resolve once what they answer is durable; events are published after that, in the order
 * in which the matching engine made them.
 */
export interface Exchange {
  now(): UnixMs;
  credential(apiKey: string): Credential | null;
  instruments(category: Category): readonly ExchangeInstrument[];
  instrument(id: InstrumentId): ExchangeInstrument | null;

  /** At most `depth` levels a side, best first, and the sequence numbers that line up with the published book. */
  book(id: InstrumentId, depth: number): ExchangeBook;
  ticker(id: InstrumentId): ExchangeTicker;
  /** Newest first. */
  recentTrades(id: InstrumentId, limit: number): readonly PublicTrade[];

  place(uid: string, order: PlaceOrder): Promise<Result<OrderIds, ExchangeRefusal>>;
  amend(uid: string, ref: ExchangeOrderRef, change: AmendOrder): Promise<Result<OrderIds, ExchangeRefusal>>;
  cancel(uid: string, ref: ExchangeOrderRef): Promise<Result<OrderIds, ExchangeRefusal>>;
  cancelAll(uid: string, filter: OrderFilter): Promise<Result<readonly OrderIds[], ExchangeRefusal>>;

  /** Working orders, or with `recentlyClosed` the last 500 closed of the category; newest first. */
  orders(uid: string, filter: OrderFilter & { readonly recentlyClosed: boolean }): readonly ExchangeOrder[];
  /** Closed and open orders by creation time in [from, to], newest first. */
  orderHistory(uid: string, filter: OrderFilter & TimeRange): readonly ExchangeOrder[];
  /** By execution time in [from, to], newest first. */
  executions(uid: string, filter: OrderFilter & TimeRange): readonly ExchangeExecution[];

  wallet(uid: string): Wallet;
  feeRates(uid: string, id: InstrumentId): FeeRates;
  /** Flat positions included when an instrument is named. */
  positions(uid: string, filter: PositionFilter): readonly ExchangePosition[];
  setLeverage(uid: string, id: InstrumentId, leverage: Money): Promise<Result<void, ExchangeRefusal>>;

  onPublic(listener: (event: PublicEvent) => void): void;
  onPrivate(listener: (event: PrivateEvent) => void): void;
}

export type Credential = Readonly<{
  uid: string;
  apiKey: string;
  apiSecret: string;
  readOnly: boolean;
  /** Bybit's groups and words, e.g. `{ Spot: ['SpotTrade'], ContractTrade: ['Order', 'Position'] }`. */
  permissions: Readonly<Record<string, readonly string[]>>;
  /** Addresses it may be used from; empty means any. */
  ips: readonly string[];
  createdAt: UnixMs;
  expiresAt: UnixMs | null;
  note: string;
}>;

export type ExchangeInstrument = Readonly<{
  id: InstrumentId;
  category: Category;
  symbol: string;
  base: AssetId;
  quote: AssetId;
  settle: AssetId;
  listing: Listing;
  /** Smallest step of an amount in quote currency (spot market orders by quote). */
  quoteStep: Money;
  postOnlyMaxQty: Lots;
  status: 'trading' | 'closed';
  launchedAt: UnixMs;
  /** Price band: an order may not be priced beyond these ratios of the reference (X, Y of Bybit's riskParameters). */
  priceLimitX: Money;
  priceLimitY: Money;
  /** Derivatives only. */
  perpetual: Readonly<{
    fundingIntervalMin: number;
    minLeverage: Money;
    maxLeverage: Money;
    leverageStep: Money;
  }> | null;
}>;

export type ExchangeLevel = Readonly<{ price: Ticks; qty: Lots }>;

export type ExchangeBook = Readonly<{
  instrument: InstrumentId;
  bids: readonly ExchangeLevel[];
  asks: readonly ExchangeLevel[];
  /** Grows by one with every change of the book of this instrument. */
  version: number;
  /** Cross sequence: grows over everything of this instrument, trades included. */
  seq: number;
  /** When the matching engine made this state. */
  at: UnixMs;
}>;

export type ExchangeTicker = Readonly<{
  instrument: InstrumentId;
  last: Money;
  index: Money;
  mark: Money;
  prev24h: Money;
  prev1h: Money;
  high24h: Money;
  low24h: Money;
  volume24h: Money;
  turnover24h: Money;
  /** Contracts open, one side counted; derivatives only. */
  openInterest: Money;
  fundingRate: Money;
  nextFundingAt: UnixMs | null;
  tickDirection: 'PlusTick' | 'ZeroPlusTick' | 'MinusTick' | 'ZeroMinusTick';
}>;

export type PublicTrade = Readonly<{
  instrument: InstrumentId;
  tradeId: string;
  price: Money;
  qty: Money;
  aggressor: Side;
  at: UnixMs;
  seq: number;
  tickDirection: ExchangeTicker['tickDirection'];
}>;

export type PlaceOrder = Readonly<{
  instrument: InstrumentId;
  clientOrderId: string | null;
  side: Side;
  type: 'market' | 'limit';
  /** Base (contract) quantity, or an amount of quote currency when `qtyIn` is `quote` (spot market orders). */
  qty: Money;
  qtyIn: 'base' | 'quote';
  /** Required for limit orders. */
  price: Money | null;
  timeInForce: TimeInForce;
  reduceOnly: boolean;
  /** Market orders: how far from the touch they may trade, in ticks or as a fraction; null: the exchange's band. */
  slippage: Readonly<{ ticks: number } | { fraction: Money }> | null;
  selfTrade: SelfTradePrevention;
}>;

/** `qty` is the new total, filled part included. What is null stays. */
export type AmendOrder = Readonly<{ price: Money | null; qty: Money | null }>;

/** By the exchange's id where given, else by the client's. */
export type ExchangeOrderRef = Readonly<{
  instrument: InstrumentId;
  orderId: string | null;
  clientOrderId: string | null;
}>;

export type OrderIds = Readonly<{ orderId: string; clientOrderId: string | null }>;

export type OrderFilter = Readonly<{
  category: Category;
  instrument: InstrumentId | null;
  base: AssetId | null;
  settle: AssetId | null;
  orderId: string | null;
  clientOrderId: string | null;
}>;

export type TimeRange = Readonly<{ from: UnixMs; to: UnixMs }>;
export type PositionFilter = Readonly<{
  category: Category;
  instrument: InstrumentId | null;
  settle: AssetId | null;
  base: AssetId | null;
}>;

/** Why an order ended, or part of it; the server has its protocol's word for each. */
export type CloseReason =
  | 'filled'
  | 'by_user'
  | 'ioc_unfilled'
  | 'fok_unfilled'
  | 'post_only_would_take'
  | 'self_trade'
  | 'no_liquidity' // market order: nothing inside its band
  | 'reduce_only'
  | 'insufficient_margin'
  | 'price_band'
  | 'admin';

export type ExchangeOrder = Readonly<{
  orderId: string;
  clientOrderId: string | null;
  instrument: InstrumentId;
  side: Side;
  type: 'market' | 'limit';
  /** What the client sent; a market order's internal bound is `boundPrice`. */
  price: Money | null;
  boundPrice: Money;
  qty: Money;
  qtyIn: 'base' | 'quote';
  timeInForce: TimeInForce;
  reduceOnly: boolean;
  selfTrade: SelfTradePrevention;
  status: 'new' | 'partially_filled' | 'filled' | 'canceled' | 'rejected';
  closeReason: CloseReason | null;
  cumQty: Money;
  cumNotional: Money;
  /** Fees by asset, positive is paid. */
  fees: ReadonlyMap<AssetId, Money>;
  leavesQty: Money;
  /** Last price of the instrument when the order came. */
  lastPriceOnCreate: Money;
  createdAt: UnixMs;
  updatedAt: UnixMs;
}>;

export type ExchangeExecution = Readonly<{
  execId: string;
  orderId: string;
  clientOrderId: string | null;
  instrument: InstrumentId;
  side: Side;
  orderType: 'market' | 'limit';
  orderPrice: Money;
  orderQty: Money;
  leavesQty: Money;
  price: Money;
  qty: Money;
  notional: Money;
  fee: Money;
  feeAsset: AssetId;
  feeRate: Money;
  liquidity: Liquidity;
  /** Part of the quantity that closed a position; zero for spot. */
  closedQty: Money;
  realisedPnl: Money;
  markPrice: Money;
  indexPrice: Money;
  at: UnixMs;
  seq: number;
  kind: 'trade' | 'funding';
}>;

export type FeeRates = Readonly<{ maker: Money; taker: Money }>;

export type Wallet = Readonly<{
  coins: readonly WalletCoin[];
  /** In USD. */
  totals: Readonly<{
    equity: Money;
    walletBalance: Money;
    marginBalance: Money;
    available: Money;
    perpUnrealised: Money;
    initialMargin: Money;
    maintenanceMargin: Money;
  }>;
}>;

export type WalletCoin = Readonly<{
  asset: AssetId;
  wallet: Money;
  equity: Money;
  usdValue: Money;
  /** Locked by spot orders. */
  locked: Money;
  orderMargin: Money;
  positionMargin: Money;
  maintenanceMargin: Money;
  unrealisedPnl: Money;
  realisedPnl: Money;
}>;

export type ExchangePosition = Readonly<{
  instrument: InstrumentId;
  /** Signed: positive is long. */
  size: Money;
  entryPrice: Money;
  markPrice: Money;
  notional: Money;
  leverage: Money;
  initialMargin: Money;
  maintenanceMargin: Money;
  unrealisedPnl: Money;
  /** Since the position was opened, and since the account exists; fees included. */
  currentRealisedPnl: Money;
  totalRealisedPnl: Money;
  liquidationPrice: Money | null;
  createdAt: UnixMs | null;
  updatedAt: UnixMs | null;
  seq: number;
}>;

/** `code` is stable; `detail` carries the numbers, for people. */
export type ExchangeRefusal = Readonly<{ code: ExchangeRefusalCode; detail: string }>;

export type ExchangeRefusalCode =
  | 'INSTRUMENT_NOT_FOUND'
  | 'INSTRUMENT_NOT_TRADING'
  | 'OFF_TICK'
  | 'OFF_STEP'
  | 'PRICE_OUT_OF_RANGE'
  | 'PRICE_OUTSIDE_BAND_HIGH'
  | 'PRICE_OUTSIDE_BAND_LOW'
  | 'QTY_TOO_SMALL'
  | 'QTY_TOO_LARGE'
  | 'BELOW_MIN_NOTIONAL'
  | 'INSUFFICIENT_BALANCE'
  | 'DUPLICATE_CLIENT_ORDER_ID'
  | 'ORDER_NOT_FOUND'
  | 'ORDER_ALREADY_FINAL'
  | 'QTY_BELOW_FILLED'
  | 'NOT_MODIFIED'
  | 'REDUCE_ONLY_WITHOUT_POSITION'
  | 'TOO_MANY_ORDERS'
  | 'NO_MARKET_PRICE'
  | 'LEVERAGE_UNCHANGED'
  | 'LEVERAGE_ABOVE_LIMIT'
  | 'NOT_SUPPORTED'
  | 'UNAVAILABLE'; // nothing is accepted: the journal failed or a restart is under way

export type PublicEvent = Readonly<
  /** The book changed; read it with `book`. Levels that changed, in listing units; quantity zero deletes. */
  | {
      type: 'book';
      instrument: InstrumentId;
      bids: readonly ExchangeLevel[];
      asks: readonly ExchangeLevel[];
      version: number;
      seq: number;
      at: UnixMs;
    }
  /** Trades of one match, oldest first. */
  | { type: 'trades'; instrument: InstrumentId; trades: readonly PublicTrade[] }
  | { type: 'ticker'; instrument: InstrumentId }
>;

export type PrivateEvent = Readonly<{ uid: string; at: UnixMs }> &
  Readonly<
    | { type: 'order'; orders: readonly ExchangeOrder[] }
    | { type: 'execution'; executions: readonly ExchangeExecution[] }
    | { type: 'position'; positions: readonly ExchangePosition[] }
    | { type: 'wallet'; coins: readonly AssetId[] }
  >;
