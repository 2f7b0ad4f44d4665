import type { Lots, Money, Ticks } from '../domain/ids.ts';
import { ZERO } from '../domain/decimal.ts';
import { segmentOf } from './curve.ts';
import { budgetRate, lockOf, lotsWithin, type ValueBound } from './locks.ts';
import type { RouteRequest } from './request.ts';
import type { Room } from './room.ts';
import { bestSplit, type Split, type Spread } from './split.ts';

/**
 * Orders by budget. The budget is never exceeded, whatever the book does before the children arrive: it covers each
 * child's quantity at the child's own worst price with every fee. So the quantity is the largest whose children, each
 * priced at the last level it takes, cost no more than the budget; what that leaves over is reported and can be
 * routed again once the fills are known.
 */
const FULL_SCALE = 18;

const boundOf = (room: Room, available: Money): ValueBound => ({
  binding: 'CAP',
  available,
  rate: budgetRate(room.quote),
  scale: FULL_SCALE,
});

/** No split of a budget holds more grid lots: all of it at the best all-in touch of any venue; at least one. */
export function mostLots(request: RouteRequest, amount: Money): number {
  let most = 1;
  for (const quote of request.quotes) {
    const touch = quote.book?.asks[0];
    const listing = request.instrument.listings.get(quote.venue);
    if (touch === undefined || listing === undefined) continue;
    const price = (touch.price * Number(listing.tick / request.instrument.grid.tick)) as Ticks;
    const bound: ValueBound = { binding: 'CAP', available: amount, rate: budgetRate(quote), scale: FULL_SCALE };
    most = Math.max(most, lotsWithin(request.instrument, bound, price, Number.MAX_SAFE_INTEGER));
  }
  return most;
}

/** What a room's share costs at most, priced at the last level it takes, fees included. */
const needOf = (request: RouteRequest, room: Room, share: number): Money =>
  share === 0
    ? ZERO
    : lockOf(
        request.instrument,
        room.curve.prices[segmentOf(room.curve, share)] as Ticks,
        share as Lots,
        budgetRate(room.quote),
        FULL_SCALE,
      );

/** The largest split whose needs stay within the budget, by bisection over the quantity. */
export function splitBudget(request: RouteRequest, rooms: readonly Room[], amount: Money, spread: Spread): Split {
  const within = (split: Split): boolean =>
    needs(request, rooms, split).reduce((sum, need) => sum + need, 0n) <= amount;
  const fits = (room: Room, at: number): number =>
    lotsWithin(request.instrument, boundOf(room, amount), room.curve.prices.at(at) as Ticks, Number.MAX_SAFE_INTEGER);
  let best = bestSplit(rooms, 0, spread);
  // Below `low` any split is within the budget, above `high` none is.
  let low = rooms.length === 0 ? 0 : Math.min(...rooms.map((room) => fits(room, -1)));
  let high = rooms.length === 0 ? 0 : Math.max(...rooms.map((room) => fits(room, 0)));
  let next = low;
  while (low <= high) {
    const split = bestSplit(rooms, next, spread);
    if (within(split)) {
      if (split.total >= best.total) best = split;
      low = next + 1;
    } else {
      high = next - 1;
    }
    next = Math.floor((low + high) / 2);
  }
  return best;
}

const needs = (request: RouteRequest, rooms: readonly Room[], split: Split): readonly bigint[] =>
  rooms.map((room, at) => needOf(request, room, split.shares[at] as number));

/**
 * What each child may spend at most: the budget in proportion to the needs, so that each gets the same cushion
 * between the last level it takes and its own worst price.
 */
export function spendLimits(request: RouteRequest, rooms: readonly Room[], split: Split, amount: Money): ValueBound[] {
  const each = needs(request, rooms, split);
  const all = each.reduce((sum, need) => sum + need, 0n);
  return rooms.map((room, at) => boundOf(room, (all === 0n ? 0n : (amount * (each[at] as bigint)) / all) as Money));
}
