import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autocorrelation, quantile, returnsOf, slope, tailExponent, variation } from './estimators.ts';
import { depthOf, profileOf } from './profile.ts';

const close = (actual: number, wanted: number) =>
  assert.ok(Math.abs(actual - wanted) < 1e-9, `${actual}, not ${wanted}`);

test('estimators give what can be worked out by hand', () => {
  close(slope([[0, 1], [1, 3], [2, 5]]), 2); // biome-ignore format: a row
  close(quantile([5, 1, 4, 2, 3], 0.5), 3);
  close(quantile([5, 1, 4, 2, 3], 0.95), 5);
  close(variation([2, 4]), 1 / 3);
  close(autocorrelation([1, -1, 1, -1], 1), -0.75);
  close(returnsOf([1, Math.E])[0] as number, 1);
  // The two largest against the third: (ln 8 + ln 4) / 2 over the threshold 1.
  close(tailExponent([1, 4, 8, 0.5], 0.5), 2 / Math.log(32));
  assert.ok(Number.isNaN(tailExponent([1, 2, 3], 0.5)), 'one value is no tail');
});

test('the quantities of a pure power law give its exponent as the tail', () => {
  const sizes = Array.from({ length: 20_000 }, (_, i) => ((i + 0.5) / 20_000) ** (-1 / 1.5));
  assert.ok(Math.abs(tailExponent(sizes, 0.1) - 1.5) < 0.01);
});

test('depth counts all within a distance of the mid price, and a flat book has a slope of about one', () => {
  const flat = (from: number, step: number) => Array.from({ length: 20 }, (_, i) => [from + i * step, 5] as const);
  const book = { bids: flat(100, -1), asks: flat(101, 1) };
  assert.deepEqual(depthOf(book.asks, 100.5).slice(0, 3), [[0.5, 5], [1.5, 10], [2.5, 15]]); // biome-ignore format: a row
  const { spread, depthSlope, touch, arrival } = profileOf({
    everyMs: 1000,
    books: [book, book, book],
    taken: [{ atMs: 0, qty: 1 }, { atMs: 300, qty: 1 }, { atMs: 400, qty: 2 }], // biome-ignore format: a row
  });
  close(spread.median, 1 / 100.5);
  close(touch, 5);
  close(arrival.meanMs, 200);
  close(arrival.variation, 0.5);
  assert.ok(depthSlope > 0.75 && depthSlope < 1, `${depthSlope}`);
});
