import type { ReplaySource } from '../replay/histories.ts';

type Rows = readonly (readonly [string, string])[];

/** One line of an order book archive of XRPUSDT. */
export const bookLine = (type: 'snapshot' | 'delta', u: number, at: number, b: Rows, a: Rows): string =>
  JSON.stringify({ topic: 'orderbook.500.XRPUSDT', type, ts: at, data: { s: 'XRPUSDT', b, a, u, seq: u }, cts: at });

const TRADES = 'timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional';

export type TradeRow = readonly [at: number, side: 'Buy' | 'Sell', qty: string, price: string];

/** A table of trades as the archive of derivatives has it; `at` in milliseconds. */
export const tradeTable = (rows: readonly TradeRow[], symbol = 'XRPUSDT'): string[] => [
  TRADES,
  ...rows.map(([at, side, qty, price], index) => {
    const seconds = `${Math.floor(at / 1000)}.${String(at % 1000).padStart(3, '0')}7`;
    return `${seconds},${symbol},${side},${qty},${price},ZeroPlusTick,id-${index},2.4e+11,${qty},1`;
  }),
];

/** A history in memory. */
export const historyOf = (lines: readonly string[], more: Partial<ReplaySource> = {}): ReplaySource => ({
  name: 'history',
  category: 'spot',
  atEnd: 'hold',
  pace: 'file',
  lines: () => lines,
  ...more,
});
