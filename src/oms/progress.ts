import { multiply, ZERO } from '../domain/decimal.ts';
import { type ClientOrderId, INTERNAL_VENUE, type Money } from '../domain/ids.ts';
import { type Certainty, isFinal, leavesQty, type OrderStatus } from '../domain/order.ts';
import type { Child } from './child.ts';
import type { AccountState, Parent } from './state.ts';
import { isSettled } from './venue-facts.ts';

/** How far a parent order has come: always computed from its children, never kept beside them. */
export type Progress = Readonly<{
  cumQty: Money;
  cumNotional: Money;
  /** Ordered, not executed, and at no venue. */
  unplacedQty: Money;
  /** The same for a market buy by quote quantity; null for others. */
  unplacedQuote: Money | null;
  certainty: Certainty;
  working: boolean;
  settled: boolean;
  open: readonly ClientOrderId[];
}>;

const DOUBT: readonly Certainty[] = ['confirmed', 'unknown', 'quarantined', 'unverifiable'];

export function progressOf(state: AccountState, parent: Parent): Progress {
  let cumQty = ZERO as bigint;
  let cumNotional = ZERO as bigint;
  let openQty = ZERO as bigint;
  let spent = ZERO as bigint;
  let doubt = 0;
  let working = false;
  const open: ClientOrderId[] = [];
  for (const child of state.childrenOf(parent)) {
    const { order } = child;
    cumQty += order.cumQty;
    cumNotional += order.cumNotional;
    spent += order.cumNotional + (order.venue === INTERNAL_VENUE ? child.charged : 0n);
    doubt = Math.max(doubt, DOUBT.indexOf(order.certainty));
    working ||= order.status === 'working';
    if (isSettled(child)) continue;
    open.push(order.clientOrderId);
    openQty += leavesQty(order);
    spent += multiply(leavesQty(order), order.price, 'up');
  }
  const { qty, quoteQty } = parent.request;
  const unplacedQty = qty === null ? 0n : qty - cumQty - openQty;
  const unplacedQuote = quoteQty === null ? null : quoteQty - spent;
  return {
    cumQty: cumQty as Money,
    cumNotional: cumNotional as Money,
    unplacedQty: (unplacedQty > 0n ? unplacedQty : 0n) as Money,
    unplacedQuote: unplacedQuote === null ? null : ((unplacedQuote > 0n ? unplacedQuote : 0n) as Money),
    certainty: DOUBT[doubt] ?? 'unverifiable',
    working,
    settled: open.length === 0,
    open,
  };
}

export const isFilled = (parent: Parent, progress: Progress): boolean =>
  parent.request.qty !== null && progress.cumQty >= parent.request.qty;

/** The status that clients see; `partially_filled` is theirs alone. */
export function statusOf(parent: Parent, progress: Progress): OrderStatus | 'partially_filled' {
  if (parent.closed !== null) return parent.closed.status;
  if (progress.cumQty > 0n) return 'partially_filled';
  return progress.working ? 'working' : 'pending';
}

/**
 * Worst thing that ended a child, for the reason of its parent; where all of them were filled, `left`: why the router
 * placed no more.
 */
export function endOf(
  children: readonly Child[],
  left: string | null,
): { status: 'canceled' | 'rejected' | 'expired'; reason: string } {
  const ended = children.filter((child) => isFinal(child.order.status) && child.order.status !== 'filled');
  const last = ended.at(-1);
  if (last === undefined) return { status: 'canceled', reason: left ?? 'UNROUTED_REMAINDER' };
  const traded = children.some((child) => child.order.cumQty > 0n);
  const all = (status: OrderStatus): boolean => ended.every((child) => child.order.status === status);
  const reason = last.order.reason ?? 'CANCELED';
  if (!traded && all('rejected')) return { status: 'rejected', reason };
  if (!traded && all('expired')) return { status: 'expired', reason };
  return { status: 'canceled', reason };
}
