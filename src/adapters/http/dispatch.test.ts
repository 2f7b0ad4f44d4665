import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invariant } from '../../domain/result.ts';
import { JournalClosed } from '../../ports/journal.ts';
import { harness } from './testing/harness.ts';

const ORDER = { symbol: 'BTCUSDT', side: 'buy', type: 'limit', quantity: '1.5', price: '60000' };

test('an order is placed, read, listed and canceled', async () => {
  const { call, tokenOf, core } = harness();
  const token = await tokenOf('alice');
  const placed = await call('POST', '/api/trading/order', { body: ORDER, token });
  assert.equal(placed.status, 201);
  assert.equal(placed.body.data.quantity, 1.5);
  const { id } = placed.body.data;
  assert.equal((await call('GET', `/api/trading/orders/${id}`, { token })).body.data.id, id);
  const list = await call('GET', '/api/trading/orders', {
    token,
    query: 'include_bybit=true&limit=1&symbol=BTC%2FUSDT',
  });
  assert.deepEqual(
    list.body.data.orders.map((one: { id: string }) => one.id),
    [id],
  );
  assert.equal(list.body.data.next_cursor, null);
  assert.equal((await call('DELETE', `/api/trading/orders/${id}`, { token })).status, 200);
  assert.deepEqual(
    (await call('DELETE', '/api/trading/orders', { token, query: 'symbol=BTCUSDT' })).body.data.order_ids,
    [id],
  );
  assert.equal((await call('GET', '/api/trading/executions', { token })).body.data.stale, true);
  assert.equal(core.submitted.length, 1);
});

test('the balance answers in the documented shape, as numbers and as strings', async () => {
  const { call, tokenOf } = harness();
  const token = await tokenOf('viewer');
  const numbers = await call('GET', '/api/wallet/balance/consolidated', { token });
  assert.equal(
    numbers.text,
    '{"success":true,"data":{"consolidated_balance":{"BTC":{"total":1.5,"okd_internal":0.8,"bybit_spot":0.5,"bybit_futures":0.2},' +
      '"USDT":{"total":10000,"okd_internal":5000,"bybit_spot":3000,"bybit_futures":2000}}}}',
  );
  const strings = await call('GET', '/api/wallet/balance/consolidated', { token, query: 'decimals=string' });
  assert.equal(strings.body.data.consolidated_balance.BTC.total, '1.5');
  const header = await call('GET', '/api/wallet/balance/consolidated', {
    token,
    headers: { 'x-okd-decimals': 'STRING' },
  });
  assert.equal(header.text, strings.text);
  assert.equal((await call('GET', '/api/wallet/balance/consolidated', { token, query: 'decimals=float' })).status, 400);
});

test('errors have the envelope, a stable code, a request id, and no secrets', async () => {
  const { call, tokenOf } = harness();
  const token = await tokenOf('alice');
  const answer = await call('POST', '/api/trading/order', { body: { ...ORDER, quantity: 'x', qty: 1 }, token });
  assert.equal(answer.status, 400);
  assert.deepEqual(Object.keys(answer.body), ['success', 'error']);
  assert.deepEqual(Object.keys(answer.body.error), ['code', 'message', 'details', 'request_id']);
  assert.equal(answer.body.error.code, 'VALIDATION_FAILED');
  assert.equal(answer.headers['x-request-id'], answer.body.error.request_id);
  assert.deepEqual(answer.body.error.details.fields.map((one: { path: string }) => one.path).sort(), [
    'qty',
    'quantity',
  ]);
  assert.equal(answer.headers['cache-control'], 'no-store');
});

test('unknown paths are 404, wrong methods 405 with what is allowed', async () => {
  const { call, tokenOf } = harness();
  const token = await tokenOf('alice');
  for (const path of [
    '/',
    '/nope',
    '/api',
    '/api/trading/orders/',
    '/api/trading/orders/o1/',
    '//api/auth/me',
    '/api/trading/orders/%E0%A4%A',
    '/API/AUTH/ME',
  ]) {
    assert.equal((await call('GET', path, { token })).body.error.code, 'ROUTE_NOT_FOUND', path);
  }
  const wrong = await call('PUT', '/api/trading/orders', { token });
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers['allow'], 'GET, DELETE');
  for (const method of ['TRACE', 'OPTIONS', 'CONNECT', 'get'])
    assert.equal((await call(method, '/health/live')).status, 405);
});

test("another account's objects do not exist", async () => {
  const { call, tokenOf } = harness();
  const [alice, bob] = [await tokenOf('alice'), await tokenOf('bob')];
  const { id } = (await call('POST', '/api/trading/order', { body: ORDER, token: alice })).body.data;
  for (const method of ['GET', 'DELETE']) {
    const answer = await call(method, `/api/trading/orders/${id}`, { token: bob });
    assert.equal(answer.status, 404);
    assert.equal(answer.body.error.code, 'ORDER_NOT_FOUND');
  }
  assert.deepEqual((await call('GET', '/api/trading/orders', { token: bob })).body.data.orders, []);
  assert.deepEqual((await call('DELETE', '/api/trading/orders', { token: bob })).body.data.order_ids, []);
  const foreign = await call('GET', '/api/trading/orders', { token: bob, headers: { 'x-okd-account': 'acc-a' } });
  const invented = await call('GET', '/api/trading/orders', { token: bob, headers: { 'x-okd-account': 'acc-zzz' } });
  assert.equal(foreign.body.error.code, 'ACCOUNT_NOT_FOUND');
  assert.deepEqual({ ...foreign.body.error, request_id: '' }, { ...invented.body.error, request_id: '' });
});

test('X-OKD-Account picks an account, with the role on that account', async () => {
  const { call, tokenOf } = harness();
  const token = await tokenOf('alice');
  const headers = { 'x-okd-account': 'acc-b' };
  assert.deepEqual((await call('GET', '/api/auth/me', { token, headers })).body.data, {
    user: { id: 'u-alice', email: 'alice@x.test', administrator: false },
    account: 'acc-b',
    role: 'viewer',
    accounts: [
      { id: 'acc-a', role: 'trader' },
      { id: 'acc-b', role: 'viewer' },
    ],
  });
  assert.equal((await call('POST', '/api/trading/order', { body: ORDER, token, headers })).status, 403);
});

test('an idempotency key answers with the first result, for the same request however it is spelled', async () => {
  const { call, tokenOf, core } = harness();
  const [alice, bob] = [await tokenOf('alice'), await tokenOf('bob')];
  const headers = { 'idempotency-key': 'k-1' };
  const first = await call('POST', '/api/trading/order', { body: ORDER, token: alice, headers });
  const again = await call('POST', '/api/trading/order', {
    token: alice,
    headers,
    text: '{"price":6e4,"type":"LIMIT","side":"Buy","symbol":"BTC/USDT","quantity":1.50}',
  });
  assert.deepEqual([first.status, again.status], [201, 200]);
  assert.equal(again.text, first.text);
  const other = await call('POST', '/api/trading/order', { body: { ...ORDER, quantity: 2 }, token: alice, headers });
  assert.deepEqual([other.status, other.body.error.code], [409, 'IDEMPOTENCY_KEY_REUSED']);
  assert.equal((await call('POST', '/api/trading/order', { body: ORDER, token: bob, headers })).status, 201);
  assert.equal(core.orders.size, 2);
  const hundred = await Promise.all(
    Array.from({ length: 100 }, () =>
      call('POST', '/api/trading/order', { body: ORDER, token: alice, headers: { 'idempotency-key': 'k-2' } }),
    ),
  );
  assert.equal(core.orders.size, 3);
  assert.equal(hundred.filter((one) => one.status === 201).length, 1);
  assert.equal(new Set(hundred.map((one) => one.text)).size, 1);
  for (const key of ['', ' ', 'ключ', 'x'.repeat(129), 'a\tb']) {
    assert.equal(
      (await call('POST', '/api/trading/order', { body: ORDER, token: alice, headers: { 'idempotency-key': key } }))
        .status,
      400,
      key,
    );
  }
});

test('the key of one route does not fit another, nor the same route of another account', async () => {
  const { call, tokenOf } = harness();
  const token = await tokenOf('root');
  const headers = { 'idempotency-key': 'd-1' };
  const body = { asset: 'usdt', amount: 100.5, reference: 'wire 1' };
  const first = await call('POST', '/api/admin/accounts/acc-a/deposits', { body, token, headers });
  assert.deepEqual(
    [first.status, first.body.data.amount, first.body.data.asset, first.body.data.actor],
    [201, 100.5, 'USDT', 'u-root'],
  );
  assert.equal((await call('POST', '/api/admin/accounts/acc-a/deposits', { body, token, headers })).status, 200);
  assert.equal((await call('POST', '/api/trading/order', { body: ORDER, token, headers })).status, 409);
  assert.equal((await call('POST', '/api/admin/accounts/acc-b/deposits', { body, token, headers })).status, 201);
});

test('what cannot be withdrawn says how much can', async () => {
  const { call, tokenOf } = harness();
  const body = { asset: 'USDT', amount: '100', reference: 'r' };
  const answer = await call('POST', '/api/admin/accounts/acc-a/withdrawals', { body, token: await tokenOf('root') });
  assert.deepEqual([answer.status, answer.body.error.details], [422, { available: 12.5 }]);
});

test('an unexpected error says nothing but its request id, under which it is logged', async () => {
  const h = harness();
  const token = await h.tokenOf('alice');
  const failures = [
    new Error('secret-canary at /home/x.ts:1'),
    'secret-canary',
    null,
    { secret: 'secret-canary' },
    new TypeError('secret-canary'),
    new Error('x', { cause: 'secret-canary' }),
  ];
  for (const failure of failures.filter((one) => one !== null)) {
    h.core.failure = failure;
    const answer = await h.call('POST', '/api/trading/order', { body: ORDER, token });
    assert.deepEqual([answer.status, answer.body.error.code], [500, 'INTERNAL_ERROR']);
    assert.doesNotMatch(answer.text, /canary|\.ts|at /);
    assert.ok(
      h.logged.some((one) => (one.fields as { requestId?: string }).requestId === answer.body.error.request_id),
    );
  }
  assert.equal(h.bugs.length, 0);
});

test('a broken invariant is reported as a bug; a closed journal is not', async () => {
  const h = harness();
  const token = await h.tokenOf('alice');
  try {
    invariant(false, 'impossible');
  } catch (error) {
    h.core.failure = error;
  }
  assert.equal((await h.call('POST', '/api/trading/order', { body: ORDER, token })).status, 500);
  assert.equal(h.bugs.length, 1);
  h.core.failure = new JournalClosed('disk full');
  const answer = await h.call('POST', '/api/trading/order', { body: ORDER, token });
  assert.deepEqual([answer.status, answer.body.error.code], [503, 'JOURNAL_UNAVAILABLE']);
  assert.equal(h.bugs.length, 1);
});

test('rates are limited per account, and cancels have a budget of their own', async () => {
  const tight = { perSecond: 1, burst: 3 };
  const h = harness({
    limits: { perAddress: null, perAccount: { read: tight, write: tight, cancel: tight }, loginPerAddress: null },
  });
  const [alice, bob] = [await h.tokenOf('alice'), await h.tokenOf('bob')];
  const place = (token: string) => h.call('POST', '/api/trading/order', { body: ORDER, token });
  assert.deepEqual(
    [(await place(alice)).status, (await place(alice)).status, (await place(alice)).status],
    [201, 201, 201],
  );
  const over = await place(alice);
  assert.deepEqual([over.status, over.body.error.code, over.headers['retry-after']], [429, 'RATE_LIMITED', '1']);
  assert.equal((await place(bob)).status, 201);
  assert.equal((await h.call('DELETE', '/api/trading/orders/o1', { token: alice })).status, 200);
  await h.clock.advance(1000);
  assert.equal((await place(alice)).status, 201);
});

test('rates are limited per address, and a forwarded header changes no address', async () => {
  const h = harness({
    limits: {
      perAddress: { perSecond: 1, burst: 2 },
      perAccount: { read: null, write: null, cancel: null },
      loginPerAddress: null,
    },
  });
  const live = (forwarded: string, remote: string) =>
    h.call('GET', '/health/live', { headers: { 'x-forwarded-for': forwarded }, remote });
  assert.deepEqual(
    [(await live('1.1.1.1', 'a')).status, (await live('2.2.2.2', 'a')).status, (await live('3.3.3.3', 'a')).status],
    [200, 200, 429],
  );
  assert.equal((await live('1.1.1.1', 'b')).status, 200);
});

test('the kill switch stops for traders, starts for risk, and reaches everybody for administrators only', async () => {
  const { call, tokenOf } = harness();
  const flip = async (name: string, body: object) =>
    (await call('POST', '/api/risk/kill-switch', { body, token: await tokenOf(name) })).status;
  assert.equal(await flip('alice', { active: true }), 200);
  assert.equal(await flip('alice', { active: 'FALSE' }), 403);
  assert.equal(await flip('risk', { active: false }), 200);
  assert.equal(await flip('viewer', { active: true }), 403);
  assert.equal(await flip('risk', { active: true, scope: 'global' }), 403);
  assert.equal(await flip('root', { active: true, scope: 'GLOBAL' }), 200);
  assert.equal(await flip('alice', {}), 400);
});

test('readiness says what stands in the way', async () => {
  const { call, core } = harness();
  assert.equal((await call('GET', '/health/ready')).status, 200);
  core.ready = false;
  const answer = await call('GET', '/health/ready');
  assert.deepEqual([answer.status, answer.body.error.details.reasons[0].component], [503, 'journal']);
  assert.equal((await call('GET', '/health/live')).status, 200);
});

test('a request needs nothing but microtasks from its first byte to its answer', async () => {
  const { call } = harness();
  const requests = [
    call('POST', '/api/auth/login', { body: { email: 'alice@x.test', password: 'pw-alice' } }).then(
      async (signedIn) => {
        const token = signedIn.body.data.access_token;
        await call('POST', '/api/trading/order', { body: ORDER, token, headers: { 'idempotency-key': 'k' } });
        await call('GET', '/api/market/orderbook', { query: 'symbol=BTCUSDT', token });
        await call('POST', '/api/auth/refresh', { body: { refresh_token: signedIn.body.data.refresh_token } });
      },
    ),
    call('GET', '/docs'),
    call('GET', '/nope'),
  ];
  let done = false;
  const all = Promise.all(requests).then(() => (done = true));
  for (let turn = 0; turn < 500 && !done; turn += 1) await Promise.resolve();
  assert.equal(done, true);
  await all;
});
