import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Balances } from '../../clearing/balances.ts';
import { money } from '../../domain/decimal.ts';
import type { ClientOrderId, UnixMs, VenueOrderId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { QueryAnswer } from '../../ports/venue.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { MemoryJournal } from '../../../test/support/memory-journal.ts';
import { BTCUSDT } from '../../../test/support/oms-bench.ts';
import { KEPT_ENDED, KEPT_FOR_MS } from './book-orders.ts';
import { InternalBook } from './internal-book.ts';
import { InternalVenue } from './internal-venue.ts';

const ALICE = 1;
const BOB = 2;
const START = 1_000_000 as UnixMs;
const ms = (value: number): UnixMs => value as UnixMs;
const idOf = (n: number): ClientOrderId => `c${n}` as ClientOrderId;

/** A book whose commands come at the times that the test names. */
class Trading {
  readonly journal = new MemoryJournal();
  readonly book: InternalBook;
  #n = 0;

  constructor(instrument: Instrument = BTCUSDT) {
    this.book = new InternalBook(instrument, this.journal);
    this.book.recover();
  }

  submit(at: UnixMs, account: number, side: 'buy' | 'sell', tif: 'gtc' | 'ioc' = 'gtc'): ClientOrderId {
    this.#n += 1;
    const order = idOf(this.#n);
    const answer = this.book.execute({
      type: 'submit', at, account, order, side, price: 10_000, qty: 1, timeInForce: tif, selfTrade: 'cancel_taker',
    }); // biome-ignore format: short members together
    assert.ok(answer.ok);
    return order;
  }

  /** An order that ends at once: nothing is there to take. */
  unfilled(at: UnixMs, count: number): void {
    for (let i = 0; i < count; i++) this.submit(at, ALICE, 'buy', 'ioc');
  }

  /** The same book, from its journal. */
  replayed(): InternalBook {
    const book = new InternalBook(BTCUSDT, this.journal);
    book.recover();
    return book;
  }

  get submitted(): number {
    return this.#n;
  }
}

function venueOf(book: InternalBook): InternalVenue {
  return new InternalVenue(new Map([[BTCUSDT.id, book]]), ALICE, new Balances(), new ManualClock());
}

function ask(book: InternalBook, order: ClientOrderId, createdAt: UnixMs, number?: number): Promise<QueryAnswer> {
  const venueOrderId = number === undefined ? null : (`${number}` as VenueOrderId);
  return venueOf(book).query({ instrument: BTCUSDT.id, clientOrderId: order, venueOrderId, createdAt });
}

const later = ms(START + KEPT_FOR_MS + 1);

test('orders that ended are forgotten beyond so many, oldest first, and not before their time', () => {
  const trading = new Trading();
  trading.unfilled(START, KEPT_ENDED + 10);
  trading.unfilled(ms(START + KEPT_FOR_MS), 1);
  assert.ok(trading.book.find(ALICE, idOf(1)) !== null, 'too young');
  trading.unfilled(later, 1);
  assert.equal(trading.book.find(ALICE, idOf(12)), null);
  assert.equal(trading.book.find(ALICE, idOf(13))?.view.status, 'canceled', 'so many are kept');
});

test('an open order is kept for ever, and forgotten like others once it has ended', () => {
  const trading = new Trading();
  const resting = trading.submit(START, BOB, 'sell');
  trading.unfilled(START, 10);
  trading.submit(START, ALICE, 'buy', 'ioc');
  const again = trading.submit(START, BOB, 'sell');
  const cheap = (at: UnixMs): void => {
    const order = trading.submit(at, ALICE, 'sell');
    assert.ok(trading.book.execute({ type: 'cancel', at, account: ALICE, order }).ok);
  };
  for (let i = 0; i < KEPT_ENDED; i++) cheap(later);
  assert.equal(trading.book.find(BOB, resting), null, 'filled long ago');
  assert.equal(trading.book.find(BOB, again)?.view.status, 'working');
  assert.deepEqual(
    trading.book.working(BOB).map((view) => view.clientOrderId),
    [again],
  );
});

test('an order that may have been forgotten is not answered as absent; one that never was is', async () => {
  const trading = new Trading();
  const unknown = 'never-sent' as ClientOrderId;
  trading.unfilled(START, KEPT_ENDED);
  assert.equal((await ask(trading.book, unknown, START)).type, 'absent', 'nothing is forgotten yet');
  trading.unfilled(later, 1);
  assert.equal((await ask(trading.book, idOf(1), START)).type, 'unavailable');
  assert.equal((await ask(trading.book, unknown, START)).type, 'unavailable', 'as old as what was forgotten');
  assert.equal((await ask(trading.book, unknown, ms(START + 1))).type, 'absent');
  assert.equal((await ask(trading.book, idOf(1), later, 1)).type, 'unavailable', 'it has a number of this book');
  assert.equal((await ask(trading.book, idOf(KEPT_ENDED), START)).type, 'found');
});

test('executions are told from where none is forgotten; further back the answer is an error, never a part', async () => {
  const trading = new Trading();
  trading.submit(START, BOB, 'sell');
  trading.submit(START, ALICE, 'buy', 'ioc');
  const venue = venueOf(trading.book);
  const before = await venue.executionsSince(START);
  assert.equal(before.ok && before.value.rows.length, 1);
  trading.unfilled(later, KEPT_ENDED);
  const cut = await venue.executionsSince(START);
  assert.equal(!cut.ok && cut.error.code, 'UNAVAILABLE');
  assert.deepEqual(await venue.executionsSince(ms(START + 1)), { ok: true, value: { rows: [], complete: true } });
});

test('a replay remembers and forgets the same', async () => {
  const trading = new Trading();
  for (let i = 0; i < KEPT_ENDED / 4; i++) {
    const at = ms(START + i * 125);
    trading.submit(at, BOB, 'sell');
    trading.submit(at, ALICE, 'buy', i % 3 === 0 ? 'gtc' : 'ioc');
    trading.unfilled(at, 3);
  }
  const { book, submitted } = trading;
  const replayed = trading.replayed();
  assert.equal(replayed.hash(), book.hash());
  assert.equal(book.find(BOB, idOf(1)), null);
  for (let n = 1; n <= submitted; n++) {
    for (const account of [ALICE, BOB]) assert.deepEqual(replayed.find(account, idOf(n)), book.find(account, idOf(n)));
  }
  for (let at: number = START; at < START + 250_000; at += 500) {
    const order = { venueOrderId: null, createdAt: ms(at) };
    assert.equal(replayed.mayHaveForgotten(order), book.mayHaveForgotten(order));
    assert.deepEqual(replayed.executionsSince(BOB, ms(at))?.length, book.executionsSince(BOB, ms(at))?.length);
  }
  assert.deepEqual(replayed.working(BOB), book.working(BOB));
});

test('an order that the engine refused is not open, and is answered as rejected', async () => {
  const { book } = new Trading();
  const order = {
    instrument: BTCUSDT.id,
    clientOrderId: 'c1' as ClientOrderId,
    side: 'buy',
    price: money('10'),
    qty: money('0'),
  } as const;
  const outcome = await venueOf(book).submit({
    ...order,
    timeInForce: 'gtc',
    reduceOnly: false,
    selfTrade: 'cancel_taker',
  });
  assert.equal(outcome.type, 'refused');
  assert.deepEqual(book.working(ALICE), []);
  const answer = await ask(book, order.clientOrderId, START);
  assert.equal(answer.type === 'found' && answer.order.status, 'rejected');
});
