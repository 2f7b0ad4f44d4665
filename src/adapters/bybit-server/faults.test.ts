import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnixMs } from '../../domain/ids.ts';
import { err, ok } from '../../domain/result.ts';
import { seededRng } from '../../ports/rng.ts';
import { type Control, FaultPlan, type FaultRule } from './index.ts';
import { TestBench } from './testing/client.ts';
import { settled } from './testing/manual-clock.ts';
import { at } from './testing/memory-network.ts';
import { sampleOrder } from './testing/samples.ts';

const CREATE = '/v5/order/create';
const ORDER = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.1', price: '60000' };

const benchWith = async (...rules: FaultRule[]) => {
  const faults = new FaultPlan(seededRng(1));
  assert.ok(faults.set(rules).ok);
  return { bench: await TestBench.start({ faults }), faults };
};
const request = (bench: TestBench) => {
  const body = JSON.stringify(ORDER);
  return bench.network.request({ method: 'POST', path: CREATE, body, headers: bench.signed(body) });
};

test('a reply is held back and then reset while the order lives', async () => {
  const { bench } = await benchWith({ on: CREATE, times: 1, reply: { type: 'reset', accepted: true, holdMs: 8000 } });
  let answer: unknown = null;
  void request(bench).then((value) => {
    answer = value;
  });
  await bench.advance(7_999);
  assert.equal(answer, null);
  assert.equal(bench.exchange.calls.length, 1);
  await bench.advance(1);
  assert.equal(answer, 'reset');
});

test('an accepted order can be answered with a web page, another code or half an answer', async () => {
  const { bench, faults } = await benchWith(
    {
      on: CREATE,
      times: 1,
      reply: { type: 'replace', accepted: true, holdMs: 0, status: 502, contentType: 'text/html', body: '<html>' },
    },
    {
      on: '/v5/order/*',
      times: 1,
      reply: { type: 'ret_code', accepted: true, holdMs: 0, retCode: 10000, retMsg: 'Server Timeout' },
    },
    { on: CREATE, times: 1, reply: { type: 'truncate', accepted: true, holdMs: 0, length: 9 } },
  );
  assert.partialDeepStrictEqual(await request(bench), { status: 502, body: '<html>' });
  assert.equal(at((await bench.post(CREATE, ORDER)).json, 'retCode'), 10000);
  assert.partialDeepStrictEqual(await request(bench), { status: 200, body: '{"retCode' });
  assert.equal(at((await bench.post(CREATE, ORDER)).json, 'retCode'), 0);
  assert.equal(bench.exchange.calls.length, 4);
  assert.deepEqual(faults.fired(), [1, 1, 1]);
});

test('a code can be given for an order that the exchange never heard of', async () => {
  const { bench } = await benchWith({
    on: CREATE,
    reply: { type: 'ret_code', accepted: false, holdMs: 0, retCode: 10016, retMsg: 'Server error.' },
  });
  assert.equal(at((await bench.post(CREATE, ORDER)).json, 'retCode'), 10016);
  assert.deepEqual(bench.exchange.calls, []);
});

test('the trade socket drops after it took an order', async () => {
  const { bench } = await benchWith({ on: 'order.create', reply: { type: 'reset', accepted: true, holdMs: 0 } });
  const socket = await bench.authorised('/v5/trade');
  socket.say({ op: 'order.create', header: { 'X-BAPI-TIMESTAMP': String(bench.exchange.time) }, args: [ORDER] });
  await settled();
  assert.equal(socket.closedWith, 'terminated');
  assert.equal(bench.exchange.calls.length, 1);
});

test('private pushes are dropped, delayed, doubled and turned around', async () => {
  const { bench } = await benchWith(
    { on: 'order', after: 0, times: 1, push: { type: 'drop' } },
    { on: 'order', times: 1, push: { type: 'delay', ms: 500 } },
    { on: 'order', times: 1, push: { type: 'duplicate', afterMs: 100 } },
    { on: 'order', times: 1, push: { type: 'permute', withinMs: 50 } },
  );
  const socket = await bench.authorised('/v5/private');
  socket.say({ op: 'subscribe', args: ['order'] });
  socket.take();
  for (let i = 1; i <= 6; i += 1) {
    const orders = [sampleOrder({ orderId: `o-${i}` })];
    bench.exchange.tell({ uid: '1001', at: bench.exchange.time as UnixMs, type: 'order', orders });
  }
  const ids = () => socket.take().map((message) => at(message, 'data', 0, 'orderId'));
  await settled();
  assert.deepEqual(ids(), ['o-3']);
  await bench.advance(50);
  assert.deepEqual(ids(), ['o-6', 'o-5', 'o-4']);
  await bench.advance(50);
  assert.deepEqual(ids(), ['o-3']);
  await bench.advance(400);
  assert.deepEqual(ids(), ['o-2']);
});

test('a push can come long before its reply', async () => {
  const { bench } = await benchWith({ on: CREATE, reply: { type: 'hold', accepted: true, holdMs: 500 } });
  const socket = await bench.authorised('/v5/private');
  socket.say({ op: 'subscribe', args: ['order'] });
  socket.take();
  let isAnswered = false;
  void request(bench).then(() => {
    isAnswered = true;
  });
  await settled();
  bench.exchange.tell({ uid: '1001', at: bench.exchange.time as UnixMs, type: 'order', orders: [sampleOrder()] });
  await settled();
  assert.equal(socket.take().length, 1);
  assert.equal(isAnswered, false);
  await bench.advance(500);
  assert.equal(isAnswered, true);
});

const control = (moved: number[]): Control => ({
  groundTruth: () => ({ orders: 3 }),
  moveClock: async (to) => {
    moved.push('toMs' in to ? to.toMs : to.advanceMs);
    return ok(5 as UnixMs);
  },
  commands: { deposit: async (body) => (body['amount'] === '1' ? ok({ done: true }) : err('one at a time')) },
});

test('another process sets faults, reads the ground truth and moves the clock, from this machine only', async () => {
  const moved: number[] = [];
  const bench = await TestBench.start({ control: control(moved) });
  const post = (path: string, body: unknown) => bench.post(path, body);
  const rule = { on: CREATE, times: 1, reply: { type: 'ret_code', retCode: 10016, retMsg: 'Server error.' } };
  assert.deepEqual((await post('/paper/faults', { rules: [rule] })).json, { dropped: 0, fired: [] });
  assert.equal(at((await bench.post(CREATE, ORDER)).json, 'retCode'), 10016);
  assert.deepEqual((await bench.get('/paper/faults')).json, { fired: [1] });
  assert.deepEqual((await bench.get('/paper/ground-truth')).json, { orders: 3 });
  assert.deepEqual((await post('/paper/clock', { advance_ms: 250 })).json, { now: 5 });
  assert.deepEqual(moved, [250]);
  assert.deepEqual((await post('/paper/deposit', { amount: '1' })).json, { done: true });
  assert.deepEqual((await post('/paper/deposit', { amount: '2' })).json, { error: 'one at a time' });
  assert.equal((await post('/paper/dance', {})).status, 404);
  const socket = await bench.authorised('/v5/private');
  assert.partialDeepStrictEqual((await post('/paper/faults', { drop_sockets: { uid: '1001' } })).json, {
    dropped: 1,
  });
  assert.equal(socket.closedWith, 'terminated');
  const foreign = await bench.network.request({ path: '/paper/ground-truth', remoteAddress: '10.0.0.9' });
  assert.equal(foreign !== 'reset' && foreign.status, 404);
});

test('control says what is wrong with its input', async () => {
  const bench = await TestBench.start({ control: control([]) });
  const error = async (path: string, body: unknown) => {
    const answer = await bench.post(path, body);
    assert.equal(answer.status, 400);
    return at(answer.json, 'error');
  };
  assert.match(String(await error('/paper/faults', { rules: [{ on: 'x' }] })), /rules\[0\]: either reply or push/);
  assert.match(String(await error('/paper/faults', { rules: [{ on: 'x', push: { type: 'explode' } }] })), /push\.type/);
  assert.match(
    String(await error('/paper/faults', { rules: [{ on: 'x', chance: 0.5, push: { type: 'drop' } }] })),
    /seed/,
  );
  assert.match(String(await error('/paper/faults', 'nonsense')), /JSON object/);
  assert.match(String(await error('/paper/clock', {})), /advance_ms or to_ms/);
});
