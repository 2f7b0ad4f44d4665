import type { Category, Money } from '../../domain/ids.ts';
import { floorLots, toTicks } from '../../domain/instrument.ts';
import { invariant, ok, type Result, unwrap } from '../../domain/result.ts';
import type {
  CloseReason,
  ExchangeOrder,
  ExchangeOrderRef,
  ExchangeRefusal,
  GuardedProduct,
  OrderFilter,
  OrderIds,
} from '../../ports/exchange.ts';
import { refuse } from '../rules/refusal.ts';
import { closeSpreadOf, isLeg } from '../spread/close.ts';
import { accountOf } from '../state/state.ts';
import { isWaiting } from './accept.ts';
import { categoryOf, type Decision } from './decision.ts';
import { otherLeg } from './exit-kinds.ts';
import { findOpen, isOfKind, matches } from './find.ts';
import { closeOrder, settleFill } from './settle.ts';

export function cancelOrder(decision: Decision, uid: string, ref: ExchangeOrderRef): Result<OrderIds, ExchangeRefusal> {
  const found = findOpen(decision.desk.state, uid, ref);
  if (!found.ok) return found;
  const { order } = found.value;
  if (isLeg(order)) return refuse('LEG_NOT_CANCELABLE', 'a leg is canceled with its combo');
  return ok(removeWithPair(decision, uid, order, 'by_user'));
}

/** Bybit takes no more futures orders at once (and picks them at random; here the oldest go first). */
const MOST_FUTURES = 500;

/**
 * The working orders that the filter names, oldest first: all of spot, no more than 500 of futures. Legs of combos are
 * no orders that a client cancels; when anybody else does, their combos go.
 */
export function cancelAll(
  decision: Decision,
  uid: string,
  filter: OrderFilter,
  reason: CloseReason,
): readonly OrderIds[] {
  const { state, markets } = decision.desk;
  const orders = [...accountOf(state.accounts, uid).open.values()].map((facts) => facts.order);
  const most = filter.category === 'spot' ? orders.length : MOST_FUTURES;
  return orders
    .filter(
      (order) =>
        !(isLeg(order) && reason === 'by_user') &&
        isOfKind(order, filter) &&
        matches(order, filter, markets.get(order.instrument)?.instrument ?? null),
    )
    .slice(0, most)
    .flatMap((order) => {
      const gone = !accountOf(state.accounts, uid).open.has(order.orderId);
      return gone ? [] : [removeWithPair(decision, uid, order, reason)];
    });
}

const CATEGORIES_OF = { spot: ['spot'], derivatives: ['linear', 'inverse'], options: ['option'] } as const;

/** Ends every working order of a product; what waits for a price stays, for it may be what protects a position. */
export function cancelUnguarded(decision: Decision, uid: string, product: GuardedProduct): number {
  const categories: readonly Category[] = CATEGORIES_OF[product];
  let ended = 0;
  for (const { order } of [...accountOf(decision.desk.state.accounts, uid).open.values()]) {
    if (isWaiting(order) || !categories.includes(categoryOf(order.instrument))) continue;
    remove(decision, uid, order, 'dcp');
    ended += 1;
  }
  return ended;
}

/** The two ends of a spot pair stand for the same coins: who takes one back takes back both. */
function removeWithPair(decision: Decision, uid: string, order: ExchangeOrder, reason: CloseReason): OrderIds {
  const other = order.stopKind === 'bidirectional_tpsl' ? otherLeg(decision, uid, order) : null;
  if (other !== null) remove(decision, uid, other, reason);
  return remove(decision, uid, order, reason);
}

/** Takes an order out of its book, or of those that wait, and ends it. */
export function remove(decision: Decision, uid: string, order: ExchangeOrder, reason: CloseReason): OrderIds {
  if (isLeg(order)) return closeSpreadOf(decision, uid, order, reason);
  const { orderId, clientOrderId } = order;
  const market = decision.desk.markets.get(order.instrument);
  if (market === undefined) {
    // Its instrument is no longer listed, so it is in no book.
    const status = 'canceled';
    decision.emit({ type: 'closed', at: decision.at, uid, orderId, status, reason, smpOrderId: null });
    return { orderId, clientOrderId };
  }
  if (!isWaiting(order)) {
    const id = market.book.idOf(orderId);
    invariant(id !== null, `open order ${orderId} is in its book`);
    market.book.cancel(id);
  }
  closeOrder(decision, market, { uid, orderId }, reason);
  return { orderId, clientOrderId };
}

/**
 * The synthetic account trades with one working order at that order's own price, past all others: what a test uses to
 * let a fill win a race. `qty` is cut down to what is open. False when the order is not working.
 */
export function fillOrder(decision: Decision, uid: string, orderId: string, qty: Money | null): boolean {
  const facts = accountOf(decision.desk.state.accounts, uid).open.get(orderId);
  const market = facts === undefined ? undefined : decision.desk.markets.get(facts.order.instrument);
  if (facts === undefined || market === undefined) return false;
  const { order } = facts;
  const { listing } = market.instrument;
  const id = market.book.idOf(orderId);
  const resting = id === null ? null : market.book.order(id);
  if (id === null || resting === null) return false;
  const leaves = floorLots(listing, order.leavesQty);
  const lots = qty === null ? leaves : (Math.min(leaves, floorLots(listing, qty)) as typeof leaves);
  if (lots === 0) return false;
  const price = unwrap(toTicks(listing, order.boundPrice));
  const rest = (leaves - lots) as typeof leaves;
  if (rest === 0) market.book.cancel(id);
  else market.book.amend(id, price, rest);
  const fill = { maker: { uid, orderId }, makerSide: order.side, price, qty: lots, makerLeaves: rest };
  settleFill(decision, market, { taker: null, side: order.side === 'buy' ? 'sell' : 'buy', fill });
  return true;
}
