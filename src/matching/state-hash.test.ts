import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestBook } from './testing/book.ts';

const hashAfter = (run: (book: TestBook) => void): number => {
  const book = new TestBook();
  run(book);
  return book.engine.hash();
};

test('the hash is a safe integer, and not that of an empty book as soon as there is an order', () => {
  const empty = hashAfter(() => {});
  const one = hashAfter((book) => book.buy(1, 100, 1));
  assert.ok(Number.isSafeInteger(empty) && Number.isSafeInteger(one));
  assert.notEqual(empty, one);
});

test('books that differ in one thing differ in the hash', () => {
  const hashes = [
    (book: TestBook) => book.buy(1, 100, 10, { account: 5 }),
    (book: TestBook) => book.buy(2, 100, 10, { account: 5 }),
    (book: TestBook) => book.buy(1, 101, 10, { account: 5 }),
    (book: TestBook) => book.buy(1, 100, 11, { account: 5 }),
    (book: TestBook) => book.buy(1, 100, 10, { account: 6 }),
    (book: TestBook) => book.sell(1, 100, 10, { account: 5 }),
    (book: TestBook) => book.buy(1, 100, 10, { account: 5, tif: 'post_only' }),
    (book: TestBook) => book.buy(1, 100, 10, { account: 5, stp: 'cancel_maker' }),
    (book: TestBook) => book.buy(1 + 2 ** 32, 100, 10, { account: 5 }),
    (book: TestBook) => book.buy(1, 100 + 2 ** 32, 10, { account: 5 }),
    (book: TestBook) => book.buy(1, 100, 10 + 2 ** 32, { account: 5 }),
  ].map(hashAfter);
  assert.equal(new Set(hashes).size, hashes.length);
});

test('the order in a queue counts', () => {
  const straight = hashAfter((book) => {
    book.buy(1, 100, 10);
    book.buy(2, 100, 10);
  });
  const swapped = hashAfter((book) => {
    book.buy(2, 100, 10);
    book.buy(1, 100, 10);
  });
  assert.notEqual(straight, swapped);
});

test('trades that left the same orders count by their number', () => {
  const book = new TestBook();
  book.buy(1, 100, 10);
  const before = book.engine.hash();
  book.sell(2, 200, 1);
  book.cancel(2);
  const afterCancel = book.engine.hash();
  book.sell(3, 201, 1);
  book.buy(4, 201, 1);
  assert.equal(new Set([before, afterCancel, book.engine.hash()]).size, 3);
});

test('the same book in other slots has the same hash', () => {
  const book = new TestBook();
  for (let id = 10; id < 20; id += 1) book.buy(id, id, 1);
  for (let id = 10; id < 20; id += 1) book.cancel(id);
  const tidy = new TestBook();
  for (let id = 10; id < 20; id += 1) {
    tidy.buy(id, 50, 1);
    tidy.cancel(id);
  }
  for (const one of [book, tidy]) {
    one.buy(1, 100, 5);
    one.buy(2, 100, 5);
    one.sell(3, 101, 7);
  }
  assert.equal(book.engine.hash(), tidy.engine.hash());
});

test('the hash of one book stays what it was: journals hold it', () => {
  const hash = hashAfter((book) => {
    book.buy(1, 2 ** 40, 2 ** 45 + 3, { account: 9, stp: 'cancel_taker' });
    book.sell(2, 2 ** 40, 2 ** 33, { account: 8 });
    book.sell(3, 2 ** 41, 5, { tif: 'post_only' });
  });
  assert.equal(hash, 1_600_713_542_835_700);
});
