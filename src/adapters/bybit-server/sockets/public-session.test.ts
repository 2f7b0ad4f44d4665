import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../../domain/decimal.ts';
import { TestBench } from '../testing/client.ts';
import { at } from '../testing/memory-network.ts';
import { sampleTrade } from '../testing/samples.ts';
import { instrumentFor, LINEAR, SPOT } from '../testing/scripted-exchange.ts';

test('each public socket answers in its own dialect', async () => {
  const bench = await TestBench.start();
  const spot = bench.network.connect('/v5/public/spot');
  const linear = bench.network.connect('/v5/public/linear');
  for (const socket of [spot, linear]) {
    socket.say({ op: 'ping' });
    socket.say({ op: 'subscribe', args: ['publicTrade.BTCUSDT'], req_id: 'r-1' });
    socket.say({ op: 'unsubscribe', args: ['publicTrade.BTCUSDT'] });
  }
  const withoutId = (messages: readonly Readonly<Record<string, unknown>>[]) =>
    messages.map(({ conn_id, ...rest }) => {
      assert.equal(typeof conn_id, 'string');
      return rest;
    });
  assert.deepEqual(withoutId(spot.take()), [
    { success: true, ret_msg: 'pong', op: 'ping' },
    { success: true, ret_msg: 'subscribe', req_id: 'r-1', op: 'subscribe' },
    { success: true, ret_msg: 'unsubscribe', req_id: '', op: 'unsubscribe' },
  ]);
  assert.deepEqual(withoutId(linear.take()), [
    { success: true, ret_msg: 'pong', req_id: '', op: 'ping' },
    { success: true, ret_msg: '', req_id: 'r-1', op: 'subscribe' },
    { success: true, ret_msg: '', req_id: '', op: 'unsubscribe' },
  ]);
});

test('a request with one bad topic subscribes none', async () => {
  const bench = await TestBench.start();
  const socket = bench.network.connect('/v5/public/linear');
  const refusal = (args: unknown) => {
    socket.say({ op: 'subscribe', args });
    const [answer, ...rest] = socket.take();
    assert.deepEqual(rest, []);
    assert.equal(answer?.['success'], false);
    return answer?.['ret_msg'];
  };
  assert.equal(refusal(['publicTrade.BTCUSDT', 'nothing.BTCUSDT']), 'error:handler not found,topic:nothing.BTCUSDT');
  assert.equal(refusal(['publicTrade.NOPE']), 'Invalid symbol :[publicTrade.NOPE]');
  assert.equal(refusal(['orderbook.500.BTCUSDT']), 'error:handler not found,topic:orderbook.500.BTCUSDT');
  assert.equal(refusal(['constructor.BTCUSDT']), 'error:handler not found,topic:constructor.BTCUSDT');
  assert.equal(refusal([]), 'error:invalid args');
  assert.equal(refusal([{}]), 'error:invalid args');
  socket.say({ op: 'subscribe', args: ['publicTrade.BTCUSDT'] });
  assert.equal(socket.take()[0]?.['success'], true);
  assert.equal(refusal(['publicTrade.BTCUSDT']), 'error:already subscribed,topic:publicTrade.BTCUSDT');
  bench.exchange.publish({ type: 'trades', instrument: LINEAR, trades: [sampleTrade(LINEAR)] });
  assert.equal(socket.take().length, 1);
});

test('spot takes ten topics a request, no connection takes more than 21,000 characters', async () => {
  const bench = await TestBench.start();
  const topics = Array.from({ length: 1500 }, (_, i) => `publicTrade.A${i}USDT`);
  for (let i = 0; i < 1500; i += 1) {
    const instrument = instrumentFor('linear', `A${i}USDT`);
    bench.exchange.listed.set(instrument.id, instrument);
  }
  const spot = bench.network.connect('/v5/public/spot');
  spot.say({ op: 'subscribe', args: topics.slice(0, 11) });
  assert.equal(spot.take()[0]?.['ret_msg'], 'error:args size >10');
  const linear = bench.network.connect('/v5/public/linear');
  linear.say({ op: 'subscribe', args: topics.slice(0, 1000) });
  linear.say({ op: 'subscribe', args: topics.slice(1000) });
  assert.deepEqual(
    linear.take().map((message) => message['success']),
    [true, false],
  );
});

test('trades of one match come in one message, with a direction on derivatives only', async () => {
  const bench = await TestBench.start();
  for (const [path, id] of [
    ['/v5/public/spot', SPOT],
    ['/v5/public/linear', LINEAR],
  ] as const) {
    const socket = bench.network.connect(path);
    socket.say({ op: 'subscribe', args: ['publicTrade.BTCUSDT'] });
    socket.take();
    bench.exchange.publish({
      type: 'trades',
      instrument: id,
      trades: [sampleTrade(id), sampleTrade(id, { tradeId: 'trade-2' })],
    });
    const [message] = socket.take();
    assert.partialDeepStrictEqual(message, {
      topic: 'publicTrade.BTCUSDT',
      type: 'snapshot',
      data: [{ i: 'trade-1' }, { i: 'trade-2' }],
    });
    assert.equal(at(message, 'data', 0, 'L'), id === SPOT ? undefined : 'PlusTick');
  }
});

test('a linear ticker is a snapshot and then only the keys that changed', async () => {
  const bench = await TestBench.start();
  const socket = bench.network.connect('/v5/public/linear');
  socket.say({ op: 'subscribe', args: ['tickers.BTCUSDT'] });
  const [, snapshot] = socket.take();
  assert.partialDeepStrictEqual(snapshot, { type: 'snapshot', data: { lastPrice: '60000.1', bid1Price: '60000.0' } });
  bench.exchange.tickers.set(LINEAR, { ...bench.exchange.ticker(LINEAR), mark: money('60000.5') });
  bench.exchange.publish({ type: 'ticker', instrument: LINEAR });
  await bench.advance(100);
  const [delta] = socket.take();
  assert.deepEqual(at(delta, 'data'), {
    symbol: 'BTCUSDT',
    markPrice: '60000.5',
    openInterestValue: '12060100.50',
    singleOpenInterestValue: '6030050.25',
  });
  bench.exchange.setBook(LINEAR, [], [[600_010, 7]], true);
  await bench.advance(100);
  assert.deepEqual(
    socket.take().map((message) => at(message, 'data')),
    [{ symbol: 'BTCUSDT', bid1Price: '', bid1Size: '' }],
  );
});

test('a spot ticker is always whole, without bid and ask', async () => {
  const bench = await TestBench.start();
  const socket = bench.network.connect('/v5/public/spot');
  socket.say({ op: 'subscribe', args: ['tickers.BTCUSDT'] });
  socket.take();
  bench.exchange.tickers.set(SPOT, { ...bench.exchange.ticker(SPOT), last: money('60002') });
  bench.exchange.publish({ type: 'ticker', instrument: SPOT });
  await bench.advance(50);
  const [message] = socket.take();
  assert.partialDeepStrictEqual(message, { type: 'snapshot', data: { lastPrice: '60002', prevPrice24h: '59000' } });
  assert.equal(at(message, 'data', 'bid1Price'), undefined);
});

test('what cannot be read is answered, not ignored', async () => {
  const bench = await TestBench.start();
  const socket = bench.network.connect('/v5/public/linear');
  for (const text of ['{', '[]', '"ping"', '{"op":"dance"}', '{}']) socket.say(text);
  assert.deepEqual(
    socket.take().map((message) => message['success']),
    [false, false, false, false, false],
  );
});

test('a consumer that does not read is cut off, the others hear on', async () => {
  const bench = await TestBench.start();
  const [slow, quick] = [bench.network.connect('/v5/public/linear'), bench.network.connect('/v5/public/linear')];
  for (const socket of [slow, quick]) socket.say({ op: 'subscribe', args: ['publicTrade.BTCUSDT'] });
  slow.backlog = 5 * 2 ** 20;
  for (let i = 0; i < 2; i += 1)
    bench.exchange.publish({ type: 'trades', instrument: LINEAR, trades: [sampleTrade(LINEAR)] });
  assert.equal(slow.closedWith, 'terminated');
  assert.equal(quick.take().length, 3);
});

test('a silent connection is closed at the sweep after its idle time', async () => {
  const bench = await TestBench.start();
  const silent = bench.network.connect('/v5/private', 'max_active_time=45s');
  const pinging = bench.network.connect('/v5/private', 'max_active_time=45s');
  const usual = bench.network.connect('/v5/public/spot');
  for (let i = 0; i < 3; i += 1) {
    await bench.advance(20_000);
    pinging.say({ op: 'ping' });
  }
  assert.deepEqual(
    [silent.closedWith, pinging.closedWith, usual.closedWith],
    [{ code: 1000, reason: 'inactive' }, null, null],
  );
  for (let i = 0; i < 30; i += 1) {
    await bench.advance(20_000);
    pinging.say({ op: 'ping' });
  }
  assert.equal(pinging.closedWith, null);
  assert.notEqual(usual.closedWith, null);
});

test('another path is 404, and too many new connections are 403', async () => {
  const bench = await TestBench.start({ rateLimits: 'bybit' });
  assert.equal(bench.network.connect('/v5/public/moon').refused, 404);
  for (let i = 0; i < 500; i += 1) assert.equal(bench.network.connect('/v5/public/spot').refused, null);
  assert.equal(bench.network.connect('/v5/public/spot').refused, 403);
  assert.equal(bench.network.connect('/v5/public/spot', '', '10.0.0.2').refused, null);
});
