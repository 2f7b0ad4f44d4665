import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { borrowableMore, hourlyInterest, hourlyOf, interestBearing, repayable } from './borrow.ts';

const terms = (hourlyRate: string, freeAmount = '0', limit: string | null = null) => ({
  hourlyRate: money(hourlyRate),
  freeAmount: money(freeAmount),
  limit: limit === null ? null : money(limit),
});
const shown = (amount: Money | null) => (amount === null ? null : formatDecimal(amount));

test('an hour costs amount × hourly rate, rounded up', () => {
  assert.equal(shown(hourlyInterest(money('1000'), terms('0.00000571'))), '0.00571');
  assert.equal(shown(hourlyInterest(money('0.001'), terms('0.00000571'))), '0.00000001');
  assert.equal(shown(hourlyInterest(money('0'), terms('0.00000571'))), '0');
  assert.equal(shown(hourlyInterest(money('-1'), terms('0.00000571'))), '0');
});

test('beyond the limit the rate grows with the cube of its use', () => {
  assert.equal(shown(hourlyInterest(money('100'), terms('0.00001', '0', '100'))), '0.001');
  assert.equal(shown(hourlyInterest(money('200'), terms('0.00001', '0', '100'))), '0.016', '200 × 0.00001 × 8');
});

test('unrealised losses are free up to an amount, spot borrowing is not', () => {
  assert.equal(shown(interestBearing(money('10'), money('500'), terms('0', '200'))), '310');
  assert.equal(shown(interestBearing(money('10'), money('100'), terms('0', '200'))), '10');
});

test('a repayment pays at most what is owed, wanted and there', () => {
  const pays = (owed: string, wanted: string | null, free: string) =>
    shown(repayable(money(owed), wanted === null ? null : money(wanted), money(free)));
  assert.equal(pays('10', null, '50'), '10');
  assert.equal(pays('10', '4', '50'), '4');
  assert.equal(pays('10', '20', '50'), '10');
  assert.equal(pays('10', null, '3'), '3');
  assert.equal(pays('10', null, '-3'), '0');
});

test('more can be borrowed while its margin is there and the limit allows it', () => {
  const more = (available: string, ratio: string, limit: string | null, initialRate = '0.1') =>
    shown(
      borrowableMore(money('1'), money(available), {
        index: money('2000'), initialRate: money(initialRate), ratio: money(ratio),
        limit: limit === null ? null : money(limit),
      }), // biome-ignore format: a row
    );
  assert.equal(more('1000', '1', null), '5', '5 × 2,000 × 0.1');
  assert.equal(more('1000', '0.9', null), '2.5', 'the coin counts for nine tenths, the debt whole');
  assert.equal(more('1000', '1', '3'), '2');
  assert.equal(more('-5', '1', '3'), '0');
  assert.equal(more('1000', '1', null, '0'), null);
  assert.equal(more('1000', '1', '0.5'), '0', 'beyond the limit already');
});

test('an hourly rate is a 8,760th of the yearly one', () => {
  assert.equal(shown(hourlyOf(money('0.0876'))), '0.00001');
});
