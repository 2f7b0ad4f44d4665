import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passiveShare, squareRootImpact, waterFill } from './impact.ts';

const near = (actual: number | undefined, expected: number, tolerance: number): void =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('linear impact is shared until marginal prices are equal', () => {
  const { marginal, shares } = waterFill(
    [
      { price: 100.1, impact: 0.05 },
      { price: 100.080012, impact: 0.01 },
    ],
    10,
  );
  near(marginal, 100.25001, 1e-9);
  near(shares[0], 1.5001, 1e-9);
  near(shares[1], 8.4999, 1e-9);
});

test('a venue dearer than the marginal price gets nothing', () => {
  const { shares } = waterFill(
    [
      { price: 101, impact: 0.1 },
      { price: 100, impact: 0.01 },
    ],
    10,
  );
  assert.equal(shares[0], 0);
  near(shares[1], 10, 1e-9);
});

test('how much to rest at one venue follows the outflow of its queue', () => {
  const outflowQuantile = (probability: number): number => -12 * Math.log(1 - probability);
  const terms = {
    target: 10,
    queue: 5,
    halfSpread: 0.02,
    takerFee: 0.003,
    makerRebate: 0.002,
    underfill: 0.05,
    outflowQuantile,
  };
  const { rest, take } = passiveShare(terms);
  near(rest, 6.76995, 1e-5);
  near(take, 3.23005, 1e-5);
  assert.deepEqual(passiveShare({ ...terms, queue: 50 }), { rest: 0, take: 10 });
  assert.deepEqual(passiveShare({ ...terms, underfill: 0.001 }), { rest: 10, take: 0 });
});

test('impact grows with the square root of the share of volume', () => {
  near(squareRootImpact(0.03, 1, 100), 0.003, 1e-15);
});
