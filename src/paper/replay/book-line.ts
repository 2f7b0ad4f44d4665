import { parseDecimal, scaleOf } from '../../domain/decimal.ts';
import type { Money, UnixMs } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { type HistoryError, historyError } from './history-error.ts';
import type { BookLine, HistoryRow } from './history-event.ts';

const TOPIC = /^orderbook\.\d+\.([A-Z0-9-]+)$/;
const DECIMAL = /^\d+(\.\d+)?$/;

/**
 * Reads one line of Bybit's order book archive (`*_obNNN.data`), the same text as the live `orderbook.N` message, by
 * itself; what it means after the lines before is `BookChecker`'s. Its time is `cts`, when the matching engine made it,
 * because that is the clock of recorded trades; `ts` is some milliseconds later.
 */
export function parseBookLine(text: string, line: number): Result<BookLine, HistoryError> {
  const bad = (message: string) => err(historyError('REPLAY_BAD_LINE', line, message));
  const message = parseJson(text);
  if (message === null) {
    return isCut(text) ? err(historyError('REPLAY_CUT', line, 'the line is cut off')) : bad('no JSON object');
  }
  const { topic, type, ts, cts = ts } = message;
  const symbol = typeof topic === 'string' ? TOPIC.exec(topic)?.[1] : undefined;
  if (symbol === undefined) return bad('topic is not orderbook.<depth>.<SYMBOL>');
  if (type !== 'snapshot' && type !== 'delta') return bad('type is neither snapshot nor delta');
  if (!isCount(ts) || !isCount(cts)) return bad('ts or cts is not a time in milliseconds');
  if (typeof message.data !== 'object' || message.data === null) return bad('data is missing');
  const { s, u, b, a } = message.data as Record<string, unknown>;
  if (s !== symbol) return bad(`data is of ${String(s)}, the topic of ${symbol}`);
  if (!isCount(u)) return bad('u is not a whole number');
  const bids = readRows(b);
  const asks = readRows(a);
  if (bids === null || asks === null) return bad('b and a are not lists of [price, quantity]');
  return ok({ kind: 'book', line, at: cts as UnixMs, symbol, type, u, bids, asks });
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

/** What makes a sequence of lines the history of a book: a snapshot first, and no message missing. */
export class BookChecker {
  #u: number | null = null;

  next({ line, type, u }: BookLine): HistoryError | null {
    const before = this.#u;
    if (type === 'delta' && before === null) {
      return historyError('REPLAY_NO_SNAPSHOT', line, 'a delta before the first snapshot');
    }
    if (type === 'delta' && u !== (before as number) + 1) {
      return historyError('REPLAY_GAP', line, `u is ${u}, ${(before as number) + 1} was to come`);
    }
    this.#u = u;
    return null;
  }
}

/** Digits after the point that the prices and the quantities of a line need. */
export function bookScales(line: BookLine): Readonly<{ price: number; qty: number }> {
  let price = 0;
  let qty = 0;
  for (const row of [...line.bids, ...line.asks]) {
    price = Math.max(price, scaleOf(row[0]));
    qty = Math.max(qty, scaleOf(row[1]));
  }
  return { price, qty };
}
