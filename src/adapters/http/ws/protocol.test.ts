import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from '../../../../test/support/manual-clock.ts';
import { BAD_AMOUNT_TEXTS } from '../../../contract/testing/bad-numbers.ts';
import type { AccountId, UserId } from '../../../domain/ids.ts';
import { DEFAULT_HTTP_SETTINGS } from '../settings.ts';
import { FakeSocket, openSocket, signedIn } from '../testing/fake-socket.ts';
import { harness } from '../testing/harness.ts';

const ORDER = { symbol: 'BTCUSDT', side: 'buy', type: 'limit', quantity: '1.5', price: '60000' };
const open = (h: ReturnType<typeof harness>, more = {}): FakeSocket => {
  const socket = openSocket(h, more);
  assert.ok(socket instanceof FakeSocket, String(socket));
  return socket;
};

test('the first message authenticates, and the answer says for whom and how long', async () => {
  const h = harness();
  const socket = await signedIn(h, 'alice', { id: 'a' });
  assert.deepEqual(socket.take(), [
    {
      op: 'auth',
      id: 'a',
      success: true,
      status: 200,
      data: { account: 'acc-a', role: 'trader', expires_at: new Date(h.clock.now() + 900_000).toISOString() },
    },
  ]);
});

test('another account is chosen in the auth message; a foreign one does not exist', async () => {
  const h = harness();
  assert.equal((await signedIn(h, 'alice', { account: 'acc-b' })).take()[0].data.role, 'viewer');
  const foreign = await signedIn(h, 'bob', { account: 'acc-a' });
  assert.equal(foreign.take()[0].error.code, 'ACCOUNT_NOT_FOUND');
  assert.equal(foreign.closedWith?.code, 4401);
});

test('a socket that stays silent is closed after five seconds', async () => {
  const h = harness();
  const socket = open(h);
  await h.clock.advance(4999);
  assert.equal(socket.closedWith?.code, undefined);
  await h.clock.advance(1);
  assert.deepEqual([socket.take()[0].error.code, socket.closedWith?.code], ['AUTH_TIMEOUT', 4401]);
  await h.clock.advance(2000);
  assert.equal(socket.terminated, true);
});

test('nothing is served before auth, and a bad token ends the socket', async () => {
  const h = harness();
  for (const message of [
    { op: 'subscribe', channels: ['orders'] },
    { op: 'ping' },
    { op: 'order.create', data: ORDER },
    { op: 'nope' },
    {},
  ]) {
    const socket = open(h);
    socket.say(message);
    assert.deepEqual([socket.take()[0].error.code, socket.closedWith?.code], ['UNAUTHENTICATED', 4401]);
  }
  for (const token of ['x', '', 'a.b.c', 5]) {
    const socket = open(h);
    socket.say({ op: 'auth', token });
    assert.equal(socket.take().length, 1);
    assert.equal(socket.closedWith?.code, 4401);
  }
  assert.equal(h.core.submitted.length, 0);
});

test('tokens in the URL, other paths and foreign origins are refused before the upgrade', async () => {
  const h = harness({ allowedOrigins: ['https://desk.example'] });
  assert.equal(openSocket(h, { query: `token=${await h.tokenOf('alice')}` }), 400);
  assert.equal(openSocket(h, { path: '/socket' }), 404);
  const host = { host: 'gw.local:8080' };
  for (const origin of [
    'https://evil.example',
    'null',
    '',
    'https://desk.example.evil.example',
    'http://gw.local',
    'https://gw.local:8080',
  ]) {
    assert.equal(openSocket(h, { headers: { ...host, origin } }), 403, origin);
  }
  for (const origin of ['http://gw.local:8080', 'https://desk.example'])
    assert.ok(open(h, { headers: { ...host, origin } }));
  assert.ok(open(h, { headers: host }));
});

test('an expired token ends the socket unless a new one came before', async () => {
  const h = harness();
  const [socket, renewed] = [await signedIn(h, 'alice'), await signedIn(h, 'alice')];
  await h.clock.advance(600_000);
  renewed.say({ op: 'auth', token: await h.tokenOf('alice') });
  await h.clock.advance(300_000);
  assert.deepEqual([socket.take().at(-1).error.code, socket.closedWith?.code], ['TOKEN_EXPIRED', 4401]);
  assert.equal(renewed.closedWith?.code, undefined);
  await h.clock.advance(600_000);
  assert.equal(renewed.closedWith?.code, 4401);
});

test('a socket stays with its user and account', async () => {
  const h = harness();
  const socket = await signedIn(h, 'alice');
  socket.say({ op: 'auth', token: await h.tokenOf('bob') });
  socket.say({ op: 'auth', token: await h.tokenOf('alice'), account: 'acc-b' });
  socket.say({ op: 'ping' });
  assert.deepEqual(
    socket.take().map((one) => one.error?.code),
    [undefined, 'ACCOUNT_NOT_FOUND', 'FORBIDDEN', undefined],
  );
  assert.equal(socket.closedWith?.code, undefined);
});

test('signing out, disabling and revoking roles reach open sockets at once', async () => {
  const h = harness();
  const at = h.clock.now();
  const login = await h.login('alice');
  const socket = open(h);
  socket.say({ op: 'auth', token: login.access_token });
  const other = await signedIn(h, 'alice');
  await h.call('POST', '/api/auth/logout', { token: login.access_token });
  assert.deepEqual([socket.take().at(-1).error.code, socket.closedWith?.code], ['SESSION_REVOKED', 4401]);
  assert.equal(other.closedWith?.code, undefined);
  const alice = 'u-alice' as UserId;
  await h.users.record({ type: 'role_granted', at, user: alice, account: 'acc-a' as AccountId, role: 'viewer' });
  other.say({ op: 'order.create', data: ORDER });
  assert.equal(other.take().at(-1).error.code, 'FORBIDDEN');
  await h.users.record({ type: 'role_revoked', at, user: alice, account: 'acc-a' as AccountId });
  assert.deepEqual([other.take().at(-1).error.code, other.closedWith?.code], ['ACCOUNT_NOT_FOUND', 4401]);
  const third = await signedIn(h, 'bob');
  await h.users.record({ type: 'user_disabled', at, user: 'u-bob' as UserId });
  assert.equal(third.closedWith?.code, 4401);
});

test('orders go the way of their HTTP routes', async () => {
  const h = harness();
  const socket = await signedIn(h, 'alice', { decimals: 'string' });
  socket.take();
  socket.say({ op: 'order.create', id: '1', data: ORDER, idempotency_key: 'k' });
  socket.say({ op: 'order.create', id: '2', data: { ...ORDER, quantity: 1.5 }, idempotency_key: 'k' });
  socket.say({ op: 'order.create', id: '3', data: { ...ORDER, quantity: 2 }, idempotency_key: 'k' });
  socket.say({ op: 'order.create', id: '4', data: { ...ORDER, type: 'twap', duration: 60 } });
  socket.say({ op: 'order.cancel', id: '5', data: { id: 'o1' } });
  socket.say({ op: 'order.cancel', id: '6', data: { id: 'o99' } });
  socket.say({ op: 'order.amend', id: '7', data: { id: 'o1' } });
  await settle();
  const answers = new Map(socket.take().map((one) => [one.id, one]));
  assert.deepEqual([answers.get('1').status, answers.get('1').data.quantity], [201, '1.5']);
  assert.deepEqual([answers.get('2').status, answers.get('2').data.id], [200, answers.get('1').data.id]);
  const codes = ['3', '4', '6', '7'].map((id) => answers.get(id).error.code);
  assert.deepEqual(codes, ['IDEMPOTENCY_KEY_REUSED', 'NOT_SUPPORTED', 'ORDER_NOT_FOUND', 'NOT_SUPPORTED']);
  assert.equal(answers.get('5').data.id, 'o1');
  assert.equal(h.core.orders.size, 1);
});

test('orders of one socket reach the core in the order in which they were sent', async () => {
  const h = harness();
  const socket = await signedIn(h, 'alice');
  let release: () => void = () => {};
  h.core.gate = new Promise((resolve) => (release = resolve));
  for (let at = 1; at <= 20; at += 1) socket.say({ op: 'order.create', data: { ...ORDER, quantity: at } });
  assert.deepEqual(
    h.core.submitted.map((one) => Number(one.quantity) / 1e18),
    Array.from({ length: 20 }, (_, at) => at + 1),
  );
  release();
  await settle();
});

test('another account’s orders do not exist on the socket either', async () => {
  const h = harness();
  await h.call('POST', '/api/trading/order', { body: ORDER, token: await h.tokenOf('alice') });
  const bob = await signedIn(h, 'bob');
  bob.say({ op: 'order.cancel', id: 'x', data: { id: 'o1' } });
  await settle();
  assert.equal(bob.take().at(-1).error.code, 'ORDER_NOT_FOUND');
});

test('no bad amount gets through the socket', async () => {
  const h = harness();
  const socket = await signedIn(h, 'alice');
  socket.take();
  const texts = BAD_AMOUNT_TEXTS.filter((text) => text.length < 1000);
  for (const text of texts) socket.say({ op: 'order.create', data: { ...ORDER, quantity: text } });
  await settle();
  const answers = socket.take();
  assert.equal(answers.length, texts.length);
  for (const answer of answers) assert.equal(answer.error.code, 'VALIDATION_FAILED');
  assert.equal(h.core.submitted.length, 0);
});

test('messages that make no sense are answered, and the socket lives on', async () => {
  const h = harness();
  const socket = await signedIn(h, 'alice');
  socket.take();
  const bad = ['', '{', '[]', '"x"', 'null', '{"op":"__proto__"}', '{"op":"subscribe"}', '{"op":"subscribe","channels":[]}', '{"op":"subscribe","channels":["orders"],"x":1}',
    '{"op":"subscribe","channels":["orders"],"since":{"orders":-1}}', '{"op":"subscribe","channels":["nope"]}', '{"op":"order.cancel"}', '{"op":"order.cancel","data":{"id":"../x"}}',
    '{"op":"order.create"}', '{"op":"ping","op":"ping"}', '{"__proto__":{}}', `${'['.repeat(50_000)}`, '{"op":"toString"}', '{"op":5}']; // biome-ignore format: a table
  for (const text of bad) {
    socket.say(text);
    await settle();
    const answers = socket.take();
    assert.deepEqual(
      answers.map((one) => one.success),
      [false],
      text.slice(0, 60),
    );
    assert.match(answers[0].error.code, /VALIDATION_FAILED|NOT_SUPPORTED/);
  }
  socket.say({ op: 'ping', id: 'p' });
  assert.equal(socket.take()[0].id, 'p');
});

test('a message beyond 64 KiB ends the socket', async () => {
  const h = harness();
  const socket = await signedIn(h, 'alice');
  socket.say(`{"op":"ping","id":"${'x'.repeat(65_536)}"}`);
  assert.deepEqual([socket.take().at(-1).error.code, socket.closedWith?.code], ['BODY_TOO_LARGE', 4400]);
});

test('a flood is refused, cancels get through, and who never stops is closed', async () => {
  const h = harness({ sockets: { ...DEFAULT_HTTP_SETTINGS.sockets, messages: { perSecond: 1, burst: 5 } } });
  const socket = await signedIn(h, 'alice');
  for (let at = 0; at < 10; at += 1) socket.say({ op: 'ping' });
  assert.equal(socket.take().filter((one) => one.error?.code === 'RATE_LIMITED').length, 6);
  socket.say({ op: 'order.cancel', id: 'c', data: { id: 'o1' } });
  await settle();
  assert.equal(socket.take()[0].error.code, 'ORDER_NOT_FOUND');
  for (let at = 0; at < 1001; at += 1) socket.say({ op: 'ping' });
  assert.equal(socket.closedWith?.code, 4429);
});

test('sockets per account and per address are bounded, and places become free again', async () => {
  const sockets = { ...DEFAULT_HTTP_SETTINGS.sockets, perAccount: 2, perAddress: 4 };
  const h = harness({ sockets });
  const [first] = [await signedIn(h, 'alice'), await signedIn(h, 'viewer')];
  const third = await signedIn(h, 'alice');
  assert.deepEqual([third.take()[0].error.code, third.closedWith?.code], ['RATE_LIMITED', 4401]);
  first.drop();
  assert.equal((await signedIn(h, 'alice')).closedWith, null);
  open(h);
  open(h);
  assert.equal(openSocket(h), 429);
});

test('stopping says good-bye to everybody', async () => {
  const h = harness();
  const socket = await signedIn(h, 'alice');
  h.server.close();
  assert.deepEqual([socket.take().at(-1).error.code, socket.closedWith?.code], ['NOT_READY', 1001]);
});

test('an unexpected failure is answered and logged, and the socket lives on', async () => {
  const h = harness();
  const socket = await signedIn(h, 'alice');
  socket.take();
  h.core.snapshotFailure = new Error('canary');
  socket.say({ op: 'subscribe', channels: ['orders'] });
  const answer = socket.take().at(-1);
  assert.equal(answer.error.code, 'INTERNAL_ERROR');
  assert.doesNotMatch(JSON.stringify(answer), /canary/);
  assert.ok(h.logged.some((one) => (one.fields as { requestId?: string }).requestId === answer.error.request_id));
  h.core.failure = new Error('canary');
  socket.say({ op: 'order.create', id: 'o', data: ORDER });
  await settle();
  assert.deepEqual(
    socket.take().map((one) => [one.id, one.error.code]),
    [['o', 'INTERNAL_ERROR']],
  );
});

test('the header of the upgrade asks for decimal strings too', async () => {
  const h = harness();
  const socket = open(h, { headers: { 'x-okd-decimals': 'String' } });
  socket.say({ op: 'auth', token: await h.tokenOf('alice') });
  socket.say({ op: 'order.create', data: ORDER });
  await settle();
  assert.equal(socket.take().at(-1).data.quantity, '1.5');
});
