import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RestingOrder } from './command.ts';
import { MatchingEngine } from './engine.ts';
import type { BookSnapshot } from './snapshot.ts';
import { TestBook } from './testing/book.ts';

function filled(): TestBook {
  const book = new TestBook();
  book.buy(1, 100, 10, { account: 7, stp: 'cancel_both' });
  book.buy(2, 100, 10, { tif: 'post_only' });
  book.buy(3, 99, 5);
  book.sell(4, 105, 8);
  book.sell(5, 100, 4);
  book.amend(2, null, 6);
  return book;
}

describe('a snapshot', () => {
  test('lists the orders in price-time order with all that they are', () => {
    const { rulesVersion, tradeSeq, arrivals, hash, orders } = filled().engine.snapshot();
    assert.deepEqual({ rulesVersion, tradeSeq, arrivals }, { rulesVersion: 1, tradeSeq: 1, arrivals: 4 });
    assert.equal(hash, filled().engine.hash());
    assert.deepEqual(
      orders.map((order) => order.id),
      [1, 2, 3, 4],
    );
    assert.deepEqual(orders[0], {
      id: 1,
      account: 7,
      side: 'buy',
      price: 100,
      qty: 10,
      leavesQty: 6,
      timeInForce: 'gtc',
      selfTrade: 'cancel_both',
      arrival: 1,
    });
  });

  test('that went through JSON restores a book that goes on alike', () => {
    const book = filled();
    const restored = MatchingEngine.restore(JSON.parse(JSON.stringify(book.engine.snapshot())));
    assert.ok(restored.ok);
    assert.deepEqual(restored.value.snapshot(), book.engine.snapshot());
    const command = { type: 'cancel_all', account: 7 } as const;
    assert.deepEqual(restored.value.execute(command), book.engine.execute(command));
    assert.equal(restored.value.hash(), book.engine.hash());
  });

  test('of an empty book restores one, with its counters', () => {
    const book = filled();
    for (const id of [1, 2, 3, 4]) book.cancel(id);
    const restored = MatchingEngine.restore(book.engine.snapshot());
    assert.ok(restored.ok);
    assert.equal(restored.value.hash(), book.engine.hash());
    assert.equal(restored.value.tradeSeq, 1);
  });
});

describe('restore refuses', () => {
  const refused = (change: Partial<BookSnapshot>) => {
    const restored = MatchingEngine.restore({ ...filled().engine.snapshot(), ...change });
    assert.ok(!restored.ok);
    return restored.error;
  };
  const withOrder = (change: Record<string, unknown>): Partial<BookSnapshot> => {
    const [first, ...others] = filled().engine.snapshot().orders;
    return { orders: [{ ...first, ...change } as RestingOrder, ...others] };
  };

  test('a snapshot of other rules', () => {
    assert.equal(refused({ rulesVersion: 2 }).code, 'OTHER_RULES');
  });

  test('a book that does not have the hash it had', () => {
    for (const change of [{ hash: 1 }, { tradeSeq: 2 }, { arrivals: 9 }, withOrder({ account: 8 }), { orders: [] }]) {
      assert.match(refused(change).message, /the hash is \d+ and should be \d+/);
    }
  });

  test('orders that cannot have been in a book', () => {
    const wrong: readonly (readonly [Record<string, unknown>, RegExp])[] = [
      [{ id: 0 }, /no count/],
      [{ id: 2 }, /twice/],
      [{ account: -1 }, /no count/],
      [{ side: 'hold' }, /side/],
      [{ price: 0.5 }, /price/],
      [{ price: 105 }, /crosses/],
      [{ qty: 5 }, /quantity/],
      [{ leavesQty: 0 }, /quantity/],
      [{ leavesQty: Number.MAX_SAFE_INTEGER, qty: Number.MAX_SAFE_INTEGER }, /too full/],
      [{ timeInForce: 'ioc' }, /time in force/],
      [{ selfTrade: 'perhaps' }, /self-trade/],
      [{ arrival: 2 }, /arrival/],
      [{ arrival: 5 }, /arrival/],
    ];
    for (const [change, message] of wrong) {
      const error = refused(withOrder(change));
      assert.equal(error.code, 'CORRUPT_SNAPSHOT');
      assert.match(error.message, message);
    }
    assert.match(refused({ tradeSeq: Number.NaN }).message, /counters/);
  });
});
