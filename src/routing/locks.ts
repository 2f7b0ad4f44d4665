import { divide, maximum, multiply, ONE, roundTo, ZERO } from '../domain/decimal.ts';
import { type Instrument, notionalOf } from '../domain/instrument.ts';
import type { Lots, Money, Ticks } from '../domain/ids.ts';
import type { Binding } from './plan.ts';
import type { RouteRequest, VenueQuote } from './request.ts';

/**
 * How much an order may tie up in value. A venue locks a limit or immediate order at the order's own worst price, not at
 * what it is expected to cost, so what fits is a question of that price. (Where the settled amount grows as the price
 * gets better, for a linear sell or an inverse buy, the best price that it can trade at is what counts.)
 */
export type ValueBound = Readonly<{ binding: Binding; available: Money; rate: Money; scale: number }>;

const FULL_SCALE = 18;

/** Value bounds of one venue: its funds, and a cap on an order by budget. */
export function valueBounds(request: RouteRequest, quote: VenueQuote): readonly ValueBound[] {
  const bounds: ValueBound[] = [];
  const { funds } = quote;
  if (funds.type === 'value' && funds.rate > 0n) {
    bounds.push({
      binding: 'BALANCE',
      available: maximum(ZERO, funds.available),
      rate: funds.rate,
      scale: funds.scale,
    });
  }
  if (request.wanted.type === 'budget') {
    for (const cap of request.caps) {
      if (cap.venue !== quote.venue) continue;
      bounds.push({ binding: 'CAP', available: capLeft(cap), rate: budgetRate(quote), scale: FULL_SCALE });
    }
  }
  return bounds;
}

/** What is left of a cap, in the order's own unit; never below zero. */
export const capLeft = (cap: RouteRequest['caps'][number]): Money =>
  maximum(ZERO, (divide(cap.fraction * cap.ordered, ONE, 'down') - cap.used) as Money);

/** A budget covers every fee, also one that the venue takes from what is bought: valued in quote currency. */
export const budgetRate = (quote: VenueQuote): Money => (ONE + quote.takerRate + quote.routingRate) as Money;

/**
 * What an order locks. The part of `rate` above one is a fee on top of what is paid and is rounded up at `scale` by
 * itself, as clearing does; a rate of up to one is rounded as a whole. Price and quantity in grid units.
 */
export function lockOf(instrument: Instrument, price: Ticks, lots: Lots, rate: Money, scale: number): Money {
  const value = valueOf(instrument, price, lots);
  if (rate <= ONE) return roundTo(multiply(value, rate, 'up'), scale, 'up');
  return (value + roundTo(multiply(value, (rate - ONE) as Money, 'up'), scale, 'up')) as Money;
}

function valueOf({ category, grid }: Instrument, price: Ticks, lots: Lots): Money {
  if (category !== 'inverse') return notionalOf(grid, price, lots);
  return divide(BigInt(lots) * grid.step * ONE, BigInt(price) * grid.tick, 'up') as Money;
}

/** No rounding of a lock adds as much. */
const dust = (scale: number): bigint => 2n * 10n ** BigInt(FULL_SCALE - scale);

/** Most grid lots whose lock at `price` stays within the bound; at most `enough`. */
export function lotsWithin(instrument: Instrument, bound: ValueBound, price: Ticks, enough: number): number {
  const { grid, category } = instrument;
  const unrounded = (available: bigint): bigint =>
    category === 'inverse'
      ? (available * BigInt(price) * grid.tick) / (grid.step * bound.rate)
      : (available * ONE) / (BigInt(price) * grid.tickValue * bound.rate);
  const fits = (lots: bigint): boolean =>
    lockOf(instrument, price, Number(lots) as Lots, bound.rate, bound.scale) <= bound.available;
  const most = lesser(unrounded(bound.available), BigInt(enough));
  return Number(fits(most) ? most : largest(unrounded(bound.available - dust(bound.scale)), most, fits));
}

/**
 * The worst grid price at which `lots` lock no more than the bound: the highest, or for inverse contracts, which are
 * worth more coin the lower they trade, the lowest.
 */
export function priceWithin(instrument: Instrument, bound: ValueBound, lots: Lots): bigint {
  const { grid, category } = instrument;
  const fits = (price: bigint): boolean =>
    lockOf(instrument, Number(price) as Ticks, lots, bound.rate, bound.scale) <= bound.available;
  const unrounded = (available: bigint): bigint =>
    category === 'inverse'
      ? (BigInt(lots) * grid.step * bound.rate) / (greater(available, 1n) * grid.tick)
      : (greater(available, 0n) * ONE) / (BigInt(lots) * grid.tickValue * bound.rate);
  const near = lesser(unrounded(bound.available), MAX_PRICE);
  if (category !== 'inverse')
    return fits(near) ? near : largest(unrounded(bound.available - dust(bound.scale)), near, fits);
  const enough = lesser(unrounded(bound.available - dust(bound.scale)) + 1n, MAX_PRICE);
  return enough - largest(0n, enough - near, (lower) => fits(enough - lower));
}

const MAX_PRICE = BigInt(Number.MAX_SAFE_INTEGER);
const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Largest value in [low, high] that fits, where everything below it does; `low` (at least zero) if none is known to. */
function largest(low: bigint, high: bigint, fits: (value: bigint) => boolean): bigint {
  let from = greater(low, 0n);
  let to = high;
  while (from < to) {
    const middle = (from + to + 1n) / 2n;
    if (fits(middle)) from = middle;
    else to = middle - 1n;
  }
  return from;
}
