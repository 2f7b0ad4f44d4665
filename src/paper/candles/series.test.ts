import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CANDLE_INTERVALS, type CandleInterval } from '../../ports/exchange-market.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, nextStart, startOf } from './intervals.ts';
import { CandleSeries, PRICE_LEVELS, type RowQuery } from './series.ts';

/** 2024-12-01T00:00:00Z, a Sunday. */
const START = 1_733_011_200_000;
const EVER: RowQuery = { from: 0, to: START + 400 * DAY_MS, limit: 1000, oldest: false };

type Tick = Readonly<{ at: number; value: number }>;
type Plain = Readonly<{ start: number; open: number; high: number; low: number; close: number; volume: number }>;

/** Candles as the definition says: everything that happened in each interval, looked at once. */
function slowCandles(first: Tick, ticks: readonly Tick[], until: number, interval: CandleInterval): readonly Plain[] {
  const candles: Plain[] = [];
  let last = first.value;
  for (let start = startOf(interval, first.at); start <= until; start = nextStart(interval, start)) {
    const inside = ticks.filter(({ at }) => at >= start && at < nextStart(interval, start)).map(({ value }) => value);
    const values = [last, ...inside];
    const close = values.at(-1) as number;
    const [high, low] = [Math.max(...values), Math.min(...values)];
    candles.push({ start, open: last, high, low, close, volume: inside.length });
    last = close;
  }
  return candles.reverse();
}

const plain = (rows: ReturnType<CandleSeries['read']>): readonly Plain[] =>
  rows.map(({ start, open, high, low, close, volume }) => ({ start, open, high, low, close, volume }));

test('candles of every interval are what the values say, whatever the gaps between them', () => {
  const steps = fc.array(
    fc.record({ wait: fc.integer({ min: 0, max: 5 * HOUR_MS }), value: fc.integer({ min: 1, max: 1000 }) }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, (found) => {
      const series = new CandleSeries(PRICE_LEVELS, true);
      series.begin(START, 500);
      const ticks: Tick[] = [];
      let at = START;
      for (const { wait, value } of found) {
        at += wait;
        series.advance(at, () => {});
        series.trade(value, 1, 2n);
        ticks.push({ at, value });
      }
      for (const interval of CANDLE_INTERVALS) {
        if (interval === '1') continue;
        const expected = slowCandles({ at: START, value: 500 }, ticks, at, interval).slice(0, 1000);
        // A month begins before the exchange did, a week, too: the candle is there from then on.
        assert.deepEqual(plain(series.read(interval, EVER)), expected, interval);
      }
    }),
    { numRuns: 60 },
  );
});

test('a page is the newest of its range, or the oldest where that is asked for', () => {
  const series = new CandleSeries(PRICE_LEVELS, false);
  series.begin(START, 1);
  for (let minute = 1; minute <= 100; minute += 1) {
    series.advance(START + minute * MINUTE_MS, () => {});
    series.set(minute);
  }
  const minutes = (query: Partial<RowQuery>, interval: CandleInterval = '1') =>
    series.read(interval, { ...EVER, ...query }).map((row) => (row.start - START) / MINUTE_MS);
  assert.deepEqual(minutes({ limit: 3 }), [100, 99, 98]);
  assert.deepEqual(minutes({ limit: 3 }, '15'), [90, 75, 60]);
  assert.deepEqual(minutes({ limit: 2, oldest: true, from: START + 10 * MINUTE_MS }), [11, 10]);
  assert.deepEqual(minutes({ from: START + 10 * MINUTE_MS + 1, to: START + 13 * MINUTE_MS - 1 }), [12, 11]);
  assert.deepEqual(minutes({ from: START + 20 * MINUTE_MS, to: START + 59 * MINUTE_MS }, '15'), [45, 30]);
  assert.deepEqual(minutes({ from: START + 101 * MINUTE_MS }), []);
});

test('weeks begin on Monday, months on their first day, and short months are short', () => {
  const date = (text: string) => Date.parse(`${text}T00:00:00Z`);
  assert.equal(startOf('W', date('2024-12-01')), date('2024-11-25'));
  assert.equal(startOf('W', date('2024-12-02')), date('2024-12-02'));
  assert.equal(startOf('M', date('2024-02-29') + 5), date('2024-02-01'));
  assert.equal(nextStart('M', date('2024-02-01')), date('2024-03-01'));
  assert.equal(nextStart('M', date('2024-12-01')), date('2025-01-01'));
});

test('what the exchange did not live through is missing, and nothing else is', () => {
  const first = new CandleSeries(PRICE_LEVELS, true);
  const second = new CandleSeries(PRICE_LEVELS, true);
  first.begin(START, 100);
  first.trade(103, 5, 515n);
  first.advance(START + 20 * MINUTE_MS, (minute) => second.restore(minute, true));
  // Down from 00:20 to 02:07:30.
  second.begin(START + 127.5 * MINUTE_MS, 90);
  second.trade(91, 2, 182n);
  second.advance(START + 130 * MINUTE_MS, () => {});
  const minutes = second.read('1', EVER).map((row) => (row.start - START) / MINUTE_MS);
  assert.deepEqual(minutes, [130, 129, 128, 127, ...Array.from({ length: 20 }, (_, i) => 19 - i)]);
  const hours = second.read('60', EVER);
  assert.deepEqual(
    hours.map(({ start, open, close, volume }) => [(start - START) / HOUR_MS, open, close, volume]),
    [
      [2, 90, 91, 2],
      [0, 100, 103, 5],
    ],
  );
  const [day] = second.read('D', EVER);
  assert.deepEqual([day?.open, day?.high, day?.low, day?.close, day?.volume], [100, 103, 90, 91, 7]);
});

test('a minute that a restart cut in two is one candle', () => {
  const series = new CandleSeries(PRICE_LEVELS, true);
  series.restore({ start: START, open: 100, high: 105, low: 99, close: 101, volume: 3, turnover: 303n }, false);
  series.begin(START + 40_000, 101);
  series.trade(98, 1, 98n);
  assert.deepEqual(plain(series.read('1', EVER)), [
    { start: START, open: 100, high: 105, low: 98, close: 98, volume: 4 },
  ]);
  const third = new CandleSeries(PRICE_LEVELS, true);
  third.restore({ start: START, open: 100, high: 105, low: 99, close: 101, volume: 3, turnover: 303n }, false);
  series.advance(START + MINUTE_MS, (minute) => third.restore(minute, true));
  assert.deepEqual(plain(third.read('1', EVER)), plain(series.read('1', { ...EVER, to: START })), 'and stays one');
  const later = new CandleSeries(PRICE_LEVELS, true);
  later.restore({ start: START, open: 100, high: 105, low: 99, close: 101, volume: 3, turnover: 303n }, false);
  later.begin(START + 3 * MINUTE_MS, 101);
  assert.equal(later.read('1', EVER).length, 2, 'what there was of it stays');
});

test('memory is bounded: the oldest candles of each step go', () => {
  const series = new CandleSeries(
    [
      { interval: '1', most: 100 },
      { interval: '15', most: 10 },
    ],
    true,
  );
  series.begin(START, 1);
  series.advance(START + 10_000 * MINUTE_MS, () => {});
  const rows = series.levels().map((level) => level.rows.length);
  assert.ok(rows[0] !== undefined && rows[0] >= 100 && rows[0] <= 125, `${rows[0]} minutes`);
  assert.ok(rows[1] !== undefined && rows[1] >= 10 && rows[1] <= 13, `${rows[1]} quarters`);
  assert.equal(series.read('1', { ...EVER, limit: 50 }).at(-1)?.start, START + 9_951 * MINUTE_MS);
});
