import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROLES } from '../../contract/auth.ts';
import { ERROR_CODES } from '../../contract/errors.ts';
import { errorsOf } from './docs/openapi.ts';
import type { Route } from './route.ts';
import { routesOf } from './routes/index.ts';
import { harness } from './testing/harness.ts';

const routes = routesOf('1.2.3');
const ORDER = { symbol: 'BTCUSDT', side: 'buy', type: 'limit', quantity: '1', price: '60000' };
/** A request that each route takes, where an empty one is not enough. */
const VALID: Readonly<Record<string, { query?: string; body?: object }>> = {
  submitOrder: { body: ORDER },
  previewOrder: { body: ORDER },
  orderBook: { query: 'symbol=BTCUSDT' },
  connectBybit: { body: { apiKey: 'k', apiSecret: 's' } },
  deposit: { body: { asset: 'USDT', amount: '1', reference: 'r' } },
  withdraw: { body: { asset: 'USDT', amount: '1', reference: 'r' } },
  killSwitch: { body: { active: true } },
  login: { body: { email: 'alice@x.test', password: 'pw-alice' } },
};

test('every route has a policy, and only these are open to everybody', () => {
  const open = routes.filter((route) => route.policy === 'public').map((route) => route.path);
  assert.deepEqual(open.sort(), [
    '/api/auth/login', '/api/auth/refresh', '/docs', '/docs/style.css', '/health/live', '/health/ready', '/openapi.json', '/status',
  ]); // biome-ignore format: a list
  for (const { policy, path } of routes) {
    const named = typeof policy === 'string' && ['public', 'session', 'user', 'administrator'].includes(policy);
    assert.ok(
      named || (Array.isArray(policy) && policy.length > 0 && policy.every((role) => ROLES.includes(role))),
      path,
    );
  }
});

test('a route is there once, its operation has one name, its errors exist', () => {
  const keys = routes.map((route) => `${route.method} ${route.path}`);
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(new Set(routes.map((route) => route.operation)).size, routes.length);
  for (const route of routes) for (const code of errorsOf(route)) assert.ok(ERROR_CODES.includes(code));
});

test('nothing that changes something is a GET', () => {
  for (const route of routes)
    if (route.budget === 'write' || route.creates) assert.notEqual(route.method, 'GET', route.path);
});

const pathOf = (route: Route): string => route.path.replace('{id}', route.path.includes('admin') ? 'acc-a' : 'o1');

test('without a token every route but the public ones answers 401', async () => {
  const { call } = harness();
  for (const route of routes.filter((one) => one.policy !== 'public')) {
    const answer = await call(route.method, pathOf(route), VALID[route.operation]);
    assert.equal(answer.status, 401, route.path);
    assert.equal(answer.body.error.code, 'UNAUTHENTICATED');
    assert.match(answer.headers['www-authenticate'] ?? '', /^Bearer/);
  }
});

test('each role may do what the table says and nothing else', async () => {
  const h = harness();
  await h.call('POST', '/api/trading/order', { body: ORDER, token: await h.tokenOf('alice') });
  const people = { viewer: 'viewer', trader: 'alice', risk: 'risk', admin: 'root' } as const;
  for (const role of ROLES) {
    const token = await h.tokenOf(people[role]);
    for (const route of routes) {
      if (route.policy === 'public' || route.policy === 'session') continue;
      const answer = await h.call(route.method, pathOf(route), { ...VALID[route.operation], token });
      const allowed =
        route.policy === 'user' || (route.policy === 'administrator' ? role === 'admin' : route.policy.includes(role));
      assert.equal(
        answer.body.error?.code === 'FORBIDDEN',
        !allowed,
        `${role} ${route.method} ${route.path}: ${answer.text}`,
      );
      assert.equal(answer.status === 403, !allowed);
    }
  }
});

test('what each route answers is what its schema says', async () => {
  const h = harness();
  const token = await h.tokenOf('root');
  await h.call('POST', '/api/trading/order', { body: ORDER, token });
  for (const route of routes) {
    if (
      route.answer === null ||
      route.operation === 'withdraw' ||
      route.operation === 'refresh' ||
      route.operation === 'logout'
    )
      continue;
    const ctx = {
      ...VALID[route.operation],
      token,
      query: [VALID[route.operation]?.query, 'decimals=string'].filter(Boolean).join('&'),
    };
    const answer = await h.call(route.method, pathOf(route), ctx);
    assert.ok(answer.status < 300, `${route.path} ${answer.text}`);
    assert.deepEqual(Object.keys(answer.body), ['success', 'data']);
    const parsed = route.answer.safeParse(revive(answer.body.data));
    assert.ok(parsed.success, `${route.path}: ${JSON.stringify(parsed.error?.issues)}`);
  }
});

/** Decimal strings back into amounts, so that the answer's schema can look at them. */
function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value === 'string' && /^-?[0-9]+(\.[0-9]+)?$/.test(value)) return BigInt(Math.round(Number(value)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item)]));
}
