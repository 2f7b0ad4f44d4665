import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestBench } from '../testing/client.ts';
import { settled } from '../testing/manual-clock.ts';
import { at, type MemorySocket } from '../testing/memory-network.ts';

const ORDER = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.1', price: '60000' };

const said = async (socket: MemorySocket, message: unknown) => {
  socket.say(message);
  await settled();
  return socket.take()[0];
};

test('an order over the socket is answered with its request id, its result and its budget', async () => {
  const bench = await TestBench.start({ rateLimits: 'bybit' });
  const socket = await bench.authorised('/v5/trade');
  const header = { 'X-BAPI-TIMESTAMP': String(bench.exchange.time), 'X-BAPI-RECV-WINDOW': '8000', Referer: 'bot-001' };
  const answer = await said(socket, { reqId: 'test-005', header, op: 'order.create', args: [ORDER] });
  assert.partialDeepStrictEqual(answer, {
    reqId: 'test-005',
    retCode: 0,
    retMsg: 'OK',
    op: 'order.create',
    data: { orderId: 'order-1', orderLinkId: '' },
    retExtInfo: {},
    header: { 'X-Bapi-Limit': '10', 'X-Bapi-Limit-Status': '9', Timenow: String(bench.exchange.time) },
  });
  assert.deepEqual(Object.keys(answer ?? {}), [
    'reqId',
    'retCode',
    'retMsg',
    'op',
    'data',
    'retExtInfo',
    'header',
    'connId',
  ]);
  // HTTP draws on the same budget.
  assert.equal((await bench.post('/v5/order/create', ORDER)).headers['X-Bapi-Limit-Status'], '8');
});

test('each way in which a request is wrong has its code', async () => {
  const bench = await TestBench.start();
  const socket = bench.network.connect('/v5/trade');
  const header = { 'X-BAPI-TIMESTAMP': String(bench.exchange.time) };
  const request = { reqId: 'r-1', header, op: 'order.create', args: [ORDER] };
  const code = async (message: object) => (await said(socket, message))?.['retCode'];
  assert.equal(await code(request), 10007);
  assert.equal(await code({ op: 'auth', args: bench.authArgs('key', 'other') }), 10004);
  assert.equal(await code({ op: 'auth', args: ['key'] }), 10001);
  assert.equal(await code({ op: 'auth', args: bench.authArgs() }), 0);
  assert.equal(await code({ op: 'auth', args: bench.authArgs() }), 20001);
  assert.equal(await code(request), 0);
  assert.equal(await code(request), 20006);
  assert.equal(await code({ ...request, reqId: 'x'.repeat(37) }), 10001);
  assert.equal(await code({ ...request, reqId: 'r-2', op: 'order.dance' }), 10404);
  assert.equal(await code({ ...request, reqId: 'r-3', args: [{ ...ORDER, category: 'moon' }] }), 10404);
  assert.equal(await code({ ...request, reqId: 'r-4', header: {} }), 10001);
  const late = { 'X-BAPI-TIMESTAMP': String(bench.exchange.time - 5001) };
  assert.equal(await code({ ...request, reqId: 'r-5', header: late }), 10002);
  assert.equal(await code({ ...request, reqId: 'r-6', args: [] }), 10001);
  assert.equal(await code({ ...request, reqId: 'r-7', args: [{ ...ORDER, qty: '0' }] }), 10001);
  assert.equal(bench.exchange.calls.length, 1);
});

test('amend and cancel take the bodies of their endpoints', async () => {
  const bench = await TestBench.start();
  const socket = await bench.authorised('/v5/trade');
  const header = { 'X-BAPI-TIMESTAMP': String(bench.exchange.time) };
  const ref = { category: 'spot', symbol: 'BTCUSDT', orderLinkId: 'mine' };
  await said(socket, { header, op: 'order.amend', args: [{ ...ref, qty: '2' }] });
  const canceled = await said(socket, { header, op: 'order.cancel', args: [ref] });
  assert.deepEqual(at(canceled, 'data'), { orderId: 'found', orderLinkId: 'mine' });
  assert.equal(canceled !== undefined && 'reqId' in canceled, false);
  assert.deepEqual(
    bench.exchange.calls.map((call) => call.what),
    ['amend', 'cancel'],
  );
});

test('a ping is answered before anybody has authenticated', async () => {
  const bench = await TestBench.start();
  const answer = await said(bench.network.connect('/v5/trade'), { op: 'ping' });
  assert.partialDeepStrictEqual(answer, { retCode: 0, retMsg: 'OK', op: 'pong', data: [String(bench.exchange.time)] });
});
