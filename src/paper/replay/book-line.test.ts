import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../domain/decimal.ts';
import { scanHistory } from './source.ts';
import { parseBookLine } from './book-line.ts';

const line = (type: string, u: number, ts: number, b: unknown, a: unknown, symbol = 'XRPUSDT'): string =>
  JSON.stringify({ topic: `orderbook.500.${symbol}`, type, ts, data: { s: symbol, b, a, u, seq: 7 * u }, cts: ts - 2 });

const SNAPSHOT = line('snapshot', 10, 1000, [['1.95', '10']], [['1.951', '5.5']]);
const DELTA = line('delta', 11, 1100, [['1.95', '0']], []);

const codeOf = async (lines: readonly string[]): Promise<string> => {
  const read = await scanHistory(() => lines, 1000);
  return read.ok ? `ok ${read.value.lines}` : `${read.error.code} ${read.error.line}`;
};

test('a line is read as the live message that it is', () => {
  const read = parseBookLine(SNAPSHOT, 3);
  assert.ok(read.ok);
  const { line: number, type, symbol, at, u, bids, asks } = read.value;
  assert.deepEqual([number, type, symbol, u], [3, 'snapshot', 'XRPUSDT', 10]);
  assert.equal(at, 998, "the matching engine's time, which is that of trades, not that of sending");
  assert.deepEqual([bids, asks], [[[money('1.95'), money('10')]], [[money('1.951'), money('5.5')]]]);
});

test('what is wrong with a history is said with its line', async () => {
  assert.equal(await codeOf([SNAPSHOT, DELTA, '']), 'ok 2', 'an empty last line is none');
  assert.equal(await codeOf([]), 'REPLAY_EMPTY 0');
  assert.equal(await codeOf([DELTA]), 'REPLAY_NO_SNAPSHOT 1');
  assert.equal(await codeOf([SNAPSHOT, line('delta', 12, 1100, [], [])]), 'REPLAY_GAP 2');
  assert.equal(await codeOf([SNAPSHOT, line('delta', 10, 1100, [], [])]), 'REPLAY_GAP 2');
  assert.equal(await codeOf([SNAPSHOT, line('snapshot', 1, 1100, [], [])]), 'ok 2', 'a snapshot begins anew');
  assert.equal(await codeOf([SNAPSHOT, line('delta', 11, 900, [], [])]), 'REPLAY_UNORDERED 2');
  assert.equal(await codeOf([SNAPSHOT, line('delta', 11, 1100, [], [], 'BTCUSDT')]), 'REPLAY_MIXED 2');
  assert.equal(await codeOf([SNAPSHOT, 'not json']), 'REPLAY_BAD_LINE 2');
  assert.equal(await codeOf([SNAPSHOT, line('update', 11, 1100, [], [])]), 'REPLAY_BAD_LINE 2');
  assert.equal(await codeOf([SNAPSHOT, line('delta', 11, 1100, [['1.9', 5]], [])]), 'REPLAY_BAD_LINE 2');
  assert.equal(await codeOf([SNAPSHOT, line('delta', 11, 1100, [['1e3', '5']], [])]), 'REPLAY_BAD_LINE 2');
  assert.equal(await codeOf([SNAPSHOT, DELTA.replace('orderbook.500', 'tickers')]), 'REPLAY_BAD_LINE 2');
});

test('a line that is cut anywhere is told from one that is wrong', () => {
  for (let end = 1; end < DELTA.length; end += 1) {
    const read = parseBookLine(DELTA.slice(0, end), 2);
    assert.equal(read.ok ? '' : read.error.code, 'REPLAY_CUT', DELTA.slice(0, end));
  }
  const closed = parseBookLine(`${DELTA}}`, 2);
  assert.equal(closed.ok ? '' : closed.error.code, 'REPLAY_BAD_LINE');
});

test('the grid of a history is the finest that its numbers need', async () => {
  const read = await scanHistory(() => [SNAPSHOT, line('delta', 11, 1100, [['1.9487', '3']], [])], 1000);
  assert.deepEqual(read.ok && [read.value.priceScale, read.value.qtyScale, read.value.symbol], [4, 1, 'XRPUSDT']);
});

test('lines may come one at a time, later', async () => {
  async function* lines(): AsyncGenerator<string> {
    yield SNAPSHOT;
    await Promise.resolve();
    yield DELTA;
  }
  const read = await scanHistory(lines, 1000);
  assert.equal(read.ok && read.value.lines, 2);
});
