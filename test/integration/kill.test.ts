/**
 * kill -9 at random moments under load: the gateway alone with its exchange beside it, and the whole product with its
 * own exchange. After each restart everything acknowledged is there once, both venues agree with us order by order and
 * execution by execution, and all money adds up. OKD_LONG=1 kills 50 times each; OKD_SEED repeats a run's load.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test, type TestContext } from 'node:test';
import { PaperClient } from '../../src/app/paper/client.ts';
import { DEMO_FUNDS } from '../../src/app/serve/first-start.ts';
import { seededRng, type Rng, uniform } from '../../src/ports/rng.ts';
import { Sums } from '../support/exact.ts';
import { type Body, FINAL, GatewayClient } from '../support/gateway-client.ts';
import { assertNothingMadeOrLost } from '../support/journal-conservation.ts';
import { KillDriver } from '../support/kill-driver.ts';
import { later, OkdProcess, runOkd, type Serving, type Starting, startServing, until } from '../support/okd-process.ts';
import {
  connect,
  gatewayConfig,
  OPENING,
  PASSWORD,
  signIn,
  startExchange,
  startGateway,
  UID,
} from '../support/paper-and-gateway.ts';
import { assertAgree, assertFillsAdd, isInDoubt, ledgerByFacts, walletByExecutions } from '../support/two-venues.ts';
import { ownPaperKey, truthByControl, truthBySignedCalls, type VenueTruth } from '../support/venue-truth.ts';

const LONG = process.env['OKD_LONG'] === '1';
const KILLS = LONG ? 50 : 10;
const FIRST_STARTS = LONG ? 20 : 3;
const SEED = Number(process.env['OKD_SEED'] ?? Date.now() % 1_000_000);
/** Every so often the next start is killed too, before it is ready. */
const KILLED_WHILE_STARTING = 0.2;
/** An order that never left is given up once its absence is proven, which takes the exchange's word for 15 s. */
const HEALED_WITHIN_MS = 60_000;
/**
 * In the short run a kill does not wait for that; where the one before did not, it waits until what is old enough is
 * settled. After the last one everything is.
 */
const PATIENCE_MS = LONG ? HEALED_WITHIN_MS : 1_500;
const SECOND_PATIENCE_MS = LONG ? HEALED_WITHIN_MS : 8_000;
/** A market that goes on trading while it is looked at needs a second look. */
const AGREE_WITHIN_MS = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'okd-kill-'));
const endings: (() => Promise<unknown>)[] = [];
after(async () => {
  await OkdProcess.endAll();
  for (const end of endings) await end();
  rmSync(folder, { recursive: true });
});

type Product = Readonly<{
  data: string;
  start(): Starting;
  truth(serving: Serving): Promise<VenueTruth>;
  /** Once, after the first start. */
  prepare(client: GatewayClient): Promise<void>;
}>;

/** True once nothing is in doubt or on its way, and what was canceled has ended; false when time is up before. */
function heals(client: GatewayClient, driver: KillDriver, withinMs: number): Promise<boolean> {
  const look = async (): Promise<true | null> => {
    const status = await client.read('/bybit/status');
    if (!status.ready || status.unknownOrders > 0) return null;
    const { orders } = await client.read('/api/trading/orders?status=open&limit=500');
    const quiet = orders.every((order: Body) => {
      const settled = order.children.every((child: Body) => !isInDoubt(child));
      return settled && order.type === 'limit' && order.status !== 'pending' && !driver.canceled.has(order.id);
    });
    return quiet ? true : null;
  };
  return until('no order is in doubt', look, withinMs).catch(() => false);
}

async function assertAllAgree(
  product: Product,
  serving: Serving,
  client: GatewayClient,
  driver: KillDriver,
): Promise<VenueTruth> {
  const [orders, executions] = [await client.orders(), await client.executions()];
  const truth = await product.truth(serving);
  const { consolidated_balance: rows } = await client.read('/api/wallet/balance/consolidated');
  driver.assertKept(orders, executions);
  assertAgree(truth, orders, executions);
  assertFillsAdd(orders, executions);
  assert.deepEqual(
    truth.wallet,
    walletByExecutions(OPENING, truth),
    'the exchange: opening and executions make its wallet',
  );
  const shown = Object.entries<Body>(rows).map(([asset, row]) => {
    return [asset, row.okd_internal, new Sums({ x: row.bybit_spot }).add('x', row.bybit_futures).of('x')] as const;
  });
  const ledger = ledgerByFacts(DEMO_FUNDS, orders, executions);
  assert.deepEqual(Object.fromEntries(shown.map(([asset, here]) => [asset, here])), ledger, 'the internal ledger');
  assert.deepEqual(
    Object.fromEntries(shown.map(([asset, , there]) => [asset, there])),
    truth.wallet,
    "the exchange's wallet",
  );
  return truth;
}

/** Looks again where the market moved between two readings; the last look counts. */
async function agree(...args: Parameters<typeof assertAllAgree>): Promise<VenueTruth> {
  for (const end = performance.now() + AGREE_WITHIN_MS; ; await later(200)) {
    try {
      return await assertAllAgree(...args);
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}

async function restart(product: Product, rng: Rng): Promise<{ serving: Serving; tries: number }> {
  let tries = 1;
  for (; uniform(rng) < KILLED_WHILE_STARTING; tries++) {
    const starting = product.start();
    starting.ready.catch(() => null); // it does not live to be ready
    await later(100 + uniform(rng) * 1_000);
    await starting.process.end('SIGKILL');
  }
  return { serving: await product.start().ready, tries };
}

async function killAndRestart(t: TestContext, product: Product, rng: Rng): Promise<void> {
  const driver = new KillDriver(rng);
  const [boots, healed]: [number[], number[]] = [[], []];
  let [unanswered, starts, isHealed] = [0, 0, true];
  let serving = await product.start().ready;
  let client = await signIn(serving);
  await product.prepare(client);
  for (let kill = 1; kill <= KILLS; kill++) {
    const { process, at } = serving;
    await driver.run(client, at.gateway.ws, 100 + uniform(rng) * 600, () => process.end('SIGKILL'));
    await assertNothingMadeOrLost(product.data);
    const again = await restart(product, rng);
    serving = again.serving;
    starts += again.tries;
    boots.push(serving.bootMs);
    client = await signIn(serving);
    const begun = performance.now();
    unanswered += await driver.repeatUnanswered(client);
    isHealed = await heals(client, driver, isHealed ? PATIENCE_MS : SECOND_PATIENCE_MS);
    if (isHealed) healed.push(performance.now() - begun);
    else assert.ok(!LONG, 'after a minute an order is still in doubt');
    await agree(product, serving, client, driver);
  }
  assert.ok(await heals(client, driver, HEALED_WITHIN_MS), 'an order is still in doubt');
  await agree(product, serving, client, driver);
  await client.delete('/api/trading/orders');
  assert.ok(await heals(client, driver, HEALED_WITHIN_MS), 'an order is still in doubt');
  await until('all orders have ended', async () => {
    return (await client.orders()).every(({ status }) => FINAL.includes(status)) ? true : null;
  });
  const truth = await agree(product, serving, client, driver);
  assert.ok(truth.executions.length > KILLS, 'there was trading at the exchange');
  assert.equal((await serving.process.end('SIGTERM')).code, 0);
  await assertNothingMadeOrLost(product.data);
  const worst = (values: readonly number[]): string => `${Math.round(Math.max(...values))} ms`;
  const middle = (values: readonly number[]): string =>
    `${Math.round([...values].sort((a, b) => a - b)[values.length >> 1] ?? 0)} ms`;
  t.diagnostic(
    `${KILLS} kills, ${starts} restarts, ${driver.sent.size} orders (${unanswered} never answered), ` +
      `${driver.told.size} fills told, ${truth.executions.length} at the exchange; ` +
      `boot to ready ${middle(boots)}, worst ${worst(boots)}; ${healed.length} healed before the next, in ${middle(healed)}, worst ${worst(healed)}`,
  );
}

describe(`kill -9, ${KILLS} times (seed ${SEED})`, { concurrency: true }, () => {
  test('the gateway is killed beside a living exchange, and loses and doubles nothing', async (t) => {
    const home = mkdtempSync(join(folder, 'beside-'));
    const data = join(home, 'data');
    const paper = await startExchange(home);
    endings.push(() => paper.process.ended('SIGKILL'));
    const config = gatewayConfig(home, paper);
    const product: Product = {
      data,
      start: () => startGateway(data, config),
      truth: () => truthByControl(paper.at.rest, UID),
      prepare: (client) => connect(client),
    };
    await killAndRestart(t, product, seededRng(SEED));
    assert.deepEqual(await new PaperClient(paper.at.rest).leaks(), []);
  });

  test('a first start that is killed is finished by the next, and pays nothing twice', async () => {
    const rng = seededRng(SEED + 2);
    const data = join(folder, 'first');
    for (let kill = 0; kill < FIRST_STARTS; kill++) {
      const { process, ready } = startServing(['--data', data]);
      ready.catch(() => null); // most do not live to be ready
      await later(200 + uniform(rng) * 1_500);
      await process.end('SIGKILL');
    }
    const { at, process } = await startServing(['--data', data], { OKD_ADMIN_PASSWORD: PASSWORD }).ready;
    const { code, stdout } = await runOkd(['token', '--data', data]);
    assert.equal(code, 0);
    const client = new GatewayClient(at.gateway.url, stdout.trim());
    assert.equal((await client.read('/api/auth/me')).role, 'admin');
    const { consolidated_balance: rows } = await client.read('/api/wallet/balance/consolidated');
    const parts = Object.entries<Body>(rows).map(([asset, row]) => [asset, row.okd_internal, row.bybit_spot]);
    assert.deepEqual(
      parts,
      Object.entries(DEMO_FUNDS)
        .map(([asset, amount]) => [asset, amount, amount])
        .sort(),
    );
    assert.ok(at.first_order !== null);
    assert.equal((await process.end('SIGTERM')).code, 0);
    await assertNothingMadeOrLost(data);
  });

  test('the whole product is killed with its own exchange, and loses and doubles nothing', async (t) => {
    const data = join(folder, 'whole');
    const product: Product = {
      data,
      start: () => startServing(['--data', data], { OKD_ADMIN_PASSWORD: PASSWORD }),
      truth: ({ at }) => truthBySignedCalls(`${at.paper?.rest}`, ownPaperKey(data)),
      prepare: async () => {},
    };
    await killAndRestart(t, product, seededRng(SEED + 1));
  });
});
