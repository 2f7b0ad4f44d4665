import { formatDecimal } from '../domain/decimal.ts';
import type { ClientOrderId, UnixMs, VenueId, VenueOrderId } from '../domain/ids.ts';
import { isFinal } from '../domain/order.ts';
import { unreachable } from '../domain/result.ts';
import type { Outcome, QueryAnswer, Refusal, VenueExecution, VenueOrder } from '../ports/venue.ts';
import { raise } from './alarms.ts';
import type { ChildFacts } from './child-facts.ts';
import type { Emit } from './events.ts';
import type { AccountOutput, Proof } from './messages.ts';
import type { Child } from './child.ts';
import { type AccountState, executionKey } from './state.ts';

type Outputs = AccountOutput[];
type VenueRow = Pick<VenueOrder, 'instrument' | 'side' | 'venueOrderId'>;

/** Reason of a child that never reached its venue: proven by every source that the venue has, or by our own gate. */
export const UNSENT = 'UNSENT';

/** A child that still needs an answer from its venue. */
export const inDoubt = (child: Child): boolean => child.order.certainty !== 'confirmed' || child.closing !== null;

/** Ended, nothing owed, nothing asked: it holds no exposure any more. */
export const isSettled = (child: Child): boolean => isFinal(child.order.status) && !inDoubt(child);

/** What venues answer and report, turned into facts about our children. */
export class VenueFacts {
  readonly #state: AccountState;
  readonly #facts: ChildFacts;

  constructor(state: AccountState, facts: ChildFacts) {
    this.#state = state;
    this.#facts = facts;
  }

  outcome(
    emit: Emit,
    out: Outputs,
    id: ClientOrderId,
    request: 'submit' | 'cancel',
    outcome: Outcome,
    at: UnixMs,
  ): void {
    switch (outcome.type) {
      case 'acknowledged':
        if (
          request === 'submit' &&
          outcome.venueOrderId !== null &&
          this.#state.child(id).order.venueOrderId === null
        ) {
          this.#facts.note(emit, id, { type: 'acknowledged', at, venueOrderId: outcome.venueOrderId });
        }
        return;
      case 'unknown':
        return this.doubt(emit, out, id, outcome.reason, at);
      case 'refused':
        return request === 'submit'
          ? this.#submitRefused(emit, out, id, outcome.refusal, at)
          : this.#cancelRefused(emit, out, id, outcome.refusal, at);
      default:
        return unreachable(outcome);
    }
  }

  /** No proof either way: exposure stays, and the venue is asked until it answers. */
  doubt(emit: Emit, out: Outputs, id: ClientOrderId, reason: string, at: UnixMs): void {
    const { order } = this.#state.child(id);
    if (isFinal(order.status)) return;
    if (order.certainty === 'confirmed') this.#facts.note(emit, id, { type: 'doubted', at, reason });
    out.push({ type: 'resolve', child: id, why: 'in_doubt' });
  }

  #submitRefused(emit: Emit, out: Outputs, id: ClientOrderId, refusal: Refusal, at: UnixMs): void {
    const child = this.#state.child(id);
    const alive = child.order.status !== 'pending' || child.order.cumQty > 0n;
    if (refusal.code === 'DUPLICATE_ORDER_ID' || alive) {
      return this.doubt(emit, out, id, `${refusal.code} ${refusal.venueCode}`, at);
    }
    emit({ type: 'venue_excluded', at, order: child.parent, venue: child.order.venue, reason: refusal.code });
    this.#facts.close(emit, id, 'rejected', refusal.code, at);
  }

  /**
   * No refusal of a cancel says how the order stands: "not found" may be a fill, a full budget leaves it working. The
   * query that follows asks for the cancel again while the order works and its end is wanted.
   */
  #cancelRefused(emit: Emit, out: Outputs, id: ClientOrderId, refusal: Refusal, at: UnixMs): void {
    this.#facts.note(emit, id, { type: 'cancel_refused', at, reason: refusal.code });
    this.doubt(emit, out, id, refusal.code, at);
  }

  execution(emit: Emit, out: Outputs, id: ClientOrderId, venue: VenueId, execution: VenueExecution, at: UnixMs): void {
    const child = this.#state.child(id);
    const { execId, price, qty, notional, fee, feeAsset, liquidity } = execution;
    if (!this.#isOfChild(emit, out, child, venue, execution, at)) return;
    if (qty <= 0n || price <= 0n) {
      return raise(this.#state, emit, out, 'BAD_EXECUTION', `${id}: execution ${execId} has no quantity or price`, at);
    }
    const owner = this.#state.executionOwner.get(executionKey(venue, execId));
    if (owner !== undefined && owner !== id) {
      return raise(this.#state, emit, out, 'FOREIGN_ORDER', `${id}: execution ${execId} belongs to ${owner}`, at);
    }
    this.#accept(emit, child, execution.venueOrderId, execution.at, at);
    this.#facts.trade(emit, out, id, { execId, at: execution.at, price, qty, notional, fee, feeAsset, liquidity }, at);
  }

  #accept(emit: Emit, { order }: Child, venueOrderId: VenueOrderId, venueAt: UnixMs, at: UnixMs): void {
    if (order.acceptedAt !== null && order.inFlight !== 'submit') return;
    this.#facts.note(emit, order.clientOrderId, { type: 'accepted', at, venueOrderId, venueAt });
  }

  /** Whether a row under our id is about our order. Somebody else can use our ids on the same account of the venue. */
  #isOfChild(emit: Emit, out: Outputs, child: Child, venue: VenueId, row: VenueRow, at: UnixMs): boolean {
    const { order } = child;
    const known = order.venueOrderId === null || order.venueOrderId === row.venueOrderId;
    if (venue === order.venue && row.instrument === order.instrument && row.side === order.side && known) return true;
    const detail = `${order.clientOrderId}: ${venue} has ${row.side} ${row.instrument} as ${row.venueOrderId}`;
    raise(this.#state, emit, out, 'FOREIGN_ORDER', detail, at);
    return false;
  }

  /** The venue's own picture of the order: a status is a hint, fills are facts, and older pictures change nothing. */
  order(emit: Emit, out: Outputs, id: ClientOrderId, venue: VenueId, seen: VenueOrder, at: UnixMs): void {
    const child = this.#state.child(id);
    if (!this.#isOfChild(emit, out, child, venue, seen, at)) return;
    if (isFinal(child.order.status)) return this.#afterEnd(emit, out, child, seen, at);
    if (!this.#samePromise(emit, out, child, seen, at)) return;
    if (seen.status === 'unrecognised') {
      raise(this.#state, emit, out, 'UNRECOGNISED_STATUS', `${id}: ${seen.reason ?? ''}`, at);
      return this.doubt(emit, out, id, 'UNRECOGNISED_STATUS', at);
    }
    if (seen.status !== 'pending' && seen.status !== 'rejected') {
      this.#accept(emit, child, seen.venueOrderId, seen.createdAt, at);
    }
    if (seen.status === 'pending' || seen.status === 'working' || seen.status === 'filled') {
      return this.#oweFills(out, child, seen);
    }
    this.#ended(emit, out, child, seen, seen.status, at);
  }

  #oweFills(out: Outputs, child: Child, seen: VenueOrder): void {
    if (seen.cumQty <= child.order.cumQty) return;
    out.push({ type: 'resolve', child: child.order.clientOrderId, why: 'fills_owed', owed: seen.cumQty });
  }

  /**
   * An order that we have ended. Late pictures of it are nothing new, late fills are fetched; but one that was given up
   * for absent, or refused, and works after all is an alarm, and is taken back.
   */
  #afterEnd(emit: Emit, out: Outputs, child: Child, seen: VenueOrder, at: UnixMs): void {
    this.#oweFills(out, child, seen);
    const { order } = child;
    if (seen.status !== 'working' || (order.reason !== UNSENT && order.status !== 'rejected')) return;
    raise(this.#state, emit, out, 'ALIVE_AFTER_END', `${order.clientOrderId}: ended as ${order.reason}, and works`, at);
    out.push({ type: 'cancel', child: order.clientOrderId });
  }

  #ended(
    emit: Emit,
    out: Outputs,
    child: Child,
    seen: VenueOrder,
    said: 'canceled' | 'expired' | 'rejected',
    at: UnixMs,
  ): void {
    const id = child.order.clientOrderId;
    const reason = seen.reason ?? said.toUpperCase();
    if (said === 'rejected') {
      emit({ type: 'venue_excluded', at, order: child.parent, venue: child.order.venue, reason });
    }
    // What has worked cannot be refused any more: it was taken off.
    const status = said === 'rejected' && child.order.status === 'working' ? 'canceled' : said;
    if (seen.cumQty === child.order.cumQty) return this.#facts.close(emit, id, status, reason, at);
    if (seen.cumQty > child.order.cumQty && child.closing === null) {
      emit({ type: 'child_closing', at, child: id, status, reason, cumQty: seen.cumQty });
    }
    out.push({ type: 'resolve', child: id, why: 'fills_owed', owed: seen.cumQty });
  }

  /**
   * The quantity is part of what we asked for. Under the venue's own id of our order another quantity is somebody's
   * amendment: it is the order now. Under an unproven id it is not our order: frozen for a person, never adopted.
   */
  #samePromise(emit: Emit, out: Outputs, child: Child, seen: VenueOrder, at: UnixMs): boolean {
    const { order } = child;
    if (seen.qty === order.qty) return true;
    // A venue trims a reduce-only order to the position that there is to reduce: that is what was asked for.
    if (order.reduceOnly && seen.qty >= order.cumQty && seen.qty > 0n) {
      // A larger quantity is a picture from before a trim.
      if (seen.qty > order.qty) return true;
      this.#facts.note(emit, order.clientOrderId, { type: 'amended', at, price: seen.price, qty: seen.qty });
      return true;
    }
    const detail = `${order.clientOrderId}: ${formatDecimal(order.qty)} ordered, the venue has ${formatDecimal(seen.qty)}`;
    if (order.venueOrderId === seen.venueOrderId) {
      raise(this.#state, emit, out, 'EXTERNALLY_AMENDED', detail, at);
      this.#facts.note(emit, order.clientOrderId, { type: 'amended', at, price: seen.price, qty: seen.qty });
      return true;
    }
    raise(this.#state, emit, out, 'FINGERPRINT_MISMATCH', detail, at);
    if (order.certainty !== 'quarantined') this.#facts.note(emit, order.clientOrderId, { type: 'quarantined', at });
    return false;
  }

  answer(emit: Emit, out: Outputs, id: ClientOrderId, answer: QueryAnswer, proof: Proof, at: UnixMs): void {
    const child = this.#state.child(id);
    switch (answer.type) {
      case 'unavailable':
        return;
      case 'absent':
        return this.#absent(emit, out, child, proof, at);
      case 'found': {
        const { venue } = child.order;
        for (const execution of answer.executions) this.execution(emit, out, id, venue, execution, at);
        this.order(emit, out, id, venue, answer.order, at);
        if (child.order.cumQty >= answer.order.cumQty) this.#settleDoubt(emit, out, child, answer.order, at);
        return;
      }
      default:
        return unreachable(answer);
    }
  }

  #settleDoubt(emit: Emit, out: Outputs, child: Child, seen: VenueOrder, at: UnixMs): void {
    const id = child.order.clientOrderId;
    const matches = seen.qty === child.order.qty && seen.side === child.order.side && seen.status !== 'unrecognised';
    if (!matches || seen.venueOrderId !== (child.order.venueOrderId ?? seen.venueOrderId)) return;
    if (child.order.certainty !== 'confirmed' && child.closing === null) {
      this.#facts.note(emit, id, { type: 'confirmed', at });
    }
    // A cancel whose answer was lost, or that came before its order: asked for again; a cancel can be repeated safely.
    const wanted = child.order.inFlight === 'cancel' || this.#state.parent(child.parent).cancelRequested;
    if (!wanted || isFinal(child.order.status)) return;
    if (child.order.inFlight !== 'cancel') this.#facts.note(emit, id, { type: 'cancel_requested', at });
    out.push({ type: 'cancel', child: id });
  }

  #absent(emit: Emit, out: Outputs, child: Child, proof: Proof, at: UnixMs): void {
    const { order } = child;
    const id = order.clientOrderId;
    if (isFinal(order.status) || proof === 'none') return;
    if (order.venueOrderId === null && order.cumQty === 0n) {
      return this.#facts.close(emit, id, 'expired', UNSENT, at);
    }
    // It was there once, and nobody knows it now. Its owner may give it up; alone it is never ended.
    if (this.#state.parent(child.parent).cancelRequested) {
      raise(this.#state, emit, out, 'UNVERIFIABLE', `${id}: canceled by its owner, unknown to the venue`, at);
      return this.#facts.close(emit, id, 'canceled', 'UNKNOWN_TO_VENUE', at);
    }
    if (proof === 'forgotten' && order.certainty !== 'unverifiable') {
      raise(this.#state, emit, out, 'UNVERIFIABLE', id, at);
      this.#facts.note(emit, id, { type: 'unverifiable', at });
      return;
    }
    this.quarantine(emit, out, id, at);
  }

  /** Unknown for longer than a person should be left unaware. */
  quarantine(emit: Emit, out: Outputs, id: ClientOrderId, at: UnixMs): void {
    const { order } = this.#state.child(id);
    if (isFinal(order.status) || order.certainty !== 'unknown') return;
    this.#facts.note(emit, id, { type: 'quarantined', at });
    raise(this.#state, emit, out, 'QUARANTINED', id, at);
  }
}
