import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnixMs } from '../../domain/ids.ts';
import type { TestBench } from './testing/client.ts';
import { benchWith } from './testing/faulty-bench.ts';
import { settled } from './testing/manual-clock.ts';
import { at } from './testing/memory-network.ts';
import { sampleOrder } from './testing/samples.ts';

const CREATE = '/v5/order/create';
const ORDER = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.1', price: '60000' };

type Bench = TestBench;
const request = (bench: Bench) => {
  const body = JSON.stringify(ORDER);
  return bench.network.request({ method: 'POST', path: CREATE, body, headers: bench.signed(body) });
};
const once = { when: { times: 1 } } as const;
const onCreate = { match: { on: CREATE } } as const;

test('a reply is held back and then reset while the order lives', async () => {
  const { bench, advance } = await benchWith({ point: 'ACC', action: 'reset', ...onCreate, ...once, ms: 8000 });
  let answer: unknown = null;
  void request(bench).then((value) => {
    answer = value;
  });
  await advance(7_999);
  assert.equal(answer, null);
  assert.equal(bench.exchange.calls.length, 1);
  await advance(1);
  assert.equal(answer, 'reset');
});

test('a request is carried out later, or its answer comes later', async () => {
  const { bench, advance } = await benchWith(
    { point: 'ACC', action: 'delay', ...onCreate, ...once, ms: 300 },
    { point: 'ACC', action: 'hold', ...onCreate, ...once, ms: 300 },
  );
  const answers: unknown[] = [];
  void request(bench).then((answer) => answers.push(answer));
  await settled();
  assert.equal(bench.exchange.calls.length, 0, 'delayed: the exchange has not heard of it');
  await advance(300);
  assert.deepEqual([bench.exchange.calls.length, answers.length], [1, 1]);
  void request(bench).then((answer) => answers.push(answer));
  await settled();
  assert.deepEqual([bench.exchange.calls.length, answers.length], [2, 1], 'held: carried out, not answered');
  await advance(300);
  assert.equal(answers.length, 2);
});

test('an accepted order can be answered with a web page, another code, half an answer or wrong headers', async () => {
  const { bench, fired } = await benchWith(
    { point: 'RESP', action: 'status', ...onCreate, ...once, status: 502, body: '<html>' },
    {
      point: 'RESP',
      action: 'ret_code',
      match: { on: '/v5/order/*' },
      ...once,
      retCode: 10000,
      retMsg: 'Server Timeout',
    },
    { point: 'RESP', action: 'truncate', ...onCreate, ...once, length: 9 },
    {
      point: 'RESP',
      action: 'headers',
      ...onCreate,
      ...once,
      set: { 'x-bapi-limit-reset-timestamp': '1' },
      remove: ['X-Bapi-Limit'],
    },
  );
  assert.partialDeepStrictEqual(await request(bench), { status: 502, body: '<html>' });
  assert.equal(at((await bench.post(CREATE, ORDER)).json, 'retCode'), 10000);
  assert.partialDeepStrictEqual(await request(bench), { status: 200, body: '{"retCode' });
  const { headers } = await bench.post(CREATE, ORDER);
  assert.equal(headers['x-bapi-limit-reset-timestamp'], '1');
  assert.deepEqual([headers['X-Bapi-Limit'], headers['X-Bapi-Limit-Reset-Timestamp']], [undefined, undefined]);
  assert.equal(at((await bench.post(CREATE, ORDER)).json, 'retCode'), 0);
  assert.equal(bench.exchange.calls.length, 5);
  assert.deepEqual(fired(), [1, 1, 1, 1]);
});

test('a code can come with a limit header that is wrong', async () => {
  const { bench } = await benchWith({
    point: 'RESP',
    action: 'ret_code',
    retCode: 10006,
    remove: ['X-Bapi-Limit-Status'],
    set: { 'X-Bapi-Limit-Reset-Timestamp': '1' },
  });
  const { json, headers } = await bench.post(CREATE, ORDER);
  assert.equal(at(json, 'retCode'), 10006);
  assert.equal(headers['X-Bapi-Limit-Reset-Timestamp'], '1');
  assert.equal('X-Bapi-Limit-Status' in headers, false);
});

test('a code can be given for an order that the exchange never heard of', async () => {
  const { bench } = await benchWith({
    point: 'RESP',
    action: 'ret_code',
    ...onCreate,
    retCode: 10016,
    retMsg: 'Server error.',
    accepted: false,
  });
  assert.equal(at((await bench.post(CREATE, ORDER)).json, 'retCode'), 10016);
  assert.deepEqual(bench.exchange.calls, []);
});

test('a client order id is cut before the exchange sees it', async () => {
  const { bench } = await benchWith({ point: 'ACC', action: 'truncate_param', param: 'orderLinkId', length: 4 });
  await bench.post(CREATE, { ...ORDER, orderLinkId: 'abcdefgh' });
  assert.match(
    JSON.stringify(bench.exchange.calls, (_k, v) => (typeof v === 'bigint' ? `${v}` : v)),
    /"abcd"/,
  );
});

test('rules choose by account, symbol, category and place in the sequence', async () => {
  const code = { point: 'RESP', action: 'ret_code', retCode: 1 } as const;
  const { bench, fired } = await benchWith(
    { ...code, match: { uid: '9999' } },
    { ...code, match: { instrument: 'linear:ETHUSDT' } },
    { ...code, match: { category: 'spot' } },
    { ...code, match: { instrument: 'linear:*' }, when: { after: 1, times: 1 } },
  );
  const codes: unknown[] = [];
  for (let i = 0; i < 3; i += 1) codes.push(at((await bench.post(CREATE, ORDER)).json, 'retCode'));
  assert.deepEqual(codes, [0, 1, 0]);
  assert.deepEqual(fired(), [0, 0, 0, 1]);
});

test('rules begin and end with the time, and a chance comes from the seed', async () => {
  const code = { point: 'RESP', action: 'ret_code', retCode: 1 } as const;
  const { bench, advance, faults } = await benchWith({ ...code, when: { inMs: 1000, forMs: 500 } });
  const ask = async () => at((await bench.post(CREATE, ORDER)).json, 'retCode');
  assert.equal(await ask(), 0);
  await advance(1000);
  assert.equal(await ask(), 1);
  await advance(500);
  assert.equal(await ask(), 0);
  await faults.clear();
  await faults.add([{ ...code, when: { chance: 0.5 } }]);
  const run = [];
  for (let i = 0; i < 40; i += 1) run.push(await ask());
  const often = run.filter((one) => one === 1).length;
  assert.ok(often > 8 && often < 32, `${often} of 40`);
  const again = await benchWith({ ...code, when: { chance: 0.5 } });
  const rerun = [];
  for (let i = 0; i < 40; i += 1) rerun.push(at((await again.bench.post(CREATE, ORDER)).json, 'retCode'));
  assert.deepEqual(rerun, run);
});

test('the trade socket drops after it took an order', async () => {
  const { bench } = await benchWith({ point: 'ACC', action: 'reset', match: { on: 'order.create' } });
  const socket = await bench.authorised('/v5/trade');
  socket.say({ op: 'order.create', header: { 'X-BAPI-TIMESTAMP': String(bench.exchange.time) }, args: [ORDER] });
  await settled();
  assert.equal(socket.closedWith, 'terminated');
  assert.equal(bench.exchange.calls.length, 1);
});

test('the login of a socket is refused, or late', async () => {
  const { bench, advance } = await benchWith(
    {
      point: 'RESP',
      action: 'ret_code',
      match: { on: 'auth', connection: '/v5/private' },
      ...once,
      retCode: 10004,
      retMsg: 'no',
      accepted: false,
    },
    { point: 'RESP', action: 'delay', match: { on: 'auth' }, ...once, ms: 5000 },
  );
  const socket = bench.network.connect('/v5/private');
  socket.say({ op: 'auth', args: bench.authArgs() });
  assert.partialDeepStrictEqual(socket.take(), [{ success: false, ret_msg: 'no', op: 'auth' }]);
  socket.say({ op: 'subscribe', args: ['order'] });
  assert.partialDeepStrictEqual(socket.take(), [{ success: false }], 'a refused login is none');
  socket.say({ op: 'auth', args: bench.authArgs() });
  await advance(4_999);
  assert.deepEqual(socket.take(), []);
  await advance(1);
  assert.partialDeepStrictEqual(socket.take(), [{ success: true, op: 'auth' }]);
});

async function listener(bench: Bench, ...topics: string[]) {
  const socket = await bench.authorised('/v5/private');
  socket.say({ op: 'subscribe', args: topics });
  socket.take();
  const tell = (orderId: string, more: Parameters<typeof sampleOrder>[0] = {}): void => {
    const orders = [sampleOrder({ orderId, ...more })];
    bench.exchange.tell({ uid: '1001', at: bench.exchange.time as UnixMs, type: 'order', orders });
  };
  return { socket, tell };
}

test('private pushes are dropped, delayed, doubled and turned around', async () => {
  const onOrder = { match: { on: 'order' } } as const;
  const { bench, advance } = await benchWith(
    { point: 'PUB', action: 'drop', ...onOrder, ...once },
    { point: 'PUB', action: 'delay', ...onOrder, ...once, ms: 500 },
    { point: 'PUB', action: 'duplicate', ...onOrder, ...once, afterMs: 100 },
    { point: 'PUB', action: 'permute', ...onOrder, ...once, withinMs: 50 },
  );
  const { socket, tell } = await listener(bench, 'order');
  for (let i = 1; i <= 6; i += 1) tell(`o-${i}`);
  const ids = () => socket.take().map((message) => at(message, 'data', 0, 'orderId'));
  await settled();
  assert.deepEqual(ids(), ['o-3']);
  await advance(50);
  assert.deepEqual(ids(), ['o-6', 'o-5', 'o-4']);
  await advance(50);
  assert.deepEqual(ids(), ['o-3']);
  await advance(400);
  assert.deepEqual(ids(), ['o-2']);
});

test('private pushes come together, without their link ids, or with a field that is wrong', async () => {
  const { bench, advance } = await benchWith(
    { point: 'PUB', action: 'batch', ...once, withinMs: 50 },
    { point: 'PUB', action: 'empty_link', ...once },
    { point: 'PUB', action: 'mutate', ...once, path: 'data.0.orderStatus', how: 'value', value: 'Frozen' },
    { point: 'PUB', action: 'mutate', ...once, path: 'data.0.qty', how: 'drop' },
    { point: 'PUB', action: 'mutate', ...once, path: 'data.0.newThing', how: 'add', value: 1 },
  );
  const { socket, tell } = await listener(bench, 'order');
  for (const id of ['o-1', 'o-2', 'o-3']) tell(id);
  await settled();
  await advance(50);
  const rows = at(socket.take()[0], 'data') as { orderId: string }[];
  assert.deepEqual(
    rows.map(({ orderId }) => orderId),
    ['o-1', 'o-2', 'o-3'],
  );
  for (const id of ['a', 'b', 'c', 'd']) tell(id, { clientOrderId: 'mine' });
  await settled();
  const [empty, frozen, bare, added] = socket
    .take()
    .map((message) => at(message, 'data', 0) as Record<string, unknown>);
  assert.equal(empty?.['orderLinkId'], '');
  assert.deepEqual([frozen?.['orderStatus'], frozen?.['orderLinkId']], ['Frozen', 'mine']);
  assert.equal(bare?.['qty'], undefined);
  assert.equal(added?.['newThing'], 1);
});

test('a push can come long before its reply', async () => {
  const { bench, advance } = await benchWith({ point: 'ACC', action: 'hold', ...onCreate, ms: 500 });
  const { socket, tell } = await listener(bench, 'order');
  let isAnswered = false;
  void request(bench).then(() => {
    isAnswered = true;
  });
  await settled();
  tell('o-1');
  await settled();
  assert.equal(socket.take().length, 1);
  assert.equal(isAnswered, false);
  await advance(500);
  assert.equal(isAnswered, true);
});
