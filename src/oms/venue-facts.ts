import { formatDecimal } from '../domain/decimal.ts';
import type { ClientOrderId, UnixMs } from '../domain/ids.ts';
import { isFinal } from '../domain/order.ts';
import { unreachable } from '../domain/result.ts';
import type { Outcome, QueryAnswer, Refusal, VenueExecution, VenueOrder } from '../ports/venue.ts';
import type { ChildFacts, Emit } from './child-facts.ts';
import type { AccountOutput } from './messages.ts';
import type { AccountState, Child } from './state.ts';

type Outputs = AccountOutput[];

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

  /** "Not found" after a cancel says that it is over, not how: only a query tells a fill from a cancel. */
  #cancelRefused(emit: Emit, out: Outputs, id: ClientOrderId, refusal: Refusal, at: UnixMs): void {
    this.#facts.note(emit, id, { type: 'cancel_refused', at, reason: refusal.code });
    if (refusal.code === 'ORDER_NOT_FOUND' || refusal.code === 'ORDER_ALREADY_FINAL') {
      this.doubt(emit, out, id, refusal.code, at);
    }
  }

  execution(emit: Emit, id: ClientOrderId, execution: VenueExecution, at: UnixMs): boolean {
    const child = this.#state.child(id);
    const { execId, price, qty, notional, fee, feeAsset, liquidity } = execution;
    const booked = { execId, at: execution.at, price, qty, notional, fee, feeAsset, liquidity };
    if (child.order.venueOrderId === null) {
      this.#facts.note(emit, id, { type: 'accepted', at, venueOrderId: execution.venueOrderId, venueAt: execution.at });
    }
    return this.#facts.trade(emit, id, booked, at);
  }

  /** The venue's own picture of the order: a status is a hint, fills are facts, and older pictures change nothing. */
  order(emit: Emit, out: Outputs, id: ClientOrderId, seen: VenueOrder, at: UnixMs): void {
    const child = this.#state.child(id);
    if (isFinal(child.order.status)) return;
    if (!this.#samePromise(emit, out, child, seen, at)) return;
    if (seen.status === 'unrecognised') {
      emit({ type: 'anomaly', at, code: 'UNRECOGNISED_STATUS', detail: `${id}: ${seen.reason ?? ''}` });
      return this.doubt(emit, out, id, 'UNRECOGNISED_STATUS', at);
    }
    const proven = seen.status !== 'pending' && seen.status !== 'rejected';
    if (proven && (child.order.status === 'pending' || child.order.inFlight === 'submit')) {
      this.#facts.note(emit, id, { type: 'accepted', at, venueOrderId: seen.venueOrderId, venueAt: seen.createdAt });
    }
    if (seen.status === 'pending' || seen.status === 'working' || seen.status === 'filled') {
      if (seen.cumQty > child.order.cumQty)
        out.push({ type: 'resolve', child: id, why: 'fills_owed', owed: seen.cumQty });
      return;
    }
    this.#ended(emit, out, child, seen, seen.status, at);
  }

  #ended(
    emit: Emit,
    out: Outputs,
    child: Child,
    seen: VenueOrder,
    status: 'canceled' | 'expired' | 'rejected',
    at: UnixMs,
  ): void {
    const id = child.order.clientOrderId;
    const reason = seen.reason ?? status.toUpperCase();
    if (status === 'rejected')
      emit({ type: 'venue_excluded', at, order: child.parent, venue: child.order.venue, reason });
    if (seen.cumQty === child.order.cumQty) return this.#facts.close(emit, id, status, reason, at);
    if (seen.cumQty > child.order.cumQty && child.closing === null) {
      emit({ type: 'child_closing', at, child: id, status, reason, cumQty: seen.cumQty });
    }
    out.push({ type: 'resolve', child: id, why: 'fills_owed', owed: seen.cumQty });
  }

  /** An order under our id that is not what we asked for: frozen for a person, never adopted. */
  #samePromise(emit: Emit, out: Outputs, child: Child, seen: VenueOrder, at: UnixMs): boolean {
    const { order } = child;
    if (seen.instrument === order.instrument && seen.side === order.side && seen.qty === order.qty) return true;
    const detail = `${order.clientOrderId}: venue has ${seen.side} ${formatDecimal(seen.qty)} ${seen.instrument}`;
    if (order.certainty !== 'quarantined') {
      emit({ type: 'anomaly', at, code: 'FINGERPRINT_MISMATCH', detail });
      this.#facts.note(emit, order.clientOrderId, { type: 'quarantined', at });
      out.push({ type: 'alarm', code: 'FINGERPRINT_MISMATCH', detail });
    }
    return false;
  }

  answer(emit: Emit, out: Outputs, id: ClientOrderId, answer: QueryAnswer, absenceProven: boolean, at: UnixMs): void {
    const child = this.#state.child(id);
    switch (answer.type) {
      case 'unavailable':
        return;
      case 'absent':
        if (absenceProven) this.#absent(emit, out, child, at);
        return;
      case 'found': {
        for (const execution of answer.executions) this.execution(emit, id, execution, at);
        this.order(emit, out, id, answer.order, at);
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
    if (!matches) return;
    if (child.order.certainty !== 'confirmed') this.#facts.note(emit, id, { type: 'confirmed', at });
    // A cancel whose answer was lost, or that came before its order: asked for again; a cancel can be repeated safely.
    const wanted = child.order.inFlight === 'cancel' || this.#state.parent(child.parent).cancelRequested;
    if (!wanted || isFinal(child.order.status)) return;
    if (child.order.inFlight !== 'cancel') this.#facts.note(emit, id, { type: 'cancel_requested', at });
    out.push({ type: 'cancel', child: id });
  }

  #absent(emit: Emit, out: Outputs, child: Child, at: UnixMs): void {
    const id = child.order.clientOrderId;
    if (isFinal(child.order.status)) return;
    if (child.order.venueOrderId === null && child.order.cumQty === 0n)
      return this.#facts.close(emit, id, 'expired', UNSENT, at);
    this.quarantine(emit, out, id, at);
  }

  /** Unknown for longer than a person should be left unaware. */
  quarantine(emit: Emit, out: Outputs, id: ClientOrderId, at: UnixMs): void {
    const { order } = this.#state.child(id);
    if (isFinal(order.status) || order.certainty !== 'unknown') return;
    this.#facts.note(emit, id, { type: 'quarantined', at });
    emit({ type: 'anomaly', at, code: 'QUARANTINED', detail: id });
    out.push({ type: 'alarm', code: 'QUARANTINED', detail: id });
  }
}
