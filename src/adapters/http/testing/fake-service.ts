import type { LedgerEntry } from '../../../contract/accounts.ts';
import type { BybitStatus } from '../../../contract/bybit.ts';
import { type ApiError, refusal } from '../../../contract/errors.ts';
import type { OrderBook, Ticker } from '../../../contract/market.ts';
import type { OrderRequest } from '../../../contract/order-body.ts';
import type { ExecutionReport, Order } from '../../../contract/orders.ts';
import type {
  Answer,
  Caller,
  Created,
  GatewayService,
  Idempotency,
  PrivatePush,
  PushService,
} from '../../../contract/service.ts';
import { isoTime } from '../../../contract/time.ts';
import { consolidatedAssetOf } from '../../../contract/wallet.ts';
import type { MarketChannel } from '../../../contract/ws.ts';
import { money, ZERO } from '../../../domain/decimal.ts';
import { type AccountId, type InstrumentId, splitInstrumentId } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type { Clock } from '../../../ports/clock.ts';

type Remembered = { readonly fingerprint: string; readonly value: unknown };

/** A core without markets behind the routes: it keeps what it is given, and shows how often it was asked. */
export class FakeService {
  readonly orders = new Map<string, { readonly account: AccountId; order: Order }>();
  readonly executions: { readonly account: AccountId; readonly report: ExecutionReport }[] = [];
  readonly bookings: LedgerEntry[] = [];
  readonly submitted: OrderRequest[] = [];
  ready = true;
  known: readonly string[] = ['spot:BTCUSDT', 'linear:BTCUSDT'];
  bid = money('59999.5');
  /** Thrown or rejected by the next call. */
  failure: unknown = null;
  snapshotFailure: Error | null = null;
  /** Held back until called, when a test wants to see what happens before an answer. */
  gate: Promise<void> = Promise.resolve();
  readonly #clock: Clock;
  readonly #remembered = new Map<string, Remembered>();
  #push: (push: PrivatePush) => void = () => {};
  #market: (instrument: InstrumentId, channel: MarketChannel) => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  pushOrder(id: string, change: Partial<Order>): void {
    const entry = this.orders.get(id);
    if (entry === undefined) throw new Error(`no order ${id}`);
    entry.order = { ...entry.order, ...change };
    this.#push({ channel: 'orders', account: entry.account, at: this.#clock.now(), items: [entry.order] });
  }

  changeMarket(instrument: string, channel: MarketChannel): void {
    this.#market(instrument as InstrumentId, channel);
  }

  readonly service: GatewayService = {
    orders: {
      submit: (caller, order, idempotency) => this.#submit(caller, order, idempotency),
      preview: async (_caller, order) =>
        order.symbol === 'BTCUSDT' ? ok(PREVIEW(this.#now())) : err(refusal('INSTRUMENT_NOT_FOUND')),
      cancel: async (caller, id) => this.#ownOrder(caller, id),
      cancelAll: async (caller, instrument) => {
        const own = [...this.orders.values()].filter((one) => one.account === caller.account);
        const fitting = own.filter(
          ({ order }) => instrument === null || instrument === `${order.category}:${order.symbol}`,
        );
        return ok({ requested: fitting.length, order_ids: fitting.map(({ order }) => order.id), failed: [] });
      },
      get: async (caller, id) => {
        const found = this.#ownOrder(caller, id);
        return found.ok ? ok({ ...found.value, executions: [], events: [] }) : found;
      },
      list: async (caller, filter) => {
        if (filter.cursor !== null && filter.cursor !== `c-${caller.account}`) return err(refusal('VALIDATION_FAILED'));
        const own = [...this.orders.values()].filter((one) => one.account === caller.account).map((one) => one.order);
        return ok({
          items: own.slice(0, filter.limit),
          nextCursor: own.length > filter.limit ? `c-${caller.account}` : null,
          stale: false,
        });
      },
      executions: async (caller) => {
        const items = this.executions.filter((one) => one.account === caller.account).map((one) => one.report);
        return ok({ items, nextCursor: null, stale: true });
      },
    },
    wallet: {
      consolidated: async () => {
        const btc = { internal: money('0.8'), spot: money('0.5'), futures: money('0.2'), funding: ZERO };
        const usdt = { internal: money('5000'), spot: money('3000'), futures: money('2000'), funding: ZERO };
        return ok({ consolidated_balance: { BTC: consolidatedAssetOf(btc), USDT: consolidatedAssetOf(usdt) } });
      },
      balances: async () => ok([]),
      positions: async () => ok({ positions: [], total: { unrealised_pnl: ZERO, realised_pnl: ZERO, margin: null } }),
      syncBybit: async () => {
        const at = this.#now();
        return ok({
          venue: 'bybit',
          started_at: at,
          finished_at: at,
          orders_checked: 0,
          executions_checked: 0,
          drift: [],
        });
      },
    },
    market: {
      instruments: () => [],
      orderBook: ({ instrument }) =>
        this.known.includes(instrument) ? ok(this.#book(instrument)) : err(refusal('INSTRUMENT_NOT_FOUND')),
      tickers: ({ instrument }) => {
        if (instrument === null) return ok([]);
        return this.known.includes(instrument) ? ok([this.#ticker(instrument)]) : err(refusal('INSTRUMENT_NOT_FOUND'));
      },
    },
    connection: {
      connect: async (_caller, request) => {
        if (request.environment !== null && request.environment !== 'paper')
          return err(refusal('ENVIRONMENT_MISMATCH'));
        return ok({ ...STATUS, connected: true, keyId: `${request.apiKey.slice(0, 2)}…` });
      },
      status: async () => ok(STATUS),
      test: async () => ok({ passed: true, checks: [{ name: 'restTime', result: 'ok', latencyMs: 1.5, hint: null }] }),
      disconnect: async () => ok(STATUS),
    },
    risk: {
      killSwitch: async (caller, request) =>
        ok({
          active: request.active,
          account_active: request.active,
          global_active: request.scope === 'global' && request.active,
          cancels_requested: 0,
          durable: true,
          changed_at: this.#now(),
          changed_by: caller.user,
        }),
    },
    admin: {
      deposit: async (actor, account, booking, idempotency) => {
        if (account !== 'acc-a' && account !== 'acc-b') return err(refusal('ACCOUNT_NOT_FOUND'));
        return this.#once(account, idempotency, () => {
          const entry = {
            id: `l${this.bookings.length + 1}`,
            account,
            ...booking,
            cause: 'deposit' as const,
            actor,
            balance_after: booking.amount,
            booked_at: this.#now(),
          };
          this.bookings.push(entry);
          return entry;
        });
      },
      withdraw: async () => err(refusal('INSUFFICIENT_BALANCE', { details: { available: money('12.5') } })),
    },
    operation: {
      readiness: () =>
        this.ready
          ? { ready: true, reasons: [] }
          : { ready: false, reasons: [{ component: 'journal', code: 'CLOSED', message: 'free the disk' }] },
      status: () => ({
        state: 'operational',
        environment: 'paper',
        version: '0.1.0',
        started_at: this.#now(),
        uptime_seconds: 5,
        incidents: [{ at: this.#now(), text: '<script>alert(1)</script>', resolved_at: null }],
        links: [
          { name: 'help', url: 'https://example.org/?a=1&b="2"' },
          { name: 'bad', url: 'javascript:alert(1)' },
        ],
      }),
    },
    pushes: {
      snapshot: ((account: AccountId, channel: string) => this.#snapshot(account, channel)) as PushService['snapshot'],
      onPush: (listener) => {
        this.#push = listener;
      },
      onMarket: (listener) => {
        this.#market = listener;
      },
    },
  };

  #snapshot(account: AccountId, channel: string): readonly Order[] {
    if (this.snapshotFailure !== null) throw this.snapshotFailure;
    return channel !== 'orders'
      ? []
      : [...this.orders.values()].filter((one) => one.account === account).map((one) => one.order);
  }

  #now() {
    return isoTime(this.#clock.now());
  }

  async #submit(caller: Caller, request: OrderRequest, idempotency: Idempotency | null): Answer<Created<Order>> {
    this.submitted.push(request);
    if (this.failure !== null) throw this.failure;
    if (!this.known.includes(request.instrument))
      return err(refusal('INSTRUMENT_NOT_FOUND', { details: { instrument: request.instrument } }));
    const result = this.#once(caller.account, idempotency, () => {
      const order = orderOf(`o${this.orders.size + 1}`, request, this.#now());
      this.orders.set(order.id, { account: caller.account, order });
      return order;
    });
    await this.gate;
    return result;
  }

  #ownOrder(caller: Caller, id: string): Result<Order, ApiError> {
    const entry = this.orders.get(id);
    return entry?.account === caller.account ? ok(entry.order) : err(refusal('ORDER_NOT_FOUND'));
  }

  #once<T>(account: string, idempotency: Idempotency | null, make: () => T): Result<Created<T>, ApiError> {
    if (idempotency === null) return ok({ value: make(), repeated: false });
    const key = `${account} ${idempotency.key}`;
    const before = this.#remembered.get(key);
    if (before !== undefined && before.fingerprint !== idempotency.fingerprint)
      return err(refusal('IDEMPOTENCY_KEY_REUSED'));
    if (before !== undefined) return ok({ value: before.value as T, repeated: true });
    const value = make();
    this.#remembered.set(key, { fingerprint: idempotency.fingerprint, value });
    return ok({ value, repeated: false });
  }

  #book(instrument: InstrumentId): OrderBook {
    const { category, symbol } = splitInstrumentId(instrument);
    const bid = { price: this.bid, quantity: money('1.25'), venue: 'bybit' };
    return { symbol, category, venue: 'consolidated', bids: [bid], asks: [], sources: [], at: this.#now() };
  }

  #ticker(instrument: InstrumentId): Ticker {
    const { category, symbol } = splitInstrumentId(instrument);
    const nothing = { last: null, ask: null, ask_quantity: null, mark: null, index: null };
    return {
      symbol,
      category,
      venue: 'consolidated',
      ...nothing,
      bid: this.bid,
      bid_quantity: money('1.25'),
      at: this.#now(),
    };
  }
}

function orderOf(id: string, request: OrderRequest, at: ReturnType<typeof isoTime>): Order {
  return {
    id,
    client_order_id: request.clientOrderId,
    source: 'okd',
    symbol: request.symbol,
    category: request.category,
    side: request.side,
    type: request.type,
    time_in_force: request.timeInForce,
    status: 'pending',
    certainty: 'confirmed',
    reason: null,
    quantity: request.quantity,
    quote_quantity: request.quoteQuantity,
    price: request.price,
    max_slippage: request.maxSlippage,
    reduce_only: request.reduceOnly,
    filled_quantity: ZERO,
    remaining_quantity: request.quantity,
    average_price: null,
    fees: [],
    late_fill: false,
    children: [],
    routing_decision: null,
    created_at: at,
    updated_at: at,
  };
}

const PREVIEW = (at: ReturnType<typeof isoTime>) => ({
  routing_decision: {
    decided_at: at,
    strategy: 'smart' as const,
    arrival_price: money('60000'),
    protection_price: money('60600'),
    venues: [],
    split: { okd_internal: money('0.25'), bybit: money('0.75') },
    unrouted_quantity: ZERO,
    expected_average_price: null,
    expected_cost: null,
    explanation: 'split',
  },
  fees: [],
  notional: null,
  risk: { accepted: true, code: null, message: null, checks: [] },
});

const STATUS: BybitStatus = {
  connected: false,
  ready: false,
  environment: 'paper',
  keyId: null,
  uid: null,
  permissions: [],
  ipBound: null,
  keyExpiresAt: null,
  connectedAt: null,
  lastReconciledAt: null,
  clockSkewMs: null,
  openOrders: 0,
  unknownOrders: 0,
  links: [],
  hint: null,
};
