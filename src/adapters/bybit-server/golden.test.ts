import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { money } from '../../domain/decimal.ts';
import type { AssetId, UnixMs } from '../../domain/ids.ts';
import { hmacSha256 } from './auth.ts';
import { TestBench } from './testing/client.ts';
import { settled } from './testing/manual-clock.ts';
import type { MemorySocket, Message } from './testing/memory-network.ts';
import { sampleExecution, sampleOrder, samplePosition, sampleTrade, sampleWallet } from './testing/samples.ts';
import { LINEAR, SPOT } from './testing/scripted-exchange.ts';
import { differences } from './testing/structure.ts';

const GOLDEN = new URL('../../../../shared/bybit/golden/', import.meta.url);
const skip = existsSync(GOLDEN) ? false : 'the documented answers are not beside this repository';
const golden = (file: string) => JSON.parse(readFileSync(new URL(file, GOLDEN), 'utf8'));

/** Keys that the example lacks and the documentation's own table of response fields lists. */
const TABLE = 'in the response table, not in its example';
const ORDER_FIELDS = ['parentOrderLinkId', 'createType', 'marketUnit'];
const TICKER_FIELDS = ['singleOpenInterest', 'singleOpenInterestValue'];
/** Keys that the example has for another kind of instrument. */
const OTHER_KIND = 'the example shows another category';

type Allowed = Readonly<Record<string, string>>;
const each = (prefix: string, keys: readonly string[], note: string, reason: string): Allowed =>
  Object.fromEntries(keys.map((key) => [`${prefix}.${key}: ${note}`, reason]));
const extra = (prefix: string, keys: readonly string[], reason: string) =>
  each(prefix, keys, 'not in the example', reason);

/** The same shape, but for what is listed with its reason; what is listed must really differ. */
function assertShape(ours: unknown, example: unknown, allowed: Allowed = {}): void {
  const found = [...new Set(differences(ours, example))];
  assert.deepEqual(found.sort(), Object.keys(allowed).sort());
}

/** Its fee is in the coin of the examples: `cumFeeDetail` is keyed by coin. */
const anOrder = (change: Parameters<typeof sampleOrder>[0] = {}) =>
  sampleOrder({ fees: new Map([['MNT' as AssetId, money('0.00242968')]]), ...change });

/** A bench on which every list has a row. */
async function filledBench(): Promise<TestBench> {
  const bench = await TestBench.start();
  const { exchange } = bench;
  exchange.open = [anOrder(), anOrder({ orderId: 'order-2' })];
  exchange.closed = [anOrder({ orderId: 'order-0', status: 'canceled', closeReason: 'post_only_would_take' })];
  exchange.filled = [sampleExecution()];
  exchange.held = [samplePosition()];
  exchange.funds = sampleWallet();
  for (const id of [SPOT, LINEAR]) exchange.trades.set(id, [sampleTrade(id)]);
  return bench;
}

type Rest = Readonly<{ file: string; query?: string; body?: object; allowed?: Allowed }>;

const REST: readonly Rest[] = [
  { file: 'get_v5_market_time__default' },
  { file: 'get_v5_market_instruments-info__linear', query: 'category=linear' },
  { file: 'get_v5_market_instruments-info__spot', query: 'category=spot' },
  { file: 'get_v5_market_orderbook__spot', query: 'category=spot&symbol=BTCUSDT' },
  { file: 'get_v5_market_orderbook__spot', query: 'category=linear&symbol=BTCUSDT' },
  {
    file: 'get_v5_market_tickers__inverse',
    query: 'category=linear',
    allowed: extra('result.list[]', TICKER_FIELDS, TABLE),
  },
  { file: 'get_v5_market_tickers__spot', query: 'category=spot&symbol=BTCUSDT' },
  { file: 'get_v5_market_recent-trade__spot', query: 'category=spot&symbol=BTCUSDT' },
  { file: 'get_v5_market_recent-trade__spot', query: 'category=linear&symbol=BTCUSDT' },
  {
    file: 'get_v5_order_realtime__linear',
    query: 'category=linear&symbol=BTCUSDT&limit=1',
    allowed: extra('result.list[]', ORDER_FIELDS, TABLE),
  },
  {
    file: 'get_v5_order_history__linear',
    query: 'category=linear',
    allowed: extra('result.list[]', ORDER_FIELDS, TABLE),
  },
  { file: 'get_v5_execution_list__linear', query: 'category=linear' },
  { file: 'get_v5_account_wallet-balance__default', query: 'accountType=UNIFIED' },
  {
    file: 'get_v5_account_info__default',
    allowed: {
      'retExtInfo: not in the example': 'the example is cut: every answer has its envelope',
      'time: not in the example': 'the example is cut: every answer has its envelope',
    },
  },
  { file: 'get_v5_account_fee-rate__default', query: 'category=linear&symbol=BTCUSDT' },
  {
    file: 'get_v5_account_fee-rate__default',
    query: 'category=spot',
    allowed: { 'result.category: not in the example': 'only spot and options name their category' },
  },
  { file: 'get_v5_position_list__inverse', query: 'category=linear&symbol=BTCUSDT' },
  { file: 'get_v5_user_query-api__default' },
  {
    file: 'post_v5_order_create__spot',
    body: { category: 'spot', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.1', price: '15600' },
  },
  { file: 'post_v5_order_amend__linear', body: { category: 'linear', symbol: 'BTCUSDT', orderId: 'a', qty: '2' } },
  {
    file: 'post_v5_order_cancel__linear',
    body: { category: 'linear', symbol: 'BTCUSDT', orderLinkId: null, orderId: 'a' },
  },
  { file: 'post_v5_order_cancel-all__linear', body: { category: 'linear', symbol: null, settleCoin: 'USDT' } },
  {
    file: 'post_v5_position_set-leverage__linear',
    body: { category: 'linear', symbol: 'BTCUSDT', buyLeverage: '6', sellLeverage: '6' },
  },
];

for (const { file, query, body, allowed } of REST) {
  test(`${file} ${query ?? ''} has the documented shape`, { skip }, async () => {
    const { request, response } = golden(`docs/rest/${file}.json`);
    const bench = await filledBench();
    const answer = body === undefined ? await bench.get(request.path, query) : await bench.post(request.path, body);
    assertShape(answer.json, response, allowed);
    assert.equal(answer.json?.['retMsg'], response.retMsg);
  });
}

/** What a subscriber of one topic hears: its snapshot, or what `stir` makes happen. */
async function heard(path: string, topic: string, stir?: (bench: TestBench) => void): Promise<Message | undefined> {
  const bench = await filledBench();
  const socket = path === '/v5/private' ? await bench.authorised(path) : bench.network.connect(path);
  socket.say({ op: 'subscribe', args: [topic] });
  if (stir !== undefined) {
    socket.take();
    stir(bench);
    await bench.advance(200);
    await settled();
  }
  return socket.take().at(-1);
}

const stamp = { uid: '1001', at: 1_700_000_000_000 as UnixMs };

test('order book messages have the documented shape', { skip }, async () => {
  const snapshot = golden('docs/ws/orderbook__snapshot.json').message;
  const delta = golden('docs/ws/orderbook__delta.json').message;
  const change = (bench: TestBench) => bench.exchange.setBook(LINEAR, [[600_000, 9]], [], true);
  for (const depth of [1, 50, 200, 1000]) {
    assertShape(await heard('/v5/public/linear', `orderbook.${depth}.BTCUSDT`), snapshot);
    const next = await heard('/v5/public/linear', `orderbook.${depth}.BTCUSDT`, change);
    assertShape(next, depth === 1 ? snapshot : delta);
    assert.equal(next?.['type'], depth === 1 ? 'snapshot' : 'delta');
  }
});

test('public trades have the documented shape', { skip }, async () => {
  const example = golden('docs/ws/trade__snapshot.json').message;
  const trade = (id: typeof SPOT) => (bench: TestBench) =>
    bench.exchange.publish({ type: 'trades', instrument: id, trades: [sampleTrade(id)] });
  const allowed = extra('data[]', ['RPI'], TABLE);
  assertShape(await heard('/v5/public/linear', 'publicTrade.BTCUSDT', trade(LINEAR)), example, allowed);
  assertShape(await heard('/v5/public/spot', 'publicTrade.BTCUSDT', trade(SPOT)), example, {
    ...allowed,
    ...each('data[]', ['L'], 'missing', 'only derivatives say the direction'),
  });
});

test('tickers have the documented shape', { skip }, async () => {
  const spot = await heard('/v5/public/spot', 'tickers.BTCUSDT');
  assertShape(spot, golden('docs/ws/ticker__spot-snapshot.json').message);
  const linear = await heard('/v5/public/linear', 'tickers.BTCUSDT');
  const example = golden('docs/ws/ticker__linear-linearperpetual-snapshot.json').message;
  assertShape(linear, example, extra('data', TICKER_FIELDS, TABLE));
});

test('private events have the documented shape', { skip }, async () => {
  const order = await heard('/v5/private', 'order', ({ exchange }) =>
    exchange.tell({ ...stamp, type: 'order', orders: [anOrder()] }),
  );
  assertShape(order, golden('docs/ws/order__message.json').message, {
    ...extra('data[]', ORDER_FIELDS, TABLE),
    ...extra('data[]', ['isLeverage', 'slippageToleranceType', 'slippageTolerance'], OTHER_KIND),
  });
  const execution = await heard('/v5/private', 'execution', ({ exchange }) =>
    exchange.tell({ ...stamp, type: 'execution', executions: [sampleExecution()] }),
  );
  assertShape(execution, golden('docs/ws/execution__message.json').message);
  const position = await heard('/v5/private', 'position', ({ exchange }) =>
    exchange.tell({ ...stamp, type: 'position', positions: [samplePosition()] }),
  );
  assertShape(position, golden('docs/ws/position__message.json').message);
  const wallet = await heard('/v5/private', 'wallet', ({ exchange }) =>
    exchange.tell({ ...stamp, type: 'wallet', coins: ['BTC' as AssetId] }),
  );
  assertShape(wallet, golden('docs/ws/wallet__message.json').message);
});

test('acknowledgements and pongs have the documented shape', { skip }, async () => {
  const bench = await TestBench.start();
  const answer = (socket: MemorySocket, message: object) => {
    socket.say(message);
    return socket.take()[0];
  };
  const like = (name: string, ours: unknown, allowed?: Allowed) =>
    assertShape(ours, golden(`docs/ws/${name}.json`).message, allowed);
  const subscribe = { op: 'subscribe', args: ['publicTrade.BTCUSDT'], req_id: '10001' };
  const spot = bench.network.connect('/v5/public/spot');
  like('wss-authentication__public-spot-ack-subscribe', answer(spot, subscribe));
  like('wss-authentication__spot-ack-ping', answer(spot, { op: 'ping' }));
  const linear = bench.network.connect('/v5/public/linear');
  like('wss-authentication__linear-inverse-ack-subscribe', answer(linear, subscribe));
  like('wss-authentication__linear-inverse-ack-ping', answer(linear, { op: 'ping' }));
  const account = bench.network.connect('/v5/private');
  like('wss-authentication__ack-auth', answer(account, { op: 'auth', args: bench.authArgs() }));
  like('wss-authentication__private-ack-subscribe', answer(account, { op: 'subscribe', args: ['order'] }));
  like('wss-authentication__ack-pong', answer(account, { op: 'ping', req_id: 'test' }));
  const trade = bench.network.connect('/v5/trade');
  like('guideline__ack-auth', answer(trade, { op: 'auth', args: bench.authArgs() }));
  like('guideline__ack-pong', answer(trade, { op: 'ping' }));
});

test('an order over the trade socket is answered in the documented shape', { skip }, async () => {
  const bench = await TestBench.start({ rateLimits: 'bybit' });
  const socket = await bench.authorised('/v5/trade');
  const { message } = golden('docs/ws/guideline__request-order-create.json');
  socket.say({ ...message, header: { ...message.header, 'X-BAPI-TIMESTAMP': String(bench.exchange.time) } });
  await settled();
  const example = golden('docs/ws/guideline__response-order-create.json').message;
  const [answer] = socket.take();
  assertShape(answer, example);
  assert.equal(answer?.['reqId'], example.reqId);
});

test('signatures are those of the vectors', { skip }, () => {
  const { api_secret: secret, vectors } = golden('auth-vectors.json');
  assert.ok(vectors.length >= 4);
  for (const vector of vectors) assert.equal(hmacSha256(secret, vector.stringToSign), vector.hmacSha256Hex);
});
