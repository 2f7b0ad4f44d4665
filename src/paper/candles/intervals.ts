import type { CandleInterval } from '../../ports/exchange-market.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday: weeks begin four days later. */
const FIRST_MONDAY = 4 * DAY_MS;
const WEEK_MS = 7 * DAY_MS;

const FIXED: Partial<Readonly<Record<CandleInterval, number>>> = {
  ...(Object.fromEntries(
    [1, 3, 5, 15, 30, 60, 120, 240, 360, 720].map((minutes) => [String(minutes), minutes * MINUTE_MS]),
  ) as Record<CandleInterval, number>),
  D: DAY_MS,
};

/** Start of the interval that an instant lies in; calendar of UTC, weeks begin on Monday. */
export function startOf(interval: CandleInterval, at: number): number {
  const fixed = FIXED[interval];
  if (fixed !== undefined) return at - (at % fixed);
  if (interval === 'W') return at - ((((at - FIRST_MONDAY) % WEEK_MS) + WEEK_MS) % WEEK_MS);
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** Start of the interval after the one that begins at `start`. */
export function nextStart(interval: CandleInterval, start: number): number {
  const fixed = interval === 'W' ? WEEK_MS : FIXED[interval];
  if (fixed !== undefined) return start + fixed;
  const date = new Date(start);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
