import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TestBench } from '../testing/client.ts';
import { at, type MemorySocket, type Message } from '../testing/memory-network.ts';
import { LINEAR, SPOT } from '../testing/scripted-exchange.ts';

type Rows = readonly (readonly [string, string])[];

/** A client's book as Bybit's documentation tells clients to keep one. */
class ClientBook {
  readonly bids = new Map<string, string>();
  readonly asks = new Map<string, string>();
  update = 0;
  seq = 0;

  take(message: Message): void {
    const update = Number(at(message, 'data', 'u'));
    if (message['type'] === 'snapshot') {
      this.bids.clear();
      this.asks.clear();
    } else {
      assert.equal(update, this.update + 1, 'deltas are contiguous');
    }
    this.update = update;
    assert.ok(Number(at(message, 'data', 'seq')) >= this.seq);
    this.seq = Number(at(message, 'data', 'seq'));
    assert.ok(Number(message['cts']) <= Number(message['ts']));
    for (const [side, rows] of [
      [this.bids, 'b'],
      [this.asks, 'a'],
    ] as const) {
      for (const [price, qty] of at(message, 'data', rows) as Rows) {
        if (qty !== '0') side.set(price, qty);
        else assert.ok(side.delete(price), 'only levels that are there are deleted');
      }
    }
  }

  rows(): { b: Rows; a: Rows } {
    const sorted = (side: Map<string, string>, order: number) =>
      [...side].sort((x, y) => (Number(x[0]) - Number(y[0])) * order);
    return { b: sorted(this.bids, -1), a: sorted(this.asks, 1) };
  }
}

const side = (from: number, direction: 1 | -1) =>
  fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 3 })), {
      selector: (level) => level[0],
      maxLength: 90,
    })
    .map((levels) =>
      levels.sort((x, y) => x[0] - y[0]).map(([distance, qty]): [number, number] => [from + direction * distance, qty]),
    );
const states = fc.array(
  fc.record({ bids: side(600_000, -1), asks: side(600_001, 1), waitMs: fc.integer({ min: 0, max: 30 }) }),
  { maxLength: 25 },
);

const subscribed = (bench: TestBench, path: string, topic: string): MemorySocket => {
  const socket = bench.network.connect(path);
  socket.say({ op: 'subscribe', args: [topic] });
  assert.equal(socket.take.call(socket).length, 2);
  return socket;
};

test('after each message a client’s book is the engine’s best 50 levels', async () => {
  await fc.assert(
    fc.asyncProperty(states, async (steps) => {
      const bench = await TestBench.start();
      const socket = bench.network.connect('/v5/public/linear');
      socket.say({ op: 'subscribe', args: ['orderbook.50.BTCUSDT'] });
      const book = new ClientBook();
      let messages = socket.take().slice(1);
      for (const step of [...steps, { bids: [], asks: [], waitMs: 40 }]) {
        bench.exchange.setBook(LINEAR, step.bids, step.asks, true);
        await bench.advance(step.waitMs);
        messages = [...messages, ...socket.take()];
        for (const message of messages.splice(0)) book.take(message);
        if (step.waitMs < 21) continue;
        const query = 'category=linear&symbol=BTCUSDT&limit=50';
        const rest = (await bench.get('/v5/market/orderbook', query)).json;
        assert.deepEqual(book.rows(), { b: at(rest, 'result', 'b'), a: at(rest, 'result', 'a') });
      }
    }),
    { numRuns: 40 },
  );
});

test('deltas keep their interval and a quiet book sends nothing', async () => {
  const bench = await TestBench.start();
  const socket = subscribed(bench, '/v5/public/spot', 'orderbook.200.BTCUSDT');
  for (let i = 1; i <= 20; i += 1) {
    bench.exchange.setBook(SPOT, [[600_000, 5 + i]], [[600_010, 7]], true);
    await bench.advance(10);
  }
  // One at once, then one per 100 ms with all that happened meanwhile.
  assert.deepEqual(
    socket.take().map((message) => at(message, 'data', 'b', 0, 1)),
    ['0.000006', '0.000015', '0.000025'],
  );
  await bench.advance(10_000);
  assert.deepEqual(socket.take(), []);
  bench.exchange.setBook(SPOT, [[600_000, 25]], [[600_010, 7]], true);
  await bench.advance(200);
  assert.deepEqual(socket.take(), [], 'a change that changes nothing is no message');
  assert.equal(bench.clock.timers, 1, 'only the sweep of idle connections is pending');
});

test('each depth counts for itself, the sequence is shared', async () => {
  const bench = await TestBench.start();
  const deep = subscribed(bench, '/v5/public/linear', 'orderbook.200.BTCUSDT');
  const shallow = subscribed(bench, '/v5/public/linear', 'orderbook.50.BTCUSDT');
  const bids = (last: number): [number, number][] =>
    Array.from({ length: 60 }, (_, i) => [600_000 - i, i === 59 ? last : 1]);
  bench.exchange.setBook(LINEAR, bids(1), [], true);
  await bench.advance(100);
  bench.exchange.setBook(LINEAR, bids(2), [], true);
  await bench.advance(100);
  const stamps = (socket: MemorySocket) =>
    socket.take().map((message) => [at(message, 'data', 'u'), at(message, 'data', 'seq')]);
  assert.deepEqual(stamps(deep), [
    [2, 1014],
    [3, 1021],
  ]);
  assert.deepEqual(stamps(shallow), [[2, 1014]], 'the 60th level is not among the best 50');
});

test('a late subscriber gets the state that the next delta continues', async () => {
  const bench = await TestBench.start();
  const first = subscribed(bench, '/v5/public/linear', 'orderbook.50.BTCUSDT');
  bench.exchange.setBook(LINEAR, [[600_000, 9]], [], true);
  await bench.advance(30);
  bench.exchange.setBook(LINEAR, [[600_000, 10]], [], true);
  const second = bench.network.connect('/v5/public/linear');
  second.say({ op: 'subscribe', args: ['orderbook.50.BTCUSDT'] });
  await bench.advance(30);
  const books = [new ClientBook(), new ClientBook()] as const;
  books[0].update = 1;
  books[0].bids.set('60000.0', '0.005');
  books[0].asks.set('60001.0', '0.007');
  for (const message of first.take()) books[0].take(message);
  for (const message of second.take().slice(1)) books[1].take(message);
  assert.deepEqual(books[1].rows(), books[0].rows());
  assert.equal(books[1].update, books[0].update);
});

test('the top of the book is always a snapshot and is repeated with the same u after three quiet seconds', async () => {
  const bench = await TestBench.start();
  const socket = bench.network.connect('/v5/public/spot');
  socket.say({ op: 'subscribe', args: ['orderbook.1.BTCUSDT'] });
  await bench.advance(2_000);
  bench.exchange.setBook(SPOT, [[600_001, 5]], [[600_010, 7]], true);
  await bench.advance(6_100);
  const messages = socket.take().slice(1);
  assert.deepEqual(
    messages.map((message) => [message['type'], at(message, 'data', 'u')]),
    [
      ['snapshot', 1],
      ['snapshot', 2],
      ['snapshot', 2],
      ['snapshot', 2],
    ],
  );
  socket.say({ op: 'unsubscribe', args: ['orderbook.1.BTCUSDT'] });
  socket.take();
  await bench.advance(20_000);
  assert.deepEqual(socket.take(), []);
});

test('a book over REST stands at an update of the 1000-level stream', async () => {
  const bench = await TestBench.start();
  const socket = subscribed(bench, '/v5/public/linear', 'orderbook.1000.BTCUSDT');
  bench.exchange.setBook(LINEAR, [[600_000, 9]], [[600_010, 7]], true);
  const rest = (await bench.get('/v5/market/orderbook', 'category=linear&symbol=BTCUSDT')).json;
  assert.deepEqual(at(rest, 'result', 'b'), [['60000.0', '0.009']], 'the book is fresh');
  const [delta] = socket.take();
  assert.deepEqual(
    [at(rest, 'result', 'u'), at(rest, 'result', 'seq')],
    [at(delta, 'data', 'u'), at(delta, 'data', 'seq')],
  );
});

test('a restart begins again at u 1 and a change of the tick size does, too', async () => {
  const bench = await TestBench.start();
  const socket = subscribed(bench, '/v5/public/linear', 'orderbook.50.BTCUSDT');
  bench.exchange.setBook(LINEAR, [[600_000, 9]], [], true);
  await bench.advance(30);
  socket.take();
  bench.server?.restartBooks(null);
  assert.partialDeepStrictEqual(socket.take(), [{ type: 'snapshot', data: { u: 1, b: [['60000.0', '0.009']] } }]);
  const instrument = bench.exchange.instrument(LINEAR);
  assert.ok(instrument !== null);
  const { tick } = instrument.listing;
  bench.exchange.listed.set(LINEAR, {
    ...instrument,
    listing: { ...instrument.listing, tick: (tick * 10n) as typeof tick },
  });
  bench.exchange.setBook(LINEAR, [[60_000, 9]], [], true);
  await bench.advance(30);
  assert.partialDeepStrictEqual(socket.take(), [{ type: 'snapshot', data: { u: 1, b: [['60000', '0.009']] } }]);
});
