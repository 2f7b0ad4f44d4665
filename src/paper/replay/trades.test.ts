import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { bookLine, historyOf, type TradeRow, tradeTable } from '../testing/histories.ts';
import {
  ALICE,
  BOB,
  byId,
  everything,
  type Harness,
  limit,
  market,
  openHarness,
  placed,
  told,
  XRP,
} from '../testing/harness.ts';

const SNAPSHOT = bookLine('snapshot', 1, 1000, [['1.95', '100'], ['1.94', '200']], [['1.96', '50'], ['1.999', '80']]); // biome-ignore format: rows

/** A book of one snapshot and what else its file says, with trades beside it. */
async function replaying(lines: readonly string[], trades: readonly TradeRow[]): Promise<Harness> {
  const replays = [historyOf([SNAPSHOT, ...lines]), historyOf(tradeTable(trades), { name: 'trades' })];
  const harness = await openHarness({ replays });
  await harness.exchange.start();
  return harness;
}

const wait = async (harness: Harness, ms: number): Promise<void> => {
  await harness.clock.step?.(ms);
};
const filled = (harness: Harness, uid: string, orderId: string): string =>
  formatDecimal(told(harness.exchange, uid, orderId).cumQty);
/** `buy 10@1.95`, in the order of the tape. */
const tape = (harness: Harness): string[] =>
  harness.exchange
    .recentTrades(XRP, 1000)
    .map(({ aggressor, qty, price }) => `${aggressor} ${formatDecimal(qty)}@${formatDecimal(price)}`)
    .toReversed();
const levelOf = async (harness: Harness, side: 'bids' | 'asks', price: string): Promise<string> => {
  await wait(harness, 0);
  const { listing } = harness.exchange.instrument(XRP) as NonNullable<ReturnType<Harness['exchange']['instrument']>>;
  const found = harness.exchange.book(XRP, 50)[side].find((one) => BigInt(one.price) * listing.tick === money(price));
  return formatDecimal((BigInt(found?.qty ?? 0) * listing.step) as never);
};

test('recorded trades are printed as they were, and nothing of theirs is booked', async () => {
  const harness = await replaying([], [[1010, 'Buy', '20', '1.96'], [1020, 'Sell', '5.5', '1.95']]); // biome-ignore format: rows
  await wait(harness, 100);
  assert.deepEqual(tape(harness), ['buy 20@1.96', 'sell 5.5@1.95']);
  assert.equal(formatDecimal(harness.exchange.ticker(XRP).last), '1.95');
  assert.equal(formatDecimal(harness.exchange.ticker(XRP).volume24h), '25.5');
  assert.deepEqual(harness.exchange.leaks(), []);
});

test('an order waits until what stood before it has traded, and gets what comes after', async () => {
  const harness = await replaying([], [
    [1010, 'Sell', '60', '1.95'],
    [1020, 'Sell', '39.9', '1.95'],
    [1030, 'Sell', '0.5', '1.95'],
    [1040, 'Sell', '30', '1.95'],
  ]); // biome-ignore format: rows
  const orderId = await placed(harness.exchange, ALICE, limit(XRP, 'buy', '10', '1.95'));
  await wait(harness, 20);
  assert.equal(filled(harness, ALICE, orderId), '0', '99.9 of the 100 before it');
  await wait(harness, 10);
  assert.equal(filled(harness, ALICE, orderId), '0.4');
  await wait(harness, 10);
  assert.equal(filled(harness, ALICE, orderId), '10');
  const executions = harness.exchange.executions(ALICE, everything('spot'));
  assert.deepEqual(executions.map(({ liquidity, price }) => [liquidity, formatDecimal(price)]), [['maker', '1.95'], ['maker', '1.95']]); // biome-ignore format: rows
  assert.deepEqual(tape(harness), [
    'sell 60@1.95', 'sell 39.9@1.95', 'sell 0.4@1.95', 'sell 0.1@1.95', 'sell 9.6@1.95', 'sell 20.4@1.95',
  ]); // biome-ignore format: rows
  assert.deepEqual(harness.exchange.leaks(), []);
});

test('a trade through the price of an order fills it at once, at its own price and for no more than was traded', async () => {
  const harness = await replaying([], [[1010, 'Sell', '4', '1.94'], [1020, 'Sell', '500', '1.94']]); // biome-ignore format: rows
  const better = await placed(harness.exchange, BOB, limit(XRP, 'buy', '3', '1.955'));
  const orderId = await placed(harness.exchange, ALICE, limit(XRP, 'buy', '10', '1.95'));
  await wait(harness, 10);
  assert.deepEqual(
    [filled(harness, BOB, better), filled(harness, ALICE, orderId)],
    ['3', '1'],
    'the better price first',
  );
  await wait(harness, 10);
  assert.equal(told(harness.exchange, ALICE, orderId).status, 'filled');
  assert.equal(formatDecimal(told(harness.exchange, ALICE, orderId).cumNotional), '19.5');
  assert.deepEqual(tape(harness), ['sell 3@1.955', 'sell 1@1.95', 'sell 9@1.95', 'sell 491@1.94']);
});

test('what was canceled before and behind an order is shared by size', async () => {
  const harness = await replaying(
    [bookLine('delta', 2, 1010, [['1.95', '160']], []), bookLine('delta', 3, 1020, [['1.95', '80']], [])],
    [[1030, 'Sell', '50', '1.95'], [1040, 'Sell', '3', '1.95']],
  ); // biome-ignore format: rows
  const orderId = await placed(harness.exchange, ALICE, limit(XRP, 'buy', '10', '1.95'));
  await wait(harness, 20); // 100 before it, 60 behind; then half of each is canceled
  assert.equal(filled(harness, ALICE, orderId), '0', 'cancels fill nobody');
  await wait(harness, 10);
  assert.equal(filled(harness, ALICE, orderId), '0', '50 were before it');
  await wait(harness, 10);
  assert.equal(filled(harness, ALICE, orderId), '3');
});

test('what a trade explains is not counted as canceled again', async () => {
  const harness = await replaying(
    [bookLine('delta', 2, 1020, [['1.95', '160']], []), bookLine('delta', 3, 1040, [['1.95', '100']], [])],
    [[1040, 'Sell', '60', '1.95'], [1050, 'Sell', '40', '1.95'], [1060, 'Sell', '7', '1.95']],
  ); // biome-ignore format: rows
  const orderId = await placed(harness.exchange, ALICE, limit(XRP, 'buy', '10', '1.95'));
  await wait(harness, 50);
  assert.equal(filled(harness, ALICE, orderId), '0', '100 before it: 60 and 40 were traded');
  await wait(harness, 10);
  assert.equal(filled(harness, ALICE, orderId), '7');
});

test('a level of which the file says nothing after a trade was filled up again', async () => {
  const harness = await replaying([bookLine('delta', 2, 1020, [['1.94', '210']], [])], [[1010, 'Sell', '30', '1.95']]);
  await wait(harness, 10);
  assert.equal(await levelOf(harness, 'bids', '1.95'), '70');
  await placed(harness.exchange, ALICE, market(XRP, 'sell', '20'));
  await wait(harness, 10);
  assert.equal(await levelOf(harness, 'bids', '1.95'), '80', 'what a client took stays taken');
});

test('a recorded quote that crosses an order trades with it', async () => {
  const harness = await replaying([bookLine('delta', 2, 1020, [], [['1.954', '6']])], [[1015, 'Buy', '1', '1.999']]);
  const orderId = await placed(harness.exchange, ALICE, limit(XRP, 'buy', '10', '1.955'));
  await wait(harness, 20);
  assert.equal(filled(harness, ALICE, orderId), '6');
  assert.equal(await levelOf(harness, 'asks', '1.954'), '0');
});

test('a quote that crosses trades with what is new in it, however often the file speaks of it', async () => {
  const says = (u: number, at: number, qty: string) => bookLine('delta', u, at, [], [['1.954', qty]]);
  const lines = [says(2, 1010, '6'), says(3, 1020, '8'), says(4, 1030, '7'), says(5, 1040, '8.5')];
  const harness = await replaying(lines, [[1050, 'Buy', '1', '1.999']]);
  const orderId = await placed(harness.exchange, ALICE, limit(XRP, 'buy', '100', '1.955'));
  const after: string[] = [];
  for (const _ of lines) {
    await wait(harness, 10);
    after.push(filled(harness, ALICE, orderId));
  }
  assert.deepEqual(after, ['6', '8', '8', '9.5']);
  assert.deepEqual(harness.exchange.leaks(), []);
});

test('nothing trades while trading is halted, and then it goes on', async () => {
  const crossing = bookLine('delta', 2, 1020, [], [['1.954', '6']]);
  const trades: TradeRow[] = [[1010, 'Sell', '500', '1.94'], [1030, 'Sell', '3', '1.95'], [1040, 'Buy', '1', '1.999']]; // biome-ignore format: rows
  const harness = await replaying([crossing], trades);
  const orderId = await placed(harness.exchange, ALICE, limit(XRP, 'buy', '10', '1.955'));
  harness.exchange.control.setStatus(XRP, 'closed');
  await wait(harness, 20);
  assert.deepEqual([filled(harness, ALICE, orderId), tape(harness)], ['0', []]);
  harness.exchange.control.setStatus(XRP, 'trading');
  await wait(harness, 10);
  assert.deepEqual([filled(harness, ALICE, orderId), tape(harness)], ['3', ['sell 3@1.955']]);
});

test('orders that were there before the history stand behind what is recorded when it begins', async () => {
  const trades = tradeTable([[1010, 'Sell', '99', '1.95'], [1020, 'Sell', '8', '1.95']]); // biome-ignore format: rows
  const harness = await openHarness({ replays: [historyOf([SNAPSHOT]), historyOf(trades, { name: 'trades' })] });
  const first = await placed(harness.exchange, ALICE, limit(XRP, 'buy', '5', '1.95'));
  const second = await placed(harness.exchange, BOB, limit(XRP, 'buy', '5', '1.95'));
  await harness.exchange.start();
  await wait(harness, 10);
  assert.equal(filled(harness, ALICE, first), '0');
  await wait(harness, 10);
  assert.deepEqual([filled(harness, ALICE, first), filled(harness, BOB, second)], ['5', '2'], 'in their old order');
});

test('an order that is gone is not filled', async () => {
  const harness = await replaying([], [[1010, 'Sell', '500', '1.94']]);
  const orderId = await placed(harness.exchange, ALICE, limit(XRP, 'buy', '10', '1.95'));
  await harness.exchange.cancel(ALICE, byId(XRP, orderId));
  await wait(harness, 10);
  assert.deepEqual([filled(harness, ALICE, orderId), tape(harness)], ['0', ['sell 500@1.94']]);
});
