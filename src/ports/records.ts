import type {
  AccountId,
  AssetId,
  Category,
  ClientOrderId,
  ExecId,
  InstrumentId,
  Money,
  OrderId,
  PartitionId,
  Side,
  UnixMs,
  VenueId,
  VenueOrderId,
} from '../domain/ids.ts';
import type { Certainty, InFlight, Liquidity, OrderStatus, TimeInForce } from '../domain/order.ts';
import type { Result } from '../domain/result.ts';

/**
 * What the journal says, in a form to query: lists of orders, executions and ledger lines, newest first. Written by a
 * projector some milliseconds behind the journal, and rebuildable from it. Nothing that decides reads records: single
 * orders, balances and open orders are read from the engine's own state.
 */
export interface Records {
  orders(query: OrderQuery): Promise<RecordsAnswer<RecordPage<OrderRecord>>>;
  executions(query: ExecutionQuery): Promise<RecordsAnswer<RecordPage<ExecutionRecord>>>;
  ledger(query: LedgerQuery): Promise<RecordsAnswer<RecordPage<LedgerRecord>>>;
  anomalies(query: PageQuery): Promise<RecordsAnswer<RecordPage<AnomalyRecord>>>;
  /** Everything about one order, oldest first; null where the account has no such order. */
  history(query: HistoryQuery): Promise<RecordsAnswer<OrderHistory | null>>;
  /** Last record of a partition that the tables hold; 0 before the first. May be behind what a query would see. */
  projectedSeq(partition: PartitionId): number;
  /** To be called before the store is closed. */
  close(): Promise<void>;
}

export type RecordsAnswer<T> = Result<T, RecordsError>;
export type RecordsError = Readonly<{ code: 'INVALID_CURSOR' | 'RECORDS_UNAVAILABLE'; message: string }>;

/** A place in a partition's journal that an answer has to include: what the client was told of last. */
export type Mark = Readonly<{ partition: PartitionId; seq: number }>;

/** An answer waits this long for the projector to pass its mark; after that it says that it is stale. */
export const STALE_AFTER_MS = 500;

/** Null filters nothing. Times are inclusive. */
export type PageQuery = Readonly<{
  account: AccountId;
  limit: number;
  /** What the page before gave as `nextCursor`; good for the same list of the same account only. */
  cursor: string | null;
  from: UnixMs | null;
  to: UnixMs | null;
  /** Null: whatever is there. */
  mark: Mark | null;
}>;

export type RecordPage<T> = Readonly<{
  items: readonly T[];
  /** Null at the end. */
  nextCursor: string | null;
  /** The projector had not passed the mark. */
  stale: boolean;
}>;

/** The status that clients see: `partially_filled` is `pending` or `working` with a fill. */
export type ShownStatus = OrderStatus | 'partially_filled';

/** Sorted by the time of acceptance. */
export type OrderQuery = PageQuery &
  Readonly<{
    instrument: InstrumentId | null;
    category: Category | null;
    status: 'open' | 'final' | ShownStatus | null;
    clientOrderId: string | null;
    /** Adds the first routing decision of each order: some kilobytes each. */
    decisions: boolean;
  }>;

/** Sorted by the venue's time. */
export type ExecutionQuery = PageQuery &
  Readonly<{ instrument: InstrumentId | null; category: Category | null; order: OrderId | null }>;

/** Sorted as booked, so that each line's balance follows from the one before it. */
export type LedgerQuery = PageQuery &
  Readonly<{
    asset: AssetId | null;
    cause: LedgerCause | null;
    /** Also lines that only move funds between available and held. */
    holds: boolean;
  }>;

export type HistoryQuery = Readonly<{ account: AccountId; order: OrderId; mark: Mark | null }>;

export type OrderRecord = Readonly<{
  account: AccountId;
  /** Number of the order within its account. */
  seq: number;
  id: OrderId;
  clientOrderId: string | null;
  instrument: InstrumentId;
  side: Side;
  type: string;
  timeInForce: TimeInForce;
  reduceOnly: boolean;
  qty: Money | null;
  quoteQty: Money | null;
  price: Money | null;
  /** A fraction. */
  maxSlippage: Money | null;
  base: AssetId;
  quote: AssetId;
  arrival: Money | null;
  worstPrice: Money | null;
  status: ShownStatus;
  certainty: Certainty;
  /** Why it is final; null while it is not. */
  reason: string | null;
  cumQty: Money;
  cumNotional: Money;
  lateFill: boolean;
  cancelRequested: boolean;
  createdAt: UnixMs;
  updatedAt: UnixMs;
  closedAt: UnixMs | null;
  children: readonly ChildRecord[];
  /** The first routing decision as the journal has it; null where none was asked for. */
  decision: string | null;
}>;

export type ChildRecord = Readonly<{
  id: ClientOrderId;
  round: number;
  venue: VenueId;
  venueOrderId: VenueOrderId | null;
  price: Money;
  qty: Money;
  timeInForce: TimeInForce;
  status: OrderStatus;
  inFlight: InFlight;
  certainty: Certainty;
  reason: string | null;
  cumQty: Money;
  cumNotional: Money;
  /** Fees that executions carried, per asset: what the venue took. */
  venueFees: readonly Fee[];
  /** Charged by us in the order's quote coin: the internal venue's fee, elsewhere the fee for routing there. */
  charged: Money;
  /** Part of `charged` that the balance did not cover: owed. */
  chargedDue: Money;
  lateFill: boolean;
  createdAt: UnixMs;
  updatedAt: UnixMs;
  acceptedAt: UnixMs | null;
}>;

export type Fee = Readonly<{ asset: AssetId; amount: Money }>;

export type ExecutionRecord = Readonly<{
  account: AccountId;
  execId: ExecId;
  order: OrderId;
  clientOrderId: string | null;
  child: ClientOrderId;
  venue: VenueId;
  instrument: InstrumentId;
  side: Side;
  price: Money;
  qty: Money;
  notional: Money;
  liquidity: Liquidity;
  /** The venue's own; positive is paid, negative is a rebate. */
  venueFee: Fee;
  /** Charged by us with this fill, and of it what the balance did not cover. */
  charged: Fee;
  chargedDue: Money;
  /** Proven after its child or its order was final. */
  late: boolean;
  executedAt: UnixMs;
  bookedAt: UnixMs;
}>;

export type LedgerCause = 'deposit' | 'withdrawal' | 'hold' | 'release' | 'trade' | 'fee' | 'routing_fee';

/**
 * The other side of a line: every line is an entry of two, so that all accounts and their other sides sum to zero.
 * `external`: outside the instance; `clearing`: the other party of a trade; `account:<number>`: a client's account;
 * `self`: funds only moved between available and held.
 */
export type Contra = 'external' | 'clearing' | 'platform' | 'self' | `account:${number}`;

/** Owner of the ledger lines of the platform itself. No id of an account may contain an `@`. */
export const PLATFORM_ACCOUNT = '@platform' as AccountId;

export type LedgerRecord = Readonly<{
  account: AccountId;
  /** Unique within the account, rising as booked. */
  id: string;
  asset: AssetId;
  cause: LedgerCause;
  contra: Contra;
  /** Changes, signed. */
  total: Money;
  held: Money;
  totalAfter: Money;
  heldAfter: Money;
  order: OrderId | null;
  child: ClientOrderId | null;
  execId: ExecId | null;
  /** Of deposits and withdrawals. */
  reference: string | null;
  actor: string | null;
  note: string | null;
  at: UnixMs;
}>;

export type OrderEventRecord = Readonly<{
  at: UnixMs;
  /** What happened, in the journal's word. */
  type: string;
  child: ClientOrderId | null;
  /** Numbers and reasons, for people. */
  text: string;
}>;

export type AnomalyRecord = Readonly<{ at: UnixMs; code: string; detail: string }>;

export type OrderHistory = Readonly<{
  order: OrderRecord;
  executions: readonly ExecutionRecord[];
  events: readonly OrderEventRecord[];
  stale: boolean;
}>;
