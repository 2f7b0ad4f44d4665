import assert from 'node:assert/strict';
import { test } from 'node:test';
import { behave, scripted } from '../../test/fake-venue.ts';
import type { ServerSocket } from '../../test/fake-network.ts';
import type { BookListener } from './book-feed.ts';
import type { StreamTicker } from '../wire/stream.ts';

const TOPIC = 'orderbook.50.BTCUSDT';
type Rows = [string, string][];

const message = (type: 'snapshot' | 'delta', u: number, b: Rows = [], a: Rows = []) => ({
  topic: TOPIC,
  type,
  ts: 5,
  data: { s: 'BTCUSDT', b, a, u, seq: u * 10 },
  cts: 4,
});
const snapshot = (u = 10) => message('snapshot', u, [['100', '1']], [['101', '1']]);

/** A venue that answers every subscription of the book with a snapshot. */
function bookVenue(snapshotOf: (n: number) => object = () => snapshot()) {
  const venue = scripted();
  let asked = 0;
  venue.sockets.accept = (socket) => {
    behave(socket);
    const usual = socket.onMessage;
    socket.onMessage = (request) => {
      usual(request);
      if (request['op'] === 'subscribe') socket.send(snapshotOf(++asked));
    };
    return true;
  };
  return { ...venue, asked: () => asked };
}

function follow(venue: ReturnType<typeof scripted>) {
  const changes: Parameters<BookListener>[0][] = [];
  const stream = venue.bybit.publicStream('linear');
  const subscription = stream.book('BTCUSDT', { depth: 50, tick: '0.1', step: '0.001' }, (change) =>
    changes.push(change),
  );
  return { stream, changes, ...subscription };
}

const ops = (socket: ServerSocket): unknown[] =>
  socket.received.map((request) => request['op']).filter((op) => op !== 'ping');

test('a book is kept from its snapshot and deltas', async () => {
  const venue = bookVenue();
  const { book, changes } = follow(venue);
  await venue.clock.advance(100);
  assert.equal(venue.sockets.last.url, 'ws://venue/v5/public/linear');
  venue.sockets.last.send(message('delta', 11, [['100.5', '2']]));
  await venue.clock.advance(10);
  assert.deepEqual(changes, ['snapshot', 'delta']);
  assert.deepEqual(book.bids(1), [{ price: 1_005, size: 2_000 }]);
  assert.equal(book.receivedAt, venue.clock.now() - 9);
});

test('messages whose keys come in another order are read all the same', async () => {
  const venue = bookVenue();
  const { book } = follow(venue);
  await venue.clock.advance(100);
  const { topic, ...rest } = message('delta', 11, [['100.5', '2']]);
  venue.sockets.last.send({ ...rest, topic });
  await venue.clock.advance(10);
  assert.equal(book.bidPrice, 1_005);
});

test('after a gap the book is invalid, is asked for again, and is valid with the next snapshot', async () => {
  const venue = bookVenue((n) => snapshot(n * 100));
  const { book, changes } = follow(venue);
  await venue.clock.advance(100);
  venue.sockets.last.send(message('delta', 102));
  venue.sockets.last.send(message('delta', 103));
  await venue.clock.advance(2);
  assert.equal(book.valid, false);
  await venue.clock.advance(100);
  assert.equal(book.valid, true);
  assert.equal(book.u, 200);
  assert.deepEqual(changes, ['snapshot', 'gap', 'snapshot']);
  assert.deepEqual(ops(venue.sockets.last), ['subscribe', 'unsubscribe', 'subscribe']);
  assert.deepEqual(venue.seen('book_invalid'), [
    { type: 'book_invalid', link: 'public linear', topic: TOPIC, reason: 'gap' },
  ]);
});

test('old deltas between the gap and the new snapshot change nothing', async () => {
  const venue = bookVenue();
  const { book, changes } = follow(venue);
  await venue.clock.advance(100);
  venue.sockets.last.onMessage = () => undefined;
  for (const u of [12, 13, 14]) venue.sockets.last.send(message('delta', u, [['100.9', '1']]));
  await venue.clock.advance(100);
  assert.deepEqual(changes, ['snapshot', 'gap']);
  assert.equal(book.valid, false);
});

test('a book that breaks with every snapshot is repaired more and more rarely', async () => {
  const crossed = message('snapshot', 1, [['101', '1']], [['100', '1']]);
  const venue = bookVenue(() => crossed);
  const { book } = follow(venue);
  await venue.clock.advance(300_000);
  assert.equal(book.valid, false);
  assert.ok(venue.asked() >= 10 && venue.asked() <= 20, `${venue.asked()} attempts in five minutes`);
  assert.equal(venue.sockets.connections.length, 1);
});

test('a snapshot of its own accord, u = 1 after a restart of the venue, replaces the book', async () => {
  const venue = bookVenue();
  const { book, changes } = follow(venue);
  await venue.clock.advance(100);
  venue.sockets.last.send(message('snapshot', 1, [['50', '1']], [['51', '1']]));
  venue.sockets.last.send(message('delta', 2, [['50.5', '1']]));
  await venue.clock.advance(10);
  assert.deepEqual(changes, ['snapshot', 'snapshot', 'delta']);
  assert.equal(book.bidPrice, 505);
});

test('a lost connection makes the book invalid until the new one has its snapshot', async () => {
  const venue = bookVenue();
  const { book, changes } = follow(venue);
  await venue.clock.advance(100);
  venue.sockets.last.drop();
  await venue.clock.advance(1);
  assert.equal(book.valid, false);
  await venue.clock.advance(1_000);
  assert.equal(book.valid, true);
  assert.deepEqual(changes, ['snapshot', 'link_lost', 'snapshot']);
});

test('listeners of one topic share the book; it is given up with the last', async () => {
  const venue = bookVenue();
  const first = follow(venue);
  const second: string[] = [];
  const other = first.stream.book('BTCUSDT', { depth: 50 }, (change) => second.push(change));
  await venue.clock.advance(100);
  assert.equal(other.book, first.book);
  assert.deepEqual(second, ['snapshot']);
  first.close();
  first.close();
  venue.sockets.last.send(message('delta', 11));
  await venue.clock.advance(10);
  assert.deepEqual(second, ['snapshot', 'delta']);
  other.close();
  venue.sockets.last.send(message('delta', 12));
  await venue.clock.advance(10);
  assert.deepEqual(second, ['snapshot', 'delta']);
  assert.deepEqual(ops(venue.sockets.last), ['subscribe', 'unsubscribe']);
});

test('all trades of a message arrive; one that cannot be read is set aside', async () => {
  const venue = scripted();
  const trades: string[] = [];
  venue.bybit
    .publicStream('linear')
    .trades('BTCUSDT', (rows) => trades.push(...rows.map((row) => `${row.i} ${row.p}`)));
  await venue.clock.advance(100);
  const trade = (i: string, p: unknown) => ({ T: 1, s: 'BTCUSDT', S: 'Buy', v: '1', p, i, BT: false, seq: 1 });
  venue.sockets.last.send({
    topic: 'publicTrade.BTCUSDT',
    type: 'snapshot',
    ts: 2,
    data: [trade('a', '1'), trade('b', 2), trade('c', '3')],
  });
  await venue.clock.advance(10);
  assert.deepEqual(trades, ['a 1', 'c 3']);
  assert.equal(venue.seen('unreadable').length, 1);
});

test('a ticker keeps what a delta leaves out, and loses what is sent empty', async () => {
  const venue = scripted();
  const tickers: (StreamTicker | null)[] = [];
  venue.bybit.publicStream('linear').ticker('BTCUSDT', (ticker) => tickers.push(ticker));
  await venue.clock.advance(100);
  const push = (type: string, values: object) =>
    venue.sockets.last.send({ topic: 'tickers.BTCUSDT', type, ts: 1, cs: 1, data: { symbol: 'BTCUSDT', ...values } });
  push('delta', { lastPrice: '9' });
  push('snapshot', { lastPrice: '1', markPrice: '2', fundingRate: '0.1' });
  push('delta', { lastPrice: '3', fundingRate: '' });
  await venue.clock.advance(10);
  assert.deepEqual(tickers, [
    { symbol: 'BTCUSDT', lastPrice: '1', markPrice: '2', fundingRate: '0.1' },
    { symbol: 'BTCUSDT', lastPrice: '3', markPrice: '2', fundingRate: null },
  ]);
  venue.sockets.last.drop();
  await venue.clock.advance(1);
  assert.equal(tickers.at(-1), null);
});
