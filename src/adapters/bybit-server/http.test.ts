import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../domain/decimal.ts';
import type { UnixMs } from '../../domain/ids.ts';
import { JournalClosed } from '../../ports/journal.ts';
import { TestBench } from './testing/client.ts';
import { settled } from './testing/manual-clock.ts';
import { at } from './testing/memory-network.ts';
import { sampleExecution, sampleOrder, samplePosition, sampleWallet } from './testing/samples.ts';
import { LINEAR, SPOT } from './testing/scripted-exchange.ts';

const ORDER = {
  category: 'linear',
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Limit',
  qty: '0.1',
  price: '60000',
  orderLinkId: 'mine',
};

test('an order that is signed as documented reaches the exchange and is acknowledged', async () => {
  const bench = await TestBench.start();
  const answer = await bench.post('/v5/order/create', ORDER);
  assert.deepEqual(answer.json, {
    retCode: 0,
    retMsg: 'OK',
    result: { orderId: 'order-1', orderLinkId: 'mine' },
    retExtInfo: {},
    time: bench.exchange.time,
  });
  assert.equal(bench.exchange.calls[0]?.order?.instrument, LINEAR);
  assert.deepEqual(
    ['X-Bapi-Limit', 'X-Bapi-Limit-Status', 'X-Bapi-Limit-Reset-Timestamp'].map((name) => answer.headers[name]),
    ['10', '10', String(bench.exchange.time)],
  );
});

test('the signature is over the very bytes of body and query', async () => {
  const bench = await TestBench.start();
  const body = '{"category": "linear",  "symbol":"BTCUSDT","orderId":"1"}';
  assert.equal(at((await bench.post('/v5/order/cancel', body)).json, 'retCode'), 0);
  const reordered = JSON.stringify(JSON.parse(body));
  const forged = await bench.post('/v5/order/cancel', reordered, bench.signed(body));
  assert.equal(at(forged.json, 'retCode'), 10004);
  const query = 'symbol=BTCUSDT&category=linear&cursor=1%3Aa';
  assert.equal(at((await bench.get('/v5/order/realtime', query)).json, 'retCode'), 0);
  const decoded = await bench.get('/v5/order/realtime', query, bench.signed(decodeURIComponent(query)));
  assert.equal(at(decoded.json, 'retCode'), 10004);
});

test('a request is refused by the first thing that is wrong with who sends it', async () => {
  const bench = await TestBench.start();
  const { exchange } = bench;
  const code = async (headers: Record<string, string>) => {
    const answer = await bench.get('/v5/account/info', '', headers);
    return [answer.status, at(answer.json, 'retCode')];
  };
  assert.deepEqual(await code({}), [200, 0]);
  assert.deepEqual(await code({ 'x-bapi-sign': '' }), [401, 10001]);
  assert.deepEqual(await code({ 'x-bapi-api-key': '' }), [401, 10001]);
  assert.deepEqual(await code(bench.signed('', 'nobody')), [200, 10003]);
  assert.deepEqual(await code(bench.signed('', 'key', 'other')), [200, 10004]);
  exchange.addKey({ apiKey: 'old', expiresAt: exchange.time as UnixMs });
  assert.deepEqual(await code(bench.signed('', 'old')), [200, 33004]);
  exchange.addKey({ apiKey: 'bound', ips: ['10.0.0.1'] });
  assert.deepEqual(await code(bench.signed('', 'bound')), [200, 10010]);
});

test('a request’s time lies within its window, and less than a second ahead', async () => {
  const bench = await TestBench.start();
  const now = bench.exchange.time;
  const code = async (sentAt: number) =>
    at((await bench.get('/v5/account/info', '', bench.signed('', 'key', 'secret', sentAt))).json, 'retCode');
  assert.equal(await code(now - 5000), 0);
  assert.equal(await code(now - 5001), 10002);
  assert.equal(await code(now + 999), 0);
  assert.equal(await code(now + 1000), 10002);
});

test('a key does what it has the words for, and only reads when it may only read', async () => {
  const bench = await TestBench.start();
  bench.exchange.addKey({ apiKey: 'spot', permissions: { Spot: ['SpotTrade'] } });
  bench.exchange.addKey({ apiKey: 'reader', readOnly: true });
  const create = async (key: string, category: string) => {
    const body = JSON.stringify({ ...ORDER, category });
    return at((await bench.post('/v5/order/create', body, bench.signed(body, key))).json, 'retCode');
  };
  assert.equal(await create('spot', 'spot'), 0);
  assert.equal(await create('spot', 'linear'), 10005);
  assert.equal(await create('reader', 'spot'), 10005);
  const query = 'category=spot';
  assert.equal(at((await bench.get('/v5/order/realtime', query, bench.signed(query, 'reader'))).json, 'retCode'), 0);
});

test('unknown paths, methods and a GET with a body are refused by HTTP status', async () => {
  const bench = await TestBench.start();
  const status = async (method: string, path: string, body = '') => {
    const answer = await bench.network.request({ method, path, body });
    return answer === 'reset' ? 0 : answer.status;
  };
  assert.equal(await status('GET', '/v5/market/tim'), 404);
  assert.equal(await status('POST', '/v5/market/time'), 404);
  assert.equal(await status('PUT', '/v5/market/time'), 400);
  assert.equal(await status('GET', '/v5/market/time', '{}'), 403);
  assert.equal(await status('GET', '/paper/ground-truth'), 404);
});

test('an endpoint’s budget runs out, says until when, and is refilled', async () => {
  const bench = await TestBench.start({ rateLimits: 'bybit' });
  for (let i = 0; i < 10; i += 1) assert.equal(at((await bench.post('/v5/order/create', ORDER)).json, 'retCode'), 0);
  const over = await bench.post('/v5/order/create', ORDER);
  assert.equal(at(over.json, 'retCode'), 10006);
  assert.equal(over.headers['X-Bapi-Limit-Status'], '0');
  assert.equal(over.headers['X-Bapi-Limit-Reset-Timestamp'], String(bench.exchange.time + 1000));
  assert.equal(at((await bench.post('/v5/order/create', { ...ORDER, category: 'spot' })).json, 'retCode'), 0);
  assert.equal(bench.exchange.calls.length, 11);
  await bench.advance(1000);
  assert.equal(at((await bench.post('/v5/order/create', ORDER)).json, 'retCode'), 0);
});

test('an address that asks too often gets 403', async () => {
  const bench = await TestBench.start({ rateLimits: 'bybit' });
  for (let i = 0; i < 600; i += 1) await bench.get('/v5/market/time');
  assert.equal((await bench.get('/v5/market/time')).status, 403);
});

test('the exchange’s refusals have the codes of their category', async () => {
  const bench = await TestBench.start();
  const codes = async (code: Parameters<typeof refuse>[0]) => {
    refuse(code);
    const answers = [
      await bench.post('/v5/order/create', ORDER),
      await bench.post('/v5/order/create', { ...ORDER, category: 'spot' }),
    ];
    return answers.map((answer) => at(answer.json, 'retCode'));
  };
  const refuse = (code: 'INSUFFICIENT_BALANCE' | 'DUPLICATE_CLIENT_ORDER_ID' | 'BELOW_MIN_NOTIONAL' | 'OFF_TICK') => {
    bench.exchange.refusal = { code, detail: '' };
  };
  assert.deepEqual(await codes('INSUFFICIENT_BALANCE'), [110007, 170131]);
  assert.deepEqual(await codes('DUPLICATE_CLIENT_ORDER_ID'), [110072, 170141]);
  assert.deepEqual(await codes('BELOW_MIN_NOTIONAL'), [110094, 170140]);
  assert.deepEqual(await codes('OFF_TICK'), [10001, 170134]);
  bench.exchange.refusal = { code: 'PRICE_OUTSIDE_BAND_HIGH', detail: 'a buy may not be above 60306.5' };
  const tooHigh = await bench.post('/v5/order/create', { ...ORDER, category: 'spot' });
  assert.equal(at(tooHigh.json, 'retMsg'), 'Buy order price cannot be higher than 60306.5.');
});

test('a cancel that comes too late says whether the order was filled or canceled', async () => {
  const bench = await TestBench.start();
  bench.exchange.refusal = { code: 'ORDER_ALREADY_FINAL', detail: '' };
  const cancel = async (category: string) =>
    at((await bench.post('/v5/order/cancel', { category, symbol: 'BTCUSDT', orderId: 'order-1' })).json, 'retCode');
  bench.exchange.closed = [sampleOrder({ status: 'filled' }), sampleOrder({ status: 'filled', instrument: SPOT })];
  assert.deepEqual([await cancel('linear'), await cancel('spot')], [110008, 170139]);
  bench.exchange.closed = [sampleOrder({ status: 'canceled' }), sampleOrder({ status: 'canceled', instrument: SPOT })];
  assert.deepEqual([await cancel('linear'), await cancel('spot')], [110010, 170142]);
});

test('open orders are asked for by symbol or coin on linear, and by id closed ones are found too', async () => {
  const bench = await TestBench.start();
  bench.exchange.open = [sampleOrder()];
  bench.exchange.closed = [sampleOrder({ orderId: 'order-0', clientOrderId: 'mine-0', status: 'filled' })];
  const ids = async (query: string) => {
    const { json } = await bench.get('/v5/order/realtime', query);
    const list = at(json, 'result', 'list') as { orderId: string }[] | undefined;
    return list?.map((order) => order.orderId) ?? at(json, 'retCode');
  };
  assert.equal(await ids('category=linear'), 10001);
  assert.deepEqual(await ids('category=linear&symbol=BTCUSDT'), ['order-1']);
  assert.deepEqual(await ids('category=linear&symbol=BTCUSDT&openOnly=1'), ['order-0']);
  assert.deepEqual(await ids('category=linear&orderLinkId=mine-0'), ['order-0']);
  assert.deepEqual(await ids('category=linear&symbol=BTCUSDT&orderFilter=StopOrder'), []);
  assert.equal(await ids('category=linear&symbol=NOPEUSDT'), 10001);
});

test('history has final orders only, and those that never traded for a day', async () => {
  const bench = await TestBench.start();
  const yesterday = (bench.exchange.time - 86_400_001) as UnixMs;
  const old = { createdAt: yesterday, updatedAt: yesterday };
  bench.exchange.open = [sampleOrder()];
  bench.exchange.closed = [
    sampleOrder({ orderId: 'new-canceled', status: 'canceled', cumQty: money('0') }),
    sampleOrder({ orderId: 'old-canceled', status: 'canceled', cumQty: money('0'), ...old }),
    sampleOrder({ orderId: 'old-filled', status: 'filled', ...old }),
  ];
  const { json } = await bench.get('/v5/order/history', 'category=linear');
  const list = at(json, 'result', 'list') as { orderId: string }[];
  assert.deepEqual(
    list.map((order) => order.orderId),
    ['new-canceled', 'old-filled'],
  );
});

test('executions are read page by page to the end', async () => {
  const bench = await TestBench.start();
  bench.exchange.filled = Array.from({ length: 7 }, (_, i) => sampleExecution({ execId: `e-${i}` }));
  const seen: unknown[] = [];
  let cursor = '';
  do {
    const { json } = await bench.get(
      '/v5/execution/list',
      `category=linear&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    for (const row of at(json, 'result', 'list') as { execId: string }[]) seen.push(row.execId);
    cursor = String(at(json, 'result', 'nextPageCursor'));
  } while (cursor !== '');
  assert.deepEqual(seen, ['e-0', 'e-1', 'e-2', 'e-3', 'e-4', 'e-5', 'e-6']);
});

test('a wallet shows the coins that are not zero, or those that are asked for', async () => {
  const bench = await TestBench.start();
  bench.exchange.funds = sampleWallet();
  const coins = async (query: string) => {
    const { json } = await bench.get('/v5/account/wallet-balance', query);
    return (at(json, 'result', 'list', 0, 'coin') as { coin: string }[] | undefined)?.map((coin) => coin.coin);
  };
  assert.deepEqual(await coins('accountType=UNIFIED'), ['BTC', 'USDT']);
  assert.deepEqual(await coins('accountType=UNIFIED&coin=ETH,SOL'), ['ETH', 'SOL']);
  assert.equal(await coins('accountType=SPOT'), undefined);
});

test('flat positions are listed by symbol only', async () => {
  const bench = await TestBench.start();
  bench.exchange.held = [samplePosition({ size: money('0') })];
  const list = async (query: string) => at((await bench.get('/v5/position/list', query)).json, 'result', 'list');
  assert.partialDeepStrictEqual(await list('category=linear&symbol=BTCUSDT'), [{ side: '', size: '0.000' }]);
  assert.deepEqual(await list('category=linear&settleCoin=USDT'), []);
  assert.equal(await list('category=linear'), undefined);
});

test('leverages of both sides reach the exchange, which says whether they may differ', async () => {
  const bench = await TestBench.start();
  const set = async (buyLeverage: string, sellLeverage: string) => {
    const body = { category: 'linear', symbol: 'BTCUSDT', buyLeverage, sellLeverage };
    return at((await bench.post('/v5/position/set-leverage', body)).json, 'retCode');
  };
  assert.equal(await set('6', '6'), 0);
  bench.exchange.refusal = { code: 'LEVERAGE_DIFFERS', detail: '' };
  assert.equal(await set('6', '5'), 10001);
  bench.exchange.refusal = { code: 'LEVERAGE_UNCHANGED', detail: '' };
  assert.equal(await set('6', '6'), 110043);
});

test('a book without a limit is its top on spot and 25 levels on linear', async () => {
  const bench = await TestBench.start();
  const bids = Array.from({ length: 40 }, (_, i): [number, number] => [600_000 - i, 1]);
  for (const id of [SPOT, LINEAR]) bench.exchange.setBook(id, bids, []);
  const depth = async (query: string) =>
    (at((await bench.get('/v5/market/orderbook', query)).json, 'result', 'b') as unknown[] | undefined)?.length;
  assert.equal(await depth('category=spot&symbol=BTCUSDT'), 1);
  assert.equal(await depth('category=linear&symbol=BTCUSDT'), 25);
  assert.equal(await depth('category=spot&symbol=BTCUSDT&limit=33'), 33);
  assert.equal(await depth('category=spot&symbol=BTCUSDT&limit=1001'), undefined);
});

test('a decision whose journal failed while it waited is a timeout: nobody knows its outcome', async () => {
  const bench = await TestBench.start();
  bench.exchange.place = () => Promise.reject(new JournalClosed('the disk is full'));
  assert.equal(at((await bench.post('/v5/order/create', ORDER)).json, 'retCode'), 10000);
  const socket = await bench.authorised('/v5/trade');
  socket.say({ op: 'order.create', header: { 'X-BAPI-TIMESTAMP': String(bench.exchange.time) }, args: [ORDER] });
  await settled();
  assert.equal(socket.take()[0]?.['retCode'], 10000);
});
