import type { Lots, Ticks } from '../../domain/ids.ts';
import { floorLots } from '../../domain/instrument.ts';
import { ok, type Result, unwrap } from '../../domain/result.ts';
import { toTicks } from '../../domain/instrument.ts';
import type { ExchangeRefusal, PlaceOrder } from '../../ports/exchange.ts';
import type { Entry } from '../rules/entry.ts';
import { refuse } from '../rules/refusal.ts';
import { walkBook } from '../rules/walk.ts';
import { isLeg } from '../spread/close.ts';
import { accountOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { Decision } from './decision.ts';
import { fund, type Hold } from './funds.ts';
import { closableLots } from './reduce-only.ts';
import { guardedUids } from './self-trade.ts';
import { closeOrder, settle } from './settle.ts';

/** What decides how an order enters its book: a new order has it, and one that waited. */
export type Entering = Pick<
  PlaceOrder,
  'side' | 'type' | 'timeInForce' | 'selfTrade' | 'reduceOnly' | 'positionIdx' | 'qtyIn' | 'leverage'
>;

/** An order that its account can pay for. No lots: there is nothing on the other side that it could take. */
export type Ready = Readonly<{ bound: Ticks; lots: Lots; hold: Hold }>;

/** Cuts a reduce-only order down to the position and sees whether the account can pay; `replaces`: its own former self. */
export function makeReady(
  decision: Decision,
  uid: string,
  market: Market,
  order: Entering,
  entry: Entry,
  replaces: string | null,
): Result<Ready, ExchangeRefusal> {
  const wanted = reduced(decision, uid, market, order, entry.qty);
  if (!wanted.ok) return wanted;
  const walked =
    order.type === 'limit'
      ? null
      : walkBook(market, order.side, entry.bound, wanted.value, ownLevels(decision, uid, market, order));
  const lots = 'lots' in wanted.value ? wanted.value.lots : ((walked?.lots ?? 0) as Lots);
  const spends = 'amount' in wanted.value && order.side === 'buy' ? wanted.value.amount : null;
  const funding = { order, bound: entry.bound, lots, walked, spends, replaces };
  const hold = fund(decision.desk, uid, market, funding);
  return hold.ok ? ok({ bound: entry.bound, lots, hold: hold.value }) : hold;
}

/** A reduce-only order is no larger than what there is to reduce. */
function reduced(
  decision: Decision,
  uid: string,
  market: Market,
  order: Entering,
  wanted: Entry['qty'],
): Result<Entry['qty'], ExchangeRefusal> {
  if (!order.reduceOnly || !('lots' in wanted)) return ok(wanted);
  const closable = closableLots(decision, uid, market, order.side, order.positionIdx);
  if (closable === 0)
    return refuse('REDUCE_ONLY_WITHOUT_POSITION', `there is no position that a ${order.side} reduces`);
  return ok({ lots: Math.min(wanted.lots, closable) as Lots });
}

/** The account's own quantity on the other side, where self-trade prevention will not let the order have it. */
function ownLevels(decision: Decision, uid: string, market: Market, order: Entering): ReadonlyMap<Ticks, Lots> {
  const own = new Map<Ticks, Lots>();
  if (order.selfTrade === 'none') return own;
  const { listing } = market.instrument;
  for (const guarded of guardedUids(decision.desk.state, uid)) {
    for (const { order: other } of accountOf(decision.desk.state.accounts, guarded).open.values()) {
      if (other.instrument !== market.id || other.side === order.side) continue;
      if (other.status === 'untriggered' || isLeg(other)) continue;
      const price = unwrap(toTicks(listing, other.boundPrice));
      own.set(price, ((own.get(price) ?? 0) + floorLots(listing, other.leavesQty)) as Lots);
    }
  }
  return own;
}

/** Matches an order that was accepted, or triggered, and books what came of it. */
export function enterBook(
  decision: Decision,
  market: Market,
  owner: Readonly<{ uid: string; orderId: string }>,
  order: Entering,
  ready: Ready,
): void {
  if (ready.lots === 0) return closeOrder(decision, market, owner, 'no_liquidity');
  const outcome = market.book.submit({
    owner,
    account: decision.desk.accountNumber(owner.uid),
    side: order.side,
    price: ready.bound,
    qty: ready.lots,
    timeInForce: order.type === 'market' ? 'ioc' : order.timeInForce,
    selfTrade: order.selfTrade,
  });
  settle(decision, market, owner, order.side, outcome);
}
