import assert from 'node:assert/strict';
import { test } from 'node:test';
import { behave, scripted, settled } from '../../test/fake-venue.ts';
import { DialBudget, backoffMs } from './dial-budget.ts';
import { steadyRng } from '../../test/fake-clock.ts';

const states = (events: readonly { type: string }[]): string[] =>
  events.flatMap((event) => (event.type === 'link' ? [(event as unknown as { state: string }).state] : []));

test('a private link dials, logs in, subscribes, and only then says so', async () => {
  const { bybit, clock, sockets, events } = scripted();
  const epochs: number[] = [];
  bybit.privateStream({ order: () => undefined, subscribed: (epoch) => epochs.push(epoch) });
  await clock.advance(100);
  assert.deepEqual(states(events), ['dialing', 'logging_in', 'ready', 'subscribed']);
  assert.deepEqual(epochs, [1]);
  assert.equal(sockets.last.url, 'ws://venue/v5/private');
  const [login, subscribe] = sockets.last.received;
  assert.equal(login?.['op'], 'auth');
  const [key, expires, signature] = login?.['args'] as [string, number, string];
  assert.equal(key, 'KEY');
  assert.ok(expires > clock.now() && expires <= clock.now() + 10_000);
  assert.equal(signature, `signed(GET/realtime${expires})`);
  assert.deepEqual(subscribe?.['args'], ['order']);
});

test('a ping goes every 20 s and every dialect of pong keeps the link', async (t) => {
  for (const category of ['spot', 'linear', 'inverse', 'option'] as const) {
    await t.test(category, async () => {
      const { bybit, clock, sockets } = scripted();
      bybit.publicStream(category).trades('BTCUSDT', () => undefined);
      await clock.advance(120_000);
      assert.equal(sockets.connections.length, 1);
      assert.equal(sockets.last.receivedOp('ping').length, 5);
    });
  }
  await t.test('private and trade', async () => {
    const { bybit, clock, sockets } = scripted();
    bybit.privateStream({ order: () => undefined });
    bybit.tradeSocket();
    await clock.advance(120_000);
    assert.equal(sockets.connections.length, 2);
  });
});

test('a half-open link is given up 10 s after its ping, and a new one is up at once', async () => {
  const { bybit, clock, sockets, events } = scripted();
  const down: string[] = [];
  const stream = bybit.privateStream({ order: () => undefined, down: (_epoch, reason) => down.push(reason) });
  await clock.advance(15_000);
  sockets.last.blackholed = true;
  await clock.advance(14_000);
  assert.equal(sockets.connections.length, 1);
  await clock.advance(1_200);
  assert.deepEqual(down, ['no pong']);
  assert.equal(sockets.connections.length, 2);
  assert.equal(stream.health().state, 'subscribed');
  assert.equal(stream.epoch, 2);
  assert.deepEqual(states(events).slice(4), ['waiting', 'dialing', 'logging_in', 'ready', 'subscribed']);
});

test('data without pongs does not save a link: only an answer proves both directions', async () => {
  const { bybit, clock, sockets } = scripted();
  bybit.publicStream('linear').trades('BTCUSDT', () => undefined);
  await clock.advance(100);
  sockets.last.onMessage = () => undefined;
  for (let i = 0; i < 31; i++) {
    sockets.connections[0]?.send({ topic: 'publicTrade.BTCUSDT', ts: 1, data: [] });
    await clock.advance(1_000);
  }
  assert.equal(sockets.connections.length, 2);
});

test('a process that stood still looks again before it gives its link up', async () => {
  const { bybit, clock, sockets } = scripted();
  bybit.publicStream('linear').trades('BTCUSDT', () => undefined);
  await clock.advance(20_000);
  clock.stall(60_000);
  await clock.advance(1_000);
  assert.equal(sockets.connections.length, 1);
  await clock.advance(60_000);
  assert.equal(sockets.connections.length, 1);
});

test('a late login is waited for, 10 s long; then the link is made anew', async () => {
  const { bybit, clock, sockets } = scripted();
  sockets.accept = (socket) => {
    behave(socket);
    if (sockets.connections.length > 1) return true;
    const usual = socket.onMessage;
    socket.onMessage = (message) =>
      void (message['op'] === 'auth' ? clock.after(9_500, () => usual(message)) : usual(message));
    return true;
  };
  const stream = bybit.privateStream({ order: () => undefined });
  await clock.advance(9_000);
  assert.equal(stream.health().state, 'logging_in');
  assert.equal(sockets.last.receivedOp('subscribe').length, 0, 'nothing is subscribed before the login');
  await clock.advance(1_000);
  assert.equal(stream.health().state, 'subscribed');
  assert.equal(sockets.connections.length, 1);

  const silent = scripted();
  silent.sockets.accept = (socket) => {
    if (silent.sockets.connections.length > 1) behave(socket);
    return true;
  };
  silent.bybit.privateStream({ order: () => undefined });
  await silent.clock.advance(11_000);
  assert.equal(silent.sockets.connections.length, 2);
});

test('a refused login is reported, the clock is read, and it is tried again slowly', async () => {
  const { bybit, clock, sockets, http, seen } = scripted();
  sockets.accept = (socket) => {
    socket.onMessage = () => socket.send({ retCode: 10004, retMsg: 'Invalid sign', op: 'auth', connId: 'c' });
    return true;
  };
  bybit.tradeSocket();
  await clock.advance(120_000);
  assert.ok(sockets.connections.length <= 8, `${sockets.connections.length} attempts in two minutes`);
  assert.ok(sockets.connections.length >= 4);
  assert.equal(seen('login_refused').length, sockets.connections.length);
  assert.ok(http.count('/v5/market/time') >= 1);
});

test('a login that our clock spoiled succeeds a second later, with the clock read', async () => {
  const { bybit, clock, sockets, venue } = scripted();
  venue.aheadMs = 60_000;
  sockets.accept = (socket) => {
    behave(socket);
    const usual = socket.onMessage;
    socket.onMessage = (message) => {
      const expires = message['op'] === 'auth' ? (message['args'] as [string, number])[1] : Number.POSITIVE_INFINITY;
      if (expires > clock.now() + venue.aheadMs) return usual(message);
      socket.send({ success: false, ret_msg: 'expired', op: 'auth', conn_id: 'c' });
    };
    return true;
  };
  const stream = bybit.privateStream({ order: () => undefined });
  await clock.advance(2_000);
  assert.equal(stream.health().state, 'subscribed');
  assert.equal(sockets.connections.length, 2);
});

test('while nobody answers, dials become rare; when they do, the link comes back', async () => {
  const { bybit, clock, sockets } = scripted();
  sockets.accept = () => false;
  const stream = bybit.privateStream({ order: () => undefined });
  await clock.advance(180_000);
  const refused = sockets.connections.length;
  assert.ok(refused >= 8 && refused < 30, `${refused} dials in three minutes`);
  sockets.accept = (socket) => {
    behave(socket);
    return true;
  };
  await clock.advance(30_000);
  assert.equal(stream.health().state, 'subscribed');
});

test('a connection that is not open in time is given up', async () => {
  const { bybit, clock, sockets } = scripted();
  sockets.dialMs = 1_000_000;
  bybit.privateStream({ order: () => undefined });
  await clock.advance(10_500);
  assert.equal(sockets.connections.length, 2);
});

test('the budget of dials is kept over all links', async () => {
  const dials = new DialBudget(5);
  const { bybit, clock, sockets } = scripted({ dials });
  sockets.accept = () => false;
  bybit.privateStream({ order: () => undefined });
  bybit.tradeSocket();
  await clock.advance(299_000);
  assert.equal(sockets.connections.length, 5);
  await clock.advance(2_000);
  assert.equal(dials.dials, sockets.connections.length);
  assert.ok(sockets.connections.length > 5);
});

test('the pause before a reconnect grows to its cap, and is never nothing after a failure', () => {
  assert.ok(backoffMs(0, 30_000, 0, steadyRng(0.99)) < 100);
  for (let failures = 1; failures < 40; failures++) {
    assert.ok(backoffMs(failures, 30_000, 0, steadyRng(0)) >= 50);
    assert.ok(backoffMs(failures, 30_000, 0, steadyRng(0.999)) <= 30_000);
  }
  assert.ok(backoffMs(10, 30_000, 0, steadyRng(0.999)) > 29_000);
});

test('closing ends the connection, its timers and its dials', async () => {
  const { bybit, clock, sockets } = scripted();
  bybit.privateStream({ order: () => undefined });
  bybit.publicStream('spot').trades('BTCUSDT', () => undefined);
  await clock.advance(1_000);
  await settled(clock, bybit.close());
  await clock.advance(120_000);
  assert.equal(sockets.connections.length, 2);
  assert.ok(sockets.connections.every((socket) => !socket.isOpen));
  assert.equal(clock.timers, 0);
});

test('closing a link whose peer is gone takes a second, not for ever', async () => {
  const { bybit, clock, sockets } = scripted();
  bybit.privateStream({ order: () => undefined });
  await clock.advance(1_000);
  sockets.last.blackholed = true;
  await settled(clock, bybit.close(), 2_000);
  assert.equal(clock.timers, 0);
});

test('what an old connection still says is not heard', async () => {
  const { bybit, clock, sockets } = scripted();
  const orders: unknown[] = [];
  bybit.privateStream({ order: (row) => orders.push(row) });
  await clock.advance(100);
  const [old] = sockets.connections;
  old?.sendText('{"topic":"order","id":"1","creationTime":1,"data":[]}');
  old?.drop();
  await clock.advance(1_000);
  assert.equal(orders.length, 0);
  assert.equal(sockets.connections.length, 2);
});

test('garbage on a link is reported and changes nothing', async () => {
  const { bybit, clock, sockets, seen } = scripted();
  bybit.privateStream({ order: () => undefined });
  await clock.advance(100);
  for (const text of ['', '{', '[]', '5', 'null', '{"hello":1}']) sockets.last.sendText(text);
  await clock.advance(100);
  assert.equal(seen('unreadable').length, 6);
  assert.equal(sockets.connections.length, 1);
});
