import type { Lots } from '../../domain/ids.ts';
import { invariant } from '../../domain/result.ts';
import type { Decision } from '../desk/decision.ts';
import { accountOf, isHouse, type SpreadFacts } from '../state/state.ts';
import { closeSpread } from './close.ts';
import { orderedAt } from './legs.ts';
import type { SpreadMarket } from './spread-market.ts';

/**
 * Ends the combos whose legs are delivered, lists those that take their place, and cancels the orders whose legs have
 * come to lie outside their bands. True when an order was canceled: its margin is free.
 */
export function watchSpreads(decision: Decision): boolean {
  const { spreads } = decision.desk;
  let any = false;
  for (const market of spreads.ended(decision.at)) {
    if (end(decision, market)) any = true;
  }
  spreads.list(decision.at);
  for (const market of spreads.all()) {
    if (market.working.size > 0 && market.isTrading && market.hasMoved() && rebalance(decision, market)) any = true;
  }
  return any;
}

function end(decision: Decision, market: SpreadMarket): boolean {
  const reason = market.isAsListed ? 'delivery' : 'admin';
  const orders = workingIn(decision, market);
  for (const { uid, facts } of orders) closeSpread(decision, uid, facts.order, reason);
  decision.desk.spreads.drop(market);
  decision.spreadsGone.push(market.symbol);
  return orders.length > 0;
}

function rebalance(decision: Decision, market: SpreadMarket): boolean {
  let any = false;
  for (const { uid, facts } of workingIn(decision, market)) {
    const { order } = facts;
    if (orderedAt(market, order.side, order.price) !== null) continue;
    closeSpread(decision, uid, order, 'rebalance');
    any = true;
  }
  return any;
}

type Working = Readonly<{ uid: string; facts: SpreadFacts }>;

function workingIn(decision: Decision, market: SpreadMarket): readonly Working[] {
  return [...market.working].flatMap(([orderId, uid]) => {
    const facts = accountOf(decision.desk.state.accounts, uid).spreads.get(orderId);
    return facts === undefined ? [] : [{ uid, facts }];
  });
}

/** Puts the working orders of a journal back into their books, in their old order of time. */
export function restoreSpreads(decision: Decision): void {
  const { accounts } = decision.desk.state;
  const open = [...accounts.keys()]
    .filter((uid) => !isHouse(uid))
    .flatMap((uid) => [...accountOf(accounts, uid).spreads.values()].map((facts) => ({ uid, facts })))
    .sort((a, b) => a.facts.priority - b.facts.priority);
  for (const one of open) restore(decision, one);
}

/** What is listed no more, or no longer on the grid, is canceled. */
function restore(decision: Decision, { uid, facts: { order } }: Working): void {
  const market = decision.desk.spreads.get(order.symbol);
  const price = market?.toTicks(order.price);
  if (market === undefined || price?.ok !== true || order.leavesQty % market.terms.step !== 0n) {
    closeSpread(decision, uid, order, 'admin');
    return;
  }
  const { orderId, side } = order;
  const outcome = market.book.submit({
    owner: { uid, orderId },
    account: decision.desk.accountNumber(uid),
    side,
    price: price.value,
    qty: Number(order.leavesQty / market.terms.step) as Lots,
    timeInForce: 'gtc',
    selfTrade: 'none',
  });
  invariant(outcome.fills.length === 0 && outcome.ended === null, 'orders that rested together do not cross');
  market.working.set(orderId, uid);
}

/** Empties every book, before a state takes the place of what there is. */
export function emptySpreads(decision: Decision): void {
  for (const market of decision.desk.spreads.all()) {
    for (const id of market.book.ids()) market.book.cancel(id);
    market.working.clear();
  }
}
