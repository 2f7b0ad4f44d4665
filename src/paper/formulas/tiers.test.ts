import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { maintenanceOf, maxLeverageAt, riskLimitAt, riskLimitRows, type TierTerms, withDeductions } from './tiers.ts';

const terms = (rows: readonly (readonly [upTo: string | null, rate: string, leverage: string])[]): TierTerms[] =>
  rows.map(([upTo, rate, leverage]) => ({
    upTo: upTo === null ? null : money(upTo),
    rate: money(rate),
    maxLeverage: money(leverage),
  }));

const XYZ = withDeductions(
  terms([
    ['1000', '0.02', '25'], ['2000', '0.025', '20'], ['3000', '0.03', '15'], ['4000', '0.035', '12.5'], ['5000', '0.04', '10'],
  ]), // biome-ignore format: a table
);
const BTC = withDeductions(
  terms([
    ['2000000', '0.005', '100'],
    ['10000000', '0.0056', '90'],
    [null, '0.0062', '80'],
  ]),
);

test('the deductions of the help centre table XYZUSDT, and the maintenance margin of 3,500', () => {
  assert.deepEqual(
    XYZ.map(({ deduction }) => formatDecimal(deduction)),
    ['0', '5', '15', '30', '50'],
  );
  assert.equal(formatDecimal(maintenanceOf(XYZ, money('3500'))), '92.5');
});

test('BTCUSDT of 2.6 million needs 13,360 of maintenance', () => {
  assert.equal(formatDecimal(maintenanceOf(BTC, money('2600000'))), '13360');
});

test('maintenance margin is rounded up', () => {
  assert.equal(formatDecimal(maintenanceOf(BTC, money('0.00000001'))), '0.00000001');
});

test('a limit belongs to the tier below it; beyond the last limit its rate goes on', () => {
  assert.equal(formatDecimal(maxLeverageAt(BTC, money('2000000'))), '100');
  assert.equal(formatDecimal(maxLeverageAt(BTC, money('2000000.00000001'))), '90');
  assert.equal(formatDecimal(maintenanceOf(XYZ, money('6000'))), '190', '6,000 × 4 % − 50');
});

test('the risk limit of a leverage is the end of the last tier that allows it', () => {
  const limit = (leverage: string) => riskLimitAt(BTC, money(leverage));
  assert.equal(formatDecimal(limit('100') as Money), '2000000');
  assert.equal(formatDecimal(limit('85') as Money), '10000000');
  assert.equal(limit('80'), null, 'without end');
  assert.equal(formatDecimal(limit('101') as Money), '0', 'nobody may');
});

test('rows of the risk table carry the rate that the highest leverage leaves', () => {
  const rows = riskLimitRows(BTC, 1).map(({ id, initialRate, rate, deduction, lowest }) =>
    [id, formatDecimal(initialRate), formatDecimal(rate), formatDecimal(deduction), lowest].join(' '),
  );
  assert.deepEqual(rows, [
    '1 0.01 0.005 0 true',
    '2 0.011111111111111112 0.0056 1200 false',
    '3 0.0125 0.0062 7200 false',
  ]);
});

test('limits and rates that fall are refused', () => {
  assert.throws(() => withDeductions(terms([['2', '0.01', '10'], ['1', '0.02', '5']])), RangeError); // biome-ignore format: a table
  assert.throws(() => withDeductions(terms([['1', '0.02', '10'], ['2', '0.01', '5']])), RangeError); // biome-ignore format: a table
  assert.throws(() => withDeductions(terms([[null, '0.01', '10'], ['2', '0.02', '5']])), RangeError); // biome-ignore format: a table
});

/** Sum of marginal bands, in floats, without deductions. */
function bands(rows: readonly TierTerms[], value: number): number {
  let sum = 0;
  let below = 0;
  for (const { upTo, rate } of rows) {
    const end = upTo === null || upTo === rows.at(-1)?.upTo ? Number.POSITIVE_INFINITY : Number(upTo) / 1e18;
    if (value > below) sum += (Math.min(value, end) - below) * (Number(rate) / 1e18);
    below = end;
  }
  return sum;
}

test('maintenance margin is the sum of its marginal bands and never falls with the value (property)', () => {
  const tiers = fc.array(fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 50 })), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(
      tiers,
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 0, max: 1000 }),
      (raw, cents, more) => {
        let [limit, rate] = [0, 0];
        const rows = raw.map(([width, step]) => {
          limit += width;
          rate += step;
          return { upTo: money(`${limit}`), rate: (BigInt(rate) * money('0.0001')) as Money, maxLeverage: money('10') };
        });
        const built = withDeductions(rows);
        const value = (BigInt(cents) * money('0.01')) as Money;
        const margin = maintenanceOf(built, value);
        const expected = bands(rows, cents / 100);
        assert.ok(Math.abs(Number(margin) / 1e18 - expected) < 1e-6 + expected * 1e-9, `${formatDecimal(margin)}`);
        assert.ok(maintenanceOf(built, (value + BigInt(more) * money('0.01')) as Money) >= margin);
      },
    ),
  );
});
