import type { InstrumentId } from '../../domain/ids.ts';
import { decodeText, encodeText } from '../../kernel/codec.ts';
import { flat } from '../candles/series.ts';
import type { Row } from '../candles/rows.ts';
import type { MarketFact } from './facts.ts';
import { SERIES_KINDS, type SeriesKind } from './kinds.ts';
import type { Units } from './units.ts';

/** A minute of every series: `whole`, or as far as it had come when the exchange closed. */
export type MinuteRecord = Readonly<{
  type: 'minute' | 'partial';
  start: number;
  /** Until when the exchange is known to have run. */
  at: number;
  rows: Readonly<Record<InstrumentId, readonly Cell[]>>;
}>;

/** What is written down of the markets, besides the events of the decisions. */
export type MarketRecord =
  | MinuteRecord
  | Readonly<
      | { type: 'fact'; fact: MarketFact }
      | { type: 'reset'; at: number }
      /** What the numbers of the minutes from here on count. */
      | { type: 'units'; units: Readonly<Record<InstrumentId, Units>> }
    >;

/**
 * One candle, short: `[close]` where nothing moved, else `[open, high − open, open − low, close − open]` with volume
 * and turnover where something traded. Null where there is no such series.
 */
export type Cell = readonly (number | string)[] | null;

export function cellOf(row: Row): Cell {
  const { open, high, low, close, volume, turnover } = row;
  if (high === low && volume === 0) return [close];
  const moved = [open, high - open, open - low, close - open];
  return volume === 0 ? moved : [...moved, volume, String(turnover)];
}

export function rowOf(cell: NonNullable<Cell>, start: number): Row {
  const [open = 0, up = 0, down = 0, moved = 0, volume = 0] = cell.map(Number);
  const turnover = BigInt(cell[5] ?? 0);
  return { ...flat(start, open), high: open + up, low: open - down, close: open + moved, volume, turnover };
}

/** The cells of one instrument in the order of `SERIES_KINDS`; what is missing at the end is left out. */
export function cellsOf(rows: ReadonlyMap<SeriesKind, Row>): readonly Cell[] {
  const cells = SERIES_KINDS.map((kind) => {
    const row = rows.get(kind);
    return row === undefined ? null : cellOf(row);
  });
  while (cells.at(-1) === null) cells.pop();
  return cells;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
export const encodeRecord = (record: MarketRecord): Uint8Array => encoder.encode(encodeText(record));
export const decodeRecord = (bytes: Uint8Array): MarketRecord => decodeText(decoder.decode(bytes)) as MarketRecord;
