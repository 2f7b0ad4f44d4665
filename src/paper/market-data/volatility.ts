import { roundTo } from '../../domain/decimal.ts';
import type { Money, UnixMs } from '../../domain/ids.ts';
import type { Sample } from '../../ports/exchange-market.ts';
import { HOUR_MS } from '../candles/intervals.ts';

const HOURS_A_YEAR = 24 * 365;
const SHOWN_DIGITS = 8;
const PARTS = 1e12;

/** Price at the end of an hour that began at `start`; any unit. */
export type HourClose = Readonly<{ start: number; close: number }>;

/**
 * Yearly standard deviation of hourly log returns over the `days` before each of the last hours, newest first. Hours
 * without two returns behind them have none; a short history is measured by what there is of it.
 */
export function volatilities(hours: readonly HourClose[], days: number, from: number, to: number): readonly Sample[] {
  const samples: Sample[] = [];
  const returns = returnsOf(hours);
  const window = days * 24 * HOUR_MS;
  let [first, count] = [0, 0n];
  let [sum, squares] = [0n, 0n];
  for (const { at, value } of returns) {
    count += 1n;
    sum += value;
    squares += value * value;
    for (let old = returns[first]; old !== undefined && old.at <= at - window; old = returns[++first]) {
      count -= 1n;
      sum -= old.value;
      squares -= old.value * old.value;
    }
    if (at < from || at > to || count < 2n) continue;
    const variance = Number(squares * count - sum * sum) / Number(count * (count - 1n)) / PARTS ** 2;
    samples.push({ at: at as UnixMs, value: asMoney(Math.sqrt(variance * HOURS_A_YEAR)) });
  }
  return samples.reverse();
}

/**
 * Log returns between neighbouring hours in whole parts, so that sums over a sliding window stay exact; at the end of
 * the later hour. There is none across a hole.
 */
function returnsOf(hours: readonly HourClose[]): readonly Readonly<{ at: number; value: bigint }>[] {
  return hours.flatMap(({ start, close }, i) => {
    const before = hours[i - 1];
    if (before === undefined || start - before.start !== HOUR_MS || before.close <= 0 || close <= 0) return [];
    return [{ at: start + HOUR_MS, value: BigInt(Math.round(Math.log(close / before.close) * PARTS)) }];
  });
}

/** The one place where a statistic becomes an exact number. */
const asMoney = (value: number): Money =>
  roundTo((BigInt(Math.round(value * 1e12)) * 1_000_000n) as Money, SHOWN_DIGITS, 'half_even');
