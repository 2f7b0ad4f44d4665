import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TRADED } from './codes.ts';
import { TestBook } from './testing/book.ts';

const MAX = Number.MAX_SAFE_INTEGER;

describe('price-time priority', () => {
  test('the best price trades first, then the oldest order', () => {
    const book = new TestBook();
    book.sell(1, 101, 5);
    book.sell(2, 100, 5);
    book.sell(3, 100, 5);
    assert.deepEqual(book.buy(4, 101, 12), [
      'accepted 4',
      'traded 4 with 2: 5 at 100',
      'done 2',
      'traded 4 with 3: 5 at 100',
      'done 3',
      'traded 4 with 1: 2 at 101',
      'done 4',
    ]);
    assert.deepEqual(book.asks(), ['101 x 3']);
  });

  test('a trade happens at the price of the order that was there', () => {
    const book = new TestBook();
    book.buy(1, 105, 1);
    assert.deepEqual(book.sell(2, 100, 1)[1], 'traded 2 with 1: 1 at 105');
  });

  test('a partly filled maker keeps its place', () => {
    const book = new TestBook();
    book.buy(1, 100, 5);
    book.buy(2, 100, 5);
    book.sell(3, 100, 2);
    assert.deepEqual(book.queue(), [1, 2]);
    assert.equal(book.sell(4, 100, 3)[1], 'traded 4 with 1: 3 at 100');
  });

  test('what a limit order does not trade rests at its limit', () => {
    const book = new TestBook();
    book.sell(1, 100, 2);
    book.buy(2, 103, 5);
    assert.deepEqual([book.bids(), book.asks()], [['103 x 3'], []]);
  });

  test('trades are numbered from 1 without a gap', () => {
    const trades = new TestBook();
    const numbers: number[] = [];
    for (let id = 1; id <= 6; id += 1) {
      trades.submit(id, id % 2 === 1 ? 'buy' : 'sell', 100, 1);
      const { events } = trades.engine;
      for (let at = 0; at < events.count; at += 1) if (events.type(at) === TRADED) numbers.push(events.tradeSeq(at));
    }
    assert.deepEqual(numbers, [1, 2, 3]);
  });
});

describe('time in force', () => {
  test('immediate-or-cancel trades what it can and the rest is canceled', () => {
    const book = new TestBook();
    book.sell(1, 100, 2);
    book.sell(2, 101, 2);
    assert.deepEqual(book.buy(3, 100, 5, { tif: 'ioc' }).at(-1), 'canceled 3: 3 NOT_FILLED_AT_ONCE');
    assert.deepEqual(book.bids(), []);
  });

  test('immediate-or-cancel that meets nothing is accepted and canceled', () => {
    assert.deepEqual(new TestBook().buy(1, 100, 5, { tif: 'ioc' }), ['accepted 1', 'canceled 1: 5 NOT_FILLED_AT_ONCE']);
  });

  test('fill-or-kill trades whole over several levels', () => {
    const book = new TestBook();
    book.sell(1, 100, 2);
    book.sell(2, 101, 3);
    assert.equal(book.buy(3, 101, 5, { tif: 'fok' }).at(-1), 'done 3');
  });

  test('fill-or-kill that lacks one lot trades nothing', () => {
    const book = new TestBook();
    book.sell(1, 100, 2);
    book.sell(2, 101, 3);
    assert.deepEqual(book.buy(3, 101, 6, { tif: 'fok' }), ['accepted 3', 'canceled 3: 6 NOT_WHOLLY_FILLABLE']);
    assert.deepEqual(book.asks(), ['100 x 2', '101 x 3']);
  });

  test('fill-or-kill does not count what is beyond its limit', () => {
    const book = new TestBook();
    book.sell(1, 100, 2);
    book.sell(2, 101, 3);
    assert.equal(book.buy(3, 100, 3, { tif: 'fok' })[1], 'canceled 3: 3 NOT_WHOLLY_FILLABLE');
  });

  test('fill-or-kill adds up more than 2^53 exactly', () => {
    const book = new TestBook();
    book.sell(1, 100, MAX - 1);
    book.sell(2, 101, 1);
    assert.equal(book.buy(3, 101, MAX, { tif: 'fok' }).at(-1), 'done 3');
  });

  test('post-only rests where it meets nothing', () => {
    const book = new TestBook();
    book.sell(1, 101, 1);
    assert.deepEqual(book.buy(2, 100, 1, { tif: 'post_only' }), ['accepted 2']);
  });

  test('post-only that would take is canceled whole', () => {
    const book = new TestBook();
    book.sell(1, 100, 1);
    assert.deepEqual(book.buy(2, 100, 5, { tif: 'post_only' }), ['accepted 2', 'canceled 2: 5 POST_ONLY_WOULD_TAKE']);
  });
});

describe('market orders', () => {
  test('without a bound they take any price', () => {
    const book = new TestBook();
    book.sell(1, 1, 1);
    book.sell(2, MAX, 1);
    assert.equal(book.buy(3, null, 2, { tif: 'ioc' }).at(-1), 'done 3');
    book.buy(4, 1, 1);
    assert.equal(book.sell(5, null, 1, { tif: 'fok' }).at(-1), 'done 5');
  });

  test('their event shows no price', () => {
    const { engine } = new TestBook();
    engine.submitMarket(1, 1, 0, 5, 1, 0);
    assert.deepEqual(engine.events.decode(0), {
      type: 'accepted',
      id: 1,
      account: 1,
      side: 'buy',
      price: null,
      qty: 5,
    });
  });

  test('a protection price is a limit', () => {
    const book = new TestBook();
    book.sell(1, 100, 1);
    book.sell(2, 110, 1);
    assert.equal(book.buy(3, 105, 2, { tif: 'ioc' }).at(-1), 'canceled 3: 1 NOT_FILLED_AT_ONCE');
  });

  test('they cannot rest', () => {
    for (const tif of ['gtc', 'post_only'] as const) {
      assert.deepEqual(new TestBook().buy(1, null, 1, { tif }), ['rejected 1: MARKET_CANNOT_REST']);
    }
  });
});

describe('cancel', () => {
  test('takes the order out and says what was left', () => {
    const book = new TestBook();
    book.buy(1, 100, 5);
    book.sell(2, 100, 2);
    assert.deepEqual(book.cancel(1), ['canceled 1: 3 REQUESTED']);
    assert.deepEqual(book.bids(), []);
  });

  test('of an order that is unknown or final is refused', () => {
    const book = new TestBook();
    book.buy(1, 100, 1);
    book.sell(2, 100, 1);
    assert.deepEqual(book.cancel(1), ['rejected 1: ORDER_NOT_FOUND']);
    assert.deepEqual(book.cancel(9), ['rejected 9: ORDER_NOT_FOUND']);
  });

  test('from the middle of a queue leaves the others in order', () => {
    const book = new TestBook();
    for (const id of [1, 2, 3, 4]) book.buy(id, 100, 1);
    book.cancel(2);
    book.cancel(4);
    book.buy(5, 100, 1);
    assert.deepEqual(book.queue(), [1, 3, 5]);
  });

  test('of all orders of an account goes oldest first and spares the others', () => {
    const book = new TestBook();
    book.sell(3, 102, 1, { account: 7 });
    book.buy(1, 100, 1, { account: 7 });
    book.buy(2, 100, 1, { account: 8 });
    book.sell(4, 101, 1, { account: 7 });
    assert.deepEqual(book.cancelAll(7), [
      'canceled 3: 1 ALL_OF_ACCOUNT',
      'canceled 1: 1 ALL_OF_ACCOUNT',
      'canceled 4: 1 ALL_OF_ACCOUNT',
    ]);
    assert.deepEqual(book.queue(), [2]);
    assert.deepEqual(book.cancelAll(7), []);
  });

  test('frees the id', () => {
    const book = new TestBook();
    book.buy(1, 100, 1);
    book.cancel(1);
    assert.deepEqual(book.buy(1, 100, 1), ['accepted 1']);
  });
});
