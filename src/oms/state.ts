import { Balances } from '../clearing/balances.ts';
import { addTraded, NOT_TRADED } from '../clearing/funds.ts';
import { ZERO } from '../domain/decimal.ts';
import {
  type AccountId,
  type AssetId,
  type ClientOrderId,
  type ExecId,
  INTERNAL_VENUE as INTERNAL,
  type Money,
  type OrderId,
  type UnixMs,
  type VenueId,
} from '../domain/ids.ts';
import {
  applyChildEvent,
  bookExecution,
  type ChildOrder,
  type Execution,
  isFinal,
  leavesQty,
} from '../domain/order.ts';
import { invariant, unreachable } from '../domain/result.ts';
import type { RoutePlan } from '../routing/plan.ts';
import type { Child } from './child.ts';
import { OpenOrders } from './open-orders.ts';
import type { AccountEvent, AnomalyCode, Booking, Coins, Idempotency, OrderRequest, PlannedChild } from './events.ts';

export type Parent = {
  readonly id: OrderId;
  readonly seq: number;
  readonly request: OrderRequest;
  readonly fingerprint: string;
  readonly coins: Coins;
  readonly arrival: Money | null;
  readonly worstPrice: Money | null;
  readonly createdAt: UnixMs;
  updatedAt: UnixMs;
  readonly children: ClientOrderId[];
  readonly decisions: RoutePlan[];
  rounds: number;
  readonly excluded: Map<VenueId, string>;
  cancelRequested: boolean;
  closed: Readonly<{ status: 'filled' | 'canceled' | 'rejected' | 'expired'; reason: string; at: UnixMs }> | null;
  lateFill: boolean;
};

export const executionKey = (venue: VenueId, execId: ExecId): string => `${venue} ${execId}`;

export type FeeTransfer = Readonly<{ n: number; asset: AssetId; amount: Money }>;
export type Anomaly = Readonly<{ at: UnixMs; code: AnomalyCode; detail: string }>;
export type Transfer = Extract<AccountEvent, { type: 'deposited' | 'withdrawn' }> & Readonly<{ balanceAfter: Money }>;
export type Spent = Readonly<{ venue: VenueId; asset: AssetId; amount: Money; at: UnixMs }>;
const KEPT_ANOMALIES = 1_000;
const KEPT_SPENT = 1_000;
/** Closed orders are forgotten beyond so many, and not before the venues' lists have surely stopped to repeat them. */
const KEPT_CLOSED = 5_000;
const KEPT_FOR_MS = 120_000;

/** Everything that one account's partition knows. Changed by `apply` alone. */
export class AccountState {
  account: AccountId | null = null;
  number = 0;
  synthetic = false;
  halted = false;
  lastOrderSeq = 0;
  lastFeeTransfer = 0;
  readonly balances = new Balances();
  readonly feesDue = new Map<AssetId, Money>();
  readonly parents = new Map<OrderId, Parent>();
  /** Never forgotten: an id is unique for ever. */
  readonly byClientOrderId = new Map<string, Readonly<{ order: OrderId; fingerprint: string }>>();
  /** Closed orders that are still here, oldest first. What is no longer here is in the records. */
  readonly #closed: OrderId[] = [];
  /** Until when the forgotten orders lived: what executed before is in the records. */
  forgottenUntil = 0;
  readonly children = new Map<ClientOrderId, Child>();
  /** Not final yet, or not confirmed: the ones that exposure, recovery and reconciliation walk over. */
  readonly openChildren = new Set<ClientOrderId>();
  readonly openParents = new Set<OrderId>();
  readonly openOrders = new OpenOrders();
  /** Fees on their way to the platform's account; the receiver drops what it has booked. */
  readonly outbox = new Map<number, FeeTransfer>();
  readonly anomalies: Anomaly[] = [];
  /** Said once each: what a venue repeats for days is one anomaly. */
  readonly #said = new Set<string>();
  /** Which child an execution was booked on, by venue and execution id. */
  readonly executionOwner = new Map<string, ClientOrderId>();
  /** Deposits and withdrawals, oldest first; the n-th has number n. */
  readonly transfers: Transfer[] = [];
  /** What a client's idempotency key created: an order, or a transfer by its number. */
  readonly byIdempotencyKey = new Map<string, Readonly<{ fingerprint: string; created: OrderId | number }>>();
  /** What recent fills at other venues took, newest last: a balance older than a fill does not show it yet. */
  readonly spent: Spent[] = [];

  child(id: ClientOrderId): Child {
    const child = this.children.get(id);
    invariant(child !== undefined, `child ${id} is known`);
    return child;
  }

  /** Open children that no query clears up any more: somebody has to decide. */
  stuckChildren(): number {
    let stuck = 0;
    for (const id of this.openChildren) {
      const { certainty } = this.child(id).order;
      if (certainty === 'quarantined' || certainty === 'unverifiable') stuck += 1;
    }
    return stuck;
  }

  parent(id: OrderId): Parent {
    const parent = this.parents.get(id);
    invariant(parent !== undefined, `order ${id} is known`);
    return parent;
  }

  childrenOf(parent: Parent): readonly Child[] {
    return parent.children.map((id) => this.child(id));
  }

  /** The platform has booked every transfer up to `n`; told anew after each start, so it is in no journal of ours. */
  feesArrived(n: number): void {
    for (const one of this.outbox.keys()) if (one <= n) this.outbox.delete(one);
  }

  apply(event: AccountEvent): void {
    switch (event.type) {
      case 'account_opened':
        this.account = event.account;
        this.number = event.number;
        this.synthetic = event.synthetic;
        return;
      case 'deposited':
      case 'withdrawn':
        return this.#applyTransfer(event);
      case 'order_accepted':
        return this.#applyAccepted(event);
      case 'routed':
        return this.#applyRouted(event);
      case 'venue_excluded':
        this.parent(event.order).excluded.set(event.venue, event.reason);
        return;
      case 'child':
        return this.#applyChild(event);
      case 'child_closing':
        this.child(event.child).closing = { status: event.status, reason: event.reason, cumQty: event.cumQty };
        return;
      case 'cancel_requested':
        this.parent(event.order).cancelRequested = true;
        return;
      case 'order_closed': {
        const parent = this.parent(event.order);
        parent.closed = { status: event.status, reason: event.reason, at: event.at };
        parent.updatedAt = event.at;
        this.openParents.delete(event.order);
        this.#closed.push(event.order);
        return this.#forget(event.at);
      }
      case 'halted':
      case 'resumed':
        this.halted = event.type === 'halted';
        return;
      case 'anomaly':
        return this.#applyAnomaly(event);
      default:
        return unreachable(event);
    }
  }

  isSaid(code: AnomalyCode, detail: string): boolean {
    return this.#said.has(`${code} ${detail}`);
  }

  #applyAnomaly({ at, code, detail }: Extract<AccountEvent, { type: 'anomaly' }>): void {
    this.anomalies.push({ at, code, detail });
    this.#said.add(`${code} ${detail}`);
    const oldest = this.anomalies.length > KEPT_ANOMALIES ? this.anomalies.shift() : undefined;
    if (oldest !== undefined) this.#said.delete(`${oldest.code} ${oldest.detail}`);
  }

  #forgetChild(id: ClientOrderId): void {
    const child = this.children.get(id);
    for (const { execId } of child?.executions ?? []) {
      this.executionOwner.delete(executionKey(child?.order.venue ?? INTERNAL, execId));
    }
    this.children.delete(id);
  }

  /** By the times of the events alone, so that a replay forgets the same. */
  #forget(now: UnixMs): void {
    while (this.#closed.length > KEPT_CLOSED) {
      const [oldest] = this.#closed;
      const parent = oldest === undefined ? undefined : this.parents.get(oldest);
      if (parent === undefined || now - parent.updatedAt < KEPT_FOR_MS) return;
      this.#closed.shift();
      this.forgottenUntil = Math.max(this.forgottenUntil, parent.updatedAt);
      for (const id of parent.children) this.#forgetChild(id);
      this.parents.delete(parent.id);
    }
  }

  #applyTransfer(event: Extract<AccountEvent, { type: 'deposited' | 'withdrawn' }>): void {
    const amount = (event.type === 'deposited' ? event.amount : -event.amount) as Money;
    const cause = event.type === 'deposited' ? 'deposit' : 'withdrawal';
    this.balances.apply([{ asset: event.asset, total: amount, held: ZERO, cause }]);
    this.transfers.push({ ...event, balanceAfter: this.balances.of(event.asset).total });
    if (event.idempotency !== undefined) this.#remember(event.idempotency, event.n);
  }

  #remember(idempotency: Idempotency, created: OrderId | number): void {
    this.byIdempotencyKey.set(idempotency.key, { fingerprint: idempotency.fingerprint, created });
  }

  #applyAccepted(event: Extract<AccountEvent, { type: 'order_accepted' }>): void {
    this.lastOrderSeq = event.seq;
    this.parents.set(event.order, {
      id: event.order,
      seq: event.seq,
      request: event.request,
      fingerprint: event.fingerprint,
      coins: event.coins,
      arrival: event.arrival,
      worstPrice: event.worstPrice,
      createdAt: event.at,
      updatedAt: event.at,
      children: [],
      decisions: [],
      rounds: 0,
      excluded: new Map(),
      cancelRequested: false,
      closed: null,
      lateFill: false,
    });
    this.openParents.add(event.order);
    if (event.idempotency !== undefined) this.#remember(event.idempotency, event.order);
    if (event.request.clientOrderId !== null) {
      const { fingerprint, order } = event;
      this.byClientOrderId.set(event.request.clientOrderId, { order, fingerprint });
    }
  }

  #applyRouted(event: Extract<AccountEvent, { type: 'routed' }>): void {
    const parent = this.parent(event.order);
    parent.rounds = event.round;
    parent.decisions.push(event.decision);
    for (const planned of event.children) {
      parent.children.push(planned.id);
      const child = newChild(parent, planned, event);
      this.children.set(planned.id, child);
      this.openChildren.add(planned.id);
      this.openOrders.opened(child);
      const { asset, amount } = planned.reserve;
      if (planned.venue === INTERNAL) this.balances.apply([{ asset, total: ZERO, held: amount, cause: 'hold' }]);
    }
  }

  #applyChild(event: Extract<AccountEvent, { type: 'child' }>): void {
    const child = this.child(event.child);
    const before = child.order;
    child.order = this.#nextOrder(child, event);
    this.openOrders.changed(child, before);
    const parent = this.parent(child.parent);
    parent.updatedAt = child.order.updatedAt;
    if (event.event.type === 'traded') {
      const { execution } = event.event;
      child.executions.push(execution);
      child.seen.add(execution.execId);
      this.executionOwner.set(executionKey(child.order.venue, execution.execId), child.order.clientOrderId);
      child.traded = addTraded(child.traded, execution.liquidity, execution.notional);
      if (parent.closed !== null) parent.lateFill = true;
      if (child.order.venue !== INTERNAL) this.#applySpent(child, execution);
    }
    if (event.booking !== undefined) this.#applyBooking(child, event.booking);
    if (isFinal(child.order.status)) child.closing = null; // the fills that its end still owed are here
    if (isFinal(child.order.status) && child.order.certainty === 'confirmed') this.openChildren.delete(event.child);
    else this.openChildren.add(event.child);
  }

  /** Claims on another venue's balance shrink with the order's leaves; what fills took stays claimed until it shows. */
  #applySpent(child: Child, execution: Execution): void {
    const before = child.reserve.amount;
    const leaves = leavesQty(child.order);
    const left = child.order.qty === 0n ? 0n : (before * leaves) / (leaves + execution.qty);
    child.reserve = { asset: child.reserve.asset, amount: left as Money };
    const amount = (before - left) as Money;
    this.spent.push({ venue: child.order.venue, asset: child.reserve.asset, amount, at: execution.at });
    if (this.spent.length > KEPT_SPENT) this.spent.shift();
  }

  #nextOrder(child: Child, event: Extract<AccountEvent, { type: 'child' }>): ChildOrder {
    if (event.beyondOrder === true) {
      invariant(event.event.type === 'traded', 'only a fill goes beyond its order');
      return bookExecution(child.order, event.event.execution, event.event.at);
    }
    const next = applyChildEvent(child.order, event.event);
    invariant(next.ok, `journalled transition is legal: ${event.event.type} on ${child.order.status}`);
    return next.value;
  }

  #applyBooking(child: Child, booking: Booking): void {
    this.balances.apply(booking.postings);
    let released = ZERO as bigint;
    for (const posting of booking.postings) if (posting.asset === child.reserve.asset) released += posting.held;
    if (child.order.venue === INTERNAL) {
      child.reserve = { asset: child.reserve.asset, amount: (child.reserve.amount + released) as Money };
    }
    if (booking.fee !== undefined) {
      this.lastFeeTransfer = booking.fee.n;
      this.outbox.set(booking.fee.n, booking.fee);
      child.charged = (child.charged + booking.fee.amount) as Money;
    }
    if (booking.feeDue !== undefined) {
      const { asset, amount } = booking.feeDue;
      this.feesDue.set(asset, ((this.feesDue.get(asset) ?? ZERO) + amount) as Money);
      child.charged = (child.charged + amount) as Money;
    }
  }
}

function newChild(parent: Parent, planned: PlannedChild, event: Extract<AccountEvent, { type: 'routed' }>): Child {
  return {
    order: {
      clientOrderId: planned.id,
      venueOrderId: null,
      venue: planned.venue,
      instrument: parent.request.instrument,
      side: parent.request.side,
      price: planned.price,
      timeInForce: planned.timeInForce,
      reduceOnly: parent.request.reduceOnly,
      qty: planned.qty,
      cumQty: ZERO,
      cumNotional: ZERO,
      status: 'pending',
      inFlight: 'submit',
      certainty: 'confirmed',
      reason: null,
      wanted: null,
      createdAt: event.at,
      updatedAt: event.at,
      acceptedAt: null,
    },
    parent: parent.id,
    round: event.round,
    rates: planned.rates,
    reserve: planned.reserve,
    traded: NOT_TRADED,
    charged: ZERO,
    executions: [],
    seen: new Set(),
    closing: null,
  };
}
