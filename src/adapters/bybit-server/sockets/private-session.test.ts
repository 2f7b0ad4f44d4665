import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssetId, UnixMs } from '../../../domain/ids.ts';
import { TestBench } from '../testing/client.ts';
import { settled } from '../testing/manual-clock.ts';
import { at } from '../testing/memory-network.ts';
import { sampleExecution, sampleOrder, samplePosition, sampleWallet } from '../testing/samples.ts';
import { SPOT } from '../testing/scripted-exchange.ts';

test('topics need an authenticated connection, and no snapshot follows', async () => {
  const bench = await TestBench.start();
  const socket = bench.network.connect('/v5/private');
  socket.say({ op: 'subscribe', args: ['order'] });
  socket.say({ op: 'auth', args: bench.authArgs('key', 'other') });
  socket.say({ op: 'auth', args: bench.authArgs('key', 'secret', bench.exchange.time) });
  socket.say({ op: 'auth', args: bench.authArgs(), req_id: 'a' });
  socket.say({ op: 'subscribe', args: ['order', 'wallet'] });
  socket.say({ op: 'ping', req_id: 'p' });
  const answers = socket.take();
  assert.deepEqual(
    answers.map((message) => message['success'] ?? message['op']),
    [false, false, false, true, true, 'pong'],
  );
  assert.equal(answers[0]?.['ret_msg'], 'Request not authorized');
  assert.partialDeepStrictEqual(answers[3], { success: true, ret_msg: '', op: 'auth', req_id: 'a' });
  assert.partialDeepStrictEqual(answers[5], { req_id: 'p', op: 'pong', args: [String(bench.exchange.time)] });
});

test('unknown topics and an all-in-one topic mixed with its categories are refused', async () => {
  const bench = await TestBench.start();
  const socket = await bench.authorised('/v5/private');
  for (const args of [['weather'], ['order', 'order.linear'], [], [1]]) socket.say({ op: 'subscribe', args });
  assert.deepEqual(
    socket.take().map((message) => message['success']),
    [false, false, false, false],
  );
  socket.say({ op: 'subscribe', args: ['order', 'execution.linear'] });
  assert.equal(socket.take()[0]?.['success'], true);
});

test('events go to their user, in the order in which they happened, rows of one event together', async () => {
  const bench = await TestBench.start();
  bench.exchange.addKey({ uid: '2002', apiKey: 'other' });
  bench.exchange.funds = sampleWallet();
  const mine = await bench.authorised('/v5/private');
  const theirs = bench.network.connect('/v5/private');
  theirs.say({ op: 'auth', args: bench.authArgs('other') });
  for (const socket of [mine, theirs])
    socket.say({ op: 'subscribe', args: ['order', 'execution', 'position', 'wallet'] });
  mine.take();
  theirs.take();
  const stamp = { uid: '1001', at: bench.exchange.time as UnixMs };
  bench.exchange.tell({ ...stamp, type: 'order', orders: [sampleOrder()] });
  bench.exchange.tell({
    ...stamp,
    type: 'execution',
    executions: [sampleExecution(), sampleExecution({ execId: 'exec-2' })],
  });
  bench.exchange.tell({ ...stamp, type: 'position', positions: [samplePosition()] });
  bench.exchange.tell({ ...stamp, type: 'wallet', coins: ['BTC' as AssetId] });
  await settled();
  const messages = mine.take();
  assert.deepEqual(
    messages.map((message) => message['topic']),
    ['order', 'execution', 'position', 'wallet'],
  );
  assert.equal(messages[1]?.['id'], '1001_BTCUSDT_1234');
  assert.deepEqual(
    (at(messages[1], 'data') as { execId: string }[]).map((row) => row.execId),
    ['exec-1', 'exec-2'],
  );
  assert.deepEqual(
    (at(messages[3], 'data', 0, 'coin') as { coin: string }[]).map((coin) => coin.coin),
    ['BTC'],
  );
  assert.equal(new Set(messages.map((message) => message['id'])).size, 4);
  assert.deepEqual(theirs.take(), []);
});

test('a categorised topic has the rows of its category under its own name', async () => {
  const bench = await TestBench.start();
  const spot = await bench.authorised('/v5/private');
  const all = await bench.authorised('/v5/private');
  spot.say({ op: 'subscribe', args: ['order.spot'] });
  all.say({ op: 'subscribe', args: ['order'] });
  spot.take();
  all.take();
  const stamp = { uid: '1001', at: bench.exchange.time as UnixMs };
  bench.exchange.tell({
    ...stamp,
    type: 'order',
    orders: [sampleOrder(), sampleOrder({ instrument: SPOT, orderId: 'spot-1' })],
  });
  bench.exchange.tell({ ...stamp, type: 'order', orders: [sampleOrder()] });
  await settled();
  assert.partialDeepStrictEqual(spot.take(), [
    { topic: 'order.spot', data: [{ orderId: 'spot-1', category: 'spot' }] },
  ]);
  assert.deepEqual(
    all.take().map((message) => (message['data'] as unknown[]).length),
    [2, 1],
  );
});

test('a client is told that its order was taken before it hears what became of it', async () => {
  const bench = await TestBench.start();
  const stream = await bench.authorised('/v5/private');
  stream.say({ op: 'subscribe', args: ['order'] });
  const trade = await bench.authorised('/v5/trade');
  stream.take();
  const order: string[] = [];
  stream.received.push = (text) => order.push(`push ${JSON.parse(text).topic}`);
  trade.received.push = (text) => order.push(`reply ${JSON.parse(text).retCode}`);
  const place = bench.exchange.place.bind(bench.exchange);
  bench.exchange.place = (uid, request) => {
    const placed = place(uid, request);
    bench.exchange.tell({ uid, at: bench.exchange.time as UnixMs, type: 'order', orders: [sampleOrder()] });
    return placed;
  };
  trade.say({
    op: 'order.create',
    header: { 'X-BAPI-TIMESTAMP': String(bench.exchange.time) },
    args: [{ category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.1', price: '1' }],
  });
  await settled();
  assert.deepEqual(order, ['reply 0', 'push order']);
});

test('fast executions tell of trades in few words, without a message id, and makers lose their own order id', async () => {
  const bench = await TestBench.start();
  const socket = await bench.authorised('/v5/private');
  socket.say({ op: 'subscribe', args: ['execution', 'execution.fast.linear', 'strategy'] });
  assert.equal(socket.take()[0]?.['success'], true);
  socket.say({ op: 'subscribe', args: ['execution.fast', 'execution.fast.linear'] });
  assert.equal(socket.take()[0]?.['success'], false);
  const stamp = { uid: '1001', at: bench.exchange.time as UnixMs, type: 'execution' } as const;
  bench.exchange.tell({
    ...stamp,
    executions: [
      sampleExecution({ liquidity: 'maker' }),
      sampleExecution({ execId: 'exec-2' }),
      sampleExecution({ kind: 'funding' }),
      sampleExecution({ instrument: SPOT }),
    ],
  });
  await settled();
  const fast = socket.take().find(({ topic }) => topic === 'execution.fast.linear');
  assert.equal(fast?.['id'], undefined);
  const rows = fast?.['data'] as Record<string, unknown>[];
  assert.deepEqual(
    rows.map(({ execId, orderLinkId, isMaker, category }) => [execId, orderLinkId, isMaker, category]),
    [
      ['exec-1', '', true, 'linear'],
      ['exec-2', 'mine-1', false, 'linear'],
    ],
  );
});
