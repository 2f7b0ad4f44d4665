import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal } from '../../domain/decimal.ts';
import { normalBelow } from './normal.ts';
import { black76, blackScholes, fromFloat, impliedVol, type OptionModel, shownGreeks } from './options.ts';

const near = (actual: number, expected: number, within: number, what = '') =>
  assert.ok(Math.abs(actual - expected) <= within, `${what}: ${actual} is not ${expected}`);

test('the normal distribution, to fifteen digits, in both tails', () => {
  near(normalBelow(0), 0.5, 0);
  near(normalBelow(1), 0.8413447460685429, 2e-16);
  near(normalBelow(-2), 0.022750131948179207, 2e-16);
  near(normalBelow(3.5), 0.9997673709209645, 2e-16);
  near(normalBelow(-5) / 2.866515718791939e-7, 1, 1e-13);
  near(normalBelow(-10) / 7.61985302416052e-24, 1, 1e-13);
  near(normalBelow(3 - 1e-13), normalBelow(3 + 1e-13), 1e-14, 'both formulas meet');
  near(normalBelow(-3 + 1e-13), normalBelow(-3 - 1e-13), 1e-14);
});

test('Hull: spot 42, strike 40, 10 %, 20 %, half a year: 4.7594 and 0.8086, and the greeks of the call', () => {
  const terms = { spot: 42, strike: 40, rate: 0.1, vol: 0.2, years: 0.5 };
  const call = blackScholes({ ...terms, type: 'call' });
  near(call.price, 4.7594, 5e-5);
  near(blackScholes({ ...terms, type: 'put' }).price, 0.8086, 5e-5);
  near(call.delta, 0.779131, 5e-7);
  near(call.gamma, 0.049963, 5e-7);
  near(call.vega, 8.813415, 5e-7);
  near(call.theta, -4.559092, 5e-7, 'a year');
});

test("Hull's greeks: spot 49, strike 50, 5 %, 20 %, twenty weeks", () => {
  const call = blackScholes({ type: 'call', spot: 49, strike: 50, rate: 0.05, vol: 0.2, years: 0.3846 });
  near(call.price, 2.400461, 5e-7);
  near(call.delta, 0.521602, 5e-7);
  near(call.gamma, 0.065545, 5e-7);
  near(call.vega, 12.105243, 5e-7);
  near(call.theta, -4.30539, 5e-6);
  near(call.rho, 8.906574, 5e-7);
});

test('Hull: Black 76 put on futures at 20, 9 %, 25 %, four months: 1.116641', () => {
  const put = black76({ type: 'put', forward: 20, strike: 20, rate: 0.09, vol: 0.25, years: 4 / 12 });
  near(put.price, 1.116641, 5e-7);
});

test('BTC at the money: 60,000, 60 %, 30 days: both 4,112.364431, deltas .53427 and -.46573', () => {
  const terms = { forward: 60000, strike: 60000, rate: 0, vol: 0.6, years: 30 / 365 };
  const [call, put] = [black76({ ...terms, type: 'call' }), black76({ ...terms, type: 'put' })];
  near(call.price, 4112.364431, 5e-7);
  near(put.price, 4112.364431, 5e-7);
  near(call.delta, 0.53427, 5e-6);
  near(put.delta, -0.46573, 5e-6);
  near(call.price + put.price, 8224.73, 5e-3);
  const shown = shownGreeks(call);
  near(shown.vega, call.vega / 100, 0, 'for one point');
  near(shown.theta, call.theta / 365, 0, 'for one day');
});

test('at expiry, and without volatility, an option is worth what it pays', () => {
  const terms = { forward: 110, strike: 100, rate: 0, vol: 0.5, years: 0 };
  assert.deepEqual(black76({ ...terms, type: 'call' }), { price: 10, delta: 1, gamma: 0, vega: 0, theta: 0 });
  assert.deepEqual(black76({ ...terms, type: 'put' }), { price: 0, delta: 0, gamma: 0, vega: 0, theta: 0 });
  assert.equal(black76({ ...terms, type: 'put', strike: 120, vol: 0, years: 1 }).delta, -1);
});

test('no volatility gives a price that no model can have', () => {
  const terms = { type: 'call', forward: 100, strike: 90, rate: 0, years: 0.5 } as const;
  assert.equal(impliedVol(terms, 10), null, 'only what it pays at once');
  assert.equal(impliedVol(terms, 9), null);
  assert.equal(impliedVol(terms, 100), null, 'as much as the coin');
  assert.equal(impliedVol(terms, 0), null);
  assert.equal(impliedVol({ ...terms, years: 0 }, 11), null);
  assert.ok((impliedVol(terms, 10.0001) as number) > 0);
});

test('a model number becomes money at eight digits', () => {
  assert.equal(formatDecimal(fromFloat(4112.364431)), '4112.364431');
  assert.equal(formatDecimal(fromFloat(-0.000000005)), '-0.00000001');
  assert.equal(formatDecimal(fromFloat(12.34567, 2)), '12.35');
  assert.throws(() => fromFloat(1e12), RangeError);
  assert.throws(() => fromFloat(Number.NaN), RangeError);
});

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const anyModel: fc.Arbitrary<OptionModel> = fc.record({
  type: fc.constantFrom('call' as const, 'put' as const),
  forward: real(1000, 100_000),
  strike: real(0.5, 2), // × forward
  years: real(0.01, 2),
  vol: real(0.1, 2),
  rate: real(0, 0.1),
}).map((one) => ({ ...one, strike: one.strike * one.forward })); // biome-ignore format: a record

test('put-call parity (property)', () => {
  fc.assert(
    fc.property(anyModel, (model) => {
      const [call, put] = (['call', 'put'] as const).map((type) => black76({ ...model, type }).price);
      const { forward, strike, rate, years } = model;
      near(call! - put!, Math.exp(-rate * years) * (forward - strike), 1e-11 * forward);
    }),
  );
});

test('prices rise with volatility and lie between what the option pays and what it could ever (property)', () => {
  fc.assert(
    fc.property(anyModel, real(0, 0.5), (model, more) => {
      const { price } = black76(model);
      assert.ok(black76({ ...model, vol: model.vol + more }).price >= price - 1e-10 * model.forward);
      const discount = Math.exp(-model.rate * model.years);
      const pays = Math.max(0, (model.type === 'call' ? 1 : -1) * (model.forward - model.strike));
      const most = model.type === 'call' ? model.forward : model.strike;
      assert.ok(price >= discount * pays - 1e-10 * model.forward && price <= discount * most);
    }),
  );
});

test('the volatility of a price is the one that made it, to 1e-8 (property)', () => {
  fc.assert(
    fc.property(anyModel, (model) => {
      const { price, vega } = black76(model);
      fc.pre(vega > 1e-4 * model.forward); // else many volatilities share one float64 price
      const found = impliedVol(model, price);
      near(found ?? Number.NaN, model.vol, 1e-8 * Math.max(1, model.vol), 'round trip');
    }),
    { numRuns: 1000 },
  );
});

test('far out of the money too: its own small price is enough (property)', () => {
  fc.assert(
    fc.property(real(0.05, 3), real(1.01, 5), real(0.002, 1), (vol, ratio, years) => {
      const model = { type: 'call', forward: 1000, strike: 1000 * ratio, years, vol, rate: 0 } as const;
      const { price } = black76(model);
      fc.pre(price > 1e-250 && price < 900);
      near((impliedVol(model, price) ?? Number.NaN) / vol, 1, 1e-8, `${price}`);
    }),
    { numRuns: 1000 },
  );
});

test('greeks are the derivatives of the price (property)', () => {
  fc.assert(
    fc.property(anyModel, (model) => {
      const { forward, years, vol } = model;
      const quote = black76(model);
      const price = (change: Partial<OptionModel>) => black76({ ...model, ...change }).price;
      const step = forward * 1e-4;
      const [up, down] = [price({ forward: forward + step }), price({ forward: forward - step })];
      near((up - down) / (2 * step), quote.delta, 1e-5, 'delta');
      near(((up + down - 2 * quote.price) / (step * step)) * forward, quote.gamma * forward, 2e-4 * (1 + quote.gamma * forward), 'gamma'); // biome-ignore format: one line
      near((price({ vol: vol + 1e-5 }) - price({ vol: vol - 1e-5 })) / 2e-5, quote.vega, 1e-5 * forward, 'vega');
      const day = years * 1e-4;
      near(-(price({ years: years + day }) - price({ years: years - day })) / (2 * day), quote.theta, 1e-5 * forward + 1e-4 * Math.abs(quote.theta), 'theta'); // biome-ignore format: one line
    }),
  );
});
