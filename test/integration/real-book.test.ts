/**
 * A market order over a real order book of Bybit's public history and an internal book with another account's orders:
 * no split could have been cheaper, the prices are those of the raw file, and no coin is missing anywhere.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PaperClient } from '../../src/app/paper/client.ts';
import { readServeConfig } from '../../src/app/config.ts';
import { gatewayService } from '../../src/app/core/service.ts';
import { DEMO_FUNDS } from '../../src/app/serve/first-start.ts';
import { type Instance, openInstance } from '../../src/app/serve/instance.ts';
import { orderBody } from '../../src/contract/order-body.ts';
import { formatDecimal, money } from '../../src/domain/decimal.ts';
import type { AccountId, Money, UserId } from '../../src/domain/ids.ts';
import { plain, Sums } from '../support/exact.ts';
import { type Body, type ExecutionView, GatewayClient, type OrderView } from '../support/gateway-client.ts';
import { assertNothingMadeOrLost } from '../support/journal-conservation.ts';
import { until } from '../support/okd-process.ts';
import {
  connect,
  gatewayConfig,
  OPENING,
  type Paper,
  PASSWORD,
  startExchange,
  UID,
} from '../support/paper-and-gateway.ts';
import { type RecordedBook, recordedBook } from '../support/recorded-book.ts';
import { assertAgree, assertFillsAdd, ledgerByFacts, walletByExecutions } from '../support/two-venues.ts';
import { truthByControl } from '../support/venue-truth.ts';

const HISTORY = fileURLToPath(new URL('../../../shared/bybit/golden/history/xrpusdt-ob500.data.zip', import.meta.url));
const skip = existsSync(HISTORY) ? false : 'the recorded order book is not beside the repository';

/** The other account's asks: distance above the recorded best ask in ticks of 0.0001, and XRP. */
const MAKER_ASKS = [[2, '4000.25'], [5, '9000'], [8, '700.01'], [9, '12000'], [11, '25000'], [14, '60000']] as const; // biome-ignore format: a table
const MAKER_FUNDS = { XRP: '500000', USDT: '1000' };
const QUANTITY = '60000.07';

const folder = mkdtempSync(join(tmpdir(), 'okd-real-'));
let book: RecordedBook;
let paper: Paper;
let instance: Instance;
let client: GatewayClient;
const maker = { user: 'maker' as UserId, account: 'a2' as AccountId, role: 'trader' } as const;

before(async () => {
  if (skip !== false) return;
  book = recordedBook(HISTORY);
  paper = await startExchange(folder, {
    instruments: [{ category: 'spot', symbol: 'XRPUSDT' }], // named, so that its own step counts and not the file's
    replay: [{ file: HISTORY, category: 'spot', at_end: 'hold' }],
  });
  await openGateway();
  await openAccounts();
  await until('the end of the recording', async () => {
    const [replay] = await new PaperClient(paper.at.rest).replays();
    return replay?.status['state'] === 'ended' ? true : null;
  });
  await until('the gateway has its last state', async () => {
    const { asks } = await client.read('/api/market/orderbook?symbol=XRPUSDT&venue=bybit&depth=50');
    const same = asks.every((level: Body, at: number) => level.quantity === plain(book.asks[at]?.qty ?? ''));
    return asks.length === 50 && same ? true : null;
  });
});
after(async () => {
  await instance?.close();
  await paper?.process.ended('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** The composition of `okd serve` in this process, because only a program can open a second account yet. */
async function openGateway(): Promise<void> {
  const symbols = ['XRPUSDT'];
  const config = readServeConfig(gatewayConfig(folder, paper, { internal: { symbols, agents: false } }));
  instance = await openInstance({
    dir: join(folder, 'data'),
    config,
    env: { dataDir: null, adminPassword: PASSWORD, liveConfirm: null, logLevel: 'error' },
    wantedEnvironment: 'paper',
    confirmLive: () => Promise.resolve(false),
    listen: { host: '127.0.0.1', port: 0 },
    ended: (code) => assert.fail(`the instance ended by itself: ${code}`),
  });
  client = await GatewayClient.signedIn(instance.url, 'admin@localhost', PASSWORD);
}

/** Funds the other account and lets it quote on the internal book; then connects the first one to the exchange. */
async function openAccounts(): Promise<void> {
  await instance.gateway.openAccount(maker.account, 'maker', false);
  for (const [asset, amount] of Object.entries(MAKER_FUNDS)) {
    const booked = await client.post('/api/admin/accounts/a2/deposits', { asset, amount, reference: 'maker' });
    assert.equal(booked.status, 201, JSON.stringify(booked.error));
  }
  const { orders } = gatewayService(instance.gateway, 'paper', 'test');
  const best = money(book.asks[0]?.price ?? '0');
  for (const [ticks, quantity] of MAKER_ASKS) {
    const price = formatDecimal((best + BigInt(ticks) * money('0.0001')) as Money);
    const body = {
      symbol: 'XRPUSDT',
      side: 'sell',
      type: 'limit',
      quantity,
      price,
      time_in_force: 'post_only',
      routing: { strategy: 'internal_only' },
    };
    const placed = await orders.submit(maker, orderBody.parse(body), null);
    assert.ok(placed.ok, placed.ok ? '' : placed.error.message);
  }
  await connect(client, []);
}

/** Fees in units of 1/10,000 of notional: 0.1 % here; 0.1 % there and 0.05 % for routing. */
const RATE = { okd_internal: 10, bybit: 15 } as const;
const TICK = money('0.0001');
type Step = Readonly<{ step: Money; wanted: number }>;

/** All-in cost of the first n lots of a book, for every n up to `most`: whole numbers below 2^53, so exact. */
function costs(
  levels: readonly Readonly<{ price: string; qty: string }>[],
  rate: number,
  { step, wanted }: Step,
): Float64Array {
  const cost: number[] = [0];
  for (const { price, qty } of levels) {
    const each = Number(money(price) / TICK) * (10_000 + rate);
    for (let lots = Number(money(qty) / step); lots > 0 && cost.length <= wanted; lots--)
      cost.push((cost.at(-1) as number) + each);
  }
  assert.ok(Number.isSafeInteger(cost.at(-1)), 'counted exactly');
  return Float64Array.from(cost);
}

/** Looks at every way to divide the order between the two books. */
function bruteForce(step: Money): { least: number; splits: readonly number[]; wanted: number } {
  const wanted = Number(money(QUANTITY) / step);
  const best = money(book.asks[0]?.price ?? '0');
  const asks = MAKER_ASKS.map(([ticks, qty]) => ({
    price: formatDecimal((best + BigInt(ticks) * TICK) as Money),
    qty,
  }));
  const here = costs(asks, RATE.okd_internal, { step, wanted });
  const there = costs(book.asks, RATE.bybit, { step, wanted });
  let least = Number.POSITIVE_INFINITY;
  let splits: number[] = [];
  for (let lots = 0; lots <= wanted; lots++) {
    const cost = (here[lots] ?? Number.NaN) + (there[wanted - lots] ?? Number.NaN);
    if (cost < least) [least, splits] = [cost, [lots]];
    else if (cost === least) splits.push(lots);
  }
  return { least, splits, wanted };
}

const lotsOf = (executions: readonly ExecutionView[], venue: string, step: Money): number =>
  executions.filter((one) => one.venue === venue).reduce((sum, one) => sum + Number(money(one.quantity) / step), 0);

const notionalOf = (executions: readonly ExecutionView[], venue: string): bigint =>
  executions
    .filter((one) => one.venue === venue)
    .reduce((sum, one) => sum + (money(one.price) * money(one.quantity)) / 10n ** 18n, 0n);

/** What a market buy pays for so many XRP of the recorded asks, level by level. */
function walk(qty: bigint): { levels: { price: string; quantity: string }[]; notional: bigint } {
  const levels: { price: string; quantity: string }[] = [];
  let [left, notional] = [qty, 0n];
  for (const { price, qty: there } of book.asks) {
    if (left === 0n) break;
    const taken = left < money(there) ? left : money(there);
    levels.push({ price: formatDecimal(money(price)), quantity: formatDecimal(taken as Money) });
    notional += (money(price) * taken) / 10n ** 18n;
    left -= taken;
  }
  assert.equal(left, 0n, 'the recorded book holds that much');
  return { levels, notional };
}

const unit = 10n ** 10n;
/** A fee, rounded up at eight digits. */
const fee = (notional: bigint, perTenThousand: bigint): string =>
  formatDecimal((((notional * perTenThousand + 10_000n * unit - 1n) / (10_000n * unit)) * unit) as Money);

test('a market buy over a real book costs the least of all splits, at the prices of the raw file, and every coin is found', {
  skip,
}, async () => {
  const { instruments } = await client.read('/api/market/instruments?symbol=XRPUSDT&category=spot');
  const step = money(instruments[0].listings[0].step_size);
  const placed = await client.order({
    symbol: 'XRPUSDT',
    side: 'buy',
    type: 'market',
    quantity: QUANTITY,
    routing: { strategy: 'lowest_cost' },
  });
  assert.equal(placed.status, 201, JSON.stringify(placed.error));
  const order: OrderView & { executions: ExecutionView[] } = await client.ended(placed.data.id);
  assert.deepEqual([order.status, order.filled_quantity], ['filled', QUANTITY]);
  const { executions } = order;

  const { least, splits, wanted } = bruteForce(step);
  const [here, there] = [lotsOf(executions, 'okd_internal', step), lotsOf(executions, 'bybit', step)];
  assert.ok(here > 0 && there > 0 && here + there === wanted, `${here} here and ${there} there`);
  const cost = executions.reduce((sum, { venue, price, quantity }) => {
    return sum + Number(money(price) / TICK) * Number(money(quantity) / step) * (10_000 + RATE[venue as 'bybit']);
  }, 0);
  assert.equal(cost, least, 'no split is cheaper');
  assert.ok(splits.includes(here), `${here} of the best ${splits.slice(0, 5)}`);
  assertPrices(order, executions);
  await assertBalances();
});

function assertPrices(order: OrderView, executions: readonly ExecutionView[]): void {
  const bought = executions
    .filter(({ venue }) => venue === 'bybit')
    .reduce((sum, one) => sum + money(one.quantity), 0n);
  const walked = walk(bought);
  const perPrice = new Map<string, Sums>();
  for (const { venue, price, quantity } of executions) {
    if (venue === 'bybit') perPrice.set(price, (perPrice.get(price) ?? new Sums()).add('x', quantity));
  }
  const seen = [...perPrice].map(([price, sum]) => ({ price, quantity: sum.of('x') }));
  assert.deepEqual(
    seen.sort((a, b) => Number(a.price) - Number(b.price)),
    walked.levels,
  );
  const internal = notionalOf(executions, 'okd_internal');
  const total = walked.notional + internal;
  const nearest = ((2n * total * 10n ** 12n + money(QUANTITY)) / (2n * money(QUANTITY))) * 10n ** 6n;
  assert.equal(order.average_price, formatDecimal(nearest as Money), 'the average price, at twelve digits');
  const fees = Object.fromEntries(order.fees.map(({ asset, kind, amount }) => [`${asset} ${kind}`, amount]));
  assert.equal(fees['USDT venue'], fee(internal, 10n), 'the internal fee');
  assert.equal(fees['USDT routing'], fee(walked.notional, 5n), 'the routing fee');
  assert.equal(
    Number(fees['XRP venue']).toFixed(4),
    (Number(formatDecimal(bought as Money)) / 1000).toFixed(4),
    "the exchange's fee, in base",
  );
}

/** Both venues and the other account hold what facts say, and nothing was made or lost on the way. */
async function assertBalances(): Promise<void> {
  const [orders, executions, truth] = [
    await client.orders(),
    await client.executions(),
    await truthByControl(paper.at.rest, UID),
  ];
  assertAgree(truth, orders, executions);
  assertFillsAdd(orders, executions);
  assert.deepEqual(truth.wallet, walletByExecutions(OPENING, truth));
  const expected = { here: ledgerByFacts(DEMO_FUNDS, orders, executions), there: truth.wallet };
  await until('the balances', async () => {
    const { consolidated_balance: rows } = await client.read('/api/wallet/balance/consolidated');
    const pick = (name: string) =>
      Object.fromEntries(Object.entries<Body>(rows).map(([asset, row]) => [asset, row[name]]));
    const seen = { here: pick('okd_internal'), there: pick('bybit_spot') };
    return JSON.stringify(seen) === JSON.stringify(expected) ? true : null;
  });
  const sold = executions.filter(({ venue }) => venue === 'okd_internal');
  const { wallet } = gatewayService(instance.gateway, 'paper', 'test');
  const balances = await wallet.balances(maker);
  assert.ok(balances.ok);
  const owned = new Sums(MAKER_FUNDS);
  const perOrder = new Map<string, bigint>();
  for (const { price, quantity } of sold) {
    owned.take('XRP', quantity);
    perOrder.set(price, (perOrder.get(price) ?? 0n) + (money(price) * money(quantity)) / 10n ** 18n);
  }
  for (const notional of perOrder.values())
    owned.add('USDT', formatDecimal(notional as Money)).take('USDT', fee(notional, 10n));
  const rows = balances.value.map(({ asset, total }) => [asset, formatDecimal(total)]);
  assert.deepEqual(Object.fromEntries(rows), owned.all(), 'the other account');
  assert.deepEqual(await new PaperClient(paper.at.rest).leaks(), []);
  await assertNothingMadeOrLost(join(folder, 'data'));
}
