import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { seededRng } from '../../ports/rng.ts';
import { autocorrelation, mean, returnsOf, variance } from '../statistics/estimators.ts';
import { Walk } from './walk.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const walk = (seed = 1): Walk => {
  const one = new Walk(seededRng(seed), { anchor: money('100'), price: money('100'), dailyVolatility: 0.03 });
  one.advance(0);
  return one;
};
const priceAt = (one: Walk, at: number): string => {
  one.advance(at);
  return formatDecimal(one.price);
};

test('who looks, and how often, decides nothing', () => {
  const often = walk();
  for (let at = 0; at < 100_000; at += 37) often.advance(at);
  assert.equal(priceAt(often, 100_000), priceAt(walk(), 100_000));
  assert.notEqual(priceAt(walk(1), 100_000), priceAt(walk(2), 100_000));
});

test('over days it has the volatility that it was given, and lively hours come together', () => {
  const lively: number[] = [];
  const daily = [1, 2, 3].map((seed) => {
    const one = walk(seed);
    const prices: number[] = [];
    for (let at = 0; at <= DAY; at += MINUTE) {
      one.advance(at);
      prices.push(Number(one.price));
    }
    const moves = returnsOf(prices);
    lively.push(autocorrelation(moves.map(Math.abs), 5));
    assert.ok(Math.abs(autocorrelation(moves, 1)) < 0.06, 'what it did says nothing of what it will do');
    return Math.sqrt(variance(moves) * 1440);
  });
  assert.ok(Math.abs(mean(daily) / 0.03 - 1) < 0.1, `${daily}`);
  assert.ok(mean(lively) > 0.08, `${lively}`);
});

test('a path is followed on straight lines from where the price is, and walked on from at its end', () => {
  const one = walk();
  assert.ok(one.set(money('100')));
  const points = [
    { atMs: 10_000, price: money('110') },
    { atMs: 20_000, price: money('90') },
  ];
  assert.ok(one.follow(points, 0));
  assert.equal(priceAt(one, 5_000), '105');
  assert.equal(priceAt(one, 10_000), '110');
  assert.equal(priceAt(one, 17_500), '95');
  const after = Number(priceAt(one, 60_000));
  assert.ok(after !== 90 && Math.abs(after / 90 - 1) < 0.01, `${after}`);
});

test('a path that began in the past is joined where it is by now; one that goes back in time is refused', () => {
  const one = walk();
  one.advance(15_000);
  const points = [
    { atMs: 10_000, price: money('110') },
    { atMs: 20_000, price: money('90') },
  ];
  assert.ok(one.follow(points, 15_000));
  assert.equal(formatDecimal(one.price), '100');
  assert.equal(one.follow([...points].reverse(), 15_000), false);
  assert.equal(one.follow([], 15_000), false);
  assert.equal(one.follow([{ atMs: 30_000, price: money('0') }], 15_000), false);
  assert.equal(priceAt(one, 17_500), '95', 'what was refused changed nothing');
});

test('a price that is set ends a path, and is where the walk belongs from then on', () => {
  const one = walk();
  one.follow([{ atMs: DAY, price: money('200') }], 0);
  assert.ok(one.set(money('50')));
  assert.ok(Math.abs(Number(priceAt(one, 60_000)) / 50 - 1) < 0.01);
  assert.equal(one.set(money('0')), false);
  const days = Array.from({ length: 10 }, (_, i) => Number(priceAt(one, 60_000 + (i + 1) * DAY)));
  assert.ok(Math.abs(mean(days) / 50 - 1) < 0.15, `${days}`);
});
