import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Book } from './book.ts';
import { BUY, GTC, IOC, SELL, STP_NONE } from './codes.ts';
import { MatchingEngine } from './engine.ts';

/** An engine whose insides can be looked at. */
function opened(): Readonly<{ engine: MatchingEngine; book: Book }> {
  const book = new Book(0);
  return { engine: new MatchingEngine({}, book), book };
}

test('pages of prices that nobody quotes any more are freed', () => {
  const { engine, book } = opened();
  let id = 0;
  for (let price = 1_000; price < 2 ** 40; price = Math.floor(price * 1.01)) {
    engine.submit(++id, 1, BUY, price, 1, GTC, STP_NONE);
    engine.submit(++id, 1, SELL, price + 100, 1, GTC, STP_NONE);
    assert.ok(book.ladder.pages <= 8);
    engine.cancelAll(1);
    assert.equal(book.ladder.pages, 0);
  }
  assert.ok(id > 4_000, 'the price has wandered over many pages');
});

test('pages are freed by trades and amends as by cancels', () => {
  const { engine, book } = opened();
  for (let id = 1; id <= 50; id += 1) engine.submit(id, 1, SELL, id * 1_000, 1, GTC, STP_NONE);
  assert.equal(book.ladder.pages, 50);
  engine.submitMarket(100, 2, BUY, 20, IOC, STP_NONE);
  assert.equal(book.ladder.pages, 30);
  for (let id = 21; id <= 50; id += 1) engine.amend(id, 90_000, 1);
  assert.equal(book.ladder.pages, 1);
});

test('slots of orders are used again', () => {
  const { engine, book } = opened();
  for (let id = 1; id <= 10_000; id += 1) {
    engine.submit(id, 1, BUY, 100 + (id % 50), 1, GTC, STP_NONE);
    if (id > 20) engine.cancel(id - 20);
  }
  assert.equal(book.pool.count, 20);
  assert.ok(book.pool.highWater <= 21);
});

test('orders far apart, each with a page of its own, are all found again', () => {
  const { engine, book } = opened();
  const orders = 20_000;
  const price = (id: number): number => 1 + ((id * 2_654_435_761) % 2 ** 40);
  for (let id = 1; id <= orders; id += 1) engine.submit(id, 1, BUY, price(id), 1, GTC, STP_NONE);
  assert.equal(engine.orderCount, orders);
  assert.ok(book.ladder.pages > 19_000);
  const prices = engine.depth(orders).bids.map((level) => level.price as number);
  assert.deepEqual(
    prices,
    [...new Set(Array.from({ length: orders }, (_, at) => price(at + 1)))].sort((a, b) => b - a),
  );
  for (let id = 1; id <= orders; id += 1) engine.cancel(id);
  assert.equal(book.ladder.pages, 0);
  assert.equal(engine.bestBid(), null);
});

test('a steady flow of commands allocates nothing', () => {
  const engine = new MatchingEngine();
  let id = 0;
  const flow = (commands: number): void => {
    for (let at = 0; at < commands; at += 1) {
      id += 1;
      const side = at & 1;
      engine.submit(id, id % 7, side, side === BUY ? 1_000 + (at % 40) : 1_020 + (at % 40), 1 + (at % 5), GTC, at % 4);
      if (at % 3 === 0) engine.cancel(id - 40);
      if (at % 5 === 0) engine.amend(id - 20, 1_010 + (at % 20), 3);
      if (engine.orderCount > 500) engine.submitMarket(++id, 9, side, 200, IOC, STP_NONE);
    }
  };
  const grownBy = (commands: number): number => {
    const before = process.memoryUsage();
    flow(commands);
    const after = process.memoryUsage();
    return after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  };
  flow(60_000);
  // The compiler may still be at work in one stretch or another, and a collection shows as less than nothing.
  const grown = Array.from({ length: 7 }, () => Math.abs(grownBy(20_000))).sort((a, b) => a - b);
  // One object of 16 bytes a command would be 320 kB; the measurement itself takes a few.
  assert.ok((grown[2] as number) < 100_000, `${grown} bytes`);
});
