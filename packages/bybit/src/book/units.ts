import type { Step } from '../decimal.ts';
import { unitsOf, unitsText } from '../decimal.ts';

/**
 * In which whole numbers a book counts: value = count × divisor × 10^-scale. With an instrument's tick or step the
 * counts are ticks or steps; without one the divisor is 1 and the scale follows what the messages need.
 */
export type Units = Step;

/** A decimal as a count; NaN if it is not on the grid, or too large to count exactly. */
export function countOf(text: string, units: Units): number {
  const count = unitsOf(text, units.scale) / units.divisor;
  return Number.isInteger(count) ? count : Number.NaN;
}

/** A count as decimal text, with as many digits after the point as the scale has. */
export const textOf = (count: number, units: Units): string => unitsText(count * units.divisor, units.scale);
