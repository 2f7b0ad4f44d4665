import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUY, DONE, GTC, IOC, SELL, STP_NONE, TRADED } from './codes.ts';
import { MatchingEngine } from './engine.ts';
import { EventBuffer } from './event-buffer.ts';
import { TestBook } from './testing/book.ts';

const MAKERS = 100_000;

test('one command may make more events than there ever was room for', () => {
  const engine = new MatchingEngine();
  for (let id = 1; id <= MAKERS; id += 1) engine.submit(id, id, SELL, 100 + (id % 3), 2, GTC, STP_NONE);
  const count = engine.submitMarket(MAKERS + 1, 0, BUY, 2 * MAKERS, IOC, STP_NONE);
  assert.equal(count, 2 * MAKERS + 2);
  assert.equal(engine.events.count, count);
  for (let trade = 1; trade <= MAKERS; trade += 1) {
    assert.equal(engine.events.type(2 * trade - 1), TRADED);
    assert.equal(engine.events.tradeSeq(2 * trade - 1), trade);
    assert.equal(engine.events.type(2 * trade), DONE);
  }
  assert.equal(engine.cancel(1), 1);
  assert.deepEqual(engine.events.decodeAll(), [{ type: 'rejected', id: 1, reason: 'ORDER_NOT_FOUND' }]);
});

test('canceling a hundred thousand orders of an account at once says each of them', () => {
  const engine = new MatchingEngine();
  for (let id = 1; id <= MAKERS; id += 1) engine.submit(id, 7, BUY, 1 + (id % 500), 1, GTC, STP_NONE);
  assert.equal(engine.cancelAll(7), MAKERS);
  for (let at = 0; at < MAKERS; at += 1) assert.equal(engine.events.id(at), at + 1);
});

test('a trade names both sides, the price of the maker and the side of the taker', () => {
  const book = new TestBook();
  book.sell(1, 100, 5, { account: 11 });
  book.buy(2, 101, 3, { account: 22 });
  assert.deepEqual(book.engine.events.decode(1), {
    type: 'traded',
    tradeSeq: 1,
    price: 100,
    qty: 3,
    aggressor: 'buy',
    takerId: 2,
    takerAccount: 22,
    makerId: 1,
    makerAccount: 11,
  });
});

test('room for a huge number of events is given back with the next command', () => {
  const buffer = new EventBuffer();
  const small = buffer.capacity;
  for (let at = 0; at < MAKERS; at += 1) {
    buffer.reserve();
    buffer.rejected(at, 0);
  }
  assert.ok(buffer.capacity >= MAKERS);
  buffer.clear();
  assert.equal(buffer.capacity, small);
});

test('there is no event after the last', () => {
  const { engine } = new TestBook();
  engine.cancel(1);
  assert.throws(() => engine.events.decode(1), RangeError);
  assert.throws(() => engine.events.decode(-1), RangeError);
});
