import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TestBook } from './testing/book.ts';

/** Own orders at 100 (behind another's) and 101, another's at 101 behind it. */
function asks(): TestBook {
  const book = new TestBook();
  book.sell(1, 100, 1);
  book.sell(2, 100, 2, { account: 7 });
  book.sell(3, 101, 3, { account: 7 });
  book.sell(4, 101, 4);
  return book;
}

describe('self-trade prevention', () => {
  test('none lets an account trade with itself', () => {
    assert.deepEqual(asks().buy(9, 100, 3, { account: 7, stp: 'none' }), [
      'accepted 9',
      'traded 9 with 1: 1 at 100',
      'done 1',
      'traded 9 with 2: 2 at 100',
      'done 2',
      'done 9',
    ]);
  });

  test('cancel_maker takes own orders out of the way and goes on', () => {
    assert.deepEqual(asks().buy(9, 101, 4, { account: 7, stp: 'cancel_maker' }), [
      'accepted 9',
      'traded 9 with 1: 1 at 100',
      'done 1',
      'canceled 2: 2 SELF_TRADE',
      'canceled 3: 3 SELF_TRADE',
      'traded 9 with 4: 3 at 101',
      'done 9',
    ]);
  });

  test('cancel_taker ends the incoming order at the first own one', () => {
    const book = asks();
    assert.deepEqual(book.buy(9, 101, 4, { account: 7, stp: 'cancel_taker' }), [
      'accepted 9',
      'traded 9 with 1: 1 at 100',
      'done 1',
      'canceled 9: 3 SELF_TRADE',
    ]);
    assert.deepEqual(book.queue(), [2, 3, 4]);
  });

  test('cancel_both ends the first own order and the incoming one', () => {
    const book = asks();
    assert.deepEqual(book.buy(9, 101, 4, { account: 7, stp: 'cancel_both' }).slice(3), [
      'canceled 2: 2 SELF_TRADE',
      'canceled 9: 3 SELF_TRADE',
    ]);
    assert.deepEqual(book.queue(), [3, 4]);
  });

  test('the resting order has no say', () => {
    const book = new TestBook();
    book.sell(1, 100, 1, { account: 7, stp: 'cancel_both' });
    assert.equal(book.buy(2, 100, 1, { account: 7, stp: 'none' })[1], 'traded 2 with 1: 1 at 100');
  });

  test('an order filled before it meets its own account is not touched', () => {
    assert.equal(asks().buy(9, 100, 1, { account: 7, stp: 'cancel_both' }).at(-1), 'done 9');
  });

  test('after its makers are canceled the rest may rest', () => {
    const book = new TestBook();
    book.sell(1, 100, 1, { account: 7 });
    assert.deepEqual(book.buy(2, 100, 5, { account: 7, stp: 'cancel_maker' }), [
      'accepted 2',
      'canceled 1: 1 SELF_TRADE',
    ]);
    assert.deepEqual(book.bids(), ['100 x 5']);
  });
});

describe('self-trade prevention and fill-or-kill', () => {
  test('cancel_maker does not count own orders, and cancels them only if the rest suffices', () => {
    const short = asks();
    assert.equal(
      short.buy(9, 101, 6, { account: 7, tif: 'fok', stp: 'cancel_maker' })[1],
      'canceled 9: 6 NOT_WHOLLY_FILLABLE',
    );
    assert.deepEqual(short.queue(), [1, 2, 3, 4]);
    const enough = asks();
    assert.equal(enough.buy(9, 101, 5, { account: 7, tif: 'fok', stp: 'cancel_maker' }).at(-1), 'done 9');
    assert.deepEqual(enough.queue(), []);
  });

  test('cancel_taker and cancel_both count only what is in front of the first own order', () => {
    for (const stp of ['cancel_taker', 'cancel_both'] as const) {
      const book = asks();
      assert.equal(book.buy(8, 101, 2, { account: 7, tif: 'fok', stp })[1], 'canceled 8: 2 NOT_WHOLLY_FILLABLE');
      assert.deepEqual(book.queue(), [1, 2, 3, 4]);
      assert.equal(book.buy(9, 101, 1, { account: 7, tif: 'fok', stp }).at(-1), 'done 9');
    }
  });
});
