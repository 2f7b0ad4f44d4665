import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { historyOf, type TradeRow, tradeTable } from '../testing/histories.ts';
import { ALICE, BOB, type Harness, limit, market, openHarness, placed, told, XRP } from '../testing/harness.ts';
import type { ReplaySource } from './histories.ts';
import type { QuoteTerms } from './replayed-market.ts';

/** Ten basis points are two ticks of 0.001 at two dollars. */
const QUOTES: QuoteTerms = { spread: money('0.001'), qty: money('50'), queue: money('20') };
const CONFIG = { instruments: [{ category: 'spot', symbol: 'XRPUSDT', tick: '0.001', step: '1' }] };

async function replaying(source: ReplaySource): Promise<Harness> {
  const harness = await openHarness({ replays: [source], config: CONFIG });
  await harness.exchange.start();
  await harness.flush();
  return harness;
}
const trading = (rows: readonly TradeRow[], quotes: QuoteTerms = QUOTES) =>
  replaying(historyOf(tradeTable(rows), { quotes }));

/** At most three levels a side. */
function shown({ exchange }: Harness): string {
  const { bids, asks } = exchange.book(XRP, 3);
  const level = ({ price, qty }: { price: number; qty: number }) => `${price / 1000}×${qty}`;
  return `${bids.map(level).join(' ')} | ${asks.map(level).join(' ')}`;
}
const filled = ({ exchange }: Harness, uid: string, id: string) => formatDecimal(told(exchange, uid, id).cumQty);
const wait = async (harness: Harness, ms: number): Promise<void> => {
  await harness.clock.step?.(ms);
  await harness.flush();
};

test('a book is made around the last trade: it stands on the side that it was taken from', async () => {
  const harness = await trading([[1000, 'Buy', '5', '2'], [1100, 'Sell', '5', '2.002'], [1200, 'Sell', '5', '1.99']]); // biome-ignore format: rows
  assert.equal(shown(harness), '1.998×50 1.996×50 1.994×50 | 2×50 2.002×50 2.004×50');
  await wait(harness, 100);
  assert.equal(shown(harness), '2.002×50 2×50 1.998×50 | 2.004×50 2.006×50 2.008×50');
  await wait(harness, 100);
  assert.equal(shown(harness), '1.99×50 1.988×50 1.986×50 | 1.992×50 1.994×50 1.996×50');
  assert.equal(harness.exchange.book(XRP, 50).bids.length, 10);
});

test('without terms a level shows ten times the mean of what was traded', async () => {
  const harness = await trading([[1000, 'Buy', '5', '2'], [1100, 'Buy', '25', '2.1']], { ...QUOTES, qty: null }); // biome-ignore format: rows
  assert.equal(shown(harness).split(' | ')[1], '2×50 2.002×50 2.004×50');
  await wait(harness, 100);
  assert.equal(shown(harness).split(' | ')[1], '2.1×150 2.102×150 2.104×150');
});

test('an order that waits is filled by trades through its price, or at it once the queue is used up', async () => {
  const harness = await trading([
    [1000, 'Buy', '5', '2'],
    [1010, 'Sell', '15', '1.99'],
    [1020, 'Sell', '9', '1.99'],
    [1030, 'Sell', '2', '1.989'],
  ]); // biome-ignore format: rows
  const first = await placed(harness.exchange, ALICE, limit(XRP, 'buy', '10', '1.99'));
  await wait(harness, 10);
  const second = await placed(harness.exchange, BOB, limit(XRP, 'buy', '10', '1.99'));
  assert.equal(filled(harness, ALICE, first), '0', '15 of the 20 before it');
  await wait(harness, 10);
  assert.deepEqual([filled(harness, ALICE, first), filled(harness, BOB, second)], ['4', '0']);
  await wait(harness, 10);
  assert.deepEqual([filled(harness, ALICE, first), filled(harness, BOB, second)], ['6', '0'], 'through, but only 2');
  assert.deepEqual(harness.exchange.leaks(), []);
});

test('quotes that are made never fill an order that waits, whatever price they move to', async () => {
  const harness = await trading([[1000, 'Buy', '5', '2'], [1010, 'Sell', '3', '1.9']]); // biome-ignore format: rows
  const orderId = await placed(harness.exchange, ALICE, limit(XRP, 'buy', '10', '1.997'));
  await wait(harness, 10);
  assert.equal(filled(harness, ALICE, orderId), '3');
  assert.equal(shown(harness).split(' | ')[0], '1.997×7 1.9×50 1.898×50');
  const asks = harness.exchange.book(XRP, 50).asks;
  assert.ok(
    asks.every(({ price }) => price > 1997),
    'nothing is shown at or below the bid',
  );
});

const BARS = ['start_at,open,high,low,close,volume', '1,2,2.02,1.98,2.01,402', '61,2.01,2.02,2,2,80'];

test('a bar trades a quarter of its volume at each of its prices, and its candle is what it was', async () => {
  const harness = await replaying(historyOf(BARS, { symbol: 'XRPUSDT' }));
  await wait(harness, 120_000);
  const trades = harness.exchange.recentTrades(XRP, 10).toReversed();
  assert.deepEqual(
    trades.map(({ qty, price }) => `${formatDecimal(qty)}@${formatDecimal(price)}`),
    ['100@2', '100@1.98', '100@2.02', '102@2.01', '20@2.01', '20@2.02', '20@2', '20@2'],
  );
});

test('the volume of a bar limits what is filled of it, waiting or taking', async () => {
  const harness = await replaying(historyOf(BARS, { symbol: 'XRPUSDT' }));
  const orderId = await placed(harness.exchange, ALICE, limit(XRP, 'buy', '1000', '1.99'));
  const taken = await placed(harness.exchange, BOB, market(XRP, 'buy', '1000'));
  assert.equal(filled(harness, BOB, taken), '100', 'ten levels of 10');
  await wait(harness, 30_000);
  assert.equal(filled(harness, ALICE, orderId), '100', 'the low went through it');
  await wait(harness, 90_000);
  assert.equal(filled(harness, ALICE, orderId), '100', 'the second bar did not come there');
  assert.deepEqual(harness.exchange.leaks(), []);
});

test('a bar in which nothing was traded moves the quotes away and prints nothing', async () => {
  const bars = ['start_at,open,high,low,close,volume', '1,2,2,2,2,40', '61,2,2,2,2,0'];
  const harness = await replaying(historyOf(bars, { symbol: 'XRPUSDT' }));
  await wait(harness, 60_000);
  assert.equal(shown(harness), ' | ');
  assert.equal(harness.exchange.recentTrades(XRP, 10).length, 4);
});

test('tick and step of trades are not coarser than those of the table', async () => {
  const { exchange } = await openHarness({ replays: [historyOf(tradeTable([[1000, 'Buy', '5', '2']]))] });
  const listing = exchange.instrument(XRP)?.listing;
  assert.deepEqual(
    [listing?.tick, listing?.step].map((one) => formatDecimal(one as Money)),
    ['0.0001', '0.01'],
  );
});
