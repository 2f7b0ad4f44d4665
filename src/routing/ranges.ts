import { divide } from '../domain/decimal.ts';
import type { Instrument, Listing } from '../domain/instrument.ts';
import type { Lots, Ticks } from '../domain/ids.ts';
import { type Curve, segmentOf } from './curve.ts';
import { quoteNotional } from './valuation.ts';

/** Quantities from `low` to `high` grid lots, both included. */
export type Range = Readonly<{ low: number; high: number }>;

export type Minimums = Readonly<{
  listing: Listing;
  tick: number;
  step: number;
  bound: Ticks;
  resting: boolean;
  curve: Curve;
}>;

/**
 * Which quantities up to `top` respect the listing's smallest size and notional. The notional of a resting child is
 * taken at its price; that of an immediate one at the worst level it reaches, because its price may be tightened to
 * that level and never beyond. Selling, one more lot can reach a level so much lower that the notional falls under the
 * minimum again: then there is more than one range.
 */
export function allowedRanges(instrument: Instrument, venue: Minimums, top: number): readonly Range[] {
  const { step, curve } = venue;
  const smallest = venue.listing.minQty * step;
  if (top < smallest) return [];
  const needed = (price: Ticks): number => Math.max(smallest, lotsForNotional(instrument, venue, price));
  if (venue.resting) {
    const low = needed((venue.bound * venue.tick) as Ticks);
    return low <= top ? [{ low, high: top }] : [];
  }
  const last = segmentOf(curve, top);
  const neededAtLast = needed(curve.prices[last] as Ticks);
  const ranges: Range[] = [];
  let before = 0;
  for (let at = 0; at <= last; at++) {
    const neededHere = needed(curve.prices[at] as Ticks);
    const low = Math.max(before + step, neededHere);
    const end = Math.min(curve.ends[at] as number, top);
    before = end;
    if (low > end) continue;
    // Prices are sorted, so no later level needs more than this one or the last.
    const free = Math.max(neededHere, neededAtLast) <= end + step;
    append(ranges, { low, high: free ? top : end }, step);
    if (free) break;
  }
  return ranges;
}

function append(ranges: Range[], range: Range, step: number): void {
  const previous = ranges.at(-1);
  if (previous !== undefined && previous.high + step === range.low) {
    ranges[ranges.length - 1] = { low: previous.low, high: range.high };
  } else {
    ranges.push(range);
  }
}

/** Fewest grid lots, in whole listing steps, that reach the listing's minimum notional at a grid price. */
function lotsForNotional(instrument: Instrument, venue: Minimums, price: Ticks): number {
  const { listing, step } = venue;
  if (listing.minNotional <= 0n) return 0;
  const ofOneStep = quoteNotional(instrument, price, step as Lots);
  return Number(divide(listing.minNotional, ofOneStep, 'up')) * step;
}
