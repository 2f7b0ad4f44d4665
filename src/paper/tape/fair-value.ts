import { divide } from '../../domain/decimal.ts';
import type { Money, UnixMs } from '../../domain/ids.ts';
import { MS_A_YEAR } from '../formulas/options.ts';

/** What it costs to hold a coin for a year, as a fraction: by that much dated futures are above their index. */
export const CARRY = 0.05;
/** Contracts are delivered at the average index of this long before. */
export const SETTLEMENT_MS = 30 * 60_000;
/** Where a fraction that is a float becomes a factor of an exact price. */
const PARTS = 1_000_000_000n;

/** What a delivery is worth now: prices of the coin. */
export type Settling = Readonly<{ index: Money; mean: (from: UnixMs) => Money; now: UnixMs; delivery: UnixMs }>;

/** Index and the carry of the time that is left. */
export function withCarry(index: Money, delivery: UnixMs, now: UnixMs): Money {
  const years = Math.max(0, delivery - now) / MS_A_YEAR;
  return times(index, Math.exp(CARRY * years));
}

/** Average of the coin over the settlement time so far; where it stands, before it begins. */
export function settlementPrice({ index, mean, now, delivery }: Settling): Money {
  const begin = (delivery - SETTLEMENT_MS) as UnixMs;
  return now <= begin ? index : mean(begin);
}

/**
 * Price for a delivery: with carry before the settlement time, in it the part of the average that is known already and,
 * for the rest, where the coin stands.
 */
export function forwardOf(settling: Settling): Money {
  const { index, now, delivery } = settling;
  const left = delivery - now;
  if (left >= SETTLEMENT_MS) return withCarry(index, delivery, now);
  const known = BigInt(SETTLEMENT_MS - Math.max(0, left));
  const sum = settlementPrice(settling) * known + index * (BigInt(SETTLEMENT_MS) - known);
  return divide(sum, BigInt(SETTLEMENT_MS), 'half_even') as Money;
}

/** The one place where a factor that is a float meets a price; half-even. */
const times = (price: Money, factor: number): Money =>
  divide(price * (PARTS + BigInt(Math.round((factor - 1) * Number(PARTS)))), PARTS, 'half_even') as Money;

/** A year as options count it, of the time that is left. */
export const yearsLeft = (delivery: UnixMs, now: UnixMs): number => Math.max(0, delivery - now) / MS_A_YEAR;
