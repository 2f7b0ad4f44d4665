import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runOkd } from '../../test/support/okd-process.ts';

const root = mkdtempSync(join(tmpdir(), 'okd-cli-'));
after(() => rmSync(root, { recursive: true }));

test('an unknown command is said to be unknown and ends with code 2, also where help is asked for', async () => {
  const cases = [['foo'], ['foo', '--help'], ['help', 'foo'], ['records', 'foo', '-h'], ['user', 'foo', '--help']];
  await Promise.all(
    cases.map(async (args) => {
      const { code, stdout, stderr } = await runOkd(args);
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /unknown command 'foo'/);
    }),
  );
});

test('help for a command that there is goes to stdout and ends with code 0', async () => {
  const cases = [['--help'], ['help', 'serve'], ['records', '--help'], ['user', 'reset-password', '--help']];
  await Promise.all(
    cases.map(async (args) => {
      const { code, stdout } = await runOkd(args);
      assert.equal(code, 0, args.join(' '));
      assert.match(stdout, /^Usage: okd/);
    }),
  );
});

test('--live is refused where the instance is not for mainnet', async () => {
  const fresh = (name: string): string[] => ['serve', '--port', '0', '--json', '--live', '--data', join(root, name)];
  const cases = [fresh('default'), [...fresh('testnet'), '--env', 'testnet']];
  await Promise.all(
    cases.map(async (args) => {
      const { code, stdout, stderr } = await runOkd(args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /--live is for mainnet.*\(LIVE_NEEDS_MAINNET\)/);
    }),
  );
});

test('resetting a password needs an instance', async () => {
  const { code, stdout, stderr } = await runOkd(['user', 'reset-password', '--data', join(root, 'nowhere')]);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /--data.*\(DATA_DIR_NOT_FOUND\)/);
});
