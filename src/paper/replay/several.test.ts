import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal } from '../../domain/decimal.ts';
import type { InstrumentId } from '../../domain/ids.ts';
import { bookLine, historyOf, tradeTable } from '../testing/histories.ts';
import { BTC, type Harness, openHarness, PERP, XRP } from '../testing/harness.ts';
import type { ReplaySource } from './histories.ts';

const BOOK = [
  bookLine('snapshot', 1, 1000, [['1.95', '100']], [['1.96', '50']]),
  bookLine('delta', 2, 1200, [['1.95', '90']], []),
];
const TRADES = tradeTable([[1100, 'Buy', '5', '1.96'], [1300, 'Sell', '7', '1.95']]); // biome-ignore format: rows
const OTHER = tradeTable([[1050, 'Buy', '0.5', '60000'], [1150, 'Sell', '0.25', '59999.9']], 'BTCUSDT'); // biome-ignore format: rows
const KLINES = ['start_at,open,high,low,close,volume', '1,2,2.02,1.98,2.01,400'];

async function playing(replays: readonly ReplaySource[], config = {}): Promise<Harness> {
  const harness = await openHarness({ replays, config });
  await harness.exchange.start();
  return harness;
}
const wait = async (harness: Harness, ms: number): Promise<void> => {
  await harness.clock.step?.(ms);
};
const states = ({ exchange }: Harness) =>
  exchange.control.replays().map(({ name, status }) => `${name} ${status.state} ${status.line} ${status.rounds}`);
/** Instrument and quantity of every trade, in the order in which they were published. */
const printed = ({ publics }: Harness): string[] =>
  publics.flatMap((event) => (event.type === 'trades' ? event.trades.map((one) => `${one.instrument} ${formatDecimal(one.qty)}`) : [])); // biome-ignore format: a row
const codeOf = async (replays: readonly ReplaySource[]): Promise<string> => {
  try {
    await openHarness({ replays });
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('several symbols play on one timeline', async () => {
  const harness = await playing([
    historyOf(BOOK, { name: 'book' }),
    historyOf(TRADES, { name: 'trades' }),
    historyOf(OTHER, { name: 'other', category: 'linear' }),
  ]);
  assert.deepEqual(states(harness), ['book running 1 0', 'trades running 0 0', 'other running 0 0']);
  await wait(harness, 160);
  assert.deepEqual(states(harness), ['book running 1 0', 'trades running 2 0', 'other ended 3 1']);
  await wait(harness, 200);
  assert.deepEqual(states(harness), ['book ended 2 1', 'trades ended 3 1', 'other ended 3 1']);
  assert.deepEqual(printed(harness), ['linear:BTCUSDT 0.5', 'spot:XRPUSDT 5', 'linear:BTCUSDT 0.25', 'spot:XRPUSDT 7']);
});

test('a market ends with the last of its files, and what loops begins again when all is over', async () => {
  const harness = await playing([
    historyOf(BOOK, { name: 'book', atEnd: 'stop' }),
    historyOf(TRADES, { name: 'trades', atEnd: 'stop' }),
    historyOf(OTHER, { name: 'other', atEnd: 'loop', category: 'linear' }),
  ]);
  await wait(harness, 290);
  assert.deepEqual(states(harness), ['book ended 2 1', 'trades running 2 0', 'other running 3 1']);
  assert.equal(harness.exchange.instrument(XRP)?.status, 'trading');
  await wait(harness, 10);
  assert.equal(harness.exchange.instrument(XRP)?.status, 'closed');
  assert.equal(harness.exchange.instrument(PERP)?.status, 'trading');
  await wait(harness, 150);
  assert.deepEqual(
    states(harness),
    ['book ended 2 1', 'trades ended 3 1', 'other running 2 1'],
    '100 ms after the end',
  );
  await wait(harness, 100);
  assert.equal(printed(harness).filter((one) => one.startsWith('linear')).length, 4);
});

test('what breaks takes the other files of its market with it, and no other market', async () => {
  const harness = await playing([
    historyOf(BOOK, { name: 'book' }),
    historyOf(tradeTable([[1100, 'Buy', '5', '1.9605']]), { name: 'trades' }),
    historyOf(OTHER, { name: 'other', category: 'linear' }),
  ], { instruments: [{ category: 'spot', symbol: 'XRPUSDT', tick: '0.001' }, 'linear:BTCUSDT'] }); // biome-ignore format: rows
  await wait(harness, 1000);
  assert.deepEqual(states(harness), ['book failed 1 0', 'trades failed 0 0', 'other ended 3 1']);
  const [book, trades] = harness.exchange.control.replays();
  assert.deepEqual([book?.status.error?.code, trades?.status.error?.code], ['REPLAY_OFF_GRID', 'REPLAY_OFF_GRID']);
  assert.match(book?.status.error?.message ?? '', /^trades: line 2: /);
  assert.equal(harness.exchange.book(XRP, 5).bids.length, 1, 'its book stands as it was');
});

test('before the first trade the last price is where the history begins', async () => {
  const trades = tradeTable([[1050, 'Buy', '0.5', '61234.5']], 'BTCUSDT'); // biome-ignore format: rows
  const harness = await playing([historyOf(BOOK), historyOf(trades, { category: 'linear' })]);
  assert.equal(formatDecimal(harness.exchange.ticker(XRP).last), '1.96', 'the middle, on the tick');
  assert.equal(formatDecimal(harness.exchange.ticker(PERP).prev24h), '61234.5');
});

test('files that do not go together are refused', async () => {
  const trades = historyOf(TRADES, { name: 'trades' });
  assert.equal(await codeOf([trades, historyOf(TRADES)]), 'REPLAY_TWICE');
  assert.equal(await codeOf([trades, historyOf(KLINES, { symbol: 'XRPUSDT' })]), 'REPLAY_MIXED');
  assert.equal(await codeOf([historyOf(KLINES, { symbol: 'XRPUSDT' }), historyOf(BOOK)]), 'REPLAY_MIXED');
  assert.equal(await codeOf([trades, historyOf(BOOK, { atEnd: 'loop' })]), 'CONFIG_INVALID');
  assert.equal(await codeOf([historyOf(KLINES)]), 'REPLAY_SYMBOL');
  assert.equal(await codeOf([historyOf(TRADES, { symbol: 'BTCUSDT' })]), 'REPLAY_MIXED');
  assert.equal(await codeOf([historyOf(TRADES, { name: 'BTCUSDT2024-12-01.csv' })]), 'REPLAY_MIXED');
  assert.equal(await codeOf([historyOf(KLINES, { name: 'BTCUSDT_1_2024-01-01_2024-01-31.csv.gz' })]), 'ok');
  assert.equal(await codeOf([trades, historyOf(OTHER), historyOf(BOOK)]), 'ok');
});

test('contracts of other categories are replayed as their own, in their own quantities', async () => {
  const of = (symbol: string, category: ReplaySource['category']) =>
    historyOf(tradeTable([[1000, 'Buy', '100', '2']], symbol), { name: symbol, category });
  const { exchange, clock } = await playing([
    of('BTCUSD', 'inverse'),
    of('DOGEUSD', 'inverse'),
    of('DOGEUSDC', 'linear'),
  ]);
  await clock.step?.(0);
  const trades = ['inverse:BTCUSD', 'inverse:DOGEUSD', 'linear:DOGEUSDC'].flatMap((id) => exchange.recentTrades(id as InstrumentId, 5)); // biome-ignore format: a row
  assert.deepEqual(
    trades.map(({ qty }) => formatDecimal(qty)),
    ['100', '100', '100'],
  );
  assert.equal(exchange.instrument('inverse:DOGEUSD' as InstrumentId)?.settle, 'DOGE');
  assert.equal(await codeOf([of('BTCUSDT-27DEC24', 'linear')]), 'CONFIG_INVALID');
  assert.equal(await codeOf([of('BTC-27DEC24-60000-C', 'option')]), 'CONFIG_INVALID');
});

test('a day follows the day before', async () => {
  const next = [bookLine('snapshot', 1, 1400, [['1.9', '1']], [['2', '2']])];
  const harness = await playing([historyOf(next, { name: 'second' }), historyOf(BOOK, { name: 'first' })]);
  await wait(harness, 400);
  await harness.flush();
  assert.deepEqual(states(harness), ['second ended 1 1', 'first ended 2 1']);
  assert.equal(harness.exchange.book(XRP, 5).bids.length, 1, 'its snapshot is all there is');
});

test('at a hundredfold a second passes in ten milliseconds', async () => {
  const trades = historyOf(tradeTable([[1000, 'Buy', '1', '2'], [2000, 'Buy', '2', '2'], [2001, 'Buy', '3', '2']])); // biome-ignore format: rows
  const harness = await playing([trades], { replay: { speed: 100, files: [] } });
  await wait(harness, 9);
  assert.equal(printed(harness).length, 1);
  await wait(harness, 1);
  assert.equal(printed(harness).length, 2);
  await wait(harness, 1);
  assert.equal(printed(harness).length, 3, 'and a millisecond in a hundredth of one, rounded up');
});

test('at the highest speed everything is played as soon as others had their turn', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => [1000 + 1000 * i, 'Buy', '1', '2'] as const);
  const harness = await playing([historyOf(tradeTable(rows))], { replay: { speed: 'max', files: [] } });
  await harness.flush();
  assert.deepEqual(states(harness), ['history ended 501 1']);
  await harness.flush();
  assert.equal(printed(harness).length, 500);
});

test('a test that plays one market on plays all others up to the same time', async () => {
  const other = historyOf(OTHER, { name: 'other', pace: 'manual', category: 'linear' });
  const harness = await playing([historyOf(BOOK, { name: 'book', pace: 'manual' }), other]);
  await harness.exchange.control.advanceReplay(XRP, 2);
  assert.deepEqual(states(harness), ['book running 2 0', 'other ended 3 1']);
  const unknown = await harness.exchange.control.advanceReplay(BTC as InstrumentId, 2);
  assert.equal(unknown.ok ? '' : unknown.error.code, 'NOT_FOUND');
});

test('after a reset what had ended or closed is as at the start', async () => {
  const harness = await playing([historyOf(BOOK, { atEnd: 'stop' })]);
  await wait(harness, 1000);
  assert.equal(harness.exchange.instrument(XRP)?.status, 'closed');
  await harness.exchange.control.reset();
  assert.equal(harness.exchange.instrument(XRP)?.status, 'trading');
  assert.deepEqual(states(harness), ['history running 1 0']);
  await wait(harness, 1000);
  assert.deepEqual(states(harness), ['history ended 2 1']);
});
