import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../domain/decimal.ts';
import type { RiskFacts } from './checks.ts';
import { approve, reviewChecks } from './gate.ts';

const FACTS: RiskFacts = {
  side: 'buy', type: 'limit', postOnly: false, price: money('105'), notional: money('1050'), reference: money('100'), halted: null,
  accountHalted: false, maxOrderNotional: money('2000'), priceCollar: money('0.1'), tick: money('0.01'),
}; // biome-ignore format: short members together

const codeOf = (facts: Partial<RiskFacts>): string | null => {
  const verdict = approve('order', { ...FACTS, ...facts });
  return verdict.ok ? null : verdict.error.code;
};

test('an order inside every limit is approved', () => {
  assert.equal(codeOf({}), null);
});

test('a halt of everybody or of the account refuses', () => {
  assert.equal(codeOf({ halted: 'maintenance' }), 'KILL_SWITCH_ACTIVE');
  assert.equal(codeOf({ accountHalted: true }), 'KILL_SWITCH_ACTIVE');
});

test('the collar holds on the side that costs money, to the last digit', () => {
  assert.equal(codeOf({ price: money('110') }), null);
  assert.equal(codeOf({ price: money('110.01') }), 'PRICE_COLLAR');
  assert.equal(codeOf({ price: money('1') }), null, 'a buy far below rests, and harms nobody');
  assert.equal(codeOf({ side: 'sell', price: money('90') }), null);
  assert.equal(codeOf({ side: 'sell', price: money('89.99') }), 'PRICE_COLLAR');
  assert.equal(codeOf({ side: 'sell', price: money('1000') }), null);
});

test('the bound that is named is a price that can be given', () => {
  const bound = (facts: Partial<RiskFacts>) =>
    formatDecimal(reviewChecks({ ...FACTS, ...facts, reference: money('100.123') })[2]?.limit ?? money('0'));
  assert.equal(bound({}), '110.13');
  assert.equal(bound({ side: 'sell' }), '90.12');
});

test('without a reference only an order that waits may enter', () => {
  assert.equal(codeOf({ reference: null }), 'NO_REFERENCE_PRICE');
  assert.equal(codeOf({ reference: null, postOnly: true }), null);
});

test('one order is worth at most the limit', () => {
  assert.equal(codeOf({ notional: money('2000') }), null);
  assert.equal(codeOf({ notional: money('2000.000000000000000001') }), 'RISK_LIMIT_EXCEEDED');
  assert.equal(codeOf({ notional: null }), null);
});

test('who asks before trading sees every check with its numbers', () => {
  const shown = reviewChecks({ ...FACTS, price: money('111') }).map(({ name, passed, limit, value }) => [
    name,
    passed,
    limit === null ? null : formatDecimal(limit),
    value === null ? null : formatDecimal(value),
  ]);
  assert.deepEqual(shown, [
    ['kill_switch', true, null, null],
    ['reference_price', true, null, '100'],
    ['price_collar', false, '110', '111'],
    ['max_order_notional', true, '2000', '1050'],
  ]);
});
