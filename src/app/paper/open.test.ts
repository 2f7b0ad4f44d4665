import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openStore } from '../../adapters/sqlite/store.ts';
import type { PartitionId } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { DEFAULT_QUOTES } from '../../paper/index.ts';
import { silentLog } from '../../ports/log.ts';
import { CommandError } from '../exit.ts';
import { type OpenPaperOptions, openPaper, type RunningPaper } from './open.ts';

const folder = mkdtempSync(join(tmpdir(), 'okd-open-'));
const running: RunningPaper[] = [];
after(async () => {
  for (const paper of running) await paper.close();
  rmSync(folder, { recursive: true });
});

const QUIET = { agents: false, instruments: ['spot:BTCUSDT'], accounts: [] };
const LISTEN = { port: 0 };

async function open(options: Partial<OpenPaperOptions>): Promise<RunningPaper> {
  const paper = await openPaper({ config: QUIET, dataDir: null, log: silentLog, listen: LISTEN, ...options });
  running.push(paper);
  return paper;
}

const codeOf = (options: Partial<OpenPaperOptions>): Promise<string> =>
  open(options).then(
    () => 'opened',
    (error: unknown) => {
      assert.ok(error instanceof CommandError, String(error));
      assert.equal(error.exit, 2);
      return error.code;
    },
  );

test('an account is made where none is named, and only then', async () => {
  const { accounts, keyFile } = await open({ config: { agents: false } });
  assert.match(accounts[0]?.apiSecret ?? '', /^\w{36}$/);
  assert.equal(keyFile, null);
  assert.deepEqual((await open({})).accounts, []);
  const named = { uid: '7', apiKey: 'k', apiSecret: 's' };
  assert.deepEqual((await open({ config: { ...QUIET, accounts: [named] } })).accounts, [
    { uid: '7', apiKey: 'k', apiSecret: null },
  ]);
});

test('a start that fails leaves nothing open and uses up no secret', async () => {
  const dataDir = join(folder, 'once');
  const config = { agents: false };
  const { port } = await open({});
  assert.equal(await codeOf({ config, dataDir, listen: { port } }), 'PORT_IN_USE');
  const first = await open({ config, dataDir });
  const secret = first.accounts[0]?.apiSecret;
  assert.ok(secret, 'the secret is told by the start that succeeds');
  await first.close();
  const second = await open({ config, dataDir });
  assert.deepEqual(second.accounts, [{ ...first.accounts[0], apiSecret: null }]);
  assert.equal((JSON.parse(readFileSync(second.keyFile as string, 'utf8')) as { apiSecret: string }).apiSecret, secret);
  await second.close();
  chmodSync(second.keyFile as string, 0o644);
  assert.equal(await codeOf({ config, dataDir }), 'CREDENTIALS_UNSAFE');
});

test('the data directory of something else is left alone', async () => {
  const dataDir = join(folder, 'other');
  const store = unwrap(await openStore(dataDir));
  store.journal.append('account:a' as PartitionId, [new Uint8Array(1)]);
  await store.close();
  assert.equal(await codeOf({ dataDir }), 'DATA_DIR_OF_ANOTHER_KIND');
  await unwrap(await openStore(dataDir)).close();
});

const lineOf = (u: number, type: string, qty: string) =>
  JSON.stringify({
    topic: 'orderbook.50.XRPUSDT',
    type,
    ts: 1_733_011_200_000 + u,
    data: { s: 'XRPUSDT', b: [['1.95', qty]], a: [['1.96', qty]], u, seq: u },
  });

test('histories are found beside their configuration, and no symbol is replayed twice', async () => {
  const name = join(folder, 'book.data');
  writeFileSync(name, `${lineOf(1, 'snapshot', '10')}\n${lineOf(2, 'delta', '20')}\n`);
  const paper = await open({ config: { ...QUIET, replay: [{ file: 'book.data' }] }, baseDir: folder });
  assert.deepEqual(
    paper.control.replays().map((one) => [one.instrument, one.name]),
    [['spot:XRPUSDT', name]],
  );
  const replays = [{ file: name, category: 'spot', symbol: null, atEnd: 'hold', quotes: DEFAULT_QUOTES }] as const;
  const config = { ...QUIET, replay: [{ file: name }] };
  assert.equal(await codeOf({ config, replays }), 'REPLAY_TWICE');
  assert.equal(await codeOf({ config: { replay: [{ file: 'none' }] }, baseDir: folder }), 'REPLAY_NOT_FOUND');
  assert.equal(await codeOf({ config: { seed: 'x' } }), 'CONFIG_INVALID');
});

test('a server that listens everywhere is reached on this machine', async () => {
  const { host, rest, ws, port } = await open({ listen: { host: '0.0.0.0', port: 0 } });
  assert.deepEqual([host, rest, ws], ['0.0.0.0', `http://127.0.0.1:${port}`, `ws://127.0.0.1:${port}`]);
});
