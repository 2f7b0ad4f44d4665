import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { symbolOfFile } from './file-name.ts';
import type { HistoryEvent } from './history-event.ts';
import { HistoryReader, scanHistory } from './source.ts';
import { readCell, readTime } from './table-row.ts';

const LINEAR = 'timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional,RPI';
const LINEAR_ROW =
  '1733011200.0547,BTCUSDT,Buy,0.038,65065.80,ZeroPlusTick,d6b9a5ac-3439,2.4725004e+11,0.038,2472.5004,0';
const SPOT = 'id,timestamp,price,volume,side,rpi';
const KLINES = 'start_at,open,high,low,close,volume,turnover';

async function eventsOf(lines: readonly string[], symbol: string | null = null): Promise<HistoryEvent[]> {
  const reader = new HistoryReader(() => lines, symbol);
  const events: HistoryEvent[] = [];
  for (let read = await reader.next(); read !== null; read = await reader.next()) {
    assert.ok(read.ok, read.ok ? '' : read.error.message);
    events.push(read.value);
  }
  return events;
}

const shown = (events: readonly HistoryEvent[]): string[] =>
  events.map((event) => {
    if (event.kind === 'book') return `${event.at} book`;
    const qty = event.kind === 'trade' ? event.qty : event.volume;
    return `${event.line} ${event.at} ${event.side} ${formatDecimal(qty)}@${formatDecimal(event.price)}`;
  });

const codeOf = async (lines: readonly string[], symbol: string | null = 'BTCUSDT'): Promise<string> => {
  const read = await scanHistory(() => lines, 1000, symbol);
  return read.ok ? `ok ${read.value.kind}` : `${read.error.code} ${read.error.line}`;
};

test('trades of both archives are read by the names of their columns', async () => {
  assert.deepEqual(shown(await eventsOf([LINEAR, LINEAR_ROW])), ['2 1733011200054 buy 0.038@65065.8']);
  const spot = [SPOT, '1,1747612800074,106453.8,0.003718,sell,0', '2,1747612800150,106456.9,5e-06,buy,0', ''];
  assert.deepEqual(shown(await eventsOf(spot)), [
    '2 1747612800074 sell 0.003718@106453.8',
    '3 1747612800150 buy 0.000005@106456.9',
  ]);
  assert.equal(await codeOf(spot), 'ok trades');
});

test('a bar goes to the end that it did not close at first, a quarter of its time at each price', async () => {
  const bars = [KLINES, '1733011200,100,110,90,105,40,4000', '1733011260,105,107,95,96,8,800'];
  assert.deepEqual(shown(await eventsOf(bars)), [
    '2 1733011200000 buy 40@100',
    '2 1733011215000 sell 40@90',
    '2 1733011230000 buy 40@110',
    '2 1733011245000 sell 40@105',
    '3 1733011260000 sell 8@105',
    '3 1733011275000 buy 8@107',
    '3 1733011290000 sell 8@95',
    '3 1733011305000 buy 8@96',
  ]);
  assert.equal(await codeOf(bars), 'ok klines');
  const metaTrader = ['2024.12.01 03:00,100,110,90,105,40', '2024.12.01 03:05,105,107,95,96,0'];
  const times = (await eventsOf(metaTrader)).map(({ at }) => at - 1_733_011_200_000);
  assert.deepEqual(times, [0, 75_000, 150_000, 225_000, 300_000, 375_000, 450_000, 525_000], 'its clock is UTC+3');
});

test('a gap between bars is no longer bar', async () => {
  const bars = [KLINES, '0,1,1,1,1,1,1', '60,1,1,1,1,1,1', '600,1,1,1,1,1,1'];
  const times = (await eventsOf(bars)).map(({ at }) => at / 1000);
  assert.deepEqual(times, [0, 15, 30, 45, 60, 75, 90, 105, 600, 615, 630, 645]);
});

test('what is wrong with a table is said with its line', async () => {
  const cells = LINEAR_ROW.split(',');
  const row = (change: Readonly<Record<number, string>>): string =>
    cells.map((cell, index) => change[index] ?? cell).join(',');
  assert.equal(await codeOf([LINEAR]), 'REPLAY_EMPTY 1');
  assert.equal(await codeOf([KLINES]), 'REPLAY_EMPTY 1');
  assert.equal(await codeOf(['time,open,close', '1,2,3']), 'REPLAY_COLUMNS 1');
  assert.equal(await codeOf([SPOT.replace('side', 'taker'), '1,2,3,4,5,6']), 'REPLAY_COLUMNS 1');
  assert.equal(await codeOf([LINEAR, LINEAR_ROW.slice(0, 40)]), 'REPLAY_CUT 2');
  assert.equal(await codeOf([LINEAR, `${LINEAR_ROW},1`]), 'REPLAY_BAD_LINE 2');
  assert.equal(await codeOf([LINEAR, LINEAR_ROW, row({ 0: 'noon' })]), 'REPLAY_BAD_LINE 3');
  assert.equal(await codeOf([LINEAR, LINEAR_ROW, row({ 2: 'None' })]), 'REPLAY_BAD_LINE 3');
  assert.equal(await codeOf([LINEAR, LINEAR_ROW, row({ 3: '-1' })]), 'REPLAY_BAD_LINE 3');
  assert.equal(await codeOf([LINEAR, LINEAR_ROW, row({ 3: '0' })]), 'REPLAY_BAD_LINE 3');
  assert.equal(await codeOf([LINEAR, LINEAR_ROW, row({ 4: '' })]), 'REPLAY_BAD_LINE 3');
  assert.equal(await codeOf([LINEAR, LINEAR_ROW, row({ 0: '1733011200.0537' })]), 'REPLAY_UNORDERED 3');
  assert.equal(await codeOf([LINEAR, LINEAR_ROW, row({ 1: 'ETHUSDT' })]), 'REPLAY_MIXED 3');
  assert.equal(await codeOf([LINEAR, LINEAR_ROW], 'ETHUSDT'), 'REPLAY_MIXED 2');
  assert.equal(await codeOf([SPOT, '1,1747612800074,106453.8,0.003718,sell,0'], null), 'REPLAY_SYMBOL 1');
  assert.equal(await codeOf([KLINES, '60,100,99,90,95,1,1']), 'REPLAY_BAD_LINE 2', 'it opened above its high');
  assert.equal(await codeOf([KLINES, '60,1,1,1,1,1,1', '60,1,1,1,1,1,1']), 'REPLAY_UNORDERED 3');
});

test('numbers are read to the last digit, with or without an exponent', () => {
  const cases = { '65065.80': '65065.8', '0.038': '0.038', '1e-06': '0.000001', '2.5E+3': '2500', '12.5e-1': '1.25', '10': '10' }; // biome-ignore format: a table
  for (const [text, value] of Object.entries(cases)) assert.equal(readCell(text), money(value), text);
  for (const text of ['', '1,5', '-1', '1e400', 'NaN', '.5', '0x1', undefined]) assert.equal(readCell(text), null);
  assert.deepEqual(['1733011200', '1733011200.0547', '1733011200054', '1.5', 'now', ''].map(readTime), [
    1_733_011_200_000, 1_733_011_200_054, 1_733_011_200_054, 1500, null, null,
  ]); // biome-ignore format: a table
});

test("names of Bybit's archives say of which symbol they are", () => {
  const names = {
    '/data/2024-12-01_XRPUSDT_ob500.data.zip': 'XRPUSDT',
    'BTCUSDT2024-12-01.csv.gz': 'BTCUSDT',
    '1000PEPEUSDT2024-12-01.csv': '1000PEPEUSDT',
    'BTC-27DEC242024-12-01.csv.gz': 'BTC-27DEC24',
    'BTCUSDT_2025-05-19.csv.gz': 'BTCUSDT',
    'BTCUSDT-2022-11.csv.gz': 'BTCUSDT',
    'C:\\history\\ETHUSDT_15_2024-01-01_2024-01-31.csv.gz': 'ETHUSDT',
    'trades.csv': null,
    'my-2024-12-01.csv': null,
  };
  for (const [name, symbol] of Object.entries(names)) assert.equal(symbolOfFile(name), symbol, name);
});
