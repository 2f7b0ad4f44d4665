import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestBench } from '../testing/client.ts';
import { settled } from '../testing/manual-clock.ts';
import { at } from '../testing/memory-network.ts';

const item = (orderLinkId: string, change: object = {}) => ({
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Limit',
  qty: '0.1',
  price: '60000',
  orderLinkId,
  ...change,
});
const many = (count: number) => Array.from({ length: count }, (_, index) => item(`n${index}`));

test('each item of a batch has its own row and its own code, in the order of the request', async () => {
  const bench = await TestBench.start();
  const request = [item('good'), item('bad', { qty: '-1' }), 7, item('better')];
  const { json } = await bench.post('/v5/order/create-batch', { category: 'linear', request });
  const time = String(bench.exchange.time);
  const row = (orderId: string, orderLinkId: string, createAt: string, symbol = 'BTCUSDT') => ({
    category: 'linear',
    symbol,
    orderId,
    orderLinkId,
    createAt,
  });
  assert.deepEqual(json, {
    retCode: 0,
    retMsg: 'OK',
    result: {
      list: [row('order-1', 'good', time), row('', 'bad', ''), row('', '', '', ''), row('order-2', 'better', time)],
    },
    retExtInfo: {
      list: [
        { code: 0, msg: 'OK' },
        { code: 10001, msg: 'Qty invalid' },
        { code: 10001, msg: 'Request parameter error.' },
        { code: 0, msg: 'OK' },
      ],
    },
    time: bench.exchange.time,
  });
});

test('a batch in which nothing worked is answered with 0 all the same, and unknown ids are echoed', async () => {
  const bench = await TestBench.start();
  bench.exchange.refusal = { code: 'ORDER_NOT_FOUND', detail: '' };
  const request = [{ symbol: 'BTCUSDT', orderLinkId: 'gone' }];
  const canceled = await bench.post('/v5/order/cancel-batch', { category: 'spot', request });
  assert.equal(at(canceled.json, 'retCode'), 0);
  assert.deepEqual(at(canceled.json, 'result'), {
    list: [{ category: 'spot', symbol: 'BTCUSDT', orderId: '', orderLinkId: 'gone' }],
  });
  assert.deepEqual(at(canceled.json, 'retExtInfo'), { list: [{ code: 170213, msg: 'Order does not exist.' }] });
});

test('a batch has at most ten items on spot and twenty elsewhere', async () => {
  const bench = await TestBench.start();
  const code = async (category: string, count: number) =>
    at((await bench.post('/v5/order/create-batch', { category, request: many(count) })).json, 'retCode');
  assert.deepEqual(await Promise.all([code('spot', 10), code('linear', 20)]), [0, 0]);
  const before = bench.exchange.calls.length;
  assert.deepEqual(await Promise.all([code('spot', 11), code('linear', 21), code('linear', 0)]), [10001, 10001, 10001]);
  assert.equal(bench.exchange.calls.length, before, 'nothing of it was carried out');
});

test('a batch costs its items, and those that the budget cannot pay fail alone', async () => {
  const bench = await TestBench.start({ rateLimits: 'bybit' });
  const batch = (count: number) => bench.post('/v5/order/create-batch', { category: 'linear', request: many(count) });
  const first = await batch(6);
  assert.equal(first.headers['X-Bapi-Limit-Status'], '4');
  const second = await batch(6);
  const { list } = at(second.json, 'retExtInfo') as { list: { code: number }[] };
  assert.deepEqual(
    list.map(({ code }) => code),
    [0, 0, 0, 0, 10006, 10006],
  );
  assert.equal(at((await batch(1)).json, 'retCode'), 10006, 'nothing is left');
  assert.equal(at((await bench.post('/v5/order/create', { category: 'linear', ...item('s') })).json, 'retCode'), 0);
});

test('the trade socket takes batches', async () => {
  const bench = await TestBench.start();
  const socket = await bench.authorised('/v5/trade');
  const header = { 'X-BAPI-TIMESTAMP': String(bench.exchange.time) };
  const args = [{ category: 'linear', request: [item('a'), item('b', { side: 'Up' })] }];
  socket.say({ op: 'order.create-batch', header, args });
  await settled();
  assert.partialDeepStrictEqual(socket.take()[0], {
    retCode: 0,
    op: 'order.create-batch',
    data: {
      list: [
        { orderId: 'order-1', orderLinkId: 'a' },
        { orderId: '', orderLinkId: 'b', createAt: '' },
      ],
    },
    retExtInfo: { list: [{ code: 0 }, { code: 10001, msg: 'Side invalid' }] },
  });
});
