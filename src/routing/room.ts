import type { Listing } from '../domain/instrument.ts';
import type { Money, Ticks } from '../domain/ids.ts';
import { err, invariant, ok, type Result } from '../domain/result.ts';
import { countsIn } from '../ports/market.ts';
import { buildCurve, type Curve } from './curve.ts';
import { capLeft, lotsWithin, type ValueBound, valueBounds } from './locks.ts';
import type { Binding, VenueReason } from './plan.ts';
import { allowedRanges, type Range } from './ranges.ts';
import { unitCosts } from './ranking.ts';
import { isImmediate, type RouteRequest, type VenueQuote } from './request.ts';
import { wantsLess } from './valuation.ts';

/** What one venue offers to one request: its cost curve and the quantities that it would accept. In grid lots. */
export type Room = Readonly<{
  quote: VenueQuote;
  listing: Listing;
  /** The listing's tick and step in grid units. */
  tick: number;
  step: number;
  /** Worst price that a child may carry, in listing ticks. */
  bound: Ticks;
  /** True where every child carries exactly `bound`, because it may rest. */
  resting: boolean;
  curve: Curve;
  values: readonly ValueBound[];
  /** Accepted quantities, multiples of `step`, rising, never empty. */
  ranges: readonly Range[];
  /** What ends the last range. */
  binding: Binding;
}>;

export type NoRoom = Readonly<{ reason: VenueReason; detail: string | null }>;

const none = (reason: VenueReason, detail: string | null = null) => err({ reason, detail });

/** Opens a venue for a request, or says why it stays closed. `enough`: no more grid lots will be asked for. */
export function openRoom(request: RouteRequest, quote: VenueQuote, enough: number): Result<Room, NoRoom> {
  const { instrument, side } = request;
  const listing = instrument.listings.get(quote.venue);
  if (listing === undefined) return none('NOT_LISTED');
  if (request.allowedVenues !== null && !request.allowedVenues.includes(quote.venue)) return none('NOT_ALLOWED');
  if (quote.excluded !== null) return none('EXCLUDED', quote.excluded);
  const { book } = quote;
  if (book === null) return none('NO_BOOK');
  if (!book.valid || !countsIn(book, listing)) return none('BOOK_INVALID');
  const tick = ratio(listing.tick, instrument.grid.tick);
  const step = ratio(listing.step, instrument.grid.step);
  const bound = childBound(request, listing, tick);
  if (bound === null) return none('PRICE_OUT_OF_RANGE');
  const levels = side === 'buy' ? book.asks : book.bids;
  const resting = !isImmediate(request);
  const postOnly = resting && request.timeInForce === 'post_only';
  if (postOnly) {
    const touch = levels[0];
    if (touch !== undefined && (side === 'buy' ? touch.price <= bound : touch.price >= bound))
      return none('WOULD_TAKE');
    if (!quote.canRest) return none('CANNOT_REST');
  }
  const costs = unitCosts(request, quote, tick);
  const rests = resting && quote.canRest;
  const curve = buildCurve({ side, levels: postOnly ? [] : levels, bound, tick, step, enough, costs, rests });
  if (curve === null) return none('BOOK_INVALID');
  const values = valueBounds(request, quote);
  const room = { quote, listing, tick, step, bound, resting, curve, values };
  const top = ceiling(request, room, enough);
  const ranges = allowedRanges(instrument, room, top.lots);
  return ranges.length === 0 ? none(closedBy(top.binding)) : ok({ ...room, ranges, binding: top.binding });
}

function ratio(coarse: Money, fine: Money): number {
  invariant(coarse % fine === 0n, 'a listing lies on its instrument’s grid');
  return Number(coarse / fine);
}

/** The tighter of limit and worst price, in the listing's ticks and range; null where no such price exists. */
function childBound(request: RouteRequest, listing: Listing, tick: number): Ticks | null {
  const { side, limitPrice, worstPrice } = request;
  const buy = side === 'buy';
  const tighter = buy ? Math.min : Math.max;
  const none = buy ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const grid = tighter(limitPrice ?? none, worstPrice ?? none);
  invariant(Number.isSafeInteger(grid) && grid > 0, 'a request has a limit or a worst price');
  const ticks = tighter(
    buy ? Math.floor(grid / tick) : Math.ceil(grid / tick),
    buy ? listing.maxPrice : listing.minPrice,
  );
  return ticks < listing.minPrice || ticks > listing.maxPrice ? null : (ticks as Ticks);
}

type Ceiling = Readonly<{ binding: Binding; lots: number }>;
type Unranged = Omit<Room, 'ranges' | 'binding'>;

/** The most that the venue can take, in whole steps, and what sets it: the first in this order where several do. */
function ceiling(request: RouteRequest, room: Unranged, enough: number): Ceiling {
  const { quote, listing, step, curve } = room;
  const rests = curve.ends.length > 0 && (curve.ends.at(-1) as number) > curve.depth;
  const found: Ceiling[] = [{ binding: 'QUANTITY', lots: enough }];
  if (request.wanted.type === 'quantity') {
    for (const cap of request.caps) {
      if (cap.venue === quote.venue)
        found.push({ binding: 'CAP', lots: countWithin(capLeft(cap), listing, step, enough) });
    }
  }
  for (const value of room.values) {
    found.push({ binding: value.binding, lots: lotsByValue(request, room, value, enough) });
  }
  if (quote.funds.type === 'quantity') {
    found.push({ binding: 'BALANCE', lots: countWithin(quote.funds.available, listing, step, enough) });
  }
  found.push({ binding: 'MAX_ORDER_QTY', lots: listing.maxLimitQty * step });
  if (!rests && curve.exhausted) found.push({ binding: 'LIQUIDITY', lots: curve.depth });
  let lowest: Ceiling = { binding: 'QUANTITY', lots: Number.POSITIVE_INFINITY };
  for (const { binding, lots } of found) {
    const whole = lots - (lots % step);
    if (whole < lowest.lots) lowest = { binding, lots: whole };
  }
  return lowest;
}

/** Grid lots of whole listing steps in an amount of base quantity. */
function countWithin(amount: Money, listing: Listing, step: number, enough: number): number {
  if (amount <= 0n) return 0;
  const steps = amount / listing.step;
  return steps * BigInt(step) < BigInt(enough) ? Number(steps) * step : enough;
}

/** Most lots that a value bound admits. An immediate child can be priced as tight as the last level it takes. */
function lotsByValue(request: RouteRequest, room: Unranged, value: ValueBound, enough: number): number {
  const { instrument } = request;
  const within = (price: Ticks): number => lotsWithin(instrument, value, price, enough);
  if (!wantsLess(instrument, request.side)) return within(bestFill(request, room));
  if (room.resting) return within((room.bound * room.tick) as Ticks);
  const { prices, ends, depth } = room.curve;
  if (depth === 0) return enough; // nothing to buy: that is for want of liquidity, not of funds
  if (within(prices.at(-1) as Ticks) >= Math.min(depth, enough)) return enough;
  // The first level that is not affordable to its end: deeper levels cost more each and together.
  let low = 0;
  let high = prices.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (within(prices[middle] as Ticks) < (ends[middle] as number)) high = middle;
    else low = middle + 1;
  }
  const before = low === 0 ? 0 : (ends[low - 1] as number);
  return Math.max(before, within(prices[low] as Ticks));
}

/** The best price that a child can trade at: its own, or the touch if that is better. */
function bestFill(request: RouteRequest, room: Unranged): Ticks {
  const { bound, tick, quote } = room;
  const touch = (request.side === 'buy' ? quote.book?.asks : quote.book?.bids)?.[0]?.price ?? bound;
  return ((request.side === 'buy' ? Math.min(touch, bound) : Math.max(touch, bound)) * tick) as Ticks;
}

const CLOSED_BY = {
  QUANTITY: 'BELOW_MINIMUM',
  CAP: 'CAPPED',
  BALANCE: 'NO_BALANCE',
  MAX_ORDER_QTY: 'BELOW_MINIMUM',
  LIQUIDITY: 'NO_LIQUIDITY',
} as const satisfies Record<Binding, VenueReason>;

/** Nothing is accepted: what set the ceiling is why, and where that is the order's own size, it is too small. */
const closedBy = (binding: Binding): VenueReason => CLOSED_BY[binding];
