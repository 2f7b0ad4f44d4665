import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { money } from '../../../domain/decimal.ts';
import { DEFAULT_HTTP_SETTINGS } from '../settings.ts';
import type { FakeSocket } from '../testing/fake-socket.ts';
import { signedIn } from '../testing/fake-socket.ts';
import { type Body, type Harness, harness } from '../testing/harness.ts';

const ORDER = { symbol: 'BTCUSDT', side: 'buy', type: 'limit', quantity: '10', price: '60000' };
const place = async (h: Harness, name = 'alice'): Promise<string> =>
  (await h.call('POST', '/api/trading/order', { body: ORDER, token: await h.tokenOf(name) })).body.data.id;

async function subscribed(
  h: Harness,
  channels: readonly string[],
  since?: object,
  name = 'alice',
): Promise<{ socket: FakeSocket; first: Body[] }> {
  const socket = await signedIn(h, name);
  socket.take();
  socket.say({ op: 'subscribe', id: 's', channels, ...(since === undefined ? {} : { since }) });
  const [answer, ...first] = socket.take();
  assert.equal(answer.success, true, JSON.stringify(answer));
  return { socket, first };
}

test('a subscription is answered, then starts with a snapshot, then numbers every push without a gap', async () => {
  const h = harness();
  const id = await place(h);
  const { socket, first } = await subscribed(h, ['orders']);
  assert.deepEqual([first[0].channel, first[0].type, first[0].data[0].id], ['orders', 'snapshot', id]);
  for (const status of ['working', 'partially_filled', 'filled'] as const) h.core.pushOrder(id, { status });
  const pushes = socket.take();
  assert.deepEqual(
    pushes.map((one) => [one.type, one.seq - first[0].seq, one.data[0].status]),
    [
      ['delta', 1, 'working'],
      ['delta', 2, 'partially_filled'],
      ['delta', 3, 'filled'],
    ],
  );
  assert.match(pushes[0].ts, /^\d{4}-.*Z$/);
});

test('since replays what followed, and nothing when nothing did', async () => {
  const h = harness();
  const id = await place(h);
  const { socket, first } = await subscribed(h, ['orders']);
  for (let at = 1; at <= 5; at += 1) h.core.pushOrder(id, { filled_quantity: money(String(at)) });
  socket.drop();
  h.core.pushOrder(id, { filled_quantity: money('6') });
  const seen = first[0].seq + 3;
  const resumed = await subscribed(h, ['orders'], { orders: seen });
  assert.deepEqual(
    resumed.first.map((one) => [one.type, one.seq, one.data[0].filled_quantity]),
    [
      ['delta', seen + 1, 4],
      ['delta', seen + 2, 5],
      ['delta', seen + 3, 6],
    ],
  );
  assert.deepEqual((await subscribed(h, ['orders'], { orders: seen + 3 })).first, []);
});

test('since gets a snapshot when it is too old, from another life, or from the future', async () => {
  const h = harness({ sockets: { ...DEFAULT_HTTP_SETTINGS.sockets, replay: 4 } });
  const id = await place(h);
  const { first } = await subscribed(h, ['orders']);
  for (let at = 1; at <= 5; at += 1) h.core.pushOrder(id, { filled_quantity: money(String(at)) });
  const begin = first[0].seq;
  for (const since of [begin, 0, 1234, begin - 1, begin + 6, Number.MAX_SAFE_INTEGER]) {
    const again = await subscribed(h, ['orders'], { orders: since });
    assert.deepEqual(
      again.first.map((one) => [one.type, one.seq]),
      [['snapshot', begin + 5]],
      String(since),
    );
  }
  assert.equal((await subscribed(h, ['orders'], { orders: begin + 1 })).first.length, 4);
});

test('a feed without clients is forgotten after ten minutes; its numbers never come back', async () => {
  const h = harness();
  const id = await place(h);
  const { socket, first } = await subscribed(h, ['orders']);
  for (let at = 0; at < 50; at += 1) h.core.pushOrder(id, {});
  socket.drop();
  await h.clock.advance(600_001);
  const again = await subscribed(h, ['orders'], { orders: first[0].seq + 50 });
  assert.equal(again.first[0].type, 'snapshot');
  assert.ok(again.first[0].seq > first[0].seq + 50);
});

test('a subscriber that resumes anywhere ends with the state of one that never left', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('push', 'leave', 'return'), { maxLength: 60 }),
      fc.integer({ min: 1, max: 8 }),
      async (steps, replay) => {
        const h = harness({ sockets: { ...DEFAULT_HTTP_SETTINGS.sockets, replay } });
        const id = await place(h);
        const state = { seq: 0, filled: 0 };
        const applyAll = (pushes: readonly Body[]) => {
          for (const push of pushes) {
            if (push.type === 'delta') assert.equal(push.seq, state.seq + 1);
            state.seq = push.seq;
            state.filled = push.data[0].filled_quantity;
          }
        };
        const token = await h.tokenOf('alice');
        const join = async () => {
          const socket = await signedIn(h, 'alice');
          socket.say({ op: 'auth', token });
          socket.take();
          socket.say({
            op: 'subscribe',
            channels: ['orders'],
            ...(state.seq === 0 ? {} : { since: { orders: state.seq } }),
          });
          applyAll(socket.take().slice(1));
          return socket;
        };
        let socket: FakeSocket | null = await join();
        let filled = 0;
        for (const step of steps) {
          if (step === 'push') h.core.pushOrder(id, { filled_quantity: money(String((filled += 1))) });
          if (step === 'leave') {
            socket?.drop();
            socket = null;
          }
          if (step === 'return') socket ??= await join();
          if (socket !== null) applyAll(socket.take());
        }
        socket ??= await join();
        assert.equal(state.filled, filled);
      },
    ),
    { numRuns: 40 },
  );
});

test('accounts do not see each other', async () => {
  const h = harness();
  const id = await place(h);
  const bob = await subscribed(h, ['orders', 'executions', 'balances', 'positions'], undefined, 'bob');
  assert.deepEqual(
    bob.first.map((one) => one.data),
    [[], [], [], []],
  );
  h.core.pushOrder(id, { status: 'filled' });
  assert.deepEqual(bob.socket.take(), []);
});

test('unsubscribing stops the pushes, subscribing again starts from a snapshot', async () => {
  const h = harness();
  const id = await place(h);
  const { socket } = await subscribed(h, ['orders', 'ticker:BTCUSDT']);
  socket.say({ op: 'unsubscribe', channels: ['orders', 'ticker:spot:btc/usdt'] });
  assert.deepEqual(socket.take()[0].data.channels, ['orders', 'ticker:BTCUSDT']);
  h.core.pushOrder(id, {});
  h.core.changeMarket('spot:BTCUSDT', 'ticker');
  await h.clock.advance(1000);
  assert.deepEqual(socket.take(), []);
  socket.say({ op: 'subscribe', channels: ['orders'] });
  assert.equal(socket.take()[1].type, 'snapshot');
});

test('a client that stops reading is cut off with a hint, and what it missed is replayed', async () => {
  const h = harness({ sockets: { ...DEFAULT_HTTP_SETTINGS.sockets, hardQueueBytes: 20_000 } });
  const id = await place(h);
  const { socket, first } = await subscribed(h, ['orders']);
  const healthy = await subscribed(h, ['orders']);
  socket.reading = false;
  for (let at = 1; at <= 100; at += 1) h.core.pushOrder(id, { filled_quantity: money(String(at)) });
  assert.equal(socket.closedWith?.code, 4408);
  assert.match(socket.closedWith?.reason ?? '', /^SLOW_CONSUMER.*since/);
  assert.ok(Buffer.byteLength(socket.closedWith?.reason ?? '') <= 123); // what a close frame holds
  const got = socket.take();
  assert.ok(got.length > 5 && got.length < 100);
  assert.deepEqual(
    got.map((one) => one.seq),
    got.map((_, at) => first[0].seq + 1 + at),
  );
  assert.equal(healthy.socket.take().length, 100);
  const resumed = await subscribed(h, ['orders'], { orders: got.at(-1).seq });
  assert.equal(got.length + resumed.first.length, 100);
  await h.clock.advance(2000);
  assert.equal(socket.terminated, true);
});

test('a snapshot larger than the bound arrives; a client that then does not read is cut off all the same', async () => {
  const h = harness({ sockets: { ...DEFAULT_HTTP_SETTINGS.sockets, softQueueBytes: 200, hardQueueBytes: 400 } });
  const id = await place(h);
  h.core.pushOrder(id, {});
  const { socket, first } = await subscribed(h, ['orders']);
  assert.ok(JSON.stringify(first[0]).length > 400);
  assert.equal(socket.closedWith?.code, undefined);
  socket.reading = false;
  for (let at = 1; at <= 20; at += 1) h.core.pushOrder(id, { filled_quantity: money(String(at)) });
  assert.equal(socket.closedWith?.code, 4408);
});

test('market data is sent whole, at most once per interval, newest last', async () => {
  const h = harness();
  const { socket, first } = await subscribed(h, ['orderbook:BTCUSDT', 'ticker:linear:BTCUSDT']);
  assert.deepEqual(
    first.map((one) => [one.channel, one.type]),
    [
      ['orderbook:BTCUSDT', 'snapshot'],
      ['ticker:linear:BTCUSDT', 'snapshot'],
    ],
  );
  for (let at = 1; at <= 20; at += 1) {
    h.core.bid = money(String(60_000 + at));
    h.core.changeMarket('spot:BTCUSDT', 'orderbook');
  }
  assert.deepEqual(
    socket.take().map((one) => one.data.bids[0].price),
    [60_001],
  );
  await h.clock.advance(50);
  const [latest] = socket.take();
  assert.deepEqual(
    [latest.data.bids[0].price, latest.data.bids[0].venue, latest.seq - first[0].seq],
    [60_020, 'bybit', 2],
  );
  await h.clock.advance(1000);
  assert.deepEqual(socket.take(), []);
});

test('a slow client skips market data and gets the newest when it reads again; order events do not wait', async () => {
  const h = harness();
  const id = await place(h);
  const { socket, first } = await subscribed(h, ['orderbook:BTCUSDT', 'orders']);
  socket.queued = 70_000;
  for (let at = 1; at <= 10; at += 1) {
    h.core.bid = money(String(61_000 + at));
    h.core.changeMarket('spot:BTCUSDT', 'orderbook');
    await h.clock.advance(50);
  }
  h.core.pushOrder(id, { status: 'filled' });
  assert.deepEqual(
    socket.take().map((one) => one.channel),
    ['orders'],
  );
  socket.queued = 0;
  await h.clock.advance(50);
  const [book, ...rest] = socket.take();
  assert.deepEqual([book.type, book.data.bids[0].price, book.seq - first[0].seq], ['snapshot', 61_010, 10]);
  assert.deepEqual(rest, []);
});

test('an unknown instrument cannot be subscribed, and then none of the message is', async () => {
  const h = harness();
  const id = await place(h);
  const socket = await signedIn(h, 'alice');
  socket.take();
  for (const channels of [
    ['orders', 'ticker:DOGEUSDT'],
    ['orders', 'trades:BTCUSDT'],
    ['orders', 'x'],
  ]) {
    socket.say({ op: 'subscribe', channels });
    assert.equal(socket.take()[0].success, false);
  }
  h.core.pushOrder(id, {});
  assert.deepEqual(socket.take(), []);
});

test('subscriptions per socket are bounded', async () => {
  const h = harness({ sockets: { ...DEFAULT_HTTP_SETTINGS.sockets, subscriptions: 3 } });
  h.core.known = Array.from({ length: 10 }, (_, at) => `spot:A${at}USDT`);
  const { socket } = await subscribed(h, ['orders', 'ticker:A0USDT', 'ticker:A1USDT', 'ticker:a0/usdt']);
  socket.say({ op: 'subscribe', channels: ['ticker:A2USDT'] });
  assert.equal(socket.take()[0].error.code, 'TOO_MANY_SUBSCRIPTIONS');
});

test('each client gets amounts in the form that it asked for', async () => {
  const h = harness();
  const id = await place(h);
  const numbers = await subscribed(h, ['orders']);
  const strings = await signedIn(h, 'alice', { decimals: 'STRING' });
  strings.say({ op: 'subscribe', channels: ['orders'] });
  strings.take();
  h.core.pushOrder(id, { filled_quantity: money('0.000000000000000001') });
  assert.match(numbers.socket.sent[0] ?? '', /"filled_quantity":0\.000000000000000001,/);
  assert.match(strings.sent[0] ?? '', /"filled_quantity":"0\.000000000000000001",/);
});
