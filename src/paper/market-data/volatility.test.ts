import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal } from '../../domain/decimal.ts';
import { HOUR_MS } from '../candles/intervals.ts';
import { type HourClose, volatilities } from './volatility.ts';

const EVER = Number.MAX_SAFE_INTEGER;
const hours = (closes: readonly number[]): readonly HourClose[] =>
  closes.map((close, i) => ({ start: i * HOUR_MS, close }));
const newest = (closes: readonly number[], days = 7) => volatilities(hours(closes), days, 0, EVER)[0];

test('volatility is the standard deviation of hourly log returns, for a year of hours', () => {
  // Returns +1 %, −1 %, +1 %, −1 % in logarithms: deviation 0.01 × √(4/3), times √8760.
  const closes = [0, 1, 0, 1, 0].map((up) => 100 * Math.exp(up * 0.01));
  const expected = 0.01 * Math.sqrt(4 / 3) * Math.sqrt(8760);
  assert.equal(formatDecimal(newest(closes)?.value ?? (0n as never)), expected.toFixed(8));
  assert.equal(newest(closes)?.at, 5 * HOUR_MS);
});

test('only the returns of the period count, and none across a hole', () => {
  const wild = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? 100 : 150));
  const quiet = Array.from({ length: 8 * 24 }, () => 150);
  assert.equal(newest([...wild, ...quiet], 7)?.value, 0n);
  assert.notEqual(newest([...wild, ...quiet], 14)?.value, 0n);
  const holed = [...hours([100, 100, 100]), { start: 10 * HOUR_MS, close: 200 }, { start: 11 * HOUR_MS, close: 200 }];
  assert.equal(volatilities(holed, 7, 0, EVER)[0]?.value, 0n);
});

test('a history of less than two returns has no volatility, and a range cuts the hours', () => {
  assert.deepEqual(volatilities(hours([100, 101]), 7, 0, EVER), []);
  const rows = volatilities(hours([100, 101, 102, 103, 104, 105]), 7, 4 * HOUR_MS, 5 * HOUR_MS);
  assert.deepEqual(
    rows.map((row) => row.at / HOUR_MS),
    [5, 4],
  );
});
