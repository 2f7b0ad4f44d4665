import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserId } from '../../../domain/ids.ts';
import { type Body, harness, plainPasswords } from '../testing/harness.ts';

const cookieOf = (header: string | undefined): string => header?.split(';')[0] ?? '';
const FORM = { 'content-type': 'application/json', 'x-okd-request': '1' };

test('signing in answers with tokens that work', async () => {
  const { call, login } = harness();
  const tokens = await login('alice');
  assert.deepEqual(Object.keys(tokens).sort(), ['access_token', 'expires_in', 'refresh_token', 'token_type']);
  assert.equal(tokens.expires_in, 900);
  assert.equal(
    (await call('GET', '/api/auth/me', { token: tokens.access_token })).body.data.user.email,
    'alice@x.test',
  );
});

test('wrong password, unknown and disabled users get the same answer after the same work', async () => {
  const checked: string[] = [];
  const passwords = {
    ...plainPasswords,
    verify: (password: string, hash: string) => (checked.push(hash), plainPasswords.verify(password, hash)),
  };
  const { call, users, clock } = harness({}, { passwords });
  await users.record({ type: 'user_disabled', at: clock.now(), user: 'u-bob' as UserId });
  const tries = [
    ['alice@x.test', 'wrong'],
    ['nobody@x.test', 'wrong'],
    ['bob@x.test', 'pw-bob'],
  ] as const;
  const answers: Body[] = [];
  for (const [email, password] of tries)
    answers.push(await call('POST', '/api/auth/login', { body: { email, password } }));
  for (const answer of answers) {
    assert.equal(answer.status, 401);
    assert.deepEqual({ ...answer.body.error, request_id: '' }, { ...answers[0].body.error, request_id: '' });
  }
  assert.equal(checked.length, 3);
  assert.equal(checked[1], plainPasswords.decoy);
});

test('the address is read in any case and width', async () => {
  const { call } = harness();
  for (const email of ['ALICE@X.TEST', 'Alice@x.test', 'ａlice@x.test']) {
    assert.equal((await call('POST', '/api/auth/login', { body: { email, password: 'pw-alice' } })).status, 200, email);
  }
});

test('failures lock with growing waits, for known and unknown addresses alike, and even the right password waits', async () => {
  for (const email of ['alice@x.test', 'nobody@x.test']) {
    const { call, clock } = harness();
    const attempt = async (password: string, remote = '10.0.0.1') =>
      call('POST', '/api/auth/login', { body: { email, password }, remote });
    const statuses: number[] = [];
    for (let at = 0; at < 6; at += 1) statuses.push((await attempt('wrong')).status);
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
    const locked = await attempt('pw-alice');
    assert.deepEqual(
      [locked.status, locked.body.error.code, locked.headers['retry-after']],
      [429, 'TOO_MANY_ATTEMPTS', '1'],
    );
    await clock.advance(1000);
    assert.equal((await attempt('wrong')).status, 401);
    assert.equal((await attempt('wrong')).headers['retry-after'], '2');
    assert.equal((await attempt('wrong', '10.9.9.9')).status, 401); // another sender is not locked out by this one
    await clock.advance(2000);
    assert.equal((await attempt('pw-alice')).status, email === 'alice@x.test' ? 200 : 401);
  }
});

test('many senders against one address are slowed down together', async () => {
  const { call } = harness();
  const attempt = async (remote: string) =>
    (await call('POST', '/api/auth/login', { body: { email: 'alice@x.test', password: 'x' }, remote })).status;
  for (let at = 0; at < 50; at += 1) assert.equal(await attempt(`10.1.0.${at}`), 401);
  assert.equal(await attempt('10.1.1.1'), 429);
});

test('guesses in parallel are bounded', async () => {
  const { call } = harness();
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, at) =>
      call('POST', '/api/auth/login', { body: { email: 'alice@x.test', password: `x${at}` } }),
    ),
  );
  assert.equal(answers.filter((one) => one.status === 401).length, 16);
  assert.equal(answers.filter((one) => one.status === 429).length, 14);
});

test('a refresh token works once; when it comes back, the session ends for everybody who holds it', async () => {
  const { call, login, logged } = harness();
  const first = await login('alice');
  const refresh = async (token: string) => call('POST', '/api/auth/refresh', { body: { refresh_token: token } });
  const second = (await refresh(first.refresh_token)).body.data;
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal((await call('GET', '/api/auth/me', { token: second.access_token })).status, 200);
  const reused = await refresh(first.refresh_token);
  assert.deepEqual([reused.status, reused.body.error.code], [401, 'SESSION_REVOKED']);
  assert.equal((await refresh(second.refresh_token)).status, 401);
  assert.equal((await call('GET', '/api/auth/me', { token: second.access_token })).body.error.code, 'SESSION_REVOKED');
  assert.ok(logged.some((one) => one.event.includes('used refresh token')));
});

test('two refreshes at once: one wins, the session ends', async () => {
  const { call, login } = harness();
  const { refresh_token: token } = await login('alice');
  const both = await Promise.all(
    [1, 2].map(() => call('POST', '/api/auth/refresh', { body: { refresh_token: token } })),
  );
  assert.deepEqual(both.map((one) => one.status).sort(), [200, 401]);
});

test('tokens that were never given out do not end anybody else’s session', async () => {
  const { call, login, tokens } = harness();
  const { access_token: access, refresh_token: refresh } = await login('alice');
  const read = tokens.readRefresh(refresh);
  assert.ok(read !== null);
  for (const token of [
    refresh.replace(/.$/, (last: string) => (last === 'A' ? 'B' : 'A')),
    tokens.issueRefresh(read.session, 9),
    access,
  ]) {
    assert.equal(
      (await call('POST', '/api/auth/refresh', { body: { refresh_token: token } })).body.error.code,
      'REFRESH_TOKEN_INVALID',
    );
  }
  assert.equal((await call('POST', '/api/auth/refresh', { body: { refresh_token: refresh } })).status, 200);
});

test('a session ends a week after its last refresh and a month after its sign-in', async () => {
  const { call, login, clock } = harness();
  const DAY = 86_400_000;
  let { refresh_token: token } = await login('alice');
  const refresh = async () => {
    const answer = await call('POST', '/api/auth/refresh', { body: { refresh_token: token } });
    token = answer.body.data?.refresh_token ?? token;
    return answer.status;
  };
  for (let day = 6; day <= 24; day += 6) {
    await clock.advance(6 * DAY);
    assert.equal(await refresh(), 200, `day ${day}`);
  }
  await clock.advance(6 * DAY - 1);
  assert.equal(await refresh(), 200);
  await clock.advance(2);
  assert.equal(await refresh(), 401);
  const idle = (await login('alice')).refresh_token;
  await clock.advance(7 * DAY);
  assert.equal((await call('POST', '/api/auth/refresh', { body: { refresh_token: idle } })).status, 401);
});

test('signing out, a new password and a disabled user end access at once', async () => {
  const { call, login, users, clock } = harness();
  const me = async (token: string) => (await call('GET', '/api/auth/me', { token })).body.error?.code;
  const one = await login('alice');
  const other = await login('alice');
  assert.equal((await call('POST', '/api/auth/logout', { token: one.access_token })).status, 200);
  assert.equal(await me(one.access_token), 'SESSION_REVOKED');
  assert.equal((await call('POST', '/api/auth/refresh', { body: { refresh_token: one.refresh_token } })).status, 401);
  assert.equal(await me(other.access_token), undefined);
  const user = 'u-alice' as UserId;
  await users.record({ type: 'password_changed', at: clock.now(), user, passwordHash: 'plain:new' });
  assert.equal(await me(other.access_token), 'SESSION_REVOKED');
  const bob = await login('bob');
  await users.record({ type: 'user_disabled', at: clock.now(), user: 'u-bob' as UserId });
  assert.equal(await me(bob.access_token), 'SESSION_REVOKED');
  await users.record({ type: 'user_enabled', at: clock.now(), user: 'u-bob' as UserId });
  assert.equal(await me(bob.access_token), 'SESSION_REVOKED');
  assert.equal(await me((await login('bob')).access_token), undefined);
});

test('a cookie session keeps the refresh token from scripts, and wants the header that forms cannot send', async () => {
  const { call } = harness();
  const body = { email: 'alice@x.test', password: 'pw-alice', session: 'cookie' };
  const signedIn = await call('POST', '/api/auth/login', { body });
  assert.deepEqual(Object.keys(signedIn.body.data).sort(), ['access_token', 'expires_in', 'token_type']);
  const header = signedIn.headers['set-cookie'] ?? '';
  assert.match(header, /^okd_refresh=okdr1\.[^;]+; Path=\/api\/auth; Max-Age=604800; HttpOnly; SameSite=Strict$/);
  const cookie = cookieOf(header);
  const refresh = async (headers: Record<string, string>) =>
    call('POST', '/api/auth/refresh', { text: '{}', headers: { cookie, ...headers } });
  assert.equal((await refresh({})).body.error.code, 'REQUEST_HEADER_MISSING');
  assert.equal((await refresh({ 'x-okd-request': '1', 'content-type': 'text/plain' })).status, 415);
  assert.equal(
    (await call('POST', '/api/auth/refresh', { headers: { cookie, 'x-okd-request': '1' } })).body.error.code,
    'REQUEST_HEADER_MISSING',
  );
  const refreshed = await refresh(FORM);
  assert.equal(refreshed.status, 200);
  assert.equal(refreshed.body.data.refresh_token, undefined);
  assert.notEqual(cookieOf(refreshed.headers['set-cookie']), cookie);
});

test('the cookie opens nothing but /api/auth, and signs out', async () => {
  const { call } = harness();
  const body = { email: 'alice@x.test', password: 'pw-alice', session: 'COOKIE' };
  const signedIn = await call('POST', '/api/auth/login', { body });
  const headers = { ...FORM, cookie: `other=1; ${cookieOf(signedIn.headers['set-cookie'])}` };
  assert.equal((await call('GET', '/api/auth/me', { headers })).status, 401);
  assert.equal((await call('POST', '/api/risk/kill-switch', { body: { active: true }, headers })).status, 401);
  const twice = { ...headers, cookie: `okd_refresh=x; ${headers.cookie}` };
  assert.equal((await call('POST', '/api/auth/logout', { headers: twice })).status, 401);
  const out = await call('POST', '/api/auth/logout', { headers });
  assert.equal(out.status, 200);
  assert.match(out.headers['set-cookie'] ?? '', /^okd_refresh=; .*Max-Age=0/);
  assert.equal((await call('GET', '/api/auth/me', { token: signedIn.body.data.access_token })).status, 401);
});

test('behind TLS the cookie is Secure and carries the prefix', async () => {
  const { call } = harness({ tls: true });
  const answer = await call('POST', '/api/auth/login', {
    body: { email: 'alice@x.test', password: 'pw-alice', session: 'cookie' },
  });
  assert.match(answer.headers['set-cookie'] ?? '', /^__Secure-okd_refresh=.*; Secure$/);
});

test('a one-time code is refused instead of being ignored', async () => {
  const { call } = harness();
  const answer = await call('POST', '/api/auth/login', {
    body: { email: 'alice@x.test', password: 'pw-alice', totp: '123456' },
  });
  assert.equal(answer.body.error.code, 'NOT_SUPPORTED');
});

test('a malformed Authorization header is an invalid token', async () => {
  const { call, tokenOf } = harness();
  const token = await tokenOf('alice');
  for (const authorization of ['', 'Bearer', 'Bearer ', `Basic ${token}`, `Bearer ${token} x`, `Bearer a b`, token]) {
    assert.equal(
      (await call('GET', '/api/auth/me', { headers: { authorization } })).body.error.code,
      'TOKEN_INVALID',
      authorization,
    );
  }
  assert.equal((await call('GET', '/api/auth/me', { headers: { authorization: `bearer   ${token}` } })).status, 200);
  assert.equal((await call('GET', '/api/auth/me', { query: `access_token=${token}` })).status, 401);
});
