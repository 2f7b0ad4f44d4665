import type { Lots, Ticks } from '../../domain/ids.ts';
import { floorLots, priceOf, qtyOf, toTicks } from '../../domain/instrument.ts';
import { ok, type Result, unwrap } from '../../domain/result.ts';
import type { ExchangeRefusal, OrderIds, PlaceOrder } from '../../ports/exchange.ts';
import type { Faults } from '../faults.ts';
import { checkEntry, type Entry } from '../rules/entry.ts';
import { refuse } from '../rules/refusal.ts';
import { walkBook } from '../rules/walk.ts';
import { accountOf, clientKey, settingsOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { categoryOf, type Decision } from './decision.ts';
import { fund, type Hold } from './funds.ts';
import { closableLots } from './reduce-only.ts';
import { closeOrder, settle } from './settle.ts';

type Ready = Readonly<{ bound: Ticks; lots: Lots; hold: Hold }>;

/**
 * A new order: checked, accepted, matched. Its checks in Bybit's order, except that a client order id that was used
 * before is found first: whoever sends an order again must learn that the first one lives, whatever else has changed
 * since. `faults` may have it rejected after it was acknowledged.
 */
export function placeOrder(
  decision: Decision,
  uid: string,
  order: PlaceOrder,
  faults: Pick<Faults, 'takeReject'>,
): Result<OrderIds, ExchangeRefusal> {
  const market = decision.desk.markets.get(order.instrument);
  if (market === undefined) return refuse('INSTRUMENT_NOT_FOUND', `${order.instrument} is not listed`);
  const fresh = checkClientId(decision, uid, market, order);
  if (!fresh.ok) return fresh;
  const entry = checkEntry(market, order);
  if (!entry.ok) return entry;
  const ready = checkAccount(decision, uid, market, order, entry.value);
  if (!ready.ok) return ready;
  const orderId = accept(decision, uid, market, order, ready.value);
  if (faults.takeReject()) {
    const ended = { status: 'rejected', reason: 'admin', smpOrderId: null } as const;
    decision.emit({ type: 'closed', at: decision.at, uid, orderId, ...ended });
  } else {
    match(decision, uid, market, order, orderId, ready.value);
  }
  decision.touch(uid, market);
  return ok({ orderId, clientOrderId: order.clientOrderId });
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

function checkAccount(
  decision: Decision,
  uid: string,
  market: Market,
  order: PlaceOrder,
  entry: Entry,
): Result<Ready, ExchangeRefusal> {
  const room = checkRoom(decision, uid, market, order);
  if (!room.ok) return room;
  const wanted = reduced(decision, uid, market, order, entry.qty);
  if (!wanted.ok) return wanted;
  const walked =
    order.type === 'limit'
      ? null
      : walkBook(market, order.side, entry.bound, wanted.value, ownLevels(decision, uid, market, order));
  const lots = 'lots' in wanted.value ? wanted.value.lots : ((walked?.lots ?? 0) as Lots);
  const spends = 'amount' in wanted.value && order.side === 'buy' ? wanted.value.amount : null;
  const funding = { order, bound: entry.bound, lots, walked, spends, replaces: null };
  const hold = fund(decision.desk, uid, market, funding);
  return hold.ok ? ok({ bound: entry.bound, lots, hold: hold.value }) : hold;
}

/** Only orders that may rest count and are counted: an account at its cap can still get out of what it holds. */
function checkRoom(decision: Decision, uid: string, market: Market, order: PlaceOrder): Result<void, ExchangeRefusal> {
  const { state, options } = decision.desk;
  if (order.type === 'market' || order.timeInForce === 'ioc' || order.timeInForce === 'fok') return ok(undefined);
  const { open } = accountOf(state.accounts, uid);
  if (open.size < options.maxOpenOrders) return ok(undefined);
  const spot = market.instrument.category === 'spot';
  let count = 0;
  for (const { order: other } of open.values()) {
    if (spot ? categoryOf(other.instrument) === 'spot' : other.instrument === market.id) count += 1;
  }
  const scope = spot ? 'spot' : market.id;
  return count < options.maxOpenOrders
    ? ok(undefined)
    : refuse('TOO_MANY_ORDERS', `${count} orders of ${scope} are open`);
}

/** A reduce-only order is no larger than what there is to reduce. */
function reduced(
  decision: Decision,
  uid: string,
  market: Market,
  order: PlaceOrder,
  wanted: Entry['qty'],
): Result<Entry['qty'], ExchangeRefusal> {
  if (!order.reduceOnly || !('lots' in wanted)) return ok(wanted);
  const closable = closableLots(decision, uid, market, order.side);
  if (closable === 0)
    return refuse('REDUCE_ONLY_WITHOUT_POSITION', `there is no position that a ${order.side} reduces`);
  return ok({ lots: Math.min(wanted.lots, closable) as Lots });
}

/** The account's own quantity on the other side, where self-trade prevention will not let the order have it. */
function ownLevels(decision: Decision, uid: string, market: Market, order: PlaceOrder): ReadonlyMap<Ticks, Lots> {
  const own = new Map<Ticks, Lots>();
  if (order.selfTrade === 'none') return own;
  const { listing } = market.instrument;
  for (const { order: other } of accountOf(decision.desk.state.accounts, uid).open.values()) {
    if (other.instrument !== market.id || other.side === order.side) continue;
    const price = unwrap(toTicks(listing, other.boundPrice));
    own.set(price, ((own.get(price) ?? 0) + floorLots(listing, other.leavesQty)) as Lots);
  }
  return own;
}

function accept(decision: Decision, uid: string, market: Market, order: PlaceOrder, ready: Ready): string {
  const { desk, at } = decision;
  const { listing, category } = market.instrument;
  const orderId = desk.counters.id(category);
  const boundPrice = priceOf(listing, ready.bound);
  decision.arrived.add(orderId);
  decision.emit({
    type: 'accepted',
    uid,
    waits: false,
    held: ready.hold.amount,
    heldAsset: ready.hold.asset,
    order: {
      orderId,
      clientOrderId: order.clientOrderId,
      instrument: market.id,
      side: order.side,
      type: order.type,
      // Futures move a price beyond the band to its edge: the order is then what it became.
      price: order.type === 'market' ? null : boundPrice,
      boundPrice,
      qty: order.qtyIn === 'quote' ? order.qty : qtyOf(listing, ready.lots),
      qtyIn: order.qtyIn,
      timeInForce: order.type === 'market' ? 'ioc' : order.timeInForce,
      reduceOnly: order.reduceOnly,
      slippage: order.slippage,
      selfTrade: order.selfTrade,
      smpGroup: settingsOf(decision.desk.state, uid).smpGroup,
      createdBy: 'user',
      stopKind: null,
      trigger: null,
      trailing: null,
      parent: null,
      ocoOrderId: null,
      positionIdx: order.positionIdx,
      leverage: order.leverage,
      closeOnTrigger: order.closeOnTrigger,
      exits: order.exits,
      bbo: order.bbo,
      iv: order.iv,
      mmp: order.mmp,
      lastPriceOnCreate: market.last,
      createdAt: at,
    },
  });
  return orderId;
}

function match(
  decision: Decision,
  uid: string,
  market: Market,
  order: PlaceOrder,
  orderId: string,
  ready: Ready,
): void {
  const owner = { uid, orderId };
  if (ready.lots === 0) return closeOrder(decision, market, owner, 'no_liquidity');
  const outcome = market.book.submit({
    owner,
    account: decision.desk.accountNumber(uid),
    side: order.side,
    price: ready.bound,
    qty: ready.lots,
    timeInForce: order.type === 'market' ? 'ioc' : order.timeInForce,
    selfTrade: order.selfTrade,
  });
  settle(decision, market, owner, order.side, outcome);
}
