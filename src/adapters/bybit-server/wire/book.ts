import type { UnixMs } from '../../../domain/ids.ts';
import type { ExchangeInstrument, ExchangeLevel } from '../../../ports/exchange.ts';
import { formatsOf } from '../numbers.ts';

export type BookRows = Readonly<{ bids: readonly ExchangeLevel[]; asks: readonly ExchangeLevel[] }>;
/** `update` counts the messages of one depth, `seq` is shared by all depths, `at` is the engine's time. */
export type BookStamp = Readonly<{ update: number; seq: number; at: UnixMs }>;

type Row = readonly string[];
type Rows = (levels: readonly ExchangeLevel[], instrument: ExchangeInstrument) => Row[];

const plainRows: Rows = (levels, instrument) => {
  const { ticks, lots } = formatsOf(instrument);
  // A deleted level is `"0"` without decimals, on derivatives too: clients compare the text.
  return levels.map((level) => [ticks(level.price), level.qty === 0 ? '0' : lots(level.qty)]);
};

/** With the quantity of RPI orders, of which there are none. */
const rpiRows: Rows = (levels, instrument) => plainRows(levels, instrument).map((row) => [...row, '0']);

const dataOf = (instrument: ExchangeInstrument, book: BookRows, stamp: BookStamp, rows: Rows) => ({
  s: instrument.symbol,
  b: rows(book.bids, instrument),
  a: rows(book.asks, instrument),
  u: stamp.update,
  seq: stamp.seq,
});

const resultOf = (rows: Rows) => (instrument: ExchangeInstrument, book: BookRows, stamp: BookStamp, now: UnixMs) => ({
  ...dataOf(instrument, book, stamp, rows),
  ts: Math.max(now, stamp.at),
  cts: stamp.at,
});

/** Result of GET /v5/market/orderbook (V5 docs, "Get Orderbook"). */
export const bookResult = resultOf(plainRows);
/** Result of GET /v5/market/rpi_orderbook (V5 docs, "Get RPI Orderbook"). */
export const rpiBookResult = resultOf(rpiRows);

const messageOf =
  (rows: Rows) =>
  (
    topic: string,
    type: 'snapshot' | 'delta',
    instrument: ExchangeInstrument,
    book: BookRows,
    stamp: BookStamp,
    now: UnixMs,
  ): string => {
    const data = dataOf(instrument, book, stamp, rows);
    return JSON.stringify({ topic, type, ts: Math.max(now, stamp.at), data, cts: stamp.at });
  };

/** Message of the public topic `orderbook`; a quantity of zero deletes its level. */
export const bookMessage = messageOf(plainRows);
/** Message of `orderbook.rpi`: a level is gone when both of its quantities are zero. */
export const rpiBookMessage = messageOf(rpiRows);
