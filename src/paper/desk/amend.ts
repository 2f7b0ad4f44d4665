import { formatDecimal } from '../../domain/decimal.ts';
import type { Lots, Money } from '../../domain/ids.ts';
import { floorLots, priceOf, toTicks } from '../../domain/instrument.ts';
import { err, invariant, ok, type Result, unwrap } from '../../domain/result.ts';
import type { AmendOrder, ExchangeOrder, ExchangeOrderRef, ExchangeRefusal, OrderIds } from '../../ports/exchange.ts';
import { checkQty, checkValue, limitPrice } from '../rules/entry.ts';
import { refuse } from '../rules/refusal.ts';
import { isLeg } from '../spread/close.ts';
import { settingsOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { isWaiting } from './accept.ts';
import { amendWaiting } from './amend-waiting.ts';
import type { Decision } from './decision.ts';
import { changedExits, NO_EXITS, setAttached } from './amend-exits.ts';
import { findOpen } from './find.ts';
import { fund, type Hold } from './funds.ts';
import { priceAtVol } from './option-order.ts';
import { settle } from './settle.ts';

type Wanted = Readonly<{ price: Money; iv: Money | null; qty: Money; leaves: Lots; hold: Hold }>;

/**
 * Changes price, total quantity (filled part included) or both of a working order, and whatever a waiting one waits
 * for. Less at the same price keeps its place in the queue, everything else enters anew, and may trade on arrival.
 */
export function amendOrder(
  decision: Decision,
  uid: string,
  ref: ExchangeOrderRef,
  change: AmendOrder,
): Result<OrderIds, ExchangeRefusal> {
  const found = findOpen(decision.desk.state, uid, ref);
  if (!found.ok) return found;
  const { order } = found.value;
  if (isLeg(order)) return refuse('LEG_NOT_AMENDABLE', 'a leg is changed with its combo');
  const market = decision.desk.markets.get(order.instrument);
  if (market === undefined) return refuse('INSTRUMENT_NOT_FOUND', `${order.instrument} is not listed`);
  const exits = changedExits(market, order, change);
  if (!exits.ok) return exits;
  // Before the rest: what fills on its arrival fills with the new ones.
  if (exits.value !== null) setAttached(decision, uid, market, order, exits.value);
  const done = amendTerms(decision, uid, market, order, change);
  const enough = done.ok || (exits.value !== null && done.error.code === 'NOT_MODIFIED');
  if (!enough && exits.value !== null) setAttached(decision, uid, market, order, order.exits ?? NO_EXITS);
  return enough || done.ok ? ok({ orderId: order.orderId, clientOrderId: order.clientOrderId }) : done;
}

function amendTerms(
  decision: Decision,
  uid: string,
  market: Market,
  order: ExchangeOrder,
  change: AmendOrder,
): Result<void, ExchangeRefusal> {
  return isWaiting(order)
    ? amendWaiting(decision, uid, market, order, change)
    : amendWorking(decision, uid, market, order, change);
}

function amendWorking(
  decision: Decision,
  uid: string,
  market: Market,
  order: ExchangeOrder,
  change: AmendOrder,
): Result<void, ExchangeRefusal> {
  const wanted = checkChange(decision, uid, market, order, change);
  if (!wanted.ok) return wanted;
  apply(decision, uid, market, order, wanted.value);
  return ok(undefined);
}

function checkChange(
  decision: Decision,
  uid: string,
  market: Market,
  order: ExchangeOrder,
  change: AmendOrder,
): Result<Wanted, ExchangeRefusal> {
  if (market.status !== 'trading' || market.isDue)
    return refuse('INSTRUMENT_NOT_TRADING', `${market.id} does not trade now`);
  const { listing, category } = market.instrument;
  if (change.iv !== null && category !== 'option')
    return refuse('NOT_SUPPORTED', 'only options are priced by volatility');
  const { beyondBand } = settingsOf(decision.desk.state, uid);
  const asked = change.iv === null ? (change.price ?? order.boundPrice) : priceAtVol(market, order.side, change.iv);
  const price =
    asked === order.boundPrice ? toTicks(listing, asked) : limitPrice(market, order.side, asked, beyondBand);
  if (!price.ok) return 'detail' in price.error ? err(price.error) : refuse('OFF_TICK', 'the tick has changed since');
  const bound = price.value;
  const qty = change.qty ?? order.qty;
  if (qty <= order.cumQty) return refuse('QTY_BELOW_FILLED', `${formatDecimal(order.cumQty)} is filled already`);
  const lots = checkQty(market, { qty, type: 'limit', timeInForce: order.timeInForce });
  if (!lots.ok) return lots;
  if (priceOf(listing, bound) === order.boundPrice && qty === order.qty) {
    return refuse('NOT_MODIFIED', 'price and quantity are what the order has');
  }
  const value = checkValue(market, lots.value, bound, order.reduceOnly);
  if (!value.ok) return value;
  const leaves = floorLots(listing, (qty - order.cumQty) as Money);
  const funding = { order, bound, lots: leaves, walked: null, spends: null, replaces: order.orderId };
  const hold = fund(decision.desk, uid, market, funding);
  const iv = change.price === null && change.iv === null ? order.iv : change.iv;
  return hold.ok ? ok({ price: priceOf(listing, bound), iv, qty, leaves, hold: hold.value }) : hold;
}

function apply(decision: Decision, uid: string, market: Market, order: ExchangeOrder, wanted: Wanted): void {
  const { orderId } = order;
  const { price, iv, qty, leaves, hold } = wanted;
  decision.arrived.add(orderId);
  decision.emit({ type: 'amended', at: decision.at, uid, orderId, price, qty, held: hold.amount, iv });
  const id = market.book.idOf(orderId);
  invariant(id !== null, `open order ${orderId} is in its book`);
  const outcome = market.book.amend(id, unwrap(toTicks(market.instrument.listing, price)), leaves);
  if (!outcome.keptPlace) settle(decision, market, { uid, orderId }, order.side, outcome);
  decision.touch(uid, market);
}
