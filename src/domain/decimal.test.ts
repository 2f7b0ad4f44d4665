import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import {
  divide, formatDecimal, formatFixed, gcd, money, multiply, ONE, parseDecimal, quotient, type Rounding, roundTo, scaleOf,
} from './decimal.ts'; // biome-ignore format: a list
import type { Money } from './ids.ts';

const Reference = Decimal.clone({ precision: 120, toExpNeg: -100, toExpPos: 100 });
const MODES: Readonly<Record<Rounding, Decimal.Rounding>> = {
  down: Decimal.ROUND_FLOOR,
  up: Decimal.ROUND_CEIL,
  toward_zero: Decimal.ROUND_DOWN,
  away_from_zero: Decimal.ROUND_UP,
  half_even: Decimal.ROUND_HALF_EVEN,
};
const roundings = fc.constantFrom(...(Object.keys(MODES) as Rounding[]));
/** From dust to a trillion with 18 digits: what crypto has. */
const amounts = fc.oneof(
  fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
  fc.constantFrom(0n, 1n, -1n, 10n ** 18n, 10n ** 10n, 10n ** 30n, 999_999_999_999_999_999n),
) as fc.Arbitrary<Money>;
const reference = (value: Money): Decimal => new Reference(value.toString()).div('1e18');

test('print and parse are inverse, and agree with a reference library', () => {
  fc.assert(
    fc.property(amounts, (value) => {
      const text = formatDecimal(value);
      assert.equal(text, reference(value).toString());
      assert.deepEqual(parseDecimal(text), { ok: true, value });
    }),
  );
});

test('products and quotients round once, in the direction that is named', () => {
  fc.assert(
    fc.property(amounts, amounts, roundings, (a, b, rounding) => {
      const product = reference(a).times(reference(b)).toDecimalPlaces(18, MODES[rounding]);
      assert.equal(formatDecimal(multiply(a, b, rounding)), product.plus(0).toString());
      if (b === 0n) return;
      const ratio = reference(a).div(reference(b)).toDecimalPlaces(18, MODES[rounding]);
      assert.equal(formatDecimal(quotient(a, b, rounding)), ratio.plus(0).toString());
    }),
  );
});

test('rounding to a scale agrees with a reference library', () => {
  fc.assert(
    fc.property(amounts, fc.integer({ min: 0, max: 18 }), roundings, (value, scale, rounding) => {
      const expected = reference(value).toDecimalPlaces(scale, MODES[rounding]).plus(0);
      assert.equal(formatDecimal(roundTo(value, scale, rounding)), expected.toString());
      assert.equal(formatFixed(value, scale, rounding), expected.toFixed(scale));
    }),
  );
});

test('what is not a plain decimal is refused with a reason', () => {
  const refused = [
    '',
    ' 1',
    '1 ',
    '+1',
    '1e5',
    '1E5',
    '0x10',
    '1_000',
    '1,5',
    '.5',
    '5.',
    'NaN',
    'Infinity',
    '--1',
    '１',
    '٣',
    '1.2.3',
    '-',
  ];
  for (const text of refused)
    assert.deepEqual(parseDecimal(text), { ok: false, error: { code: 'NOT_A_DECIMAL', text } });
  assert.equal(parseDecimal('0.0000000000000000001').ok, false);
  assert.equal(parseDecimal('1'.repeat(33)).ok, false);
  assert.deepEqual(parseDecimal('0.100000000000000000'), { ok: true, value: 10n ** 17n });
});

test('minus zero is zero', () => {
  assert.deepEqual(parseDecimal('-0'), { ok: true, value: 0n });
  assert.equal(formatDecimal(money('-0.0')), '0');
});

test('the scale of an amount is the number of digits that it needs', () => {
  assert.equal(scaleOf(money('1.50')), 1);
  assert.equal(scaleOf(money('0.00000001')), 8);
  assert.equal(scaleOf(money('-12')), 0);
});

test('a common grid divides both', () => {
  assert.equal(gcd(money('0.5'), money('0.2')), money('0.1'));
  assert.equal(gcd(ONE, ONE), ONE);
});

test('division leaves whole numbers alone', () => {
  for (const rounding of Object.keys(MODES) as Rounding[]) assert.equal(divide(-6n, 3n, rounding), -2n);
});
