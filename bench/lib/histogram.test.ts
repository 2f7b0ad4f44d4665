import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Histogram } from './histogram.ts';

test('percentiles of small values are exact', () => {
  const histogram = new Histogram();
  for (let value = 1; value <= 100; value += 1) histogram.record(value);
  assert.equal(histogram.count, 100);
  assert.equal(histogram.percentile(0.5), 50);
  assert.equal(histogram.percentile(0.01), 1);
  assert.equal(histogram.percentile(0), 1);
});

test('percentiles of large values are exact to 1/64 and never too small', () => {
  for (const value of [127, 128, 129, 1_000, 65_535, 65_536, 1_234_567, 2 ** 40 + 12_345]) {
    const histogram = new Histogram();
    histogram.record(value);
    const found = histogram.percentile(0.999);
    assert.ok(found >= value && found <= value * (1 + 1 / 64), `${value}: ${found}`);
  }
});

test('one slow value in a thousand is the 99.95th percentile and not the 99th', () => {
  const histogram = new Histogram();
  for (let index = 0; index < 999; index += 1) histogram.record(10);
  histogram.record(5_000);
  assert.equal(histogram.percentile(0.99), 10);
  assert.ok(histogram.percentile(0.9995) >= 5_000);
});
