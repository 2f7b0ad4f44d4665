import type { Lots, Money, Side } from '../../domain/ids.ts';
import { floorLots, qtyOf } from '../../domain/instrument.ts';
import type { PositionIdx } from '../../ports/exchange.ts';
import { isLeg } from '../spread/close.ts';
import { accountOf, type OrderFacts, positionOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { isWaiting } from './accept.ts';
import type { Decision } from './decision.ts';
import { byPriority } from './priority.ts';
import { closeOrder } from './settle.ts';

/** Quantity that an order of this side could close now; zero when it would open or add. */
export function closableLots(decision: Decision, uid: string, market: Market, side: Side, idx: PositionIdx): Lots {
  const { size } = positionOf(accountOf(decision.desk.state.accounts, uid), market.id, idx);
  const closable = side === 'sell' ? size : -size;
  return closable > 0n ? floorLots(market.instrument.listing, closable as Money) : (0 as Lots);
}

/**
 * Keeps reduce-only orders from opening a position. Of an account's working orders on the closing side, in the order
 * in which they would trade, a reduce-only one may be no larger than what those before it leave of the position: it
 * is cut down, or canceled. So even a sweep through all of them never fills more than there is to close.
 */
export function trimReduceOnly(decision: Decision, uid: string, market: Market): void {
  const account = accountOf(decision.desk.state.accounts, uid);
  const orders = [...account.open.values()].filter(
    ({ order }) => order.instrument === market.id && !isWaiting(order) && !isLeg(order),
  );
  const indexes = new Set(orders.filter(({ order }) => order.reduceOnly).map(({ order }) => order.positionIdx));
  for (const idx of indexes) {
    const alike = orders.filter(({ order }) => order.positionIdx === idx);
    for (const side of ['buy', 'sell'] as const) trimSide(decision, uid, market, alike, side);
  }
}

function trimSide(decision: Decision, uid: string, market: Market, orders: readonly OrderFacts[], side: Side): void {
  const idx = orders[0]?.order.positionIdx ?? 0;
  let left: number = closableLots(decision, uid, market, side, idx);
  for (const facts of orders.filter(({ order }) => order.side === side).sort(byPriority)) {
    const leaves = floorLots(market.instrument.listing, facts.order.leavesQty);
    const kept = facts.order.reduceOnly ? Math.min(left, leaves) : leaves;
    if (kept < leaves) cut(decision, uid, market, facts, kept as Lots);
    left = Math.max(0, left - kept);
  }
}

function cut(decision: Decision, uid: string, market: Market, facts: OrderFacts, kept: Lots): void {
  const { order } = facts;
  const id = market.book.idOf(order.orderId);
  if (id === null) return;
  if (kept === 0) {
    market.book.cancel(id);
    closeOrder(decision, market, { uid, orderId: order.orderId }, 'reduce_only');
    return;
  }
  const resting = market.book.order(id);
  if (resting !== null) market.book.amend(id, resting.price, kept);
  const qty = (order.cumQty + qtyOf(market.instrument.listing, kept)) as Money;
  decision.emit({
    type: 'amended',
    at: decision.at,
    uid,
    orderId: order.orderId,
    price: order.boundPrice,
    qty,
    held: facts.held,
  });
}
