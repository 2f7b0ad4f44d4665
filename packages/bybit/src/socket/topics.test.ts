import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { behave, scripted } from '../../test/fake-venue.ts';
import type { ServerSocket } from '../../test/fake-network.ts';
import { chunksOf } from './topics.ts';

const argsOf = (socket: ServerSocket, op = 'subscribe'): string[][] =>
  socket.receivedOp(op).map((message) => message['args'] as string[]);
const symbols = (count: number): string[] => Array.from({ length: count }, (_, i) => `SYM${i}USDT`);

test('requests keep both bounds and lose no topic', () => {
  const topics = fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 200 });
  fc.assert(
    fc.property(
      topics,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 50, max: 500 }),
      (names, maxArgs, maxChars) => {
        const chunks = chunksOf(names, maxArgs, maxChars);
        assert.deepEqual(chunks.flat(), names);
        for (const chunk of chunks) {
          assert.ok(chunk.length > 0 && chunk.length <= maxArgs);
          assert.ok(chunk.reduce((sum, name) => sum + name.length + 3, 0) <= maxChars || chunk.length === 1);
        }
      },
    ),
  );
});

test('spot takes ten topics a request, and what is added together travels together', async () => {
  const { bybit, clock, sockets } = scripted();
  const stream = bybit.publicStream('spot');
  for (const symbol of symbols(25)) stream.trades(symbol, () => undefined);
  await clock.advance(100);
  assert.deepEqual(
    argsOf(sockets.last).map((args) => args.length),
    [10, 10, 5],
  );
  assert.equal(stream.health()[0]?.state, 'subscribed');
});

test('a connection carries 21,000 characters of topics; more open another', async () => {
  const { bybit, clock, sockets } = scripted();
  const stream = bybit.publicStream('linear');
  const all = symbols(2_000);
  for (const symbol of all) stream.trades(symbol, () => undefined);
  await clock.advance(100);
  assert.equal(sockets.connections.length, 3);
  for (const socket of sockets.connections) {
    const args = argsOf(socket).flat();
    assert.ok(args.reduce((sum, name) => sum + name.length + 3, 0) <= 21_000);
  }
  assert.equal(sockets.connections.flatMap((socket) => argsOf(socket).flat()).length, 2_000);
});

test('after a reconnect the whole wanted set is asked for again, and nothing that was given up', async () => {
  const { bybit, clock, sockets } = scripted();
  const stream = bybit.publicStream('linear');
  stream.trades('A', () => undefined);
  const given = stream.trades('B', () => undefined);
  stream.ticker('A', () => undefined);
  await clock.advance(100);
  given.close();
  await clock.advance(100);
  assert.deepEqual(argsOf(sockets.last, 'unsubscribe'), [['publicTrade.B']]);
  assert.equal(given.state(), null);
  sockets.last.drop();
  await clock.advance(1_000);
  assert.equal(sockets.connections.length, 2);
  assert.deepEqual(argsOf(sockets.last), [['publicTrade.A', 'tickers.A']]);
});

test('a link that drops in the middle of subscribing asks for everything again', async () => {
  const { bybit, clock, sockets } = scripted();
  sockets.accept = (socket) => {
    behave(socket);
    const usual = socket.onMessage;
    let asked = 0;
    socket.onMessage = (message) => {
      if (sockets.connections.length === 1 && message['op'] === 'subscribe' && ++asked === 2) socket.drop();
      else usual(message);
    };
    return true;
  };
  const stream = bybit.publicStream('spot');
  for (const symbol of symbols(25)) stream.trades(symbol, () => undefined);
  await clock.advance(2_000);
  assert.equal(argsOf(sockets.last).flat().length, 25);
  assert.equal(stream.health()[0]?.state, 'subscribed');
});

test('a topic that the venue does not know is found by halves, and the others stay', async () => {
  const { bybit, clock, sockets, seen } = scripted();
  sockets.accept = (socket) => {
    behave(socket);
    const usual = socket.onMessage;
    socket.onMessage = (message) => {
      const bad = message['op'] === 'subscribe' && (message['args'] as string[]).includes('publicTrade.SYM3USDT');
      if (!bad) usual(message);
      else
        socket.send({ success: false, ret_msg: 'error:handler not found', req_id: message['req_id'], op: 'subscribe' });
    };
    return true;
  };
  const stream = bybit.publicStream('spot');
  const subscriptions = symbols(8).map((symbol) => stream.trades(symbol, () => undefined));
  await clock.advance(1_000);
  assert.deepEqual(
    subscriptions.map((subscription) => subscription.state()),
    [
      'acknowledged',
      'acknowledged',
      'acknowledged',
      'refused',
      'acknowledged',
      'acknowledged',
      'acknowledged',
      'acknowledged',
    ],
  );
  assert.equal(seen('topic_refused').length, 1);
});

test('option names the topics that failed', async () => {
  const { bybit, clock, sockets, seen } = scripted();
  sockets.accept = (socket) => {
    socket.onMessage = (message) => {
      const [first, ...others] = message['args'] as string[];
      socket.send({ success: true, type: 'COMMAND_RESP', data: { failTopics: [first], successTopics: others } });
    };
    return true;
  };
  const stream = bybit.publicStream('option');
  const [bad, good] = ['BTC', 'ETH'].map((coin) => stream.trades(coin, () => undefined));
  await clock.advance(100);
  assert.deepEqual([bad?.state(), good?.state()], ['refused', 'acknowledged']);
  assert.equal(seen('topic_refused').length, 1);
});

test('a subscription that is not answered is asked for again, and the link is replaced after three', async () => {
  const { bybit, clock, sockets } = scripted();
  sockets.accept = (socket) => {
    behave(socket);
    if (sockets.connections.length > 1) return true;
    const usual = socket.onMessage;
    socket.onMessage = (message) => void (message['op'] === 'subscribe' || usual(message));
    return true;
  };
  bybit.publicStream('linear').trades('A', () => undefined);
  await clock.advance(29_000);
  assert.equal(sockets.connections.length, 1);
  assert.equal(argsOf(sockets.last).length, 3);
  await clock.advance(2_000);
  assert.equal(sockets.connections.length, 2);
});

test('an acknowledged topic without its first data is asked for again, ever more rarely', async () => {
  const { bybit, clock, sockets, seen } = scripted();
  const stream = bybit.publicStream('linear');
  const silent = stream.ticker('A', () => undefined);
  stream.trades('A', () => undefined);
  await clock.advance(10_100);
  assert.deepEqual(argsOf(sockets.last, 'unsubscribe'), [['tickers.A']]);
  assert.equal(argsOf(sockets.last).length, 2);
  await clock.advance(60_000);
  assert.equal(argsOf(sockets.last).length, 4, 'again after 20 and 40 s');
  assert.equal(sockets.connections.length, 1);
  sockets.last.send({ topic: 'tickers.A', type: 'snapshot', ts: 1, data: { symbol: 'A', lastPrice: '1' } });
  await clock.advance(300_000);
  assert.equal(silent.state(), 'live');
  assert.equal(seen('topic_silent').length, 3);
});

test('data that beats its acknowledgement counts', async () => {
  const { bybit, clock, sockets } = scripted();
  sockets.accept = (socket) => {
    socket.onMessage = () => socket.send({ topic: 'tickers.A', type: 'snapshot', ts: 1, data: { symbol: 'A' } });
    return true;
  };
  const ticker = bybit.publicStream('linear').ticker('A', () => undefined);
  await clock.advance(100);
  assert.equal(ticker.state(), 'live');
});
