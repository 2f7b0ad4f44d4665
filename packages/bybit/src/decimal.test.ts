import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decimalsOf, expandExponent, isDecimal, stepOf, unitsOf, unitsText } from './decimal.ts';

test('a plain decimal is recognised, anything else is not', () => {
  for (const good of ['0', '12', '-0.50', '0.00000001', '00.1']) assert.ok(isDecimal(good), good);
  for (const bad of ['', '-', '.5', '5.', '1e-7', '+1', ' 1', '1 ', '1.2.3', 'NaN', '0x1', '１'])
    assert.ok(!isDecimal(bad), bad);
});

test('scientific notation is written out exactly', () => {
  const written = {
    '1e-7': '0.0000001',
    '0E-8': '0.00000000',
    '1.25E3': '1250',
    '-2.5e0': '-2.5',
    '1.2345e2': '123.45',
  };
  for (const [text, plain] of Object.entries(written)) assert.equal(expandExponent(text), plain);
  assert.equal(expandExponent('1e'), null);
  assert.equal(expandExponent('1e999'), null);
});

test('written out, scientific notation keeps its value', () => {
  const digits = fc.tuple(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: -12, max: 12 }));
  fc.assert(
    fc.property(digits, ([mantissa, exponent]) => {
      const plain = expandExponent(`${mantissa}e${exponent}`);
      assert.ok(plain !== null && isDecimal(plain));
      assert.equal(Number(plain), Number(`${mantissa}e${exponent}`));
    }),
  );
});

test('a step counts in whole numbers of its own', () => {
  assert.deepEqual(stepOf('0.10'), { scale: 1, divisor: 1 });
  assert.deepEqual(stepOf('0.05'), { scale: 2, divisor: 5 });
  assert.deepEqual(stepOf('10'), { scale: 0, divisor: 10 });
  assert.deepEqual(stepOf('1.000'), { scale: 0, divisor: 1 });
  for (const bad of ['0', '-1', '', 'x', '0.000']) assert.equal(stepOf(bad), null, bad);
});

test('units are exact or refused', () => {
  assert.equal(unitsOf('1.9531', 4), 19_531);
  assert.equal(unitsOf('30247.20', 1), 302_472);
  assert.equal(unitsOf('-0.5', 2), -50);
  assert.ok(Number.isNaN(unitsOf('1.23', 1)));
  assert.ok(Number.isNaN(unitsOf('99999999999999999', 0)));
  assert.ok(Number.isNaN(unitsOf('', 0)));
});

test('what is no number has no text', () => {
  for (const bad of [Number.NaN, 0.5, 2 ** 60, Number.POSITIVE_INFINITY])
    assert.throws(() => unitsText(bad, 2), RangeError);
});

test('printing units is the inverse of reading them', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), fc.integer({ min: 0, max: 12 }), (units, scale) => {
      const text = unitsText(units, scale);
      assert.equal(unitsOf(text, scale), units);
      assert.ok(decimalsOf(text) <= scale);
    }),
  );
});
