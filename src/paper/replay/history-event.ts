import type { Money, Side, UnixMs } from '../../domain/ids.ts';

/** What a file is a history of. */
export type HistoryKind = 'book' | 'trades' | 'klines';

/** One thing that a history tells. `line` counts from 1, the header of a table included. */
export type HistoryEvent = BookLine | RecordedTrade | BarPrice;

/** One message of an order book archive. */
export type BookLine = Readonly<{
  kind: 'book';
  line: number;
  at: UnixMs;
  symbol: string;
  type: 'snapshot' | 'delta';
  u: number;
  bids: readonly HistoryRow[];
  asks: readonly HistoryRow[];
}>;
/** Quantity zero deletes the level. */
export type HistoryRow = readonly [price: Money, qty: Money];

export type RecordedTrade = Readonly<{
  kind: 'trade';
  line: number;
  at: UnixMs;
  /** Null where the rows do not say it: then the file's name does. */
  symbol: string | null;
  /** Of who took. */
  side: Side;
  price: Money;
  qty: Money;
}>;

/** One of the four prices of a bar, in the order in which they are played: `part` counts from 0. */
export type BarPrice = Readonly<{
  kind: 'bar';
  line: number;
  at: UnixMs;
  symbol: string | null;
  /** Which way the price went to get here. */
  side: Side;
  price: Money;
  /** Of the whole bar; may be zero. */
  volume: Money;
  part: number;
}>;
