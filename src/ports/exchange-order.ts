import type { AssetId, Category, InstrumentId, Money, Side, UnixMs } from '../domain/ids.ts';
import type { Liquidity, SelfTradePrevention, TimeInForce } from '../domain/order.ts';

/** 0: the one position of one-way mode; 1 and 2: the long and the short one of hedge mode. */
export type PositionIdx = 0 | 1 | 2;

export type TriggerBy = 'last' | 'index' | 'mark';
/** When an order that waits goes live: as soon as the price has risen to (fallen to) `price`. */
export type OrderTrigger = Readonly<{ price: Money; direction: 'rise' | 'fall'; by: TriggerBy }>;

/** One way out that is attached to an order or a position; `limitPrice` null: as a market order. */
export type ExitTerms = Readonly<{ price: Money; by: TriggerBy; limitPrice: Money | null }>;
export type AttachedExits = Readonly<{
  /** `full`: of the whole position, whatever its size becomes; `partial`: of what the order filled. */
  mode: 'full' | 'partial';
  takeProfit: ExitTerms | null;
  stopLoss: ExitTerms | null;
}>;

/** What a waiting order is (Bybit's stopOrderType); null for an order that works at once. */
export type StopKind =
  | 'stop' // conditional order
  | 'take_profit'
  | 'stop_loss'
  | 'partial_take_profit'
  | 'partial_stop_loss'
  | 'trailing_stop'
  | 'tpsl' // spot: take profit or stop loss whose funds are held from the beginning
  | 'oco'
  | 'bidirectional_tpsl';

/** Who or what made an order (Bybit's createType). */
export type CreatedBy =
  | 'user'
  | 'closing'
  | 'settle'
  | 'stop_order'
  | 'take_profit'
  | 'partial_take_profit'
  | 'stop_loss'
  | 'partial_stop_loss'
  | 'trailing_stop'
  | 'liquidation'
  | 'takeover'
  | 'adl'
  | 'future_spread'
  | 'bbo';

/** Follows the price at a distance; it waits until `activePrice` was seen, where one is given. */
export type Trailing = Readonly<{
  distance: Money;
  activePrice: Money | null;
  /** Best price since it became active; null before. */
  extreme: Money | null;
}>;

/** Price taken from the book: the level that many from the touch of its own (`queue`) or the other side. */
export type BboTerms = Readonly<{ side: 'queue' | 'counterparty'; level: number }>;
export type SlippageTerms = Readonly<{ ticks: number } | { fraction: Money }>;

/** What of an order goes beyond price and quantity. `PLAIN_ORDER` has none of it. */
export type SpecialTerms = Readonly<{
  positionIdx: PositionIdx;
  /** Spot: what the account has not may be borrowed. */
  leverage: boolean;
  closeOnTrigger: boolean;
  exits: AttachedExits | null;
  bbo: BboTerms | null;
  /** Options: the price as an implied volatility (0.1 is 10 %); beats `price`. */
  iv: Money | null;
  /** Options: counted and frozen by market maker protection. */
  mmp: boolean;
}>;

export const PLAIN_ORDER = {
  positionIdx: 0,
  leverage: false,
  closeOnTrigger: false,
  exits: null,
  bbo: null,
  iv: null,
  mmp: false,
  trigger: null,
  filter: 'order',
} as const satisfies SpecialTerms & Pick<PlaceOrder, 'trigger' | 'filter'>;

export type PlaceOrder = SpecialTerms &
  Readonly<{
    instrument: InstrumentId;
    clientOrderId: string | null;
    side: Side;
    type: 'market' | 'limit';
    /**
     * Base (contract) quantity, or an amount of quote currency when `qtyIn` is `quote` (spot market orders). Zero with
     * `reduceOnly` and `closeOnTrigger`: whatever there is to close.
     */
    qty: Money;
    qtyIn: 'base' | 'quote';
    /** Required for limit orders that are not priced by `bbo` or `iv`. */
    price: Money | null;
    timeInForce: TimeInForce;
    reduceOnly: boolean;
    /** Market orders: how far from the touch they may trade, in ticks or as a fraction; null: the exchange's band. */
    slippage: SlippageTerms | null;
    selfTrade: SelfTradePrevention;
    /** `direction` null: spot, where it follows from where the price is now. */
    trigger: Readonly<{ price: Money; direction: OrderTrigger['direction'] | null; by: TriggerBy }> | null;
    /** Spot: `tpsl` holds its funds while it waits, `stop` only once it is triggered. */
    filter: 'order' | 'tpsl' | 'stop';
  }>;

/**
 * `qty` is the new total, filled part included. What is null stays; of the exits, `none` takes one away.
 */
export type AmendOrder = Readonly<{
  price: Money | null;
  qty: Money | null;
  triggerPrice: Money | null;
  triggerBy: TriggerBy | null;
  exits: Readonly<{
    mode: 'full' | 'partial' | null;
    takeProfit: ExitChange | null;
    stopLoss: ExitChange | null;
  }> | null;
  iv: Money | null;
}>;
/** What of an exit is null stays as it is. */
export type ExitChange = 'none' | Readonly<{ price: Money | null; by: TriggerBy | null; limitPrice: Money | null }>;
export const NO_AMENDMENT: AmendOrder = {
  price: null,
  qty: null,
  triggerPrice: null,
  triggerBy: null,
  exits: null,
  iv: null,
};

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
  /** What orders are, or while they work wait for (null: an order of the book); all where it is not given. */
  kinds?: readonly (StopKind | null)[] | null;
}>;

export type TimeRange = Readonly<{ from: UnixMs; to: UnixMs }>;

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
  | 'admin'
  | 'exits_cleared' // a take profit, stop loss or trailing stop whose position is gone
  | 'oco_other_triggered_tp' // the stop loss of a pair whose take profit was triggered
  | 'oco_other_triggered_sl'
  | 'dcp' // every link that was to guard it is gone
  | 'before_liquidation'
  | 'all_before_liquidation'
  | 'before_adl'
  | 'settle'
  | 'delivery'
  | 'rebalance' // a combo one of whose legs would lie outside its price band
  | 'mmp'
  | 'cannot_afford';

/** What of an order was fixed when it was accepted, but for amendments. */
export type OrderTerms = SpecialTerms &
  Readonly<{
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
    slippage: SlippageTerms | null;
    selfTrade: SelfTradePrevention;
    smpGroup: number;
    createdBy: CreatedBy;
    stopKind: StopKind | null;
    trigger: OrderTrigger | null;
    trailing: Trailing | null;
    /** The order whose exit this one is. */
    parent: Readonly<{ orderId: string; clientOrderId: string | null }> | null;
    /** The order that goes when this one is triggered, and the other way round. */
    ocoOrderId: string | null;
    /** Last price of the instrument when the order came. */
    lastPriceOnCreate: Money;
    createdAt: UnixMs;
  }>;

export type ExchangeOrder = OrderTerms &
  Readonly<{
    /** `untriggered` waits; `triggered` is passing; `deactivated`: a spot order that was canceled while it waited. */
    status:
      | 'untriggered'
      | 'triggered'
      | 'new'
      | 'partially_filled'
      | 'filled'
      | 'canceled'
      | 'rejected'
      | 'deactivated';
    closeReason: CloseReason | null;
    cumQty: Money;
    cumNotional: Money;
    /** Fees by asset, positive is paid. */
    fees: ReadonlyMap<AssetId, Money>;
    leavesQty: Money;
    /** Profit before fees of what it closed. */
    closedPnl: Money;
    /** Of a pair: which of the two was triggered. */
    ocoTriggeredBy: 'take_profit' | 'stop_loss' | null;
    /** The order that self-trade prevention had it meet. */
    smpOrderId: string | null;
    updatedAt: UnixMs;
  }>;

export const isOpenStatus = (status: ExchangeOrder['status']): boolean =>
  status === 'new' || status === 'partially_filled' || status === 'untriggered' || status === 'triggered';

/** Why contracts or coins moved. Only the first six change a quantity; `funding` is cash alone. */
export type ExecutionKind =
  | 'trade'
  | 'adl'
  | 'bust'
  | 'delivery'
  | 'settle'
  | 'future_spread'
  | 'move_position'
  | 'funding';

export type ExchangeExecution = Readonly<{
  execId: string;
  orderId: string;
  clientOrderId: string | null;
  instrument: InstrumentId;
  positionIdx: PositionIdx;
  side: Side;
  orderType: 'market' | 'limit' | 'unknown';
  orderPrice: Money;
  orderQty: Money;
  leavesQty: Money;
  createdBy: CreatedBy;
  stopKind: StopKind | null;
  leverage: boolean;
  qtyIn: 'base' | 'quote';
  price: Money;
  qty: Money;
  /** In the coin that the instrument is valued in: quote, or base for inverse contracts. */
  notional: Money;
  /** Positive is paid. */
  fee: Money;
  feeAsset: AssetId;
  feeRate: Money;
  liquidity: Liquidity;
  /** Part of the quantity that closed a position; zero for spot. */
  closedQty: Money;
  realisedPnl: Money;
  markPrice: Money;
  indexPrice: Money;
  /** Options only. */
  option: Readonly<{ tradeIv: Money; markIv: Money; underlyingPrice: Money }> | null;
  at: UnixMs;
  seq: number;
  kind: ExecutionKind;
}>;
