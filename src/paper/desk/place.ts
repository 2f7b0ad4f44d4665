import { type Lots, opposite } from '../../domain/ids.ts';
import { priceOf, qtyOf } from '../../domain/instrument.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { CloseReason, ExchangeRefusal, OrderIds, PlaceOrder } from '../../ports/exchange.ts';
import { checkEntry, type Entry } from '../rules/entry.ts';
import { refuse } from '../rules/refusal.ts';
import { accountOf, clientKey, settingsOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { accept, asAsked, isWaiting } from './accept.ts';
import { categoryOf, type Decision } from './decision.ts';
import { checkAttached } from './exit-terms.ts';
import { checkOptionRoom, pricedByVol } from './option-order.ts';
import { inMode } from './position-mode.ts';
import { enterBook, makeReady, type Ready } from './ready.ts';
import { closableLots } from './reduce-only.ts';
import { placeWaiting } from './waiting.ts';

type Placed = Result<OrderIds, ExchangeRefusal>;

/**
 * A new order: checked, accepted, matched. Its checks in Bybit's order, except that a client order id that was used
 * before is found first: whoever sends an order again must learn that the first one lives, whatever else has changed
 * since. `rejection` may have it rejected after it was acknowledged.
 */
export function placeOrder(
  decision: Decision,
  uid: string,
  asked: PlaceOrder,
  rejection: () => CloseReason | null,
): Placed {
  const checked = checkTerms(decision, uid, asked);
  if (!checked.ok) return checked;
  const { market, order } = checked.value;
  return order.trigger === null
    ? placeNow(decision, uid, market, order, rejection)
    : placeWaiting(decision, uid, market, order, order.trigger);
}

type Termed = Readonly<{ market: Market; order: PlaceOrder }>;

/** All that is looked at of an order that waits as of one that does not. */
function checkTerms(decision: Decision, uid: string, asked: PlaceOrder): Result<Termed, ExchangeRefusal> {
  const market = decision.desk.markets.get(asked.instrument);
  if (market === undefined) return refuse('INSTRUMENT_NOT_FOUND', `${asked.instrument} is not listed`);
  const fresh = checkClientId(decision, uid, market, asked);
  if (!fresh.ok) return fresh;
  const priced = pricedByVol(market, asked);
  if (!priced.ok) return priced;
  const order = inMode(decision, uid, market, priced.value);
  if (!order.ok) return order;
  const exits = checkAttached(market, order.value);
  return exits.ok ? ok({ market, order: order.value }) : exits;
}

/** An order that could enter its book, if its account can pay for it. */
export type NewOrder = Termed & Readonly<{ entry: Entry }>;

/** Everything that is checked of an order that enters its book at once, but whether it can be paid for. */
export function checkNew(decision: Decision, uid: string, asked: PlaceOrder): Result<NewOrder, ExchangeRefusal> {
  const checked = checkTerms(decision, uid, asked);
  return checked.ok ? checkEntering(decision, uid, checked.value.market, checked.value.order) : checked;
}

function checkEntering(
  decision: Decision,
  uid: string,
  market: Market,
  asked: PlaceOrder,
): Result<NewOrder, ExchangeRefusal> {
  const priced = atBookPrice(market, asked);
  if (!priced.ok) return priced;
  const order = whole(decision, uid, market, priced.value);
  const entry = checkEntry(market, order, settingsOf(decision.desk.state, uid).beyondBand);
  if (!entry.ok) return entry;
  const room = checkRoom(decision, uid, market, order);
  return room.ok ? ok({ market, order, entry: entry.value }) : room;
}

function placeNow(
  decision: Decision,
  uid: string,
  market: Market,
  asked: PlaceOrder,
  rejection: () => CloseReason | null,
): Placed {
  const checked = checkEntering(decision, uid, market, asked);
  if (!checked.ok) return checked;
  const { order, entry } = checked.value;
  const ready = makeReady(decision, uid, market, order, entry, null);
  if (!ready.ok) return ready;
  const orderId = acceptNow(decision, uid, market, order, ready.value);
  const reason = rejection();
  if (reason !== null) {
    const ended = { status: 'rejected', reason, smpOrderId: null } as const;
    decision.emit({ type: 'closed', at: decision.at, uid, orderId, ...ended });
  } else {
    enterBook(decision, market, { uid, orderId }, order, ready.value);
  }
  return ok({ orderId, clientOrderId: order.clientOrderId });
}

/** The price of a level of the book, where the order asks for one. */
function atBookPrice(market: Market, order: PlaceOrder): Result<PlaceOrder, ExchangeRefusal> {
  const { bbo } = order;
  if (bbo === null || order.type === 'market') return ok(order);
  const side = bbo.side === 'queue' ? order.side : opposite(order.side);
  const level = market.book.levels.side(side)[bbo.level - 1];
  if (level === undefined) return refuse('NO_MARKET_PRICE', `the book has no level ${bbo.level}`);
  return ok({ ...order, price: priceOf(market.instrument.listing, level.price) });
}

/** Zero that may only close: whatever there is to close, as far as one order goes. */
function whole(decision: Decision, uid: string, market: Market, order: PlaceOrder): PlaceOrder {
  if (order.qty !== 0n || !order.reduceOnly || !order.closeOnTrigger) return order;
  const { listing } = market.instrument;
  const most = order.type === 'market' ? listing.maxMarketQty : listing.maxLimitQty;
  const lots = Math.min(closableLots(decision, uid, market, order.side, order.positionIdx), most);
  return lots === 0 ? { ...order, qty: listing.step } : { ...order, qty: qtyOf(listing, lots as Lots) };
}

function checkClientId(
  decision: Decision,
  uid: string,
  market: Market,
  order: PlaceOrder,
): Result<void, ExchangeRefusal> {
  if (order.clientOrderId === null) return ok(undefined);
  const key = clientKey(uid, market.instrument.category, order.clientOrderId);
  const known = decision.desk.state.clientIds.get(key);
  return known === undefined
    ? ok(undefined)
    : refuse('DUPLICATE_CLIENT_ORDER_ID', `${order.clientOrderId} is order ${known}`);
}

/** Only orders that may rest count and are counted: an account at its cap can still get out of what it holds. */
function checkRoom(decision: Decision, uid: string, market: Market, order: PlaceOrder): Result<void, ExchangeRefusal> {
  const { state, options } = decision.desk;
  if (order.type === 'market' || order.timeInForce === 'ioc' || order.timeInForce === 'fok') return ok(undefined);
  if (market.instrument.category === 'option') return checkOptionRoom(decision, uid, market);
  const { open } = accountOf(state.accounts, uid);
  if (open.size < options.maxOpenOrders) return ok(undefined);
  const spot = market.instrument.category === 'spot';
  let count = 0;
  for (const { order: other } of open.values()) {
    const counts = spot ? categoryOf(other.instrument) === 'spot' : other.instrument === market.id && !isWaiting(other);
    if (counts) count += 1;
  }
  const scope = spot ? 'spot' : market.id;
  return count < options.maxOpenOrders
    ? ok(undefined)
    : refuse('TOO_MANY_ORDERS', `${count} orders of ${scope} are open`);
}

/** The order as it enters: futures move a price beyond the band to its edge, it is then what it became. */
function acceptNow(decision: Decision, uid: string, market: Market, order: PlaceOrder, ready: Ready): string {
  const { listing } = market.instrument;
  const boundPrice = priceOf(listing, ready.bound);
  const terms = {
    ...asAsked(order),
    price: order.type === 'market' ? null : boundPrice,
    boundPrice,
    qty: order.qtyIn === 'quote' ? order.qty : qtyOf(listing, ready.lots),
    createdBy: order.bbo === null ? 'user' : 'bbo',
    stopKind: null,
    trigger: null,
  } as const;
  return accept(decision, uid, market, terms, { waits: false, hold: ready.hold });
}
