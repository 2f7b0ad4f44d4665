import { divide } from '../domain/decimal.ts';
import { priceOf } from '../domain/instrument.ts';
import type { Lots, Money, Ticks } from '../domain/ids.ts';
import { invariant } from '../domain/result.ts';
import { segmentOf } from './curve.ts';
import { lockOf, priceWithin, type ValueBound } from './locks.ts';
import type { PlannedChild } from './plan.ts';
import type { RouteRequest } from './request.ts';
import type { Room } from './room.ts';
import { amounts, type Executed, feeOn, NOTHING, settleValue, wantsLess } from './valuation.ts';

/** What `share` grid lots are expected to execute at once in a room. */
export function execute(request: RouteRequest, room: Room, share: number): Executed {
  const { curve, quote } = room;
  const lots = Math.min(share, curve.depth);
  if (lots === 0) return NOTHING;
  let notional = 0n;
  let from = 0;
  for (let at = 0; from < lots; at++) {
    const to = Math.min(lots, curve.ends[at] as number);
    notional += settleValue(request.instrument, request.side, curve.prices[at] as Ticks, (to - from) as Lots);
    from = to;
  }
  const value = notional as Money;
  return {
    lots: lots as Lots,
    notional: value,
    fee: feeOn(value, quote.takerRate),
    routingFee: feeOn(value, quote.routingRate),
  };
}

/**
 * The child's price. A child that may rest carries the parent's limit. An immediate one carries the worst acceptable
 * price, so that a book that moves a little still fills it; tightened, never past the last level it is to take, where
 * its lock would otherwise exceed what is there (`values`), or where, selling, that low a price would put its notional
 * under the venue's minimum.
 */
export function childPrice(request: RouteRequest, room: Room, lots: Lots, values: readonly ValueBound[]): Ticks {
  if (room.resting) return room.bound;
  const { instrument, side } = request;
  const buy = side === 'buy';
  let price = BigInt(room.bound);
  const tighten = (grid: bigint): void => {
    const ticks = divide(grid, BigInt(room.tick), buy ? 'down' : 'up');
    if (buy ? ticks < price : ticks > price) price = ticks;
  };
  if (wantsLess(instrument, side)) {
    for (const value of values) tighten(priceWithin(instrument, value, lots));
  } else if (!buy) {
    tighten(divide(room.listing.minNotional, BigInt(lots) * instrument.grid.tickValue, 'up'));
  }
  const worst = lastPrice(room, lots) / room.tick;
  const ticks = Number(price);
  invariant(buy ? ticks >= worst : ticks <= worst, 'a child can be priced at the last level it takes');
  return ticks as Ticks;
}

const lastPrice = (room: Room, lots: number): Ticks => room.curve.prices[segmentOf(room.curve, lots)] as Ticks;

/** The order for one room's share (above zero), of which `executed` is expected at once. `spend`: what it may cost at most, for an order by budget. */
export function planChild(
  request: RouteRequest,
  room: Room,
  share: number,
  executed: Executed,
  spend: ValueBound | null,
): PlannedChild {
  const { instrument, side, mid } = request;
  const { quote, tick, step, curve } = room;
  const lots = share as Lots;
  const price = childPrice(request, room, lots, spend === null ? room.values : [...room.values, spend]);
  return {
    venue: quote.venue,
    side,
    tick: room.listing.tick,
    step: room.listing.step,
    price,
    qty: (share / step) as Lots,
    timeInForce: room.resting ? request.timeInForce : request.timeInForce === 'fok' ? 'fok' : 'ioc',
    takes: (executed.lots / step) as Lots,
    worstLevel: executed.lots === 0 ? null : priceOf(instrument.grid, lastPrice(room, Math.min(share, curve.depth))),
    expected: amounts(instrument, side, executed, mid),
    locks: locked(request, room, (price * tick) as Ticks, lots),
  };
}

/** What the venue locks for the child: base for a spot sell, else value at the dearest price that it can trade at. */
function locked(request: RouteRequest, room: Room, price: Ticks, lots: Lots): Money | null {
  const { instrument, side } = request;
  const { funds, book } = room.quote;
  if (funds.type === 'unbounded') return null;
  if (funds.type === 'quantity') return (BigInt(lots) * instrument.grid.step) as Money;
  const touch = (side === 'buy' ? book?.asks : book?.bids)?.[0];
  const atTouch = touch === undefined ? price : ((touch.price * room.tick) as Ticks);
  const dearest = wantsLess(instrument, side)
    ? price
    : ((side === 'buy' ? Math.min : Math.max)(atTouch, price) as Ticks);
  return lockOf(instrument, dearest, lots, funds.rate, funds.scale);
}
