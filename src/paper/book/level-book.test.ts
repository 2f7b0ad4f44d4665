import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Lots, Ticks } from '../../domain/ids.ts';
import { LevelBook } from './level-book.ts';

test('levels are what a map sorted by price would hold (property)', () => {
  const change = fc.record({
    buy: fc.boolean(),
    price: fc.integer({ min: 1, max: 40 }),
    qty: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
      const book = new LevelBook();
      const maps = { buy: new Map<number, number>(), sell: new Map<number, number>() };
      for (const { buy, price, qty } of changes) {
        const side = buy ? 'buy' : 'sell';
        book.set(side, price as Ticks, qty as Lots);
        if (qty > 0) maps[side].set(price, qty);
        else maps[side].delete(price);
        assert.equal(book.qty(side, price as Ticks), qty);
      }
      for (const [side, sign] of [
        ['buy', -1],
        ['sell', 1],
      ] as const) {
        const expected = [...maps[side]].sort((a, b) => sign * (a[0] - b[0])).map(([price, qty]) => ({ price, qty }));
        assert.deepEqual(book.side(side), expected);
        assert.deepEqual(book.best(side), expected[0] ?? null);
      }
    }),
  );
});
