/** The whole product as its users start it: the first order, signing in, pushes, pages, cancels, restarts. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { openCredentials } from '../../src/app/credentials.ts';
import { tokensOf } from '../../src/app/serve/local-token.ts';
import { DEMO_FUNDS } from '../../src/app/serve/first-start.ts';
import type { SessionId } from '../../src/adapters/http/index.ts';
import type { UnixMs, UserId } from '../../src/domain/ids.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { type Body, GatewayClient, type OrderView } from '../support/gateway-client.ts';
import { GatewaySocket } from '../support/gateway-socket.ts';
import { OkdProcess, REPOSITORY, type Serving, serve, until } from '../support/okd-process.ts';
import { V5 } from '../support/paper-process.ts';
import { assertAgree, assertFillsAdd, ledgerByFacts, walletByExecutions } from '../support/two-venues.ts';
import { Sums } from '../support/exact.ts';
import { ownPaperKey, truthBySignedCalls, type VenueTruth } from '../support/venue-truth.ts';

const PASSWORD = 'correct horse battery staple';
const folder = mkdtempSync(join(tmpdir(), 'okd-first-'));
const data = join(folder, 'data');
const env = { OKD_ADMIN_PASSWORD: PASSWORD };
let serving: Serving;
let client: GatewayClient;

const signIn = (): Promise<GatewayClient> =>
  GatewayClient.signedIn(serving.at.gateway.url, 'admin@localhost', PASSWORD);
const paperRest = (): string => serving.at.paper?.rest ?? assert.fail('a paper instance has its own exchange');
const venue = (): Promise<VenueTruth> => truthBySignedCalls(paperRest(), ownPaperKey(data));

before(async () => {
  serving = await serve(['--data', data], env);
  client = await signIn();
});
after(async () => {
  await OkdProcess.endAll();
  rmSync(folder, { recursive: true });
});

/** Waits until the gateway shows what the venue's wallet and the internal ledger must hold; then both to the last digit. */
async function assertBalances(): Promise<void> {
  const [orders, executions, truth] = [await client.orders(), await client.executions(), await venue()];
  const ledger = ledgerByFacts(DEMO_FUNDS, orders, executions);
  const expected: Record<string, Body> = {};
  for (const asset of Object.keys({ ...ledger, ...truth.wallet }).sort()) {
    const [here, there] = [ledger[asset] ?? '0', truth.wallet[asset] ?? '0'];
    expected[asset] = { total: new Sums({ x: here }).add('x', there).of('x'), okd_internal: here, bybit: there };
  }
  const seen = async (): Promise<Body> => {
    const { consolidated_balance: rows } = await client.read('/api/wallet/balance/consolidated');
    return Object.fromEntries(
      Object.entries<Body>(rows).map(([asset, row]) => {
        const bybit = new Sums({ x: row.bybit_spot }).add('x', row.bybit_futures).of('x');
        return [asset, { total: row.total, okd_internal: row.okd_internal, bybit }];
      }),
    );
  };
  await until('balances', async () => (JSON.stringify(await seen()) === JSON.stringify(expected) ? true : null)).catch(
    async () => assert.deepEqual(await seen(), expected),
  );
}

test('the printed line splits an order over both venues, and every balance adds up to the last digit', async () => {
  const { curl, quantity } = serving.at.first_order ?? assert.fail('the books of a fresh instance allow a first order');
  const run = promisify(execFile);
  const { stdout } = await run('sh', ['-c', `${curl} --silent --show-error`], { cwd: REPOSITORY, timeout: 20_000 });
  const answer = JSON.parse(stdout);
  assert.equal(answer.success, true, stdout);
  const order: OrderView = await client.ended(answer.data.id);
  assert.equal(order.status, 'filled');
  assert.equal(order.filled_quantity, quantity);
  assert.deepEqual(new Set(order.children.map((child) => child.venue)), new Set(['okd_internal', 'bybit']));
  for (const child of order.children) assert.notEqual(child.filled_quantity, '0', `a fill at ${child.venue}`);
  const [orders, executions, truth] = [await client.orders(), await client.executions(), await venue()];
  assertAgree(truth, orders, executions);
  assertFillsAdd(orders, executions);
  assert.deepEqual(truth.wallet, walletByExecutions(DEMO_FUNDS, truth));
  await assertBalances();
});

test('a position on a perpetual is the one that the exchange has', async () => {
  const { status, data: placed } = await client.order({
    symbol: 'BTCUSDT', category: 'linear', side: 'buy', type: 'market', quantity: '0.25',
  }); // biome-ignore format: one line
  assert.equal(status, 201);
  await client.ended(placed.id);
  const v5 = new V5(paperRest(), ownPaperKey(data));
  const there = (await v5.get('/v5/position/list', { category: 'linear', symbol: 'BTCUSDT' })).result['list'] as Body[];
  const position = await until('the position', async () => {
    const { positions } = await client.read('/api/trading/positions/consolidated?category=linear');
    return positions[0]?.net_quantity === '0.25' ? positions[0] : null;
  });
  assert.deepEqual([position.symbol, position.net_quantity, position.legs[0].venue], ['BTCUSDT', '0.25', 'bybit']);
  assert.equal(Number(position.entry_price), Number(there[0].avgPrice));
  assert.equal(there[0].size, '0.250');
  const closing = await client.order({
    symbol: 'BTCUSDT', category: 'linear', side: 'sell', type: 'market', quantity: '0.25', reduce_only: true,
  }); // biome-ignore format: one line
  assert.equal(closing.status, 201);
  await client.ended(closing.data.id);
  await until('the position closed', async () => {
    const { positions } = await client.read('/api/trading/positions/consolidated?category=linear');
    return positions.length === 0 ? true : null;
  });
  const wallet = await v5.get('/v5/account/wallet-balance', { accountType: 'UNIFIED', coin: 'USDT' });
  const [{ coin }] = wallet.result['list'] as [Body];
  await until('the wallet', async () => {
    const { consolidated_balance: rows } = await client.read('/api/wallet/balance/consolidated');
    return rows.USDT.bybit_spot === coin[0].walletBalance && rows.USDT.bybit_futures === '0' ? true : null;
  });
});

test('signing in opens the API; a wrong, a foreign and an expired token do not', async () => {
  const me = await client.read('/api/auth/me');
  assert.deepEqual([me.user.email, me.account, me.role], ['admin@localhost', 'a1', 'admin']);
  const { url } = serving.at.gateway;
  const wrong = await new GatewayClient(url, null).post('/api/auth/login', {
    email: 'admin@localhost',
    password: 'no',
  });
  assert.deepEqual([wrong.status, wrong.error.code], [401, 'LOGIN_FAILED']);
  const local = JSON.parse(readFileSync(join(data, 'local.json'), 'utf8')) as Record<string, string>;
  const [user, session] = [local['user'] as UserId, local['session'] as SessionId];
  const now = systemClock({ keepAlive: false });
  const hourAgo = { ...now, now: () => (now.now() - 3_600_000) as UnixMs };
  const token = (clock: typeof now, issuer = `${local['issuer']}`): string =>
    tokensOf(openCredentials(data), issuer, clock).issueAccess(user, session);
  assert.equal((await new GatewayClient(url, token(now)).get('/api/auth/me')).status, 200);
  const cases = [
    [null, 'UNAUTHENTICATED'],
    ['not.a.token', 'TOKEN_INVALID'],
    [`${token(now).slice(0, -4)}AAAA`, 'TOKEN_INVALID'],
    [token(now, 'another'), 'TOKEN_INVALID'],
    [token(hourAgo), 'TOKEN_EXPIRED'],
  ] as const;
  for (const [bad, code] of cases) {
    for (const path of ['/api/auth/me', '/api/wallet/balance/consolidated', '/bybit/status']) {
      const { status, error, headers } = await new GatewayClient(url, bad).get(path);
      assert.deepEqual([status, error.code], [401, code], path);
      assert.match(headers.get('www-authenticate') ?? '', /^Bearer/);
    }
  }
});

test('health, the API description and the documentation are open to everybody', async () => {
  const open = new GatewayClient(serving.at.gateway.url, null);
  assert.equal((await open.get('/health/live')).status, 200);
  const ready = await open.get('/health/ready');
  assert.deepEqual([ready.status, ready.data.ready], [200, true]);
  const description = JSON.parse(await (await fetch(serving.at.gateway.openapi)).text());
  assert.match(description.openapi, /^3\.1/);
  assert.ok(description.paths['/api/trading/order'].post !== undefined);
  const docs = await fetch(serving.at.gateway.docs);
  assert.match(docs.headers.get('content-type') ?? '', /^text\/html/);
  assert.match(await docs.text(), /\/api\/trading\/order/);
});

test('a socket sees orders, executions, balances and books, in sequence and without gaps', async () => {
  const socket = await GatewaySocket.subscribed(serving.at.gateway.ws, client.token, [
    'orders', 'executions', 'balances', 'orderbook:BTCUSDT', 'orderbook:linear:BTCUSDT',
  ]); // biome-ignore format: one line
  const created = await socket.ask({
    op: 'order.create',
    data: { symbol: 'BTCUSDT', side: 'buy', type: 'market', quantity: '0.05', client_order_id: 'by-socket' },
  });
  assert.deepEqual([created.success, created.status], [true, 201], JSON.stringify(created));
  const id = created.data.id as string;
  const order = await socket.heard('the end of the order', () =>
    socket.items('orders').find((one) => one.id === id && one.status === 'filled'),
  );
  const filled = await client.ended(id);
  assert.equal(order.average_price, filled.average_price);
  await socket.heard('all executions', () => {
    const sum = new Sums();
    const mine = socket.items('executions').filter((one) => one.order_id === id);
    for (const one of mine) sum.add('x', one.quantity);
    return sum.of('x') === '0.05' ? mine : undefined;
  });
  const { balances } = await client.read('/api/wallet/balances');
  const btc = balances.find((row: Body) => row.asset === 'BTC' && row.venue === 'okd_internal').total;
  await socket.heard('the balance', () =>
    socket.items('balances').find((row) => row.asset === 'BTC' && row.venue === 'okd_internal' && row.total === btc),
  );
  for (const book of ['orderbook:BTCUSDT', 'orderbook:linear:BTCUSDT']) {
    await socket.heard(`three pushes of ${book}`, () =>
      socket.pushes.filter(({ channel }) => channel === book).length >= 3 ? true : undefined,
    );
  }
  const ids = socket.items('executions').map((one) => one.id);
  assert.equal(new Set(ids).size, ids.length, 'no execution is pushed twice');
  assert.deepEqual(socket.gaps, []);
  socket.close();
});

/** A price at which a buy rests: 3 % below the best bid. */
async function awayPrice(): Promise<string> {
  const { bids } = await client.read('/api/market/orderbook?symbol=BTCUSDT&depth=1');
  return `${Math.floor(Number(bids[0].price) * 0.97)}`;
}

const works = (id: string): Promise<true> =>
  until(`order ${id} works`, async () =>
    (await client.read(`/api/trading/orders/${id}`)).status === 'working' ? true : null,
  );

test('a resting order is canceled on both venues, and its funds are free again', async () => {
  const price = await awayPrice();
  for (const strategy of ['internal_only', 'bybit_only']) {
    const placed = await client.order({
      symbol: 'BTCUSDT', side: 'buy', type: 'limit', quantity: '0.5', price, routing: { strategy },
    }); // biome-ignore format: one line
    assert.equal(placed.status, 201, JSON.stringify(placed.error));
    const { id } = placed.data;
    await works(id);
    await until(`${strategy} holds funds`, async () => {
      const { balances } = await client.read('/api/wallet/balances');
      return balances.some((row: Body) => row.asset === 'USDT' && row.held !== '0') ? true : null;
    });
    const canceled = await client.delete(`/api/trading/orders/${id}`);
    assert.equal(canceled.status, 200);
    const order = await client.ended(id);
    assert.deepEqual([order.status, order.reason, order.filled_quantity], ['canceled', 'CANCELED_BY_USER', '0']);
    const again = await client.delete(`/api/trading/orders/${id}`);
    assert.deepEqual([again.status, again.error.code], [409, 'ORDER_ALREADY_FINAL']);
  }
  await until('no funds are held', async () => {
    const { balances } = await client.read('/api/wallet/balances');
    return balances.every((row: Body) => row.held === '0') ? true : null;
  });
  assert.equal((await client.delete('/api/trading/orders/o1-zzzz')).error.code, 'ORDER_NOT_FOUND');
});

const ONCE = { symbol: 'BTCUSDT', side: 'sell', type: 'market', quantity: '0.02', client_order_id: 'only-once' };

test('a client_order_id answers its repeat with the first order, and refuses another body', async () => {
  const answers = await Promise.all([
    client.order(ONCE),
    client.order({ ...ONCE, symbol: 'btc/usdt', quantity: '0.020' }),
  ]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 201]);
  assert.equal(answers[0].data.id, answers[1].data.id);
  const other = await client.order({ ...ONCE, quantity: '0.03' });
  assert.deepEqual([other.status, other.error.code], [409, 'DUPLICATE_CLIENT_ORDER_ID']);
  await client.ended(answers[0].data.id);
  const found = (await client.orders()).filter((order) => order.client_order_id === 'only-once');
  assert.equal(found.length, 1);
  const keyed = { ...ONCE, client_order_id: undefined };
  const send = (body: object) =>
    client.send('POST', '/api/trading/order', JSON.stringify(body), { 'idempotency-key': 'key-1' });
  const [first, second, third] = [await send(keyed), await send(keyed), await send({ ...keyed, side: 'buy' })];
  assert.deepEqual([first.status, second.status, third.status], [201, 200, 409]);
  assert.equal(second.data.id, first.data.id);
  assert.equal(third.error.code, 'IDEMPOTENCY_KEY_REUSED');
  await client.ended(first.data.id);
});

test('lists are read page by page, to their end, each row once', async () => {
  for (const [name, all] of [
    ['orders', await client.orders()],
    ['executions', await client.executions()],
  ] as const) {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await client.read(`/api/trading/${name}?limit=2${cursor}`);
      assert.ok(page[name].length > 0 && page[name].length <= 2);
      seen.push(...page[name].map(({ id }: Body) => id));
      cursor = page.next_cursor === null ? '' : `&cursor=${encodeURIComponent(page.next_cursor)}`;
    } while (cursor !== '');
    assert.ok(seen.length > 2);
    assert.deepEqual(
      seen,
      all.map(({ id }) => id),
    );
  }
});

test('a restart keeps orders, executions, balances, sign-ins and used ids', async () => {
  const resting = await client.order({
    symbol: 'BTCUSDT', side: 'buy', type: 'limit', quantity: '0.1', price: await awayPrice(), routing: { strategy: 'bybit_only' },
  }); // biome-ignore format: one line
  assert.equal(resting.status, 201);
  await works(resting.data.id);
  const [orders, executions] = [await client.orders(), await client.executions()];
  const { code, stdout } = await serving.process.end('SIGTERM');
  assert.equal(code, 0);
  assert.equal(stdout.trimEnd().split('\n').length, 1, 'only the ready line goes to stdout');
  serving = await serve(['--data', data], env);
  client = new GatewayClient(serving.at.gateway.url, client.token);
  const facts = (list: readonly OrderView[]) =>
    list.map(({ id, client_order_id, status, filled_quantity, average_price, fees, children }) => {
      return {
        id,
        client_order_id,
        status,
        filled_quantity,
        average_price,
        fees,
        children: children.map((one) => one.venue_order_id),
      };
    });
  await until('nothing is in doubt', async () =>
    (await client.read('/bybit/status')).unknownOrders === 0 ? true : null,
  );
  assert.deepEqual(facts(await client.orders()), facts(orders));
  assert.deepEqual(await client.executions(), executions);
  await assertAfterRestart();
  const repeated = await client.order(ONCE);
  assert.equal(repeated.status, 200);
  await client.delete(`/api/trading/orders/${resting.data.id}`);
  assert.equal((await client.ended(resting.data.id)).status, 'canceled');
});

/** The perpetual of an earlier test leaves its own traces in the wallet, so here the two sides are compared as they are. */
async function assertAfterRestart(): Promise<void> {
  const truth = await venue();
  const { consolidated_balance: rows } = await client.read('/api/wallet/balance/consolidated');
  for (const [asset, amount] of Object.entries(truth.wallet)) {
    assert.equal(new Sums({ x: rows[asset].bybit_spot }).add('x', rows[asset].bybit_futures).of('x'), amount, asset);
  }
}
