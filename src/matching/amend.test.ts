import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TestBook } from './testing/book.ts';

const MAX = Number.MAX_SAFE_INTEGER;

function twoBids(): TestBook {
  const book = new TestBook();
  book.buy(1, 100, 10);
  book.buy(2, 100, 10);
  return book;
}

describe('place in the queue after an amend', () => {
  test('less at the same price keeps it', () => {
    const book = twoBids();
    assert.deepEqual(book.amend(1, 100, 4), ['reduced 1: 4 at 100, 4 left']);
    assert.deepEqual([book.queue(), book.bids()], [[1, 2], ['100 x 14']]);
  });

  test('more at the same price loses it', () => {
    const book = twoBids();
    assert.deepEqual(book.amend(1, null, 11), ['amended 1: 11 at 100, 11 left']);
    assert.deepEqual([book.queue(), book.bids()], [[2, 1], ['100 x 21']]);
  });

  test('another price loses it, also with less', () => {
    const book = twoBids();
    book.buy(3, 99, 10);
    book.amend(1, 99, 5);
    assert.deepEqual(
      [book.queue(), book.bids()],
      [
        [2, 3, 1],
        ['100 x 10', '99 x 15'],
      ],
    );
  });

  test('there and back puts it last', () => {
    const book = twoBids();
    book.amend(1, 101, null);
    book.amend(1, 100, null);
    assert.deepEqual(book.queue(), [2, 1]);
  });
});

describe('quantity of an amend', () => {
  test('counts what was filled', () => {
    const book = twoBids();
    book.sell(3, 100, 4);
    assert.deepEqual(book.amend(1, null, 7), ['reduced 1: 7 at 100, 3 left']);
  });

  test('must be above what was filled', () => {
    const book = twoBids();
    book.sell(3, 100, 4);
    assert.deepEqual(book.amend(1, null, 4), ['rejected 1: QTY_NOT_ABOVE_FILLED']);
    assert.equal(book.amend(1, null, 5)[0], 'reduced 1: 5 at 100, 1 left');
  });
});

describe('an amend that reaches the other side', () => {
  test('trades as taker and rests with what is left', () => {
    const book = new TestBook();
    book.buy(1, 100, 10);
    book.sell(2, 102, 4);
    assert.deepEqual(book.amend(1, 102, null), [
      'amended 1: 10 at 102, 10 left',
      'traded 1 with 2: 4 at 102',
      'done 2',
    ]);
    assert.deepEqual([book.bids(), book.asks()], [['102 x 6'], []]);
  });

  test('can fill the order', () => {
    const book = new TestBook();
    book.buy(1, 100, 4);
    book.sell(2, 102, 4);
    assert.deepEqual(book.amend(1, 103, null).slice(1), ['traded 1 with 2: 4 at 102', 'done 2', 'done 1']);
    assert.equal(book.engine.orderCount, 0);
  });

  test('cancels a post-only order', () => {
    const book = new TestBook();
    book.buy(1, 100, 4, { tif: 'post_only' });
    book.sell(2, 102, 4);
    assert.deepEqual(book.amend(1, 102, 5), ['amended 1: 5 at 102, 5 left', 'canceled 1: 5 POST_ONLY_WOULD_TAKE']);
    assert.deepEqual(book.queue(), [2]);
  });

  test('prevents self-trades as the order said when it was submitted', () => {
    const book = new TestBook();
    book.buy(1, 100, 4, { account: 7, stp: 'cancel_taker' });
    book.sell(2, 102, 4, { account: 7, stp: 'cancel_maker' });
    assert.deepEqual(book.amend(1, 102, null).at(-1), 'canceled 1: 4 SELF_TRADE');
  });
});

describe('an amend is refused', () => {
  test('when it changes nothing', () => {
    const book = twoBids();
    assert.deepEqual(book.amend(1, 100, 10), ['rejected 1: NOT_MODIFIED']);
    assert.deepEqual(book.amend(1, null, null), ['rejected 1: NOT_MODIFIED']);
    assert.deepEqual(book.queue(), [1, 2]);
  });

  test('when the order is not in the book', () => {
    assert.deepEqual(twoBids().amend(5, 100, 1), ['rejected 5: ORDER_NOT_FOUND']);
    assert.deepEqual(twoBids().amend(5, null, null), ['rejected 5: ORDER_NOT_FOUND']);
  });

  test('when its numbers are no counts', () => {
    for (const price of [0, -1, 0.5, Number.NaN, MAX + 1]) {
      assert.deepEqual(twoBids().amend(1, price, 1), ['rejected 1: PRICE_OUT_OF_RANGE']);
    }
    for (const qty of [0, -1, 0.5, Number.NaN, MAX + 1]) {
      assert.deepEqual(twoBids().amend(1, 100, qty), ['rejected 1: QTY_OUT_OF_RANGE']);
    }
  });

  test('when its level would become too full, its own old part not counted', () => {
    const book = twoBids();
    assert.deepEqual(book.amend(1, 100, MAX - 9), ['rejected 1: LEVEL_FULL']);
    assert.equal(book.amend(1, 100, MAX - 10)[0], `amended 1: ${MAX - 10} at 100, ${MAX - 10} left`);
    book.buy(3, 99, 1);
    assert.deepEqual(book.amend(3, 100, null), ['rejected 3: LEVEL_FULL']);
    assert.deepEqual(book.queue(), [2, 1, 3]);
  });
});
