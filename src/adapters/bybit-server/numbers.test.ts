import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, formatFixed, money, scaleOf } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { countFormat, shownChange, shownQuotient } from './numbers.ts';

test('the fast text of a count of ticks equals the exact one', () => {
  const unit = fc.constantFrom('0.1', '0.01', '0.00000001', '5', '0.25', '1', '10').map(money);
  fc.assert(
    fc.property(unit, fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (tick, count) => {
      const exact = (BigInt(count) * tick) as Money;
      assert.equal(countFormat(tick, true)(count), formatDecimal(exact));
      assert.equal(countFormat(tick, false)(count), formatFixed(exact, scaleOf(tick), 'down'));
    }),
  );
});

test('a derivative keeps the zeros of its tick and spot does not', () => {
  assert.equal(countFormat(money('0.01'), false)(6_666_660), '66666.60');
  assert.equal(countFormat(money('0.01'), true)(6_666_660), '66666.6');
  assert.equal(countFormat(money('0.01'), true)(100), '1');
  assert.equal(countFormat(money('10'), true)(3), '30');
});

test('averages show eight digits, changes the digits of their ticker', () => {
  assert.equal(shownQuotient(money('10'), money('3'), 2), '3.33333333');
  assert.equal(shownQuotient(money('10'), money('0'), 2), '0');
  assert.equal(shownChange(money('20393.48'), money('20533.13'), 4), '0.0068');
  assert.equal(shownChange(money('0'), money('5'), 4), '0');
});
