import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import { movePosition, type OpenPart } from './position.ts';

const flat: OpenPart = { size: money('0'), cost: money('0') };
const trade = (before: OpenPart, side: Side, qty: string, price: string) =>
  movePosition('linear', before, side, money(qty), ((money(qty) * money(price)) / 10n ** 18n) as Money);
const shown = (moved: ReturnType<typeof movePosition>) =>
  Object.fromEntries(Object.entries(moved).map(([name, amount]) => [name, formatDecimal(amount)]));

test('adding to a position averages its cost; closing realises against the average', () => {
  const one = trade(flat, 'buy', '1', '100');
  const two = trade(one, 'buy', '1', '110');
  assert.deepEqual(shown(two), { size: '2', cost: '210', closedQty: '0', realised: '0' });
  assert.deepEqual(shown(trade(two, 'sell', '0.5', '120')), {
    size: '1.5',
    cost: '157.5',
    closedQty: '0.5',
    realised: '7.5',
  });
});

test('a short earns when it buys back lower', () => {
  const short = trade(flat, 'sell', '2', '50');
  assert.deepEqual(shown(short), { size: '-2', cost: '-100', closedQty: '0', realised: '0' });
  assert.deepEqual(shown(trade(short, 'buy', '2', '45')), { size: '0', cost: '0', closedQty: '2', realised: '10' });
});

test('a trade through zero closes the old position and opens the other side at its own price', () => {
  const long = trade(flat, 'buy', '1', '100');
  assert.deepEqual(shown(trade(long, 'sell', '3', '90')), {
    size: '-2',
    cost: '-180',
    closedQty: '1',
    realised: '-10',
  });
});

test('a third of a cost that does not divide is rounded against the profit and stays with the rest', () => {
  const long = trade(trade(flat, 'buy', '1', '100'), 'buy', '2', '100.05');
  const closed = trade(long, 'sell', '1', '100.1');
  assert.equal(formatDecimal(closed.realised), '0.06666666');
  assert.equal(closed.cost + closed.realised * -1n, long.cost - money('100.1'));
});

test('whatever is traded, cost less realised profit is exactly what was paid (property)', () => {
  const trades = fc.array(
    fc.record({
      buy: fc.boolean(),
      lots: fc.integer({ min: 1, max: 5000 }),
      ticks: fc.integer({ min: 1, max: 1_000_000 }),
    }),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(trades, (rows) => {
      let position: OpenPart = flat;
      let paid = 0n;
      let realised = 0n;
      for (const { buy, lots, ticks } of rows) {
        const qty = (BigInt(lots) * money('0.001')) as Money;
        const notional = (BigInt(lots) * BigInt(ticks) * money('0.0001')) as Money;
        const moved = movePosition('linear', position, buy ? 'buy' : 'sell', qty, notional);
        paid += buy ? notional : -notional;
        realised += moved.realised;
        assert.equal(moved.realised % money('0.00000001'), 0n, 'profits have eight digits');
        assert.equal(moved.size === 0n ? moved.cost : 0n, 0n, 'a flat position costs nothing');
        position = moved;
      }
      assert.equal(position.cost - realised, paid);
    }),
  );
});

test('an inverse contract is worth quantity ÷ price of its coin: a long earns coins as the price rises', () => {
  const open = movePosition('inverse', flat, 'buy', money('60000'), money('1.2')); // at 50,000
  assert.deepEqual(shown(open), { size: '60000', cost: '-1.2', closedQty: '0', realised: '0' });
  const half = movePosition('inverse', open, 'sell', money('30000'), money('0.5')); // at 60,000
  assert.deepEqual(shown(half), { size: '30000', cost: '-0.6', closedQty: '30000', realised: '0.1' });
  const flipped = movePosition('inverse', half, 'sell', money('40000'), money('1')); // at 40,000
  assert.deepEqual(shown(flipped), { size: '-10000', cost: '0.25', closedQty: '30000', realised: '-0.15' });
});
