import type { Side, Ticks } from '../domain/ids.ts';
import type { Level } from '../ports/market.ts';
import type { UnitCosts } from './ranking.ts';

/**
 * What a quantity costs at one venue: piecewise linear over grid lots, one segment per price level, steeper with every
 * segment, because a book is sorted. Convexity is what makes the split exact.
 */
export type Curve = Readonly<{
  /** Grid price of each segment. */
  prices: readonly Ticks[];
  /** Grid lots up to the end of each segment; strictly rising. */
  ends: readonly number[];
  /** Cost of one lot in the segment, and of everything up to its end. */
  units: readonly bigint[];
  totals: readonly bigint[];
  /** Lots that trade at once; what is beyond rests. */
  depth: number;
  /** True when the levels inside the price bound were exhausted before `enough` lots. */
  exhausted: boolean;
}>;

export type CurveInput = Readonly<{
  side: Side;
  levels: readonly Level[];
  /** Worst price in listing ticks. */
  bound: Ticks;
  /** A listing's tick and step in grid units. */
  tick: number;
  step: number;
  /** No more lots than these will be asked for. */
  enough: number;
  costs: UnitCosts;
  /** Whether what does not trade at once rests at `bound`. */
  rests: boolean;
}>;

/** Builds the part of the curve that a quantity of `enough` lots can reach; null where the levels are not in order. */
export function buildCurve(input: CurveInput): Curve | null {
  const { side, levels, bound, tick, step, enough, costs, rests } = input;
  const prices: Ticks[] = [];
  const ends: number[] = [];
  const units: bigint[] = [];
  const totals: bigint[] = [];
  let depth = 0;
  let total = 0n;
  let before: number = side === 'buy' ? 0 : Number.POSITIVE_INFINITY;
  const segment = (price: Ticks, unit: bigint, lots: number): void => {
    depth += lots;
    total += unit * BigInt(lots);
    prices.push(price);
    ends.push(depth);
    units.push(unit);
    totals.push(total);
  };
  for (const level of levels) {
    if (depth >= enough) break;
    if (side === 'buy' ? level.price > bound : level.price < bound) break;
    if (level.qty <= 0) continue;
    if (side === 'buy' ? level.price < before : level.price > before) return null;
    before = level.price;
    const price = (level.price * tick) as Ticks;
    segment(price, costs.take(price), level.qty * step);
  }
  const taken = depth;
  const exhausted = depth < enough;
  if (rests && exhausted) {
    const price = (bound * tick) as Ticks;
    segment(price, costs.rest(price), enough - depth + step);
  }
  return { prices, ends, units, totals, depth: taken, exhausted };
}

/** Index of the segment that holds the last of `lots` lots; `lots` above zero and within the curve. */
export function segmentOf(curve: Curve, lots: number): number {
  const { ends } = curve;
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] as number) >= lots) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Cost of `lots` lots, zero to the end of the curve. */
export function costOf(curve: Curve, lots: number): bigint {
  if (lots === 0) return 0n;
  const at = segmentOf(curve, lots);
  const beyond = (curve.ends[at] as number) - lots;
  return (curve.totals[at] as bigint) - (curve.units[at] as bigint) * BigInt(beyond);
}
