import { err, ok, type Result } from '../../domain/result.ts';
import {
  HistoryChecker,
  type HistoryError,
  type HistoryLine,
  historyError,
  lineScales,
  parseHistoryLine,
} from './history-line.ts';

/** The text of a history, line by line, from the start each time it is asked for: reading files is an adapter's job. */
export type LineSource = () => Iterable<string> | AsyncIterable<string>;

/** Null at the end. */
export type HistoryRead = Result<HistoryLine, HistoryError> | null;

/** Reads checked lines one after the other. At once where the text is at hand. */
export class HistoryReader {
  readonly #lines: Iterator<string> | AsyncIterator<string>;
  readonly #checker = new HistoryChecker();
  #number = 0;

  constructor(source: LineSource) {
    const lines = source();
    this.#lines = Symbol.asyncIterator in lines ? lines[Symbol.asyncIterator]() : lines[Symbol.iterator]();
  }

  next(): HistoryRead | Promise<HistoryRead> {
    const step = this.#lines.next();
    return step instanceof Promise ? step.then((one) => this.#take(one)) : this.#take(step);
  }

  #take(step: IteratorResult<string>): HistoryRead | Promise<HistoryRead> {
    if (step.done === true)
      return this.#number === 0 ? err(historyError('REPLAY_EMPTY', 0, 'there are no lines')) : null;
    const text = step.value.trim();
    if (text === '') return this.next();
    this.#number += 1;
    const line = parseHistoryLine(text, this.#number);
    return line.ok ? this.#checker.next(line.value) : line;
  }
}

/** What a history is of, and the grid that its numbers lie on. */
export type HistorySummary = Readonly<{ symbol: string; lines: number; priceScale: number; qtyScale: number }>;

/** Reads a history without playing it, all of it or its first lines: its symbol, its grid, or what is wrong with it. */
export async function scanHistory(
  source: LineSource,
  mostLines: number,
): Promise<Result<HistorySummary, HistoryError>> {
  const reader = new HistoryReader(source);
  let summary: HistorySummary = { symbol: '', lines: 0, priceScale: 0, qtyScale: 0 };
  while (summary.lines < mostLines) {
    const step = reader.next();
    const read = step instanceof Promise ? await step : step;
    if (read === null) break;
    if (!read.ok) return read;
    const { price, qty } = lineScales(read.value);
    summary = {
      symbol: read.value.symbol,
      lines: read.value.number,
      priceScale: Math.max(summary.priceScale, price),
      qtyScale: Math.max(summary.qtyScale, qty),
    };
  }
  return ok(summary);
}
