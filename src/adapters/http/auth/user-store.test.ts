import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnixMs, UserId } from '../../../domain/ids.ts';
import { PEOPLE } from '../testing/harness.ts';
import type { AuthEvent, SessionId } from './user-state.ts';
import { eventedUserStore } from './user-store.ts';

const at = 1 as UnixMs;
const opened: AuthEvent = {
  type: 'session_opened',
  at,
  session: 's1' as SessionId,
  user: 'u-alice' as UserId,
  expiresAt: 100 as UnixMs,
};

test('what was recorded comes back after a restart', async () => {
  const log: AuthEvent[] = [...PEOPLE];
  const store = eventedUserStore(async (event) => void log.push(event), PEOPLE);
  await store.record(opened);
  await store.record({
    type: 'session_refreshed',
    at,
    session: 's1' as SessionId,
    generation: 2,
    expiresAt: 200 as UnixMs,
  });
  await store.record({
    type: 'role_revoked',
    at,
    user: 'u-root' as UserId,
    account: [...(store.user('u-root' as UserId)?.accounts.keys() ?? [])][0] as never,
  });
  const again = eventedUserStore(async () => {}, JSON.parse(JSON.stringify(log)));
  assert.deepEqual(again.session('s1' as SessionId), store.session('s1' as SessionId));
  assert.equal(again.session('s1' as SessionId)?.generation, 2);
  for (const { id } of [...'alice bob root viewer risk'.split(' ')].map((name) => ({ id: `u-${name}` as UserId }))) {
    assert.deepEqual(again.user(id), store.user(id));
  }
  assert.equal(again.userByEmail('ROOT@x.test')?.accounts.size, 0);
});

test('an event takes effect in the same turn, and resolves when it is durable', async () => {
  let durable: () => void = () => {};
  const store = eventedUserStore(() => new Promise((resolve) => (durable = resolve)), PEOPLE);
  let resolved = false;
  const recorded = store.record(opened).then(() => (resolved = true));
  assert.ok(store.session('s1' as SessionId));
  assert.equal(resolved, false);
  durable();
  await recorded;
});

test('what cannot be stored has no effect', () => {
  const store = eventedUserStore(() => {
    throw new Error('closed');
  }, PEOPLE);
  assert.throws(() => store.record(opened));
  assert.equal(store.session('s1' as SessionId), null);
});

test('expired sessions are forgotten, and events about unknown users change nothing', async () => {
  const store = eventedUserStore(async () => {}, PEOPLE);
  await store.record(opened);
  await store.record({ ...opened, session: 's2' as SessionId, at: 100 as UnixMs });
  assert.equal(store.session('s1' as SessionId), null);
  await store.record({ type: 'user_disabled', at, user: 'u-none' as UserId });
  await store.record({ type: 'session_refreshed', at, session: 's9' as SessionId, generation: 2, expiresAt: at });
  assert.equal(store.session('s9' as SessionId), null);
});
