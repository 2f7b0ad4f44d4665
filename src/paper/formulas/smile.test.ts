import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { black76 } from './options.ts';
import { atmVariance, DEFAULT_SMILES, smileProblem, smileVol, type SmileTerms } from './smile.ts';

const FLAT: SmileTerms = { shortVol: 0.6, longVol: 0.6, yearsToRevert: 0.25, skew: 0, curvature: 1 };
const near = (actual: number, expected: number, within: number) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);

test('at the money the volatility is that of the term: short at first, long in the end', () => {
  const terms = { ...FLAT, shortVol: 0.4, longVol: 0.8 };
  near(smileVol(terms, 100, 100, 1e-6), 0.4, 1e-5);
  near(smileVol(terms, 100, 100, 100), 0.8, 2e-3);
  near(smileVol(FLAT, 100, 100, 0.1), 0.6, 1e-12);
});

test('without skew both wings rise alike; with it low strikes cost more', () => {
  const at = (terms: SmileTerms, ratio: number) => smileVol(terms, 100, 100 * ratio, 0.1);
  near(at(FLAT, 1.25), at(FLAT, 1 / 1.25), 1e-12);
  assert.ok(at(FLAT, 1.25) > at(FLAT, 1.1) && at(FLAT, 1.1) > at(FLAT, 1));
  const skewed = { ...FLAT, skew: -0.3 };
  assert.ok(at(skewed, 0.8) > at(skewed, 1.25) + 0.02);
  assert.ok(at({ ...FLAT, curvature: 1.5 }, 1.3) > at(FLAT, 1.3));
});

test('the defaults can be used, and what could be arbitraged is named', () => {
  assert.deepEqual(Object.values(DEFAULT_SMILES).map(smileProblem).filter(Boolean), []);
  assert.match(smileProblem({ ...FLAT, skew: 1 }) ?? '', /skew/);
  assert.match(smileProblem({ ...FLAT, curvature: 2.1 }) ?? '', /curvature/);
  assert.match(smileProblem({ ...FLAT, skew: -0.5, curvature: 1.4 }) ?? '', /curvature/);
  assert.match(smileProblem({ ...FLAT, longVol: 0 }) ?? '', /volatilities/);
  assert.match(smileProblem({ ...FLAT, yearsToRevert: Number.NaN }) ?? '', /time/);
});

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const anyTerms: fc.Arbitrary<SmileTerms> = fc
  .record({
    shortVol: real(0.1, 1.5),
    longVol: real(0.1, 1.5),
    yearsToRevert: real(0.02, 2),
    skew: real(-0.9, 0.9),
    curvature: real(0.05, 1),
  })
  .map((terms) => ({ ...terms, curvature: (terms.curvature * 2) / (1 + Math.abs(terms.skew)) }));

test('calls fall and puts rise with the strike, both convex: no spread or butterfly is free (property)', () => {
  fc.assert(
    fc.property(anyTerms, real(0.01, 2), (terms, years) => {
      const forward = 1000;
      const price = (type: 'call' | 'put', strike: number) =>
        black76({ type, forward, strike, years, vol: smileVol(terms, forward, strike, years), rate: 0 }).price;
      const strikes = Array.from({ length: 40 }, (_, index) => 300 + index * 50);
      const slack = 1e-9 * forward;
      for (const strike of strikes) {
        const [below, at, above] = [strike - 50, strike, strike + 50].map((one) => price('call', one));
        assert.ok(below! >= at! - slack && at! >= above! - slack, `calls at ${strike}`);
        assert.ok(below! + above! - 2 * at! >= -slack, `butterfly at ${strike}`);
        assert.ok(price('put', strike + 50) >= price('put', strike) - slack, `puts at ${strike}`);
      }
    }),
  );
});

test('total variance of every strike grows with time: no calendar is free (property)', () => {
  fc.assert(
    fc.property(anyTerms, real(0.01, 2), real(0.001, 1), real(0.3, 3), (terms, years, more, ratio) => {
      const total = (time: number) => smileVol(terms, 100, 100 * ratio, time) ** 2 * time;
      assert.ok(atmVariance(terms, years + more) > atmVariance(terms, years));
      assert.ok(total(years + more) >= total(years) * (1 - 1e-12));
    }),
  );
});
