import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import {
  adlIndicators,
  adlOrder,
  adlScore,
  type Deleverable,
  deleverage,
  effectiveLeverage,
  fundIsUsedUp,
} from './adl.ts';
import { type ContractKind, FLAT_PART, moveContract, tradeOf, tradeValue } from './contract.ts';

const held = (side: Side, qty: string, entry: string, margin: string, kind: ContractKind = 'linear'): Deleverable => {
  const value = tradeValue(kind, money(qty), money(entry));
  const { size, cost } = moveContract(FLAT_PART, tradeOf(kind, side, money(qty), value));
  return { kind, size, cost, mark: money('50000'), margin: money(margin) };
};

test('winners rank by profit × effective leverage, losers by loss ÷ effective leverage', () => {
  const winner = held('sell', '1', '60000', '6000');
  assert.equal(formatDecimal(effectiveLeverage(winner)), '3.125', '50,000 ÷ (6,000 + 10,000)');
  assert.ok(Math.abs(Number(adlScore(winner)) / 1e18 - (10_000 / 60_000) * 3.125) < 1e-12);
  const loser = held('buy', '1', '60000', '12500');
  assert.equal(formatDecimal(effectiveLeverage(loser)), '20', '50,000 ÷ (12,500 − 10,000)');
  assert.ok(Math.abs(Number(adlScore(loser)) / 1e18 + 10_000 / 60_000 / 20) < 1e-12);
  assert.equal(formatDecimal(effectiveLeverage(held('buy', '1', '60000', '9000'))), '1000', 'nothing stands behind it');
  const inverse = held('sell', '50000', '62500', '0.3', 'inverse');
  assert.equal(formatDecimal(effectiveLeverage(inverse)), '2', '1 ÷ (0.3 + 0.2) BTC');
  assert.equal(formatDecimal(adlScore(inverse)), '0.5', 'a quarter of the entry value × 2');
});

test('the queue has the highest score first, and its fifths are the five lights', () => {
  const scores = ['0.1', '-0.5', '2', '0.1', '1', '0', '-1', '3', '0.5', '0.2'].map((score) => money(score));
  assert.deepEqual(adlOrder(scores), [7, 2, 4, 8, 9, 0, 3, 5, 1, 6]);
  assert.deepEqual(adlIndicators(scores), [3, 1, 5, 2, 4, 2, 1, 5, 4, 3]);
  assert.deepEqual(adlIndicators([money('-7')]), [5], 'one alone is the first');
});

test('a position that nobody takes is closed against the other side, first in the queue first', () => {
  const others = [
    held('sell', '1', '50500', '5000'),
    held('sell', '2', '60000', '6000'),
    held('buy', '9', '40000', '4000'),
    held('sell', '4', '45000', '9000'),
  ];
  const closed = (size: string) => deleverage(money(size), others).map(({ index, qty }) => `${index}:${formatDecimal(qty)}`); // biome-ignore format: one line
  assert.deepEqual(closed('1.5'), ['1:1.5']);
  assert.deepEqual(closed('2.5'), ['1:2', '0:0.5']);
  assert.deepEqual(closed('100'), ['1:2', '0:1', '3:4'], 'short of the rest: there is no other side');
  assert.deepEqual(closed('-3'), ['2:3']);
  assert.deepEqual(closed('0'), []);
});

test('the fund is used up when its coins and its profits are', () => {
  assert.equal(fundIsUsedUp(money('100'), money('-99.99')), false);
  assert.equal(fundIsUsedUp(money('100'), money('-100')), true);
});

test('what is deleveraged is what was to be closed, or all that the other side has (property)', () => {
  const book = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 30, max: 80 })));
  fc.assert(
    fc.property(book, fc.integer({ min: 1, max: 500 }), fc.boolean(), (rows, qty, long) => {
      const others = rows.map(([buy, lots, entry]) => held(buy ? 'buy' : 'sell', `${lots}`, `${entry}000`, `${lots}000`)); // biome-ignore format: one line
      const closed = deleverage((BigInt(long ? qty : -qty) * money('1')) as Money, others);
      const available = rows.filter(([buy]) => buy !== long).reduce((sum, [, lots]) => sum + lots, 0);
      const sum = closed.reduce((all, one) => all + one.qty, 0n);
      assert.equal(sum, BigInt(Math.min(qty, available)) * money('1'));
      const scores = closed.map(({ index }) => adlScore(others[index]!));
      assert.deepEqual(
        scores,
        [...scores].sort((a, b) => (a > b ? -1 : a < b ? 1 : 0)),
      );
      assert.ok(closed.every(({ index, qty: one }) => one > 0n && one <= money(`${rows[index]![1]}`)));
    }),
  );
});
