/** `okd paper` as its users start it: a process of its own, over real sockets. */
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PaperClient } from '../../src/app/paper/client.ts';
import { done, paperBench, type Row, rows, until } from '../support/paper-bench.ts';
import { type Key, PaperProcess, type Ready, V5 } from '../support/paper-process.ts';

const bench = paperBench();
const { folder, start, refused, file } = bench;
after(() => bench.end());

function madeKey({ accounts }: Ready): Key {
  const [account] = accounts;
  assert.ok(account?.apiSecret !== undefined, 'the secret is told');
  return { apiKey: account.apiKey, apiSecret: account.apiSecret };
}

/** The first message of a topic that is not its acknowledgement. */
function heard(url: string, topic: string): Promise<Record<string, unknown>> {
  const socket = new WebSocket(url);
  return new Promise((resolve, reject) => {
    socket.onopen = () => socket.send(JSON.stringify({ op: 'subscribe', args: [topic] }));
    socket.onerror = () => reject(new Error(`no socket at ${url}`));
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as Record<string, unknown>;
      if (message['topic'] !== topic) return;
      socket.close();
      resolve(message);
    };
  });
}

test('without options it trades at once, with the key that it made, and ends cleanly', async () => {
  const paper = await start([]);
  const { rest, ws, host, port, control: noControl } = paper.at;
  assert.deepEqual([rest, ws], [`http://${host}:${port}`, `ws://${host}:${port}`]);
  assert.equal(noControl, null);
  const { apiKey, apiSecret } = madeKey(paper.at);
  const client = new V5(rest, { apiKey, apiSecret });
  const order = { category: 'spot', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '600' };
  const { orderId } = done(await client.post('/v5/order/create', order));
  const [execution] = rows(await client.get('/v5/execution/list', { category: 'spot', orderId: String(orderId) }));
  assert.equal(execution?.['orderId'], orderId);
  const impostor = new V5(rest, { apiKey, apiSecret: 'another' });
  assert.equal((await impostor.post('/v5/order/create', order)).retCode, 10004);
  const [ticker, book] = await Promise.all([
    heard(`${ws}/v5/public/spot`, 'tickers.BTCUSDT'),
    heard(`${ws}/v5/public/linear`, 'orderbook.50.BTCUSDT'),
  ]);
  assert.equal((ticker['data'] as Row)['symbol'], 'BTCUSDT');
  assert.equal(book['type'], 'snapshot');
  assert.equal((await fetch(`${rest}/paper/ground-truth`)).status, 404, 'control is off');
  const silent = new WebSocket(`${ws}/v5/private`);
  await new Promise((resolve) => (silent.onopen = resolve));
  const begun = Date.now();
  assert.equal(await paper.ended('SIGTERM'), 0);
  assert.ok(Date.now() - begun < 2_000, 'within two seconds, with a client connected');
  assert.equal(paper.stdout.trimEnd().split('\n').length, 1, 'nothing else goes to stdout');
});

test('people get a banner on stderr, and Ctrl-C ends it', async () => {
  const paper = PaperProcess.spawn(['--port', '0']);
  bench.own(paper);
  const said = await until('a banner', async () => (paper.stderr.includes('Ctrl-C') ? paper.stderr : undefined));
  for (const part of [/REST +http:\/\/127\.0\.0\.1:\d+/, /secret \w{36}/, /curl 'http/]) assert.match(said, part);
  assert.equal(paper.stdout, '');
  assert.equal(await paper.ended('SIGINT'), 0);
});

/** Everything that an account sees of itself. */
async function seen(client: V5) {
  const spot = { category: 'spot' };
  const [open, closed, executions, wallet, positions] = await Promise.all([
    client.get('/v5/order/realtime', spot),
    client.get('/v5/order/history', spot),
    client.get('/v5/execution/list', spot),
    client.get('/v5/account/wallet-balance', { accountType: 'UNIFIED' }),
    client.get('/v5/position/list', { category: 'linear', symbol: 'BTCUSDT' }),
  ]);
  const coins = (rows(wallet)[0]?.['coin'] as unknown as Row[]).map((coin) => [
    coin['coin'],
    coin['walletBalance'],
    coin['locked'],
  ]);
  const held = rows(positions).map((position) => [position['size'], position['avgPrice'], position['leverage']]);
  return { open: rows(open), closed: rows(closed), executions: rows(executions), coins, held };
}

test('with --data a restart goes on where it stopped', async () => {
  const dir = join(folder, 'kept');
  const config = file({ agents: false, control: true, instruments: ['spot:BTCUSDT', 'linear:BTCUSDT'] });
  const first = await start(['--data', dir, '--config', config]);
  const key = madeKey(first.at);
  assert.equal(statSync(first.at.keyFile as string).mode & 0o777, 0o600);
  let client = new V5(first.at.rest, key);
  const limit = { category: 'spot', symbol: 'BTCUSDT', orderType: 'Limit', qty: '0.01', price: '60000' };
  const place = async (more: object) =>
    String(done(await client.post('/v5/order/create', { ...limit, ...more }))['orderId']);
  const ids = [await place({ side: 'Sell', qty: '0.03', orderLinkId: 'resting' })];
  ids.push(await place({ category: 'linear', side: 'Buy', orderLinkId: 'perpetual' }));
  ids.push(await place({ side: 'Buy', price: '59000', orderLinkId: 'gone' }));
  done(await client.post('/v5/order/cancel', { category: 'spot', symbol: 'BTCUSDT', orderLinkId: 'gone' }));
  for (const orderId of ids.slice(0, 2)) {
    await new PaperClient(first.at.rest).fill({ uid: '1001', orderId, qty: '0.01' });
  }
  const before = await seen(client);
  const { open, executions, held } = before;
  assert.deepEqual([open.length, executions.length, held[0]?.[0]], [1, 1, '0.010']);
  assert.equal(await first.ended('SIGTERM'), 0);

  const second = await start(['--data', dir, '--config', config]);
  assert.deepEqual(second.at.accounts, [{ uid: '1001', apiKey: key.apiKey }], 'the secret is told once');
  client = new V5(second.at.rest, key);
  assert.deepEqual(await seen(client), before);
  assert.equal(
    (await client.post('/v5/order/create', { ...limit, side: 'Buy', orderLinkId: 'resting' })).retCode,
    170141,
  );
  const more = await place({ side: 'Buy', price: '59000', orderLinkId: 'later' });
  assert.ok(!ids.includes(more) && BigInt(more) > BigInt(ids[0] as string), 'no id comes twice');
  assert.equal(await second.ended('SIGTERM'), 0);
});

const BALANCES = { USDT: '100000000', BTC: '1000' };
const MAKER = { uid: '1', apiKey: 'maker', apiSecret: 'maker-secret', balances: BALANCES };
const TAKER = { uid: '2', apiKey: 'taker', apiSecret: 'taker-secret', balances: BALANCES };

type Truth = Readonly<{
  accounts: readonly Readonly<{
    uid: string;
    orders: readonly Readonly<{ orderId: string; clientOrderId: string | null; cumQty: string }>[];
    executions: readonly Readonly<{ execId: string; orderId: string; qty: string }>[];
  }>[];
}>;

/** Two accounts trade with each other until the exchange dies; what it acknowledged is written down. */
async function tradeUntilDead(paper: PaperProcess & { at: Ready }, round: number, acked: Map<string, string>) {
  const flow = async (account: typeof MAKER, side: string, lane: number): Promise<void> => {
    const client = new V5(paper.at.rest, account);
    for (let n = 0; ; n += 1) {
      const orderLinkId = `${account.uid}-${round}-${lane}-${n}`;
      const order = { category: 'spot', symbol: 'BTCUSDT', orderType: 'Limit', qty: '0.001', price: '60000', side };
      try {
        acked.set(
          orderLinkId,
          String(done(await client.post('/v5/order/create', { ...order, orderLinkId }))['orderId']),
        );
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        return; // the exchange is dead: whether it took this order nobody knows
      }
    }
  };
  const flows = [0, 1, 2].flatMap((lane) => [flow(MAKER, 'Sell', lane), flow(TAKER, 'Buy', lane)]);
  const before = acked.size;
  await until('orders that flow', async () => (acked.size > before + 5 ? true : undefined));
  await new Promise((resolve) => setTimeout(resolve, round * 70));
  await paper.ended('SIGKILL');
  await Promise.all(flows);
}

/** Every acknowledged order is there once, no id and no fill twice, and no money is lost or made. */
async function checkTruth(rest: string, acked: ReadonlyMap<string, string>): Promise<number> {
  const truth = (await new PaperClient(rest).groundTruth()) as unknown as Truth;
  const orders = truth.accounts.flatMap((account) => account.orders);
  const byLink = new Map(orders.map((order) => [order.clientOrderId, order]));
  assert.equal(byLink.size, orders.length, 'no client order id twice');
  assert.equal(new Set(orders.map((order) => order.orderId)).size, orders.length, 'no order id twice');
  for (const [link, orderId] of acked) assert.equal(byLink.get(link)?.orderId, orderId, `acknowledged: ${link}`);
  const filled = new Map<string, number>();
  for (const { uid, executions } of truth.accounts) {
    assert.equal(new Set(executions.map((one) => one.execId)).size, executions.length, `execution ids of ${uid}`);
    for (const { orderId, qty } of executions) filled.set(orderId, (filled.get(orderId) ?? 0) + Number(qty) * 1e6);
  }
  for (const { orderId, cumQty } of orders) {
    assert.equal(Math.round(filled.get(orderId) ?? 0), Math.round(Number(cumQty) * 1e6), `fills of ${orderId}`);
  }
  assert.deepEqual(await new PaperClient(rest).leaks(), []);
  return filled.size;
}

test('kill -9 in the middle of order flow loses nothing acknowledged and doubles nothing', async () => {
  const dir = join(folder, 'killed');
  const config = file({ accounts: [MAKER, TAKER], agents: false, control: true, rateLimits: 'off' });
  const acked = new Map<string, string>();
  for (let round = 0; round < 5; round += 1) {
    const paper = await start(['--data', dir, '--config', config]);
    await checkTruth(paper.at.rest, acked);
    const before = acked.size;
    await tradeUntilDead(paper, round, acked);
    assert.ok(acked.size > before, 'orders were flowing when it died');
  }
  const last = await start(['--data', dir, '--config', config]);
  assert.ok((await checkTruth(last.at.rest, acked)) > 0, 'some of them had traded');
  assert.equal(await last.ended('SIGTERM'), 0);
});

test('a busy port names --port', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const { port } = holder.address() as { port: number };
  const dir = join(folder, 'busy');
  const { code, said } = await refused(['--port', String(port), '--data', dir]);
  holder.close();
  assert.equal(code, 2);
  assert.match(said, new RegExp(`Port ${port} .*--port.*PORT_IN_USE`));
  madeKey((await start(['--data', dir])).at); // the start that failed did not use up the telling of the key
});

test('a data directory that cannot be used is refused with what to do', async () => {
  const inUse = join(folder, 'in-use');
  const owner = await start(['--data', inUse]);
  const answers = await Promise.all([refused(['--data', file('a file', '')]), refused(['--data', inUse])]);
  assert.match(answers[0].said, /--data.*DATA_DIR_NOT_WRITABLE/);
  assert.match(answers[1].said, /in use by process \d+.*--data.*DATA_DIR_IN_USE/);
  assert.deepEqual(
    answers.map(({ code }) => code),
    [2, 2],
  );
  assert.equal(await owner.ended('SIGTERM'), 0);
});

test('everything that is wrong with a configuration is said at once', async () => {
  const config = file({ seed: -1, agnets: true, accounts: [{ uid: 'x', apiKey: 'k', apiSecret: 's' }] });
  const { code, said } = await refused(['--config', config]);
  assert.equal(code, 2);
  for (const word of ['seed', 'agnets', 'accounts[0].uid', 'CONFIG_INVALID', config])
    assert.ok(said.includes(word), said);
});

test('a journal that cannot be written ends it with code 6', { skip: process.platform === 'win32' }, async () => {
  const dir = join(folder, 'full');
  const config = file({ accounts: [TAKER], agents: false, rateLimits: 'off' });
  // A file may not grow beyond 2 MiB: the system refuses the journal's writes as a full disk does.
  const limited = ['sh', '-c', 'ulimit -f 4096; exec "$0" "$@"'];
  const paper = PaperProcess.spawn(['--port', '0', '--json', '--data', dir, '--config', config], limited);
  bench.own(paper);
  const { rest } = await paper.ready();
  const client = new V5(rest, TAKER);
  const order = { category: 'spot', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.001', price: '59000' };
  const acked: string[] = [];
  const flow = async (lane: number): Promise<void> => {
    for (let n = 0; ; n += 1) {
      const orderLinkId = `${lane}-${n}`;
      const answer = await client.post('/v5/order/create', { ...order, orderLinkId }).catch(() => null);
      if (answer?.retCode !== 0) return;
      acked.push(orderLinkId);
      await client.post('/v5/order/cancel', { category: 'spot', symbol: 'BTCUSDT', orderLinkId }).catch(() => null);
    }
  };
  await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(flow));
  assert.equal(await paper.ended(), 6, paper.stderr);
  assert.match(paper.stderr, /JOURNAL_UNAVAILABLE/);
  const again = await start(['--data', dir, '--config', file({ accounts: [TAKER], agents: false, control: true })]);
  const truth = (await new PaperClient(again.at.rest).groundTruth()) as unknown as Truth;
  const links = new Set(truth.accounts.flatMap((account) => account.orders).map((one) => one.clientOrderId));
  assert.deepEqual(
    acked.filter((link) => !links.has(link)),
    [],
    'nothing that was acknowledged is lost',
  );
});
