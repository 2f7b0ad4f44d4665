import type { AssetId, InstrumentId, Money, Side, UnixMs } from '../../domain/ids.ts';
import type { Liquidity, SelfTradePrevention, TimeInForce } from '../../domain/order.ts';
import type { CloseReason } from '../../ports/exchange.ts';

/**
 * What happened, as it is journalled (JSON, exact amounts as decimal strings). A replay applies these and decides
 * nothing: every number that a rule computed is inside.
 */
export type PaperEvent = Readonly<
  /** First of all, and of everything after a reset: what came before it is forgotten but the counters and the base. */
  | { type: 'opened'; at: UnixMs; idBase: string }
  /** The process started. */
  | { type: 'started'; at: UnixMs; run: number }
  /** Ids and sequences below these may be used without further record. */
  | { type: 'reserved'; ids: number; seq: number }
  | { type: 'deposited'; at: UnixMs; uid: string; asset: AssetId; amount: Money }
  | { type: 'accepted'; uid: string; order: AcceptedOrder; held: Money; heldAsset: AssetId | null }
  /** It entered its queue, or lost its place and entered again. */
  | { type: 'rested'; uid: string; orderId: string; priority: number }
  | { type: 'amended'; at: UnixMs; uid: string; orderId: string; price: Money; qty: Money; held: Money }
  | {
      type: 'closed';
      at: UnixMs;
      uid: string;
      orderId: string;
      status: 'filled' | 'canceled' | 'rejected';
      reason: CloseReason;
    }
  | TradedEvent
  | { type: 'leverage_set'; at: UnixMs; uid: string; instrument: InstrumentId; leverage: Money }
  /** Time went on (a stepped clock), or the exchange closed. */
  | { type: 'clock'; at: UnixMs }
  | { type: 'marked'; at: UnixMs; instrument: InstrumentId; index: Money; last: Money }
>;

export type AcceptedOrder = Readonly<{
  orderId: string;
  clientOrderId: string | null;
  instrument: InstrumentId;
  side: Side;
  type: 'market' | 'limit';
  price: Money | null;
  boundPrice: Money;
  qty: Money;
  qtyIn: 'base' | 'quote';
  timeInForce: TimeInForce;
  reduceOnly: boolean;
  selfTrade: SelfTradePrevention;
  lastPriceOnCreate: Money;
  createdAt: UnixMs;
}>;

/** One match, both sides booked. Trades among synthetic orders change nothing and are not recorded. */
export type TradedEvent = Readonly<{
  type: 'traded';
  at: UnixMs;
  instrument: InstrumentId;
  /** The coins that change hands; null for derivatives, which settle profits only. */
  spot: Readonly<{ base: AssetId; quote: AssetId }> | null;
  seq: number;
  price: Money;
  qty: Money;
  notional: Money;
  mark: Money;
  index: Money;
  aggressor: Side;
  taker: TradeHalf;
  maker: TradeHalf;
}>;

export type TradeHalf = Readonly<{
  uid: string;
  /** Null for the synthetic account. */
  orderId: string | null;
  execId: string;
  side: Side;
  liquidity: Liquidity;
  fee: Money;
  feeAsset: AssetId;
  feeRate: Money;
  /** What the order keeps reserved after this trade. */
  held: Money;
  /** Derivatives: what of the trade closed a position, what that earned before fees, and the position after it. */
  position: Readonly<{ closedQty: Money; realised: Money; size: Money; cost: Money }> | null;
}>;
