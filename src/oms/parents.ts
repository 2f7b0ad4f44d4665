import { ZERO } from '../domain/decimal.ts';
import type { Money, OrderId, UnixMs } from '../domain/ids.ts';
import { isFinal, leavesQty } from '../domain/order.ts';
import type { ChildFacts } from './child-facts.ts';
import type { Emit } from './events.ts';
import type { AccountOutput } from './messages.ts';
import { endOf, isFilled, type Progress, progressOf } from './progress.ts';
import type { Remaining } from './route-request.ts';
import type { AccountState, Parent } from './state.ts';

type Outputs = AccountOutput[];

/** What is left is routed again only while the client's wish is fresh: never minutes later, never after a restart's delay. */
const REROUTE_WITHIN_MS = 10_000;
/** How often the rest of an order is routed again before it is given back to the client. */
const MAX_ROUNDS = 3;

/** The life of parent orders: what is left, when it is routed again, how it ends. */
export class Parents {
  readonly #state: AccountState;
  readonly #facts: ChildFacts;

  constructor(state: AccountState, facts: ChildFacts) {
    this.#state = state;
    this.#facts = facts;
  }

  open(instrument: string | null): Parent[] {
    const parents = [...this.#state.openParents].map((id) => this.#state.parent(id));
    return instrument === null ? parents : parents.filter(({ request }) => request.instrument === instrument);
  }

  /** Looks at every parent that a message touched: is it over, or is there something to route again? */
  review(emit: Emit, out: Outputs, touched: ReadonlySet<OrderId>, at: UnixMs): void {
    for (const id of [...touched]) {
      const parent = this.#state.parent(id);
      if (parent.closed !== null || parent.rounds === 0) continue;
      const progress = progressOf(this.#state, parent);
      if (progress.settled && isFilled(parent, progress)) this.#end(emit, parent, 'filled', 'FILLED', at);
      else if (this.#wantsRoute(parent, progress, at)) out.push({ type: 'reroute', order: id });
      else if (progress.settled) this.#endUnfilled(emit, parent, at);
    }
  }

  #wantsRoute(parent: Parent, progress: Progress, at: UnixMs): boolean {
    if (parent.cancelRequested || this.#state.halted || parent.rounds >= MAX_ROUNDS) return false;
    if (at - parent.createdAt > REROUTE_WITHIN_MS) return false;
    const rest = progress.unplacedQuote ?? progress.unplacedQty;
    if (rest === 0n) return false;
    const round = this.#state.childrenOf(parent).filter((child) => child.round === parent.rounds);
    const { type, timeInForce } = parent.request;
    if (timeInForce === 'fok' || timeInForce === 'post_only') return false;
    if (type === 'market') return progress.settled && round.some((child) => child.order.status !== 'filled');
    // A limit order waits where it is; only what a venue refused is taken elsewhere.
    return timeInForce === 'gtc' && round.some((child) => child.order.status === 'rejected');
  }

  /** What the next round may place; null when there is nothing to route any more. */
  remaining(parent: Parent, at: UnixMs): Remaining | null {
    if (parent.closed !== null) return null;
    const progress = progressOf(this.#state, parent);
    if (!this.#wantsRoute(parent, progress, at)) return null;
    const usedAt = new Map<string, Money>();
    for (const { order } of this.#state.childrenOf(parent)) {
      const used = progress.unplacedQuote === null ? order.cumQty + leavesQty(order) : order.cumNotional;
      usedAt.set(order.venue, ((usedAt.get(order.venue) ?? ZERO) + used) as Money);
    }
    return { qty: progress.unplacedQty, budget: progress.unplacedQuote, usedAt };
  }

  #endUnfilled(emit: Emit, parent: Parent, at: UnixMs): void {
    const children = this.#state.childrenOf(parent);
    const bought = children.length > 0 && children.every((child) => child.order.status === 'filled');
    const left = parent.decisions.at(-1)?.unrouted?.reason ?? null;
    // A budget is spent when what is left buys no further step.
    const spent = parent.request.quoteQty !== null && (left === null || left === 'BUDGET' || left === 'STEP_REMAINDER');
    if (bought && spent) return this.#end(emit, parent, 'filled', 'FILLED', at);
    const { status, reason } = endOf(children, left);
    this.#end(emit, parent, status, parent.cancelRequested && status !== 'rejected' ? 'CANCELED_BY_USER' : reason, at);
  }

  #end(
    emit: Emit,
    parent: Parent,
    status: 'filled' | 'canceled' | 'rejected' | 'expired',
    reason: string,
    at: UnixMs,
  ): void {
    emit({ type: 'order_closed', at, order: parent.id, status, reason });
  }

  /** The router found no place for the rest. What still works goes on; the rest is the client's again. */
  endUnrouted(emit: Emit, parent: Parent, reason: string, at: UnixMs): void {
    if (!progressOf(this.#state, parent).settled) return;
    const { status } = endOf(this.#state.childrenOf(parent), null);
    this.#end(emit, parent, status, reason, at);
  }

  /** Asks for the end of every child that may still live. Safe to repeat. */
  cancel(emit: Emit, out: Outputs, parent: Parent, actor: string, at: UnixMs): void {
    if (!parent.cancelRequested) emit({ type: 'cancel_requested', at, order: parent.id, actor });
    for (const id of parent.children) {
      const { order } = this.#state.child(id);
      if (isFinal(order.status) || order.inFlight === 'cancel') continue;
      this.#facts.note(emit, id, { type: 'cancel_requested', at });
      out.push({ type: 'cancel', child: id });
    }
  }
}
