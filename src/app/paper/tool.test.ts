import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runOkd } from '../../../test/support/okd-process.ts';
import { PaperProcess, V5 } from '../../../test/support/paper-process.ts';
import { silentLog } from '../../ports/log.ts';
import { PaperClient } from './client.ts';
import { openPaper, type RunningPaper } from './open.ts';

const folder = mkdtempSync(join(tmpdir(), 'okd-paper-tool-'));
const running: RunningPaper[] = [];
after(async () => {
  for (const paper of running) await paper.close();
  rmSync(folder, { recursive: true });
});

const CONFIG = {
  accounts: [{ uid: '1001', apiKey: 'k', apiSecret: 's', balances: { USDT: '1000', BTC: '1' } }],
  control: true,
  agents: false,
  instruments: ['spot:BTCUSDT'],
  clock: 'stepped',
};

async function open(config: object = CONFIG): Promise<RunningPaper> {
  const paper = await openPaper({ config, dataDir: null, log: silentLog, listen: { port: 0 } });
  running.push(paper);
  return paper;
}

test('the tools do what they say to a running exchange and print JSON', async () => {
  const paper = await open();
  const okd = async (...words: string[]): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await runOkd(['paper', ...words, '--url', paper.rest]);
    assert.equal(code, 0, `${words.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const words = ['RESP', 'ret_code', 'on=/v5/market/*', 'retCode=10016', 'retMsg=busy', 'times=2', 'uid=1001'];
  assert.deepEqual(await okd('fault', 'add', ...words), { ids: ['f1'] });
  const order = ['ACCT', 'order', 'uid=1001', 'instrument=spot:BTCUSDT', 'side=sell', 'qty=0.1', 'price=60000'];
  await okd('fault', 'add', ...order);
  await okd('fault', 'add', '{"point":"PUB","action":"drop","id":"quiet"}');
  const client = new PaperClient(paper.rest);
  assert.partialDeepStrictEqual(
    (await client.faults()).map(({ rule }) => rule),
    [
      { match: { on: '/v5/market/*', uid: '1001' }, when: { times: 2 }, retCode: 10016, retMsg: 'busy' },
      { match: { uid: '1001' }, instrument: 'spot:BTCUSDT', qty: '0.1', price: '60000' },
      { id: 'quiet', match: {}, when: {} },
    ],
  );
  assert.deepEqual(await okd('fault', 'clear', 'quiet'), { removed: 1 });
  assert.deepEqual(await okd('fault', 'clear'), { removed: 2 });
  assert.partialDeepStrictEqual(await okd('fault', 'trace'), { entries: [{ point: 'ACCT' }], next: 1 });
  const saved = join(folder, 'saved.json');
  await okd('snapshot', saved);
  await okd('deposit', '1001', 'BTC', '2');
  assert.partialDeepStrictEqual(await okd('truth', '1001'), { coins: { BTC: { wallet: '3' } } });
  const start = await client.now();
  assert.deepEqual(await okd('clock', '+1000'), { now: start + 1000 });
  await okd('halt', 'spot:BTCUSDT');
  assert.equal(paper.exchange.instruments('spot')[0]?.status, 'closed');
  await okd('resume');
  await okd('instrument', 'change', 'spot:BTCUSDT', 'tick=1');
  assert.match(JSON.stringify(await okd('account', '7', 'USDT=5')), /"apiSecret":"\w+"/);
  await okd('restore', saved);
  assert.partialDeepStrictEqual(await okd('truth', '1001'), { coins: { BTC: { wallet: '1', locked: '0.1' } } });
  assert.match(String((await okd('hash'))['hash']), /^[0-9a-f]{64}$/);
});

test('a tool that cannot do it says why, by exit code too', async () => {
  const paper = await open();
  const off = await open({ ...CONFIG, control: false });
  const cases: [words: string[], code: number, says: RegExp][] = [
    [['fault', 'add', 'RESP', 'explode', '--url', paper.rest], 2, /RESP knows delay.*\(INVALID\)/],
    [['fault', 'add', 'RESP', 'delay', 'ms', '--url', paper.rest], 2, /name=value is expected, not ms/],
    [['fault', 'clear', 'nix', '--url', paper.rest], 2, /no fault nix \(NOT_FOUND\)/],
    [['truth', '--url', off.rest], 5, /"control": true.*\(CONTROL_OFF\)/],
    [['truth', '--url', 'http://127.0.0.1:9'], 5, /\(UNREACHABLE\)/],
    [['truth', '--data', folder], 5, /\(UNREACHABLE\)/],
    [['deposit', '1001'], 2, /missing required argument/],
  ];
  await Promise.all(
    cases.map(async ([words, code, says]) => {
      const ended = await runOkd(['paper', ...words]);
      assert.deepEqual([ended.code, ended.stdout], [code, ''], words.join(' '));
      assert.match(ended.stderr, says);
    }),
  );
});

test('a running exchange is found by its data directory, and dies where a rule says so with the order on disk', async () => {
  const data = join(folder, 'data');
  const file = join(folder, 'paper.json');
  writeFileSync(file, JSON.stringify({ ...CONFIG, clock: 'wall', rateLimits: 'off' }));
  const args = ['--port', '0', '--json', '--config', file, '--data', data];
  const first = PaperProcess.spawn(args);
  const { rest } = await first.ready();
  const told = await runOkd([
    'paper',
    'fault',
    'add',
    'ACC',
    'crash',
    'on=/v5/order/create',
    'times=1',
    '--data',
    data,
  ]);
  assert.equal(told.code, 0, told.stderr);
  const v5 = new V5(rest, { apiKey: 'k', apiSecret: 's' });
  const order = { category: 'spot', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.01', price: '59800' };
  await assert.rejects(v5.post('/v5/order/create', order), 'nothing is answered');
  assert.equal(await first.ended(), null, 'killed, not ended');
  const second = PaperProcess.spawn(args);
  const again = await second.ready();
  const truth = await new PaperClient(again.rest).groundTruth();
  assert.equal(truth.accounts.find(({ uid }) => uid === '1001')?.orders.length, 1);
  assert.equal(await second.ended('SIGTERM'), 0);
  assert.throws(() => readFileSync(join(data, 'paper-control.json')), /ENOENT/);
});
