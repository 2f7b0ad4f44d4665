import type { Money, Side, UnixMs } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { type HistoryError, historyError } from './history-error.ts';
import type { BarPrice } from './history-event.ts';
import { columnAt, findColumns, readCell, readCells, readTime } from './table-row.ts';
import type { RowReader } from './trade-table.ts';

/** One row of a table of klines. */
export type Bar = Readonly<{
  line: number;
  at: UnixMs;
  symbol: string | null;
  open: Money;
  high: Money;
  low: Money;
  close: Money;
  volume: Money;
}>;

const NAMES = {
  at: ['start_at', 'start', 'starttime', 'start_time', 'timestamp', 'open_time'],
  open: ['open', 'openprice'],
  high: ['high', 'highprice'],
  low: ['low', 'lowprice'],
  close: ['close', 'closeprice'],
  volume: ['volume'],
} as const;
/** The archive for MetaTrader has no header, and its clock is three hours ahead of UTC. */
const METATRADER = ['start', 'open', 'high', 'low', 'close', 'volume'];
const METATRADER_TIME = /^(\d{4})\.(\d{2})\.(\d{2}) (\d{2}):(\d{2})$/;
const METATRADER_AHEAD_MS = 3 * 3_600_000;

/** Reads rows of a table of klines; null when the header is of something else. */
export function klineRows(header: readonly string[]): RowReader<Bar> | null {
  const columns = findColumns(header, NAMES);
  if (columns === null) return null;
  const symbolAt = columnAt(header, ['symbol']);
  return (text, line) => {
    const read = readCells(text, line, columns.count);
    if (!read.ok) return read;
    const cells = read.value;
    const at = readTime(cells[columns.at]) ?? metaTraderTime(cells[columns.at]);
    if (at === null) return bad(line, `${cells[columns.at]} is no time`);
    const [open, high, low, close, volume] = (['open', 'high', 'low', 'close', 'volume'] as const).map((name) =>
      readCell(cells[columns[name]]),
    );
    if (!open || !high || !low || !close || volume === null || volume === undefined) {
      return bad(line, 'open, high, low, close and volume are not all decimals');
    }
    if (high < open || high < close || low > open || low > close) {
      return bad(line, 'open and close do not lie between low and high');
    }
    return ok({ line, at, symbol: cells[symbolAt] ?? null, open, high, low, close, volume });
  };
}

/** The first row of a file for MetaTrader, `2024.01.01 00:00,42283.6,…`: it is a table without a header. */
export const metaTraderRows = (first: readonly string[]): RowReader<Bar> | null =>
  METATRADER_TIME.test(first[0] ?? '') && first.length === METATRADER.length ? klineRows(METATRADER) : null;

const bad = (line: number, message: string): Result<never, HistoryError> =>
  err(historyError('REPLAY_BAD_LINE', line, message));

function metaTraderTime(text: string | undefined): UnixMs | null {
  const found = METATRADER_TIME.exec(text ?? '');
  if (found === null) return null;
  const [year, month, day, hour, minute] = found.slice(1).map(Number) as [number, number, number, number, number];
  return (Date.UTC(year, month - 1, day, hour, minute) - METATRADER_AHEAD_MS) as UnixMs;
}

/** Prices of a bar that are played. */
export const BAR_PARTS = 4;

/**
 * The way of the price inside a bar: first to the end that its close is farther from (down first where it closed at or
 * above its open), evenly spread over its time. `before` is the price that it comes from.
 */
export function barPath(bar: Bar, lengthMs: number, before: Money | null): readonly BarPrice[] {
  const { line, at, symbol, open, high, low, close, volume } = bar;
  const prices = close >= open ? [open, low, high, close] : [open, high, low, close];
  let last = before ?? open;
  let side: Side = close >= open ? 'buy' : 'sell';
  return prices.map((price, part) => {
    side = price > last ? 'buy' : price < last ? 'sell' : side;
    last = price;
    const time = (at + Math.floor((part * lengthMs) / BAR_PARTS)) as UnixMs;
    return { kind: 'bar', line, at: time, symbol, side, price, volume, part };
  });
}
