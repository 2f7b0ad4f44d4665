import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Lots, Side, Ticks } from '../../domain/ids.ts';
import { MatchingEngine } from '../../matching/index.ts';
import { OrderBook } from './order-book.ts';

const order = (owner: string, side: Side, price: number, qty: number, timeInForce: 'gtc' | 'ioc') =>
  ({ owner: { uid: '1', orderId: owner }, account: 1, side, price: price as Ticks, qty: qty as Lots, timeInForce, selfTrade: 'none' }) as const; // biome-ignore format: a row

test('what is told of a queue is the order in which it fills, whatever happened to it (property)', () => {
  const price = fc.integer({ min: 10, max: 12 });
  const qty = fc.integer({ min: 1, max: 9 });
  const step = fc.oneof(
    fc.record({ type: fc.constant('submit' as const), price, qty }),
    fc.record({ type: fc.constant('amend' as const), which: fc.nat(), price, qty }),
    fc.record({ type: fc.constant('cancel' as const), which: fc.nat() }),
    fc.record({ type: fc.constant('take' as const), qty }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const book = new OrderBook(new MatchingEngine());
      for (const [index, one] of steps.entries()) {
        const ids = book.ids();
        if (one.type === 'submit') book.submit(order(`o${index}`, 'buy', one.price, one.qty, 'gtc'));
        else if (one.type === 'take') book.submit(order(`t${index}`, 'sell', 10, one.qty, 'ioc'));
        else if (ids.length > 0) {
          const id = ids[one.which % ids.length] as number;
          if (one.type === 'cancel') book.cancel(id);
          else book.amend(id, one.price as Ticks, one.qty as Lots);
        }
      }
      const expected = [12, 11, 10].flatMap((at) =>
        book.queue('buy', at as Ticks).map(({ owner, leaves }) => [owner?.orderId, at, leaves]),
      );
      assert.equal(expected.length, book.size);
      const { fills } = book.submit(order('all', 'sell', 10, 10_000, 'ioc'));
      assert.deepEqual(fills.map(({ maker, price, qty }) => [maker?.orderId, price, qty]), expected); // biome-ignore format: a row
      assert.deepEqual(book.queue('buy', 10 as Ticks), []);
    }),
  );
});
