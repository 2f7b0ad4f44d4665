/** Starts of `okd serve` that must fail: each says why and what to do, and harms nothing. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { GatewayClient } from '../support/gateway-client.ts';
import { OkdProcess, runOkd, type Serving, serve } from '../support/okd-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'okd-starts-'));
const data = join(folder, 'data');
let serving: Serving;

before(async () => {
  serving = await serve(['--data', data]);
});
after(async () => {
  await OkdProcess.endAll();
  rmSync(folder, { recursive: true });
});

/** The exit code and the words of a start that must fail. */
async function refused(args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const { code, stdout, stderr } = await runOkd(['serve', '--json', ...args]);
  assert.equal(stdout, '');
  assert.doesNotMatch(stderr, /\n\s+at /, 'people are not shown a stack');
  return { code, said: stderr };
}

test('a start that cannot be is refused with a code and what to do', async () => {
  const port = new URL(serving.at.gateway.url).port;
  const fresh = (name: string): string[] => ['--data', join(folder, name)];
  const cases: readonly (readonly [args: readonly string[], said: RegExp])[] = [
    [['--port', port, ...fresh('busy')], /--port.*\(PORT_IN_USE\)/s],
    [['--port', '0', '--data', data], /in use by process \d+.*--data.*\(DATA_DIR_IN_USE\)/s],
    [['--port', '0', ...fresh('live'), '--env', 'mainnet'], /\(LIVE_TRADING_DISABLED\)/],
    [['--port', '0', ...fresh('silent'), '--env', 'mainnet', '--live'], /\(LIVE_TRADING_DISABLED\)/],
    [['--port', '0', ...fresh('moon'), '--env', 'moon'], /testnet.*\(INVALID_ENVIRONMENT\)/s],
    [['--port', '99999', ...fresh('port')], /65535.*\(INVALID_PORT\)/],
    [['--port', '0', '--config', join(folder, 'absent.json')], /absent\.json.*\(CONFIG_NOT_READABLE\)/],
  ];
  await Promise.all(
    cases.map(async ([args, words]) => {
      const { code, said } = await refused(args);
      assert.equal(code, 2, said);
      assert.match(said, words);
    }),
  );
  const mismatch = await refused(['--port', '0', ...fresh('busy'), '--env', 'testnet']);
  assert.equal(mismatch.code, 2, mismatch.said);
  assert.match(mismatch.said, /paper.*\(ENVIRONMENT_MISMATCH\)/s);
});

test('a first start that failed has not used up the one telling of the password', async () => {
  const [fresh, port] = [join(folder, 'untold'), new URL(serving.at.gateway.url).port];
  assert.equal((await refused(['--port', port, '--data', fresh])).code, 2);
  const first = await serve(['--data', fresh]);
  const { email, password } = first.at.login;
  assert.ok(password !== undefined);
  const signedIn = await GatewayClient.signedIn(first.at.gateway.url, email, password);
  assert.equal((await signedIn.read('/api/auth/me')).role, 'admin');
  await signedIn.post('/api/auth/logout', {});
  await first.process.end('SIGTERM');
  const second = await serve(['--data', fresh]);
  assert.equal(second.at.login.password, undefined, 'told once');
  await GatewayClient.signedIn(second.at.gateway.url, email, password);
  await second.process.end('SIGTERM');
});

test('a data directory that cannot be written, or is of a newer version, is left as it is', async () => {
  const notDir = join(folder, 'file');
  writeFileSync(notDir, '');
  const blocked = await refused(['--port', '0', '--data', join(notDir, 'data')]);
  assert.equal(blocked.code, 2);
  assert.match(blocked.said, /\(DATA_DIR_NOT_WRITABLE\)/);
  if (process.getuid?.() !== 0) {
    const locked = join(folder, 'locked');
    mkdirSync(locked, { mode: 0o500 });
    assert.match((await refused(['--port', '0', '--data', locked])).said, /\(DATA_DIR_NOT_WRITABLE\)/);
    chmodSync(locked, 0o700);
  }
  const newer = join(folder, 'newer');
  mkdirSync(newer);
  const db = new DatabaseSync(join(newer, 'journal.db'));
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA application_id = ${0x4f4b444a}; PRAGMA user_version = 99`);
  db.close();
  const bytes = readFileSync(join(newer, 'journal.db'));
  const late = await refused(['--port', '0', '--data', newer]);
  assert.equal(late.code, 2);
  assert.match(late.said, /newer version.*\(DATA_DIR_NEWER_VERSION\)/s);
  assert.deepEqual(readFileSync(join(newer, 'journal.db')), bytes);
});
