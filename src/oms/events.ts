import type { Posting } from '../clearing/balances.ts';
import type { FeeRates } from '../clearing/funds.ts';
import type {
  AccountId,
  AssetId,
  ClientOrderId,
  InstrumentId,
  Money,
  OrderId,
  Side,
  UnixMs,
  VenueId,
} from '../domain/ids.ts';
import type { RoutePlan } from '../routing/plan.ts';
import type { ChildEvent, SelfTradePrevention, TimeInForce } from '../domain/order.ts';

/** What a client asked for, validated and exact. Exactly one of `qty` and `quoteQty` is given. */
export type OrderRequest = Readonly<{
  clientOrderId: string | null;
  instrument: InstrumentId;
  side: Side;
  type: 'market' | 'limit';
  qty: Money | null;
  /** What a market buy may spend, in quote currency. */
  quoteQty: Money | null;
  price: Money | null;
  timeInForce: TimeInForce;
  reduceOnly: boolean;
  selfTrade: SelfTradePrevention;
  /** Furthest from the arrival price that a market order may trade, as a fraction; null: the account's setting. */
  maxSlippage: Money | null;
  routing: RoutingWish;
}>;

export type RoutingWish = Readonly<{
  strategy: 'smart' | 'best_price' | 'lowest_cost' | 'minimize_impact';
  /** Only these; null: all. */
  venues: readonly VenueId[] | null;
  /** Largest part of the ordered quantity that a venue may get. */
  caps: readonly Readonly<{ venue: VenueId; fraction: Money }>[];
  /** Null: the account's setting. */
  preferInternal: boolean | null;
}>;

/** A child as it was decided: all that is needed to send it, to hold its funds and to charge its fees. */
export type PlannedChild = Readonly<{
  id: ClientOrderId;
  venue: VenueId;
  price: Money;
  qty: Money;
  timeInForce: TimeInForce;
  /** Fees of the internal venue, or of the platform for routing to another. */
  rates: FeeRates;
  /** Held on the internal venue, or claimed on another venue's last known balance. */
  reserve: Readonly<{ asset: AssetId; amount: Money }>;
}>;

/** How an event moved money on the internal venue. Absent where it moved none. */
export type Booking = Readonly<{
  postings: readonly Posting[];
  /** What goes to the platform's account: number of the transfer (per account, from 1), asset and amount. */
  fee?: Readonly<{ n: number; asset: AssetId; amount: Money }>;
  /** Routing fee that the balance could not cover. */
  feeDue?: Readonly<{ asset: AssetId; amount: Money }>;
}>;

/** Coins of an order's instrument, and the digits to which amounts of the quote coin are rounded. */
export type Coins = Readonly<{ base: AssetId; quote: AssetId; quoteScale: number }>;

/** A client's key for a creating request, and the hash of what it came with. */
export type Idempotency = Readonly<{ key: string; fingerprint: string }>;

/** The facts of one account, in order: its journal. */
export type AccountEvent = Readonly<
  | { type: 'account_opened'; at: UnixMs; account: AccountId; number: number; synthetic: boolean }
  | {
      type: 'deposited' | 'withdrawn';
      at: UnixMs;
      asset: AssetId;
      amount: Money;
      reference: string;
      actor: string;
      note: string;
      n: number;
      idempotency?: Idempotency;
    }
  | {
      type: 'order_accepted';
      at: UnixMs;
      order: OrderId;
      seq: number;
      request: OrderRequest;
      coins: Coins;
      /** Hash of what the client sent: the same id with another body is refused. */
      fingerprint: string;
      /** Mid of the consolidated book at arrival, or what stood in for it; null where there was none. */
      arrival: Money | null;
      worstPrice: Money | null;
      idempotency?: Idempotency;
    }
  | {
      type: 'routed';
      at: UnixMs;
      order: OrderId;
      round: number;
      decision: RoutePlan;
      children: readonly PlannedChild[];
    }
  | { type: 'venue_excluded'; at: UnixMs; order: OrderId; venue: VenueId; reason: string }
  | { type: 'child'; child: ClientOrderId; event: ChildEvent; booking?: Booking; beyondOrder?: true }
  /** The venue says that the order has ended, with more executed than we have seen: the fills are still owed. */
  | {
      type: 'child_closing';
      at: UnixMs;
      child: ClientOrderId;
      status: 'canceled' | 'expired' | 'rejected';
      reason: string;
      cumQty: Money;
    }
  | { type: 'cancel_requested'; at: UnixMs; order: OrderId; actor: string }
  | {
      type: 'order_closed';
      at: UnixMs;
      order: OrderId;
      status: 'filled' | 'canceled' | 'rejected' | 'expired';
      reason: string;
    }
  | { type: 'halted'; at: UnixMs; actor: string }
  | { type: 'resumed'; at: UnixMs; actor: string }
  /** Something that should not have happened, kept for people: never swallowed. */
  | { type: 'anomaly'; at: UnixMs; code: AnomalyCode; detail: string }
>;

/** Says what happened: the event is applied at once. */
export type Emit = (event: AccountEvent) => void;

export type AnomalyCode =
  | 'OVERFILL'
  | 'ILLEGAL_TRANSITION'
  | 'UNKNOWN_CHILD'
  | 'FOREIGN_ORDER' // something else under our id: nothing of it is booked
  | 'BAD_EXECUTION'
  | 'ALIVE_AFTER_END'
  | 'EXTERNALLY_AMENDED'
  | 'UNVERIFIABLE'
  | 'FILL_AFTER_FINAL'
  | 'FINGERPRINT_MISMATCH'
  | 'UNREADABLE_ROW'
  | 'UNRECOGNISED_STATUS'
  | 'QUARANTINED';
