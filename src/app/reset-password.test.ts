import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { argonPasswords, type SessionId } from '../adapters/http/index.ts';
import { openStore } from '../adapters/sqlite/store.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { UnixMs, UserId } from '../domain/ids.ts';
import { unwrap } from '../domain/result.ts';
import type { Store } from '../ports/store.ts';
import { journalledUsers } from './core/users.ts';
import { CommandError } from './exit.ts';
import { resetPassword } from './reset-password.ts';

const root = mkdtempSync(join(tmpdir(), 'okd-reset-'));
after(() => rmSync(root, { recursive: true }));

const passwords = argonPasswords({ memoryKib: 64, passes: 1 });
const clock = systemClock({ keepAlive: false });
const EMAIL = 'admin@localhost';
const USER = 'u1' as UserId;
const SESSION = 's1' as SessionId;
const AT = 1 as UnixMs;
const FAR = 253_402_300_799_000 as UnixMs;
const reset = (dir: string, email = EMAIL): Promise<string> => resetPassword({ dir, email, clock, passwords });

/** What an instance that was started once and stopped leaves: a user who is signed in. */
async function stopped(name: string, wasReady = true): Promise<string> {
  const dir = join(root, name);
  const store = unwrap(await openStore(dir));
  const users = journalledUsers(store.journal);
  const passwordHash = await passwords.hash('the old one');
  await users.record({ type: 'user_created', at: AT, user: USER, email: EMAIL, passwordHash, administrator: true });
  await users.record({ type: 'session_opened', at: AT, session: SESSION, user: USER, expiresAt: FAR });
  await store.close();
  if (wasReady) writeFileSync(join(dir, 'local.json'), '{}', { mode: 0o600 });
  return dir;
}

async function reopened<T>(dir: string, look: (store: Store) => T | Promise<T>): Promise<T> {
  const store = unwrap(await openStore(dir));
  const seen = await look(store);
  await store.close();
  return seen;
}

async function codeOf(refused: Promise<string>): Promise<string> {
  const error: unknown = await refused.catch((thrown: unknown) => thrown);
  assert.ok(error instanceof CommandError);
  assert.equal(error.exit, 2);
  return error.code;
}

test('a reset password is the only one that signs in, and every session has ended', async () => {
  const dir = await stopped('lost');
  const password = await reset(dir, 'Admin@LOCALHOST');
  assert.match(password, /^[\w-]{16}$/);
  await reopened(dir, async ({ journal }) => {
    const users = journalledUsers(journal);
    const hash = users.userByEmail(EMAIL)?.passwordHash ?? '';
    assert.ok(await passwords.verify(password, hash));
    assert.ok(!(await passwords.verify('the old one', hash)));
    assert.equal(users.session(SESSION), null);
    assert.ok(users.user(USER)?.administrator, 'nothing else has changed');
  });
  assert.notEqual(await reset(dir), password);
});

test('a running instance, an unknown user and a directory without an instance are refused and left alone', async () => {
  const dir = await stopped('running');
  const store = unwrap(await openStore(dir));
  assert.equal(await codeOf(reset(dir)), 'DATA_DIR_IN_USE');
  await store.close();
  assert.equal(await codeOf(reset(dir, 'nobody@localhost')), 'USER_NOT_FOUND');
  const records = await reopened(dir, ({ journal }) => [...journal.read(journal.partitions()[0] ?? ('' as never), 1)]);
  assert.equal(records.length, 2);
  assert.equal(await codeOf(reset(join(root, 'nowhere'))), 'DATA_DIR_NOT_FOUND');
  assert.ok(!existsSync(join(root, 'nowhere')));
});

test('an instance that was never ready is refused: its next start makes and shows a password itself', async () => {
  assert.equal(await codeOf(reset(await stopped('interrupted', false))), 'NO_INSTANCE');
});
