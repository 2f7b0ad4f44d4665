/** `okd paper --replay` as its users start it: a process of its own that plays recorded history. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { PaperClient } from '../../src/app/paper/client.ts';
import { done, paperBench, rows, until } from '../support/paper-bench.ts';
import { V5 } from '../support/paper-process.ts';

const HISTORY = fileURLToPath(new URL('../../../shared/bybit/golden/history/xrpusdt-ob500.data.zip', import.meta.url));
const noHistory = existsSync(HISTORY) ? false : 'the recorded order book is not beside the repository';

const bench = paperBench();
const { folder, start, refused, file } = bench;
after(() => bench.end());

/** The lines of the recorded file. */
function recorded(): string[] {
  const [member] = Object.values(unzipSync(readFileSync(HISTORY)));
  return new TextDecoder().decode(member).trimEnd().split('\n');
}

type Message = Readonly<{ type: string; data: Readonly<{ b: [string, string][]; a: [string, string][] }> }>;

/** The book after the last line, from the file alone: best first, numbers as the file wrote them. */
function recordedBook(lines: readonly string[], depth: number): Record<'b' | 'a', [number, number][]> {
  const sides = { b: new Map<string, string>(), a: new Map<string, string>() };
  for (const line of lines) {
    const { type, data } = JSON.parse(line) as Message;
    for (const side of ['b', 'a'] as const) {
      if (type === 'snapshot') sides[side].clear();
      for (const [price, qty] of data[side]) {
        if (Number(qty) === 0) sides[side].delete(price);
        else sides[side].set(price, qty);
      }
    }
  }
  const sorted = (side: 'b' | 'a', up: 1 | -1) =>
    [...sides[side]]
      .map(([price, qty]): [number, number] => [Number(price), Number(qty)])
      .sort(([a], [b]) => up * (a - b))
      .slice(0, depth);
  return { b: sorted('b', -1), a: sorted('a', 1) };
}

test('a replayed history ends with the book that the file ends with', { skip: noHistory }, async () => {
  const config = file({ control: true, clock: { scale: 20 } });
  const paper = await start(['--config', config, '--replay', HISTORY]);
  await until('the end of the replay', async () => {
    const [replay] = await new PaperClient(paper.at.rest).replays();
    assert.equal(replay?.instrument, 'spot:XRPUSDT');
    return replay.status['state'] === 'ended' && replay.status['line'] === 50 ? true : undefined;
  });
  const client = new V5(paper.at.rest);
  const query = { category: 'spot', symbol: 'XRPUSDT', limit: '200' };
  const book = done(await client.get('/v5/market/orderbook', query)) as Record<'b' | 'a', [string, string][]>;
  const numbers = (side: [string, string][]) => side.map(([price, qty]) => [Number(price), Number(qty)]);
  assert.deepEqual({ b: numbers(book.b), a: numbers(book.a) }, recordedBook(recorded(), 200));
  const [terms] = rows(await client.get('/v5/market/instruments-info', { category: 'spot', symbol: 'XRPUSDT' }));
  assert.partialDeepStrictEqual(terms, { priceFilter: { tickSize: '0.0001' }, lotSizeFilter: { basePrecision: '1' } });
  assert.equal(await paper.ended('SIGTERM'), 0);
});

/** Trades in the seconds of the recorded file, and others of futures, as their archives write them. */
function tradeFiles(): { spot: string; linear: string } {
  const spot = [
    'id,timestamp,price,volume,side,rpi',
    ...[1, 2, 3].map((n) => `${n},${1_733_011_200_700 + 1_000 * n},1.9${n},${n}00,${n === 2 ? 'buy' : 'sell'},0`),
  ];
  const linear = [
    'timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional',
    '1733011200.9047,BTCUSDT,Buy,0.038,65065.80,PlusTick,d6b9a5ac,2.4725e+11,0.038,2472.5004',
    '1733011203.0001,BTCUSDT,Sell,1.5,65065.70,MinusTick,e6b9a5ac,9.7598e+12,1.5,97598.55',
  ];
  return {
    spot: file(gzipSync(`${spot.join('\n')}\n`), '-XRPUSDT.csv.gz'),
    linear: file(gzipSync(`${linear.join('\n')}\n`), '.csv.gz'),
  };
}

test('books and trades of several symbols are replayed together, as fast as it goes', { skip: noHistory }, async () => {
  const { spot, linear } = tradeFiles();
  const named = join(folder, 'XRPUSDT_2024-12-01.csv.gz');
  renameSync(spot, named);
  const config = file({ control: true });
  const paper = await start(['--config', config, '--speed', 'max', '--replay', HISTORY, named, `linear:${linear}`]);
  await until('the end of the replay', async () => {
    const replays = await new PaperClient(paper.at.rest).replays();
    assert.equal(replays.length, 3);
    return replays.every(({ status }) => status['state'] === 'ended') ? true : undefined;
  });
  const client = new V5(paper.at.rest);
  const printed = async (category: string, symbol: string) => {
    const trades = rows(await client.get('/v5/market/recent-trade', { category, symbol, limit: '10' }));
    return trades.map(({ side, size, price }) => [side, Number(size), Number(price)]);
  };
  assert.deepEqual(await printed('spot', 'XRPUSDT'), [['Sell', 300, 1.93], ['Buy', 200, 1.92], ['Sell', 100, 1.91]]); // biome-ignore format: rows
  assert.deepEqual(await printed('linear', 'BTCUSDT'), [
    ['Sell', 1.5, 65065.7],
    ['Buy', 0.038, 65065.8],
  ]);
  const quotes = done(await client.get('/v5/market/orderbook', { category: 'linear', symbol: 'BTCUSDT', limit: '1' }));
  assert.partialDeepStrictEqual(quotes, { b: [['65065.7', '7.690']], a: [['65072.2', '7.690']] });
  const query = { category: 'spot', symbol: 'XRPUSDT', limit: '200' };
  const book = done(await client.get('/v5/market/orderbook', query)) as Record<'b' | 'a', [string, string][]>;
  const numbers = (side: [string, string][]) => side.map(([price, qty]) => [Number(price), Number(qty)]);
  assert.deepEqual(
    { b: numbers(book.b), a: numbers(book.a) },
    recordedBook(recorded(), 200),
    'trades leave no trace in it',
  );
  assert.equal(await paper.ended('SIGTERM'), 0);
});

test('a history that cannot be played is refused with its name and line', { skip: noHistory }, async () => {
  const lines = recorded();
  const text = lines.join('\n');
  const cut = file(text.slice(0, 60_000), '.data');
  const gap = file([...lines.slice(0, 20), ...lines.slice(21)].join('\n'), '.data');
  const [cutAnswer, gapAnswer] = await Promise.all([refused(['--replay', cut]), refused(['--replay', gap])]);
  assert.deepEqual([cutAnswer.code, gapAnswer.code], [2, 2]);
  const cutAt = text.slice(0, 60_000).split('\n').length;
  assert.match(cutAnswer.said, new RegExp(`file-\\d+\\.data: line ${cutAt}: .*REPLAY_CUT`));
  assert.match(gapAnswer.said, /file-\d+\.data: line 21: .*REPLAY_GAP/);
});
