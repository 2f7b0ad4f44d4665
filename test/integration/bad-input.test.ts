/** Every kind of bad input, from outside: a stable code, a message that says what to do, and no trace anywhere. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { PaperClient } from '../../src/app/paper/client.ts';
import { BAD_AMOUNT_LITERALS, BAD_AMOUNT_TEXTS } from '../../src/contract/testing/bad-numbers.ts';
import { type ApiAnswer, type Body, GatewayClient } from '../support/gateway-client.ts';
import { later, OkdProcess, type Serving } from '../support/okd-process.ts';
import {
  connect,
  gatewayConfig,
  KEY,
  OPENING,
  type Paper,
  signIn,
  startExchange,
  startGateway,
  UID,
} from '../support/paper-and-gateway.ts';

const folder = mkdtempSync(join(tmpdir(), 'okd-bad-'));
const ACCOUNTS = [
  { uid: UID, ...KEY, balances: OPENING },
  { uid: '1002', apiKey: 'no-trade', apiSecret: 's', permissions: { Wallet: ['AccountTransfer'] } },
  { uid: '1003', apiKey: 'read-only', apiSecret: 's', readOnly: true },
  { uid: '1004', apiKey: 'withdraws', apiSecret: 's', permissions: { Spot: ['SpotTrade'], Wallet: ['Withdraw'] } },
  { uid: '1005', apiKey: 'moves', apiSecret: 's', permissions: { Spot: ['SpotTrade'], Wallet: ['AccountTransfer'] } },
];
let paper: Paper;
let serving: Serving;
let client: GatewayClient;

before(async () => {
  paper = await startExchange(folder, { accounts: ACCOUNTS });
  serving = await startGateway(join(folder, 'data'), gatewayConfig(folder, paper)).ready;
  client = await signIn(serving);
});
after(async () => {
  await OkdProcess.endAll();
  await paper.process.ended('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** All that a request could leave behind, on both venues. */
async function traces(): Promise<object> {
  const truth = await new PaperClient(paper.at.rest).groundTruth();
  const accounts = truth.accounts.filter((one) => !one.synthetic);
  const { balances } = await client.read('/api/wallet/balances');
  const view = ({ id, status, filled_quantity: filled }: Body): string => `${id} ${status} ${filled}`;
  return {
    venue: accounts.map(({ uid, coins, orders, executions }) => [uid, coins, orders.length, executions.length]),
    balances: balances.map(({ asset, venue, total, held }: Body) => `${asset} ${venue} ${total} ${held}`),
    orders: (await client.orders()).map(view),
    executions: (await client.executions()).length,
    key: (await client.read('/bybit/status')).keyId,
  };
}

/** Traces once the last fill has reached every balance. */
async function settled(): Promise<object> {
  let [before, now] = [await traces(), await traces()];
  for (let same = 0; same < 3; same = isDeepStrictEqual(before, now) ? same + 1 : 0) {
    await later(50);
    [before, now] = [now, await traces()];
  }
  return now;
}

let untouched: object | null = null;
afterEach(async () => {
  const [before, now] = [untouched, await traces()];
  untouched = now;
  if (before !== null) assert.deepEqual(now, before, 'nothing has changed anywhere');
});

/** The refusal: its code and status, a sentence, and a request id to report. */
function assertRefused(answer: ApiAnswer, status: number, code: string, about: string): Body {
  assert.deepEqual([answer.status, answer.error?.code], [status, code], `${about}: ${JSON.stringify(answer.error)}`);
  const { message, request_id: requestId, details } = answer.error;
  assert.match(message, /^\S.{20,}[.!]$/s, `${about}: a sentence that says what to do: ${message}`);
  assert.equal(answer.headers.get('x-request-id'), requestId);
  return { message, details };
}

test('a key that cannot trade, or can do too much, is refused with what to change', async () => {
  untouched = await traces();
  const cases = [
    [{ apiKey: 'no-trade', apiSecret: 's' }, /may not trade: give it/],
    [{ apiKey: 'read-only', apiSecret: 's' }, /read-only: allow it to trade/],
    [{ apiKey: 'withdraws', apiSecret: 's' }, /withdraw.*make one that cannot/],
    [{ apiKey: 'moves', apiSecret: 's' }, /remove that permission, or send allowTransfer/],
    [{ apiKey: 'unknown', apiSecret: 's' }, /check the key/],
    [{ apiKey: KEY.apiKey, apiSecret: 'wrong' }, /check the secret/],
  ] as const;
  for (const [key, hint] of cases) {
    const { message } = assertRefused(await client.post('/bybit/connect', key), 422, 'BYBIT_KEY_REFUSED', key.apiKey);
    assert.match(message, hint);
    assert.doesNotMatch(message, new RegExp(KEY.apiSecret));
  }
  for (const environment of ['mainnet', 'testnet', 'demo']) {
    const { details } = assertRefused(
      await client.post('/bybit/connect', { ...KEY, environment }),
      409,
      'ENVIRONMENT_MISMATCH',
      environment,
    );
    assert.equal(details.instance, 'paper');
  }
  assertRefused(
    await client.post('/bybit/connect', { apiKey: 'has space', apiSecret: 's' }),
    400,
    'VALIDATION_FAILED',
    'form',
  );
  assert.equal((await client.read('/bybit/status')).connected, false);
});

const LIMIT = { symbol: 'BTCUSDT', side: 'buy', type: 'limit', quantity: '0.01', price: '59000' };
const MARKET = { symbol: 'BTCUSDT', side: 'buy', type: 'market', quantity: '0.01' };

test('an order that no venue could take is refused before it leaves, with the numbers that would pass', async () => {
  await connect(client);
  const { balances } = await client.read('/api/wallet/balances');
  assert.ok(
    balances.some((row: Body) => row.venue === 'bybit' && row.asset === 'USDT'),
    'a connection knows its balances',
  );
  untouched = await traces();
  const cases: readonly (readonly [body: object, code: string, details: RegExp])[] = [
    [{ ...LIMIT, price: '59000.05' }, 'OFF_TICK', /"tick":"0.1","below":"59000","above":"59000.1"/],
    [{ ...LIMIT, quantity: '0.0100005' }, 'OFF_STEP', /"step":"0.000001","below":"0.01","above":"0.010001"/],
    [{ ...MARKET, quantity: '0.00001' }, 'BELOW_MIN_NOTIONAL', /BELOW_MINIMUM/],
    [{ ...LIMIT, quantity: '0.00001' }, 'BELOW_MIN_NOTIONAL', /BELOW_MINIMUM/],
    [{ ...MARKET, quantity: '400' }, 'INSUFFICIENT_BALANCE', /"wanted":"400","affordable":"3\d\./],
    [{ ...MARKET, symbol: 'BNBUSDT', side: 'sell', quantity: '900000' }, 'INSUFFICIENT_BALANCE', /"affordable":"2000"/],
    [{ ...LIMIT, quantity: '80', routing: { strategy: 'bybit_only' } }, 'INSUFFICIENT_BALANCE', /affordable/],
    [{ ...LIMIT, quantity: '80', routing: { strategy: 'internal_only' } }, 'INSUFFICIENT_BALANCE', /affordable/],
    [{ ...LIMIT, price: '70000' }, 'PRICE_COLLAR', /"limit":"6\d+/],
    [{ ...LIMIT, price: '70000', time_in_force: 'post_only' }, 'PRICE_COLLAR', /limit/],
    [{ ...LIMIT, price: '61000', time_in_force: 'post_only' }, 'POST_ONLY_WOULD_TAKE', /WOULD_TAKE/],
  ];
  for (const [body, code, wanted] of cases) {
    const about = JSON.stringify(body);
    const { details } = assertRefused(await client.order(body), 422, code, about);
    assert.match(JSON.stringify(details), wanted, about);
  }
  for (const symbol of ['DOGEUSDT', 'BTCUSD', 'USDTBTC']) {
    assertRefused(await client.order({ ...MARKET, symbol }), 404, 'INSTRUMENT_NOT_FOUND', symbol);
  }
  assertRefused(
    await client.order({ ...MARKET, symbol: 'BNBETH', category: 'linear' }),
    404,
    'INSTRUMENT_NOT_FOUND',
    'linear',
  );
});

test('a preview refuses the same, and sends nothing', async () => {
  const { data, status } = await client.post('/api/trading/orders/preview', MARKET);
  assert.deepEqual([status, data.risk.accepted], [200, true]);
  assertRefused(
    await client.post('/api/trading/orders/preview', { ...LIMIT, price: '59000.05' }),
    422,
    'OFF_TICK',
    'preview',
  );
  const large = await client.post('/api/trading/orders/preview', { ...MARKET, quantity: '400' });
  assertRefused(large, 422, 'INSUFFICIENT_BALANCE', 'preview');
});

test('what is no number never becomes one', async () => {
  const head = '"symbol":"BTCUSDT","side":"buy","type":"limit"';
  const short = BAD_AMOUNT_TEXTS.filter((text) => text.length < 200);
  const texts = short.map((text) => JSON.stringify(text));
  const answers = await Promise.all(
    [...texts, ...BAD_AMOUNT_LITERALS].flatMap((value) => [
      client
        .post('/api/trading/order', `{${head},"quantity":${value},"price":59000}`)
        .then((answer) => [value, answer] as const),
      client
        .post('/api/trading/order', `{${head},"quantity":"0.01","price":${value}}`)
        .then((answer) => [value, answer] as const),
    ]),
  );
  for (const [value, answer] of answers) assertRefused(answer, 400, 'VALIDATION_FAILED', value);
  for (const value of ['-1', '0', '"-0.01"', '"0"', 'null']) {
    const answer = await client.post('/api/trading/order', `{${head},"quantity":${value},"price":59000}`);
    assertRefused(answer, 400, 'VALIDATION_FAILED', value);
  }
});

test('a body that is no order names its fields', async () => {
  const cases: readonly (readonly [text: string, status: number, code: string, field: RegExp])[] = [
    ['{', 400, 'VALIDATION_FAILED', /./],
    ['[]', 400, 'VALIDATION_FAILED', /./],
    ['{}', 400, 'VALIDATION_FAILED', /symbol.*side.*type/],
    [JSON.stringify({ ...MARKET, qty: 1 }), 400, 'VALIDATION_FAILED', /"path":"qty".*known fields/],
    [JSON.stringify({ ...MARKET, side: 'up' }), 400, 'VALIDATION_FAILED', /"path":"side".*buy, sell/],
    [JSON.stringify({ ...MARKET, client_order_id: 'a b' }), 400, 'VALIDATION_FAILED', /client_order_id/],
    [JSON.stringify({ ...MARKET, client_order_id: 'x'.repeat(37) }), 400, 'VALIDATION_FAILED', /client_order_id/],
    [JSON.stringify({ ...MARKET, type: 'twap', duration: 60 }), 422, 'NOT_SUPPORTED', /twap/],
    [
      `{"symbol":"BTCUSDT","symbol":"ETHUSDT","side":"buy","type":"market","quantity":1}`,
      400,
      'VALIDATION_FAILED',
      /symbol|twice/,
    ],
    [`${'['.repeat(5_000)}${']'.repeat(5_000)}`, 400, 'VALIDATION_FAILED', /./],
    [JSON.stringify({ ...MARKET, symbol: 'B'.repeat(70_000) }), 413, 'BODY_TOO_LARGE', /./],
  ];
  for (const [text, status, code, field] of cases) {
    const { details, message } = assertRefused(
      await client.post('/api/trading/order', text),
      status,
      code,
      text.slice(0, 80),
    );
    assert.match(JSON.stringify([details, message]), field, text.slice(0, 80));
  }
  const form = await client.send('POST', '/api/trading/order', JSON.stringify(MARKET), {
    'content-type': 'text/plain',
  });
  assertRefused(form, 415, 'UNSUPPORTED_MEDIA_TYPE', 'text/plain');
});

test('without a good token nothing is placed, canceled, moved or connected', async () => {
  const bodies: readonly (readonly [string, string, object | null])[] = [
    ['POST', '/api/trading/order', MARKET],
    ['DELETE', '/api/trading/orders', null],
    ['POST', '/api/admin/accounts/a1/deposits', { asset: 'USDT', amount: '1', reference: 'x' }],
    ['POST', '/api/risk/kill-switch', { active: true }],
    ['POST', '/bybit/connect', KEY],
    ['DELETE', '/bybit/connect', null],
  ];
  for (const [token, code] of [
    [null, 'UNAUTHENTICATED'],
    ['x.y.z', 'TOKEN_INVALID'],
    [`${client.token}x`, 'TOKEN_INVALID'],
  ] as const) {
    const stranger = new GatewayClient(serving.at.gateway.url, token);
    for (const [method, path, body] of bodies) {
      const answer = await stranger.send(method, path, body === null ? undefined : JSON.stringify(body));
      assertRefused(answer, 401, code, `${method} ${path}`);
    }
  }
  const foreign = await client.send('POST', '/api/trading/order', JSON.stringify(MARKET), {
    'x-okd-account': 'agents',
  });
  assertRefused(foreign, 404, 'ACCOUNT_NOT_FOUND', 'the account of somebody else');
});

test('money that is not there cannot be withdrawn, and a deposit needs a known coin and a reference', async () => {
  const path = '/api/admin/accounts/a1';
  const booking = { asset: 'USDT', amount: '1', reference: 'r-1' };
  assertRefused(
    await client.post(`${path}/withdrawals`, { ...booking, amount: '99999999' }),
    422,
    'INSUFFICIENT_BALANCE',
    'too much',
  );
  assertRefused(await client.post(`${path}/deposits`, { ...booking, asset: 'NOCOIN' }), 404, 'ASSET_NOT_FOUND', 'coin');
  assertRefused(
    await client.post(`${path}/deposits`, { ...booking, amount: '-1' }),
    400,
    'VALIDATION_FAILED',
    'negative',
  );
  assertRefused(
    await client.post(`${path}/deposits`, { asset: 'USDT', amount: '1' }),
    400,
    'VALIDATION_FAILED',
    'reference',
  );
  assertRefused(await client.post('/api/admin/accounts/a9/deposits', booking), 404, 'ACCOUNT_NOT_FOUND', 'account');
});

test('one order under an id stays one, whatever comes under it later', async () => {
  const first = await client.order({ ...MARKET, client_order_id: 'mine' });
  assert.equal(first.status, 201);
  await client.ended(first.data.id);
  untouched = await settled();
  for (const body of [{ ...MARKET, quantity: '0.02' }, { ...MARKET, side: 'sell' }, { ...LIMIT }]) {
    const { details } = assertRefused(
      await client.order({ ...body, client_order_id: 'mine' }),
      409,
      'DUPLICATE_CLIENT_ORDER_ID',
      'another body',
    );
    assert.equal(details.order, first.data.id);
  }
  assert.equal((await client.order({ ...MARKET, client_order_id: 'mine' })).status, 200);
});
