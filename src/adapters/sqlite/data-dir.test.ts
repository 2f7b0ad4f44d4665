import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { unwrap } from '../../domain/result.ts';
import type { JournalOpenError } from '../../ports/journal.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { openStore } from './store.ts';

const root = mkdtempSync(join(tmpdir(), 'okd-dir-'));
after(() => rmSync(root, { recursive: true }));

async function refusal(dir: string): Promise<JournalOpenError> {
  const result = await openStore(dir);
  assert.ok(!result.ok);
  return result.error;
}

test('a directory has one owner at a time: the message names its pid, kill -9 frees it', async () => {
  const dir = join(root, 'owned');
  const child = spawn(process.execPath, [fileURLToPath(new URL('./crash-child.ts', import.meta.url)), '--dir', dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const refused = await refusal(dir);
  assert.equal(refused.code, 'DATA_DIR_IN_USE');
  assert.match(refused.message, new RegExp(`process ${child.pid}\\..*--data`));
  child.kill('SIGKILL');
  await once(child, 'close');
  await unwrap(await openStore(dir)).close();
});

test('the same process cannot open a directory twice, and may again after closing it', async () => {
  const dir = join(root, 'twice');
  const store = unwrap(await openStore(dir));
  assert.equal((await refusal(dir)).code, 'DATA_DIR_IN_USE');
  assert.equal((await refusal(dir)).code, 'DATA_DIR_IN_USE', 'a refused attempt leaves the lock in place');
  await store.close();
  await store.close();
  await unwrap(await openStore(dir)).close();
});

test('a directory that cannot be made or written is refused with what to do', async () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  for (const dir of [file, join(file, 'below'), '/proc/okd']) {
    const refused = await refusal(dir);
    assert.equal(refused.code, 'DATA_DIR_NOT_WRITABLE');
    assert.match(refused.message, /choose another directory with --data/);
  }
});

test('a directory of a newer version is refused and left as it is', async () => {
  const dir = join(root, 'newer');
  await unwrap(await openStore(dir)).close();
  const db = new DatabaseSync(join(dir, 'journal.db'));
  db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
  db.close();
  const refused = await refusal(dir);
  assert.equal(refused.code, 'DATA_DIR_NEWER_VERSION');
  assert.match(refused.message, new RegExp(`format ${SCHEMA_VERSION + 1}.*reads up to ${SCHEMA_VERSION}`));
  assert.equal((await refusal(dir)).code, 'DATA_DIR_NEWER_VERSION', 'the lock was given back');
});

test('files that are not ours are refused', async () => {
  const text = join(root, 'text');
  mkdirSync(text);
  writeFileSync(join(text, 'journal.db'), 'this is not a database, but it is long enough to be read as one'.repeat(20));
  assert.equal((await refusal(text)).code, 'JOURNAL_CORRUPT');
  const foreign = join(root, 'foreign');
  mkdirSync(foreign);
  const db = new DatabaseSync(join(foreign, 'journal.db'));
  db.exec('PRAGMA application_id = 7; CREATE TABLE t (x)');
  db.close();
  assert.equal((await refusal(foreign)).code, 'JOURNAL_CORRUPT');
});
