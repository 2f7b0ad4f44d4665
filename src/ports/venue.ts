import type {
  AssetId,
  ClientOrderId,
  ExecId,
  InstrumentId,
  Money,
  Side,
  UnixMs,
  VenueId,
  VenueOrderId,
} from '../domain/ids.ts';
import type { Execution, SelfTradePrevention, TimeInForce } from '../domain/order.ts';
import type { Result } from '../domain/result.ts';

/**
 * One account at one venue, in the core's language. Adding a venue means implementing this and nothing else.
 * Answers to writes have three outcomes; "unknown" is a real one and is never turned into "refused".
 */
export interface Venue {
  readonly id: VenueId;
  /**
   * True where the venue's own journal is the one this process writes (the internal venue): a request may be handed
   * over before it is durable, because one commit holds the request and its effect.
   */
  readonly sharesJournal: boolean;
  /**
   * Prices and sizes cross this port as exact decimals, never as counts: a venue may change its tick between two
   * readings. What does not lie on its grid of this moment is refused with OFF_TICK or OFF_STEP, and nothing is sent.
   */
  submit(order: SubmitRequest): Promise<Outcome>;
  amend(order: OrderRef, change: Readonly<{ price: Money; qty: Money }>): Promise<Outcome>;
  cancel(order: OrderRef): Promise<Outcome>;
  /** Asks every source that the venue has. `absent` only if each of them answered, and none knows the id. */
  query(order: OrderRef): Promise<QueryAnswer>;
  openOrders(): Promise<Result<VenueList<VenueOrder>, Unavailable>>;
  /** All executions at or after `since`, perhaps some before it, oldest first. `since` may be of our clock or its own. */
  executionsSince(since: UnixMs): Promise<Result<VenueList<VenueExecution>, Unavailable>>;
  balances(): Promise<Result<readonly VenueBalance[], Unavailable>>;
  positions(): Promise<Result<readonly VenuePosition[], Unavailable>>;
  health(): VenueHealth;
  /** One listener; events of one order arrive in the order in which the venue sent them. */
  onEvent(listener: (event: VenueEvent) => void): void;
}

/**
 * A list that was read to its end. Not `complete`: a row of it could not be read. It is told as an `unreadable` event,
 * once, and is not in `rows`; what is in `rows` holds.
 */
export type VenueList<T> = Readonly<{ rows: readonly T[]; complete: boolean }>;

export type SubmitRequest = Readonly<{
  clientOrderId: ClientOrderId;
  instrument: InstrumentId;
  side: Side;
  /** Worst acceptable price: also for market orders, which go as immediate limits. */
  price: Money;
  qty: Money;
  timeInForce: TimeInForce;
  reduceOnly: boolean;
  selfTrade: SelfTradePrevention;
}>;

/** Both ids where both are known: a venue uses what it has. */
export type OrderRef = Readonly<{
  instrument: InstrumentId;
  clientOrderId: ClientOrderId;
  venueOrderId: VenueOrderId | null;
  createdAt: UnixMs;
}>;

export type Outcome = Readonly<
  /** Received. Not proof that the order works: that comes as an event or from a query. */
  | { type: 'acknowledged'; venueOrderId: VenueOrderId | null }
  /** Proven not accepted. */
  | { type: 'refused'; refusal: Refusal }
  /** No proof either way: timeout, reset, 5xx, unreadable answer, any code that is not known to be a refusal. */
  | { type: 'unknown'; reason: string }
>;

/** Why a venue refused. `code` is ours and stable; `venueCode` and `message` are the venue's own. */
export type Refusal = Readonly<{ code: RefusalCode; venueCode: string; message: string }>;

export type RefusalCode =
  | 'INSUFFICIENT_BALANCE'
  | 'PRICE_OUT_OF_RANGE'
  | 'QTY_OUT_OF_RANGE'
  | 'BELOW_MIN_NOTIONAL'
  | 'OFF_TICK'
  | 'OFF_STEP'
  | 'INSTRUMENT_NOT_FOUND'
  | 'INSTRUMENT_NOT_TRADING'
  | 'REDUCE_ONLY'
  | 'POST_ONLY_WOULD_TAKE'
  | 'TOO_MANY_ORDERS'
  | 'ORDER_NOT_FOUND' // cancel, amend: unknown here, or already final; resolve by a query
  | 'ORDER_ALREADY_FINAL'
  | 'NOT_MODIFIED'
  | 'DUPLICATE_ORDER_ID' // the venue has this client order id already: query and adopt
  | 'RATE_LIMITED' // proven not accepted, may be sent again later
  | 'ACCOUNT_BLOCKED' // key invalid, revoked, expired, banned: nothing will be accepted
  | 'NOT_PERMITTED' // the key lacks the permission for this category; others may work
  | 'NOT_SUPPORTED'
  | 'VENUE_REFUSED'; // proven, with a code that has no word of its own here

export type QueryAnswer = Readonly<
  | { type: 'found'; order: VenueOrder; executions: readonly VenueExecution[] }
  /** Every source answered and none knows it. Whether that proves absence depends on age and on the stream's state. */
  | { type: 'absent'; asOf: UnixMs }
  | { type: 'unavailable'; reason: string }
>;

export type Unavailable = Readonly<{ code: 'UNAVAILABLE' | 'ACCOUNT_BLOCKED' | 'RATE_LIMITED'; reason: string }>;

export type VenueOrder = Readonly<{
  clientOrderId: ClientOrderId | null;
  venueOrderId: VenueOrderId;
  instrument: InstrumentId;
  side: Side;
  price: Money;
  qty: Money;
  cumQty: Money;
  /** `unrecognised`: the venue said something that this version does not know; never guessed. */
  status: 'pending' | 'working' | 'filled' | 'canceled' | 'rejected' | 'expired' | 'unrecognised';
  /** Our stable word for why it is final, else null. */
  reason: string | null;
  createdAt: UnixMs;
  updatedAt: UnixMs;
}>;

export type VenueExecution = Execution &
  Readonly<{
    clientOrderId: ClientOrderId | null;
    venueOrderId: VenueOrderId;
    instrument: InstrumentId;
    side: Side;
    /** What changed the quantity: `trade` is ours; the others happened to us. Funding and the like are never executions. */
    kind: 'trade' | 'liquidation' | 'auto_deleverage' | 'delivery' | 'transfer';
  }>;

export type VenueBalance = Readonly<{
  asset: AssetId;
  /** What the venue holds for the account, locked parts included; negative when borrowed. */
  wallet: Money;
  /** Locked by working orders. */
  locked: Money;
  /** Held as position and order margin of this coin. */
  margin: Money;
  borrowed: Money;
  at: UnixMs;
}>;

export type VenuePosition = Readonly<{
  instrument: InstrumentId;
  /** Signed: positive is long. */
  size: Money;
  entryPrice: Money;
  markPrice: Money;
  unrealisedPnl: Money;
  leverage: Money | null;
  liquidationPrice: Money | null;
  margin: Money;
  at: UnixMs;
}>;

export type VenueEvent = Readonly<
  | { type: 'order'; order: VenueOrder }
  | { type: 'execution'; execution: VenueExecution }
  | { type: 'balance'; balances: readonly VenueBalance[] }
  | { type: 'position'; positions: readonly VenuePosition[] }
  /** The stream of events was interrupted, or is complete again: after `down`, anything may have happened. */
  | { type: 'link'; state: 'up' | 'down'; at: UnixMs }
  /** A row that could not be read: kept as it came, never guessed, never dropped in silence. */
  | { type: 'unreadable'; topic: string; text: string }
>;

export type VenueHealth = Readonly<{
  /** New orders may be sent. */
  ready: boolean;
  /** The event stream is connected, logged in and subscribed. */
  streaming: boolean;
  /** Why it is not ready, for people. */
  reason: string | null;
  lastMessageAt: UnixMs | null;
}>;

export type { ExecId };
