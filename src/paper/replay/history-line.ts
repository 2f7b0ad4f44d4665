import { parseDecimal, scaleOf } from '../../domain/decimal.ts';
import type { Money, UnixMs } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';

/** One line of Bybit's order book archive (`*_obNNN.data`): the same text as the live `orderbook.N` message. */
export type HistoryLine = Readonly<{
  /** From 1. */
  number: number;
  type: 'snapshot' | 'delta';
  symbol: string;
  at: UnixMs;
  u: number;
  bids: readonly HistoryRow[];
  asks: readonly HistoryRow[];
}>;
/** Quantity zero deletes the level. */
export type HistoryRow = readonly [price: Money, qty: Money];

export type HistoryErrorCode =
  | 'REPLAY_CUT' // the line ends before its message does
  | 'REPLAY_BAD_LINE' // no message, or not one of an order book
  | 'REPLAY_NO_SNAPSHOT' // a delta before any snapshot
  | 'REPLAY_GAP' // a message is missing
  | 'REPLAY_MIXED' // another symbol than before
  | 'REPLAY_OFF_GRID' // a price or quantity between two ticks or steps
  | 'REPLAY_EMPTY';

export type HistoryError = Readonly<{ code: HistoryErrorCode; line: number; message: string }>;

export const historyError = (code: HistoryErrorCode, line: number, message: string): HistoryError => ({
  code,
  line,
  message: `line ${line}: ${message}`,
});

const TOPIC = /^orderbook\.\d+\.([A-Z0-9]+)$/;
const DECIMAL = /^\d+(\.\d+)?$/;

/** Reads one line by itself; what it means after the lines before is `HistoryChecker`'s. */
export function parseHistoryLine(text: string, number: number): Result<HistoryLine, HistoryError> {
  const bad = (message: string) => err(historyError('REPLAY_BAD_LINE', number, message));
  const message = parseJson(text);
  if (message === null) {
    return isCut(text) ? err(historyError('REPLAY_CUT', number, 'the line is cut off')) : bad('no JSON object');
  }
  const { topic, type, ts } = message;
  const symbol = typeof topic === 'string' ? TOPIC.exec(topic)?.[1] : undefined;
  if (symbol === undefined) return bad('topic is not orderbook.<depth>.<SYMBOL>');
  if (type !== 'snapshot' && type !== 'delta') return bad('type is neither snapshot nor delta');
  if (!isCount(ts)) return bad('ts is not a time in milliseconds');
  if (typeof message.data !== 'object' || message.data === null) return bad('data is missing');
  const { s, u, b, a } = message.data as Record<string, unknown>;
  if (s !== symbol) return bad(`data is of ${String(s)}, the topic of ${symbol}`);
  if (!isCount(u)) return bad('u is not a whole number');
  const bids = readRows(b);
  const asks = readRows(a);
  if (bids === null || asks === null) return bad('b and a are not lists of [price, quantity]');
  return ok({ number, type, symbol, at: ts as UnixMs, u, bids, asks });
}

function parseJson(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null; // whether it was cut or never was JSON is told apart by the caller
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** An object that was begun and not closed: a string, list or object is open at the end. */
function isCut(text: string): boolean {
  if (!text.startsWith('{')) return false;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
  }
  return inString || depth > 0;
}

function readRows(value: unknown): readonly HistoryRow[] | null {
  if (!Array.isArray(value)) return null;
  const rows: HistoryRow[] = [];
  for (const row of value as unknown[]) {
    if (!Array.isArray(row) || row.length !== 2) return null;
    const price = readDecimal(row[0]);
    const qty = readDecimal(row[1]);
    if (price === null || qty === null || price === 0n) return null;
    rows.push([price, qty]);
  }
  return rows;
}

function readDecimal(value: unknown): Money | null {
  if (typeof value !== 'string' || !DECIMAL.test(value)) return null;
  const parsed = parseDecimal(value);
  return parsed.ok ? parsed.value : null;
}

/** What makes a sequence of lines a history: a snapshot first, no message missing, one symbol, time not going back. */
export class HistoryChecker {
  #last: Pick<HistoryLine, 'symbol' | 'u' | 'at'> | null = null;

  next(line: HistoryLine): Result<HistoryLine, HistoryError> {
    const before = this.#last;
    const { number, type, u, at, symbol } = line;
    if (before === null && type === 'delta') {
      return err(historyError('REPLAY_NO_SNAPSHOT', number, 'a delta before the first snapshot'));
    }
    if (before !== null && symbol !== before.symbol) {
      return err(historyError('REPLAY_MIXED', number, `${symbol} after ${before.symbol}`));
    }
    if (before !== null && type === 'delta' && u !== before.u + 1) {
      return err(historyError('REPLAY_GAP', number, `u is ${u}, ${before.u + 1} was to come`));
    }
    if (before !== null && at < before.at) {
      return err(historyError('REPLAY_BAD_LINE', number, `time goes back from ${before.at} to ${at}`));
    }
    this.#last = { symbol, u, at };
    return ok(line);
  }
}

/** Digits after the point that the prices and the quantities of a line need. */
export function lineScales(line: HistoryLine): Readonly<{ price: number; qty: number }> {
  let price = 0;
  let qty = 0;
  for (const row of [...line.bids, ...line.asks]) {
    price = Math.max(price, scaleOf(row[0]));
    qty = Math.max(qty, scaleOf(row[1]));
  }
  return { price, qty };
}
