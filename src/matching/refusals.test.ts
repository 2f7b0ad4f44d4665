import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { REJECT_REASONS } from './codes.ts';
import type { Command } from './command.ts';
import { MatchingEngine } from './engine.ts';
import { TestBook } from './testing/book.ts';

const MAX = Number.MAX_SAFE_INTEGER;
const NOT_COUNTS = [0, -0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, MAX + 1, 2 ** 60];

describe('an order is refused and changes nothing', () => {
  const refused = (why: string, run: (book: TestBook) => string[]) => {
    const book = new TestBook();
    book.buy(1, 100, 5);
    book.sell(2, 110, 5);
    const before = book.engine.hash();
    assert.match(run(book).join(), new RegExp(`^rejected [^,]*: ${why}$`));
    assert.equal(book.engine.hash(), before);
    assert.equal(book.engine.orderCount, 2);
  };

  test('with an id that is in the book', () => {
    refused('DUPLICATE_ORDER_ID', (book) => book.buy(1, 90, 1));
    refused('DUPLICATE_ORDER_ID', (book) => book.sell(1, 100, 1));
    refused('DUPLICATE_ORDER_ID', (book) => book.sell(1, null, 1, { tif: 'ioc' }));
  });

  test('with an id, price or quantity that is not an integer from 1 to 2^53-1', () => {
    for (const value of NOT_COUNTS) {
      refused('ID_OUT_OF_RANGE', (book) => book.buy(value, 100, 1, { account: 1 }));
      refused('PRICE_OUT_OF_RANGE', (book) => book.buy(3, value, 1));
      refused('QTY_OUT_OF_RANGE', (book) => book.buy(3, 100, value));
      refused('QTY_OUT_OF_RANGE', (book) => book.buy(3, null, value, { tif: 'ioc' }));
    }
  });

  test('with an account that is not an integer from 0 to 2^53-1', () => {
    for (const account of NOT_COUNTS.slice(2)) {
      refused('ACCOUNT_OUT_OF_RANGE', (book) => book.buy(3, 100, 1, { account }));
      refused('ACCOUNT_OUT_OF_RANGE', (book) => book.cancelAll(account));
    }
    assert.deepEqual(new TestBook().buy(1, 100, 1, { account: 0 }), ['accepted 1']);
  });

  test('with a quantity that its level cannot count any more', () => {
    refused('LEVEL_FULL', (book) => book.buy(3, 100, MAX - 4));
    refused('LEVEL_FULL', (book) => book.sell(3, 110, MAX));
  });

  test('with a code that this version does not know', () => {
    const engine = new MatchingEngine();
    for (const [side, timeInForce, selfTrade] of [
      [2, 0, 0],
      [-1, 0, 0],
      [0, 4, 0],
      [0, 0, 4],
      [0.5, 0, 0],
      [Number.NaN, 0, 0],
    ] as const) {
      assert.equal(engine.submit(1, 1, side, 100, 1, timeInForce, selfTrade), 1);
      assert.equal(REJECT_REASONS[engine.events.code(0)], 'UNKNOWN_CODE');
    }
    assert.equal(engine.orderCount, 0);
  });
});

test('words that no version knows are refused, never taken for others', () => {
  const submit = {
    type: 'submit',
    id: 1,
    account: 1,
    side: 'buy',
    price: 1,
    qty: 1,
    timeInForce: 'gtc',
    selfTrade: 'none',
  };
  for (const wrong of [{ side: 'Buy' }, { timeInForce: 'day' }, { selfTrade: '' }]) {
    const command = { ...submit, ...wrong } as Command;
    assert.deepEqual(new MatchingEngine().execute(command), [{ type: 'rejected', id: 1, reason: 'UNKNOWN_CODE' }]);
  }
});

test('the largest price and quantity are accepted, rest and trade exactly', () => {
  const book = new TestBook();
  book.sell(1, MAX, MAX);
  assert.deepEqual(book.asks(), [`${MAX} x ${MAX}`]);
  assert.deepEqual(book.buy(2, MAX, MAX - 1).slice(1), [`traded 2 with 1: ${MAX - 1} at ${MAX}`, 'done 2']);
  assert.deepEqual(book.asks(), [`${MAX} x 1`]);
  assert.equal(book.buy(3, MAX, MAX).at(-1), 'done 1');
  assert.deepEqual(book.bids(), [`${MAX} x ${MAX - 1}`]);
});

test('a level can be filled up to the last lot', () => {
  const book = new TestBook();
  book.buy(1, 100, MAX - 5);
  book.buy(2, 100, 5);
  assert.deepEqual(book.bids(), [`100 x ${MAX}`]);
  assert.deepEqual(book.buy(3, 100, 1), ['rejected 3: LEVEL_FULL']);
});
