import type { AccountId, InstrumentId, OrderId, UnixMs, UserId } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type { BookingRequest, KillSwitchRequest, KillSwitchState, LedgerEntry } from './accounts.ts';
import type { Page } from './answers.ts';
import type { Role } from './auth.ts';
import type { BybitStatus, BybitTest, ConnectRequest } from './bybit.ts';
import type { ApiError } from './errors.ts';
import type { PublicStatus, Readiness } from './health.ts';
import type { BookRequest, InstrumentFilter, InstrumentView, OrderBook, Ticker, TickerRequest } from './market.ts';
import type { OrderRequest } from './order-body.ts';
import type {
  CancelAllReport,
  ExecutionListFilter,
  ExecutionReport,
  Order,
  OrderDetail,
  OrderListFilter,
  OrderPreview,
} from './orders.ts';
import type { Balance, ConsolidatedBalance, ConsolidatedPositions, Position, SyncReport } from './wallet.ts';
import type { MarketChannel, PrivateChannel } from './ws.ts';

/**
 * What stands behind the API. Requests arrive as read and checked domain values; answers are the contract's types, or
 * an error with its code. A write resolves when what it answers is durable. Whoever calls has been authenticated and
 * has a role that the route's policy allows; objects of other accounts do not exist for them (404, never 403).
 */
export interface GatewayService {
  readonly orders: OrderService;
  readonly wallet: WalletService;
  readonly market: MarketService;
  readonly connection: ConnectionService;
  readonly risk: RiskService;
  readonly admin: AdminService;
  readonly operation: OperationService;
  readonly pushes: PushService;
}

export type Answer<T> = Promise<Result<T, ApiError>>;

/** Who asks, for which account. */
export type Caller = Readonly<{ user: UserId; account: AccountId; role: Role }>;

/**
 * An `Idempotency-Key` with a fingerprint of the request it came with. The service remembers it durably for at least
 * 24 h per account, in the same decision that creates the object: same key and fingerprint answer with the first
 * result (`repeated`), another fingerprint is `IDEMPOTENCY_KEY_REUSED`. Requests that were refused are not remembered.
 */
export type Idempotency = Readonly<{ key: string; fingerprint: string }>;
export type Created<T> = Readonly<{ value: T; repeated: boolean }>;

export interface OrderService {
  /** Resolves when the order is durable, not when it is filled. Calls are decided in the order in which they are made. */
  submit(caller: Caller, order: OrderRequest, idempotency: Idempotency | null): Answer<Created<Order>>;
  preview(caller: Caller, order: OrderRequest): Answer<OrderPreview>;
  /** Resolves when the request to cancel is durable; `in_flight` of the children says what is still unanswered. */
  cancel(caller: Caller, order: OrderId): Answer<Order>;
  /** All open orders of the account, or those of one instrument. */
  cancelAll(caller: Caller, instrument: InstrumentId | null): Answer<CancelAllReport>;
  get(caller: Caller, order: OrderId): Answer<OrderDetail>;
  /** Newest first. Cursors are opaque, and only good for the account that they were given to. */
  list(caller: Caller, filter: OrderListFilter): Answer<Page<Order>>;
  executions(caller: Caller, filter: ExecutionListFilter): Answer<Page<ExecutionReport>>;
}

export interface WalletService {
  consolidated(caller: Caller): Answer<ConsolidatedBalance>;
  balances(caller: Caller): Answer<readonly Balance[]>;
  positions(caller: Caller, filter: Pick<InstrumentFilter, 'symbol' | 'category'>): Answer<ConsolidatedPositions>;
  /** Reconciles with Bybit now and reports what differed. */
  syncBybit(caller: Caller): Answer<SyncReport>;
}

/** Read from memory, so without waiting. */
export interface MarketService {
  instruments(filter: InstrumentFilter): readonly InstrumentView[];
  orderBook(request: BookRequest): Result<OrderBook, ApiError>;
  tickers(request: TickerRequest): Result<readonly Ticker[], ApiError>;
}

export interface ConnectionService {
  /** Checks the key live, then stores it. The secret never comes back. */
  connect(caller: Caller, request: ConnectRequest): Answer<BybitStatus>;
  status(caller: Caller): Answer<BybitStatus>;
  test(caller: Caller): Answer<BybitTest>;
  disconnect(caller: Caller): Answer<BybitStatus>;
}

export interface RiskService {
  /** Works also while the journal is unavailable, and says so in `durable`. */
  killSwitch(caller: Caller, request: KillSwitchRequest): Answer<KillSwitchState>;
}

/** Called for administrators only. */
export interface AdminService {
  deposit(
    actor: UserId,
    account: AccountId,
    booking: BookingRequest,
    idempotency: Idempotency | null,
  ): Answer<Created<LedgerEntry>>;
  withdraw(
    actor: UserId,
    account: AccountId,
    booking: BookingRequest,
    idempotency: Idempotency | null,
  ): Answer<Created<LedgerEntry>>;
}

export interface OperationService {
  readiness(): Readiness;
  status(): PublicStatus;
}

/** Events for the WebSocket. Both listeners are set once, when the server starts. */
export interface PushService {
  /**
   * What the channel shows as of the last push of this account: later pushes change it item by item. For `orders` the
   * open orders, for `executions` the latest 100, for the others everything. Nothing that is not durable yet.
   */
  snapshot<C extends PrivateChannel>(account: AccountId, channel: C): readonly PushItems[C][];
  /** Told when what it tells is durable, in order per account. */
  onPush(listener: (push: PrivatePush) => void): void;
  /** Told that the consolidated book or the ticker of an instrument changed; it is read through `MarketService`. */
  onMarket(listener: (instrument: InstrumentId, channel: MarketChannel) => void): void;
}

/** Items of each private channel. A snapshot has all; a delta has what changed, whole: it replaces by id (orders, executions), asset and venue (balances), category and symbol (positions). */
export type PushItems = {
  orders: Order;
  executions: ExecutionReport;
  balances: Balance;
  positions: Position;
};
export type PrivatePush = {
  [C in PrivateChannel]: Readonly<{ channel: C; account: AccountId; at: UnixMs; items: readonly PushItems[C][] }>;
}[PrivateChannel];
