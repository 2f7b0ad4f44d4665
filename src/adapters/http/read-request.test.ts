import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harness } from './testing/harness.ts';

const ORDER = { symbol: 'BTCUSDT', side: 'buy', type: 'limit', quantity: '1.5', price: '60000' };

test('amounts arrive with the digits that were sent', async () => {
  const { call, tokenOf, core } = harness();
  const token = await tokenOf('alice');
  const text =
    '{"symbol":"BTCUSDT","side":"buy","type":"limit","quantity":0.1000000000000000055,"price":9007199254740993}';
  const refused = await call('POST', '/api/trading/order', { text, token });
  assert.deepEqual(refused.body.error.details.fields[0].path, 'quantity');
  const sent =
    '{"symbol":"BTCUSDT","side":"buy","type":"limit","quantity":0.100000000000000005,"price":9007199254740993}';
  const placed = await call('POST', '/api/trading/order', { text: sent, token });
  assert.equal(core.submitted[0]?.quantity, 100000000000000005n);
  assert.match(placed.text, /"quantity":0\.100000000000000005,.*"price":9007199254740993,/);
});

test('the documented connect command works as printed, without a content type', async () => {
  const { call, tokenOf } = harness();
  const token = await tokenOf('alice');
  const text =
    '{\n    "apiKey": "your_bybit_api_key",\n    "apiSecret": "your_bybit_secret",\n    "environment": "paper"\n  }';
  for (const headers of [{ 'content-type': 'application/x-www-form-urlencoded' }, { 'content-type': '' }]) {
    const answer = await call('POST', '/bybit/connect', { text, token, headers });
    assert.deepEqual([answer.status, answer.body.data.connected], [200, true]);
    assert.doesNotMatch(answer.text, /your_bybit_secret/);
  }
  const other = await call('POST', '/bybit/connect', { text: text.replace('paper', 'mainnet'), token });
  assert.deepEqual([other.status, other.body.error.code], [409, 'ENVIRONMENT_MISMATCH']);
});

test('bodies that are not plain JSON are refused', async () => {
  const { call, tokenOf } = harness();
  const token = await tokenOf('alice');
  const text = JSON.stringify(ORDER);
  for (const type of [
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/jsonp',
  ]) {
    assert.equal(
      (await call('POST', '/api/trading/order', { text, token, headers: { 'content-type': type } })).body.error.code,
      'UNSUPPORTED_MEDIA_TYPE',
      type,
    );
  }
  assert.equal(
    (await call('POST', '/api/trading/order', { text, token, headers: { 'content-encoding': 'gzip' } })).status,
    415,
  );
  assert.equal(
    (
      await call('POST', '/api/trading/order', {
        text,
        token,
        headers: { 'content-type': 'application/json; charset=UTF-8' },
      })
    ).status,
    201,
  );
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  assert.equal(
    (await call('POST', '/api/auth/login', { text: '{"email":"alice@x.test","password":"pw-alice"}', headers: form }))
      .status,
    415,
  );
  assert.equal(
    (await call('POST', '/api/trading/order', { text: `{"a":"${'x'.repeat(65_536)}"}`, token })).status,
    413,
  );
  for (const bad of [
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '{"symbol":"BTCUSDT"',
    '{"a":1}{"b":2}',
    '\ufeff{}',
    '{"quantity":NaN}',
  ]) {
    assert.equal((await call('POST', '/api/trading/order', { text: bad, token })).status, 400, bad);
  }
});

test('reads take their fields from the query or from a JSON body, each once', async () => {
  const { call, tokenOf } = harness();
  const token = await tokenOf('alice');
  const book = async (query: string, text = '') => call('GET', '/api/market/orderbook', { query, text, token });
  assert.equal((await book('symbol=BTC/USDT&depth=5')).status, 200);
  assert.equal((await book('', '{"symbol":"BTCUSDT","depth":5}')).status, 200);
  assert.equal((await book('symbol=BTCUSDT', '{"depth":5}')).status, 200);
  for (const [query, path] of [
    ['symbol=BTCUSDT&symbol=ETHUSDT', 'symbol'],
    ['symbol=BTCUSDT&depth=0', 'depth'],
    ['symbol=BTCUSDT&depth=1e9', 'depth'],
    ['symbol=BTCUSDT&x=1', 'x'],
    ['symbol=BTCUSDT&__proto__=1', '__proto__'],
    ['symbol=BTCUSDT&depth[]=5', 'depth[]'],
    ['symbol=BTCUSDT&%E0%A4%A=1', '%E0%A4%A=1'],
    ['=1', '=1'],
  ] as const) {
    const answer = await book(query);
    assert.deepEqual([answer.status, answer.body.error.details.fields.at(-1).path], [400, path], query);
  }
  assert.equal(
    (await book('symbol=BTCUSDT', '{"symbol":"BTCUSDT"}')).body.error.details.fields[0].problem,
    'is in the query and in the body',
  );
  assert.equal((await book('symbol=DOGEUSDT')).body.error.code, 'INSTRUMENT_NOT_FOUND');
  assert.equal((await call('GET', '/api/trading/orders', { token, query: 'limit=501' })).status, 400);
  assert.equal((await call('GET', '/api/trading/orders', { token, query: `cursor=${'x'.repeat(9000)}` })).status, 400);
});

test('a POST takes no query, and a route without a body takes none', async () => {
  const { call, tokenOf } = harness();
  const token = await tokenOf('alice');
  assert.equal(
    (await call('POST', '/api/trading/order', { body: ORDER, query: 'quantity=5', token })).body.error.details.fields[0]
      .path,
    'quantity',
  );
  assert.equal((await call('POST', '/bybit/test', { body: { a: 1 }, token })).status, 400);
  assert.equal((await call('POST', '/bybit/test', { body: {}, token })).status, 200);
});

test('prototypes stay clean whatever is sent', async () => {
  const { call, tokenOf } = harness();
  const token = await tokenOf('alice');
  const texts = [
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"routing":{"__proto__":{"polluted":1}}}',
  ];
  for (const text of texts) assert.equal((await call('POST', '/api/trading/order', { text, token })).status, 400);
  await call('GET', '/api/trading/orders', { token, query: '__proto__[polluted]=1&constructor.prototype.polluted=1' });
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});
