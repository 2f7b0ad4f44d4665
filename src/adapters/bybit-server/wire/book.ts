import type { UnixMs } from '../../../domain/ids.ts';
import type { ExchangeInstrument, ExchangeLevel } from '../../../ports/exchange.ts';
import { formatsOf } from '../numbers.ts';

export type BookRows = Readonly<{ bids: readonly ExchangeLevel[]; asks: readonly ExchangeLevel[] }>;
/** `update` counts the messages of one depth, `seq` is shared by all depths, `at` is the engine's time. */
export type BookStamp = Readonly<{ update: number; seq: number; at: UnixMs }>;

type Row = readonly [price: string, qty: string];

const rowsOf = (levels: readonly ExchangeLevel[], instrument: ExchangeInstrument): Row[] => {
  const { ticks, lots } = formatsOf(instrument);
  // A deleted level is `"0"` without decimals, on derivatives too: clients compare the text.
  return levels.map((level) => [ticks(level.price), level.qty === 0 ? '0' : lots(level.qty)]);
};

const dataOf = (instrument: ExchangeInstrument, book: BookRows, stamp: BookStamp) => ({
  s: instrument.symbol,
  b: rowsOf(book.bids, instrument),
  a: rowsOf(book.asks, instrument),
  u: stamp.update,
  seq: stamp.seq,
});

/** Result of GET /v5/market/orderbook (V5 docs, "Get Orderbook"). */
export const bookResult = (instrument: ExchangeInstrument, book: BookRows, stamp: BookStamp, now: UnixMs) => ({
  ...dataOf(instrument, book, stamp),
  ts: Math.max(now, stamp.at),
  cts: stamp.at,
});

/** Message of the public topic `orderbook`; a quantity of zero deletes its level. */
export const bookMessage = (
  topic: string,
  type: 'snapshot' | 'delta',
  instrument: ExchangeInstrument,
  book: BookRows,
  stamp: BookStamp,
  now: UnixMs,
): string =>
  JSON.stringify({
    topic,
    type,
    ts: Math.max(now, stamp.at),
    data: dataOf(instrument, book, stamp),
    cts: stamp.at,
  });
