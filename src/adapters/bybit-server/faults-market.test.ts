import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestBench } from './testing/client.ts';
import { benchWith } from './testing/faulty-bench.ts';
import { settled } from './testing/manual-clock.ts';
import { at, type Message } from './testing/memory-network.ts';
import { sampleExecution, sampleOrder } from './testing/samples.ts';
import { LINEAR } from './testing/scripted-exchange.ts';

const once = { when: { times: 1 } } as const;
const BOOK = 'orderbook.50.BTCUSDT';

async function bookOf(bench: TestBench, ...topics: string[]) {
  const socket = bench.network.connect('/v5/public/linear');
  socket.say({ op: 'subscribe', args: topics.length === 0 ? [BOOK] : topics });
  await settled();
  const take = (): Message[] => socket.take().filter((message) => 'topic' in message);
  const move = (bid: number): void => bench.exchange.setBook(LINEAR, [[600_000, bid]], [[600_010, 7]], true);
  return { socket, take, move };
}
const updates = (messages: Message[]) => messages.map((message) => at(message, 'data', 'u'));

test('a delta is missing, one comes twice, then the stream falls silent', async () => {
  const delta = { match: { on: BOOK, type: 'delta' } } as const;
  const { bench, advance } = await benchWith(
    { point: 'MD', action: 'drop', ...delta, ...once },
    { point: 'MD', action: 'flood', ...delta, ...once, count: 2 },
    { point: 'MD', action: 'freeze', match: { instrument: 'linear:BTCUSDT' }, when: { inMs: 100, forMs: 500 } },
  );
  const { take, move } = await bookOf(bench);
  assert.deepEqual(updates(take()), [1]);
  for (const bid of [6, 7, 8]) {
    move(bid);
    await advance(30);
  }
  assert.deepEqual(updates(take()), [3, 3, 3, 4], 'update 2 is the gap');
  await advance(100);
  move(9);
  await advance(30);
  assert.deepEqual(take(), []);
  await advance(500);
  move(10);
  await advance(30);
  assert.deepEqual(updates(take()), [6]);
});

test('a first snapshot is late, a book is crossed, and a level goes that never was', async () => {
  const { bench, advance } = await benchWith(
    { point: 'MD', action: 'delay', match: { on: BOOK, type: 'snapshot' }, ...once, ms: 5000 },
    { point: 'MD', action: 'cross', match: { on: 'orderbook.*' }, ...once, ticks: 3 },
    { point: 'MD', action: 'delete_level', match: { on: 'orderbook.*' }, ...once, price: '12345.6' },
  );
  const { take, move } = await bookOf(bench);
  move(6);
  await advance(30);
  const [crossed] = take();
  assert.equal(crossed?.['type'], 'delta', 'a delta before its snapshot');
  assert.deepEqual(at(crossed, 'data', 'b', 0), ['60001.3', '0.007']);
  move(7);
  await advance(30);
  assert.deepEqual(at(take()[0], 'data', 'b', 1), ['12345.6', '0']);
  await advance(5000);
  assert.deepEqual(
    take().map((message) => message['type']),
    ['snapshot'],
  );
});

test('books begin again at u 1 when told, and tickers lack fields', async () => {
  const { bench, faults, advance } = await benchWith({ point: 'MD', action: 'sparse', match: { on: 'tickers.*' } });
  const { take, move } = await bookOf(bench, BOOK, 'tickers.BTCUSDT');
  const ticker = take().find((message) => message['topic'] === 'tickers.BTCUSDT');
  const whole = await benchWith();
  const full = (await bookOf(whole.bench, 'tickers.BTCUSDT')).take()[0];
  assert.ok(Object.keys(at(ticker, 'data') as object).length < Object.keys(at(full, 'data') as object).length);
  move(6);
  await advance(30);
  take();
  assert.ok((await faults.add([{ point: 'MD', action: 'restart', match: { instrument: 'linear:BTCUSDT' } }])).ok);
  assert.partialDeepStrictEqual(
    take().filter(({ topic }) => topic === BOOK),
    [{ type: 'snapshot', data: { u: 1 } }],
  );
});

const realtime = (bench: TestBench, query = 'category=linear&symbol=BTCUSDT') => bench.get('/v5/order/realtime', query);
const idsOf = (message: unknown): string[] =>
  (at(message, 'result', 'list') as { orderId: string }[]).map(({ orderId }) => orderId);

test('a query shows what an earlier one showed, nothing, an error, or is cut', async () => {
  const query = { match: { on: '/v5/order/realtime' } } as const;
  const { bench } = await benchWith(
    { point: 'QRY', action: 'stale', match: query.match, when: { after: 2, times: 1 }, reads: 2 },
    { point: 'QRY', action: 'empty', match: query.match, when: { after: 2, times: 1 } },
    { point: 'QRY', action: 'error', match: query.match, when: { after: 2, times: 1 } },
    { point: 'QRY', action: 'reset', match: query.match, when: { after: 2, times: 1 } },
  );
  const orders: ReturnType<typeof sampleOrder>[] = [];
  bench.exchange.orders = () => orders;
  const answers: unknown[] = [];
  for (let i = 1; i <= 2; i += 1) {
    orders.unshift(sampleOrder({ orderId: `o-${i}` }));
    answers.push(idsOf((await realtime(bench)).json));
  }
  orders.unshift(sampleOrder({ orderId: 'o-3' }));
  answers.push(idsOf((await realtime(bench)).json));
  assert.deepEqual(answers, [['o-1'], ['o-2', 'o-1'], ['o-1']]);
  // Rules skip what another one answered: each has matched twice before it fires.
  const rest: unknown[] = [];
  for (let i = 0; i < 3; i += 1) {
    const headers = bench.signed('category=linear&symbol=BTCUSDT');
    const answer = await bench.network.request({
      path: '/v5/order/realtime',
      query: 'category=linear&symbol=BTCUSDT',
      headers,
    });
    rest.push(
      answer === 'reset' ? 'reset' : (JSON.parse(answer.body) as { retCode: number; result: { list?: unknown[] } }),
    );
  }
  assert.partialDeepStrictEqual(rest, [{ retCode: 0, result: { list: [] } }, { retCode: 10016 }, 'reset']);
});

test('pages shift, cursors repeat, a further page is empty, and old rows are gone', async () => {
  const { bench, faults } = await benchWith();
  const now = bench.exchange.time;
  bench.exchange.executions = () =>
    [5, 4, 3, 2, 1].map((i) => sampleExecution({ execId: `e-${i}`, at: (now - (6 - i) * 1000) as never }));
  const path = '/v5/execution/list';
  const page = async (cursor = '') => {
    const { json } = await bench.get(path, `category=linear&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    const rows = at(json, 'result', 'list') as { execId: string }[];
    return { ids: rows.map(({ execId }) => execId), next: String(at(json, 'result', 'nextPageCursor')) };
  };
  const first = await page();
  assert.deepEqual(first.ids, ['e-5', 'e-4']);
  await faults.add([{ point: 'QRY', action: 'page_shift', match: { on: path }, rows: 1 }]);
  assert.deepEqual((await page(first.next)).ids, ['e-4', 'e-3', 'e-2'], 'a row comes again');
  await faults.clear();
  await faults.add([{ point: 'QRY', action: 'page_shift', match: { on: path }, rows: -1 }]);
  assert.deepEqual((await page(first.next)).ids, ['e-2'], 'a row is missed');
  await faults.clear();
  await faults.add([{ point: 'QRY', action: 'repeat_cursor', match: { on: path } }]);
  assert.equal((await page(first.next)).next, decodeURIComponent(first.next));
  await faults.clear();
  await faults.add([{ point: 'QRY', action: 'extra_page', match: { on: path } }]);
  const second = await page(first.next);
  const third = await page(second.next);
  assert.deepEqual(third.ids, ['e-1']);
  assert.notEqual(third.next, '');
  assert.deepEqual(await page(third.next), { ids: [], next: '' });
  await faults.clear();
  await faults.add([{ point: 'QRY', action: 'retention', match: { on: path }, ms: 1500 }]);
  assert.deepEqual((await page()).ids, ['e-5']);
});

test('a half-open link stays open and carries nothing, a slow one carries it late', async () => {
  const { bench, advance, faults } = await benchWith({
    point: 'CONN',
    action: 'half_open',
    match: { connection: '/v5/private' },
    when: { inMs: 1000, forMs: 1000 },
  });
  const socket = await bench.authorised('/v5/private');
  await advance(1000);
  socket.say({ op: 'ping' });
  assert.deepEqual([socket.take(), socket.closedWith], [[], null]);
  await advance(1000);
  socket.say({ op: 'ping' });
  assert.partialDeepStrictEqual(socket.take(), [{ op: 'pong' }]);
  await faults.add([{ point: 'CONN', action: 'slow', match: { uid: '1001' }, ms: 200 }]);
  socket.say({ op: 'ping' });
  await advance(399);
  assert.deepEqual(socket.take(), []);
  await advance(1);
  assert.partialDeepStrictEqual(socket.take(), [{ op: 'pong' }], 'late on the way in and on the way out');
});

test('links are cut, refused, banned and counted', async () => {
  const { bench, faults } = await benchWith({ point: 'CONN', action: 'budget', match: { on: '/v5/*' }, limit: 2 });
  const sockets = [1, 2, 3].map(() => bench.network.connect('/v5/public/linear'));
  assert.deepEqual(
    sockets.map(({ refused }) => refused),
    [null, null, 403],
  );
  await faults.clear();
  assert.ok((await faults.add([{ point: 'CONN', action: 'reset', match: { connection: '/v5/public/*' } }])).ok);
  assert.deepEqual(
    sockets.map(({ closedWith }) => closedWith),
    ['terminated', 'terminated', null],
  );
  await faults.add([
    { point: 'CONN', action: 'refuse', match: { on: '/v5/private' } },
    { point: 'CONN', action: 'refuse', match: { on: '/v5/market/time' } },
  ]);
  assert.equal(bench.network.connect('/v5/private').refused, 503);
  assert.equal(await bench.network.request({ path: '/v5/market/time' }), 'reset');
  await faults.clear();
  await faults.add([{ point: 'CONN', action: 'ban', match: { address: '10.0.0.9' } }]);
  const from = (remoteAddress: string) => bench.network.request({ path: '/v5/market/time', remoteAddress });
  assert.partialDeepStrictEqual(await from('10.0.0.9'), { status: 403, body: 'access too frequent' });
  assert.partialDeepStrictEqual(await from('10.0.0.8'), { status: 200 });
});

test('the clock that clients see is off, drifts, and stands; signatures are judged by it', async () => {
  const { bench, faults, advance } = await benchWith({ point: 'CLK', action: 'offset', ms: 10_000 });
  const shown = async () => Number(at((await bench.get('/v5/market/time')).json, 'time')) - bench.exchange.time;
  assert.equal(await shown(), 10_000);
  assert.equal(at((await realtime(bench)).json, 'retCode'), 10002);
  await faults.clear();
  await faults.add([{ point: 'CLK', action: 'drift', ppm: 200 }]);
  await advance(1_000_000);
  assert.equal(await shown(), 200);
  await faults.clear();
  await faults.add([{ point: 'CLK', action: 'pause', when: { forMs: 3000 } }]);
  await advance(2000);
  assert.equal(await shown(), -2000);
  await advance(1000);
  assert.equal(await shown(), 0);
});
