import { err, ok, type Result } from '../../domain/result.ts';
import { scaleOf } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { BookChecker, bookScales, parseBookLine } from './book-line.ts';
import { type HistoryError, historyError } from './history-error.ts';
import type { HistoryEvent, HistoryKind, HistoryRow } from './history-event.ts';
import { KlinePath } from './kline-reader.ts';
import { klineRows, metaTraderRows } from './kline-table.ts';
import { cellsOf } from './table-row.ts';
import { tradeRows } from './trade-table.ts';

/** The text of a history, line by line, from the start each time it is asked for: reading files is an adapter's job. */
export type LineSource = () => Iterable<string> | AsyncIterable<string>;

/** At once where the text is at hand: then histories play in the same order of events on every run. */
export type Later<T> = T | Promise<T>;

/** Null at the end. */
export type HistoryRead = Result<HistoryEvent, HistoryError> | null;

/** What one line gives: no event (a header, the first bar), one, or the prices of a bar. */
type Parsed = Result<readonly HistoryEvent[], HistoryError>;
type Format = Readonly<{
  kind: HistoryKind;
  parse: (text: string, line: number) => Parsed;
  /** What is left when the lines are over. */
  end: () => readonly HistoryEvent[];
}>;

/** Reads checked events one after the other. What kind of history it is shows in its first line. */
export class HistoryReader {
  readonly #lines: Iterator<string> | AsyncIterator<string>;
  readonly #order: OrderChecker;
  #format: Format | null = null;
  #ready: readonly HistoryEvent[] = [];
  #taken = 0;
  #number = 0;
  #over = false;

  /** `symbol`: what the history is of, where it is known before. */
  constructor(source: LineSource, symbol: string | null = null) {
    const lines = source();
    this.#lines = Symbol.asyncIterator in lines ? lines[Symbol.asyncIterator]() : lines[Symbol.iterator]();
    this.#order = new OrderChecker(symbol);
  }

  /** Null until the first line was read. */
  get kind(): HistoryKind | null {
    return this.#format?.kind ?? null;
  }

  next(): Later<HistoryRead> {
    // Lines without an event are skipped in a loop: a file of blanks must not fill the stack.
    for (;;) {
      const event = this.#ready[this.#taken];
      if (event !== undefined) {
        this.#taken += 1;
        return this.#order.next(event);
      }
      if (this.#over) return null;
      const step = this.#lines.next();
      if (step instanceof Promise) return step.then((one) => this.#take(one) ?? this.next());
      const failed = this.#take(step);
      if (failed !== null) return failed;
    }
  }

  /** Makes the events of a line ready; gives back what is wrong with it. */
  #take(step: IteratorResult<string>): HistoryRead {
    this.#taken = 0;
    this.#ready = [];
    if (step.done === true) {
      this.#over = true;
      this.#ready = this.#format?.end() ?? [];
      const isEmpty =
        this.#number === 0 || (this.#number === 1 && this.#format?.kind !== 'book' && !this.#ready.length);
      return isEmpty ? err(historyError('REPLAY_EMPTY', this.#number, 'there is nothing in it')) : null;
    }
    const text = step.value.trim();
    if (text === '') return null;
    this.#number += 1;
    const parsed = this.#parse(text);
    if (!parsed.ok) return parsed;
    this.#ready = parsed.value;
    return null;
  }

  #parse(text: string): Parsed {
    if (this.#format !== null) return this.#format.parse(text, this.#number);
    const first = formatOf(text);
    if (!first.ok) return first;
    this.#format = first.value.format;
    return first.value.isHeader ? ok([]) : this.#format.parse(text, this.#number);
  }
}

/** Tells the kinds apart by their first line. */
function formatOf(text: string): Result<Readonly<{ format: Format; isHeader: boolean }>, HistoryError> {
  const cells = cellsOf(text);
  if (text.startsWith('{') || cells.length < 2) return ok({ format: bookFormat(), isHeader: false });
  const trades = tradeRows(cells);
  if (trades !== null) return ok({ format: tradeFormat(trades), isHeader: true });
  const klines = klineRows(cells);
  if (klines !== null) return ok({ format: klineFormat(klines), isHeader: true });
  const metaTrader = metaTraderRows(cells);
  if (metaTrader !== null) return ok({ format: klineFormat(metaTrader), isHeader: false });
  const known = 'timestamp, side, price and size or volume (trades); start_at, open, high, low, close, volume (klines)';
  return err(historyError('REPLAY_COLUMNS', 1, `the header does not name ${known}`));
}

const NOTHING = (): readonly HistoryEvent[] => [];

function bookFormat(): Format {
  const checker = new BookChecker();
  const parse = (text: string, number: number): Parsed => {
    const line = parseBookLine(text, number);
    if (!line.ok) return line;
    const wrong = checker.next(line.value);
    return wrong === null ? ok([line.value]) : err(wrong);
  };
  return { kind: 'book', parse, end: NOTHING };
}

function tradeFormat(read: NonNullable<ReturnType<typeof tradeRows>>): Format {
  const parse = (text: string, number: number): Parsed => {
    const row = read(text, number);
    return row.ok ? ok([row.value]) : row;
  };
  return { kind: 'trades', parse, end: NOTHING };
}

function klineFormat(read: NonNullable<ReturnType<typeof klineRows>>): Format {
  const path = new KlinePath();
  const parse = (text: string, number: number): Parsed => {
    const row = read(text, number);
    return row.ok ? path.next(row.value) : row;
  };
  return { kind: 'klines', parse, end: () => path.end() };
}

/** One symbol, and time that does not go back. */
class OrderChecker {
  #symbol: string | null;
  #at = 0;

  constructor(symbol: string | null) {
    this.#symbol = symbol;
  }

  next(event: HistoryEvent): Result<HistoryEvent, HistoryError> {
    const { line, at, symbol } = event;
    if (symbol !== null && this.#symbol !== null && symbol !== this.#symbol) {
      return err(historyError('REPLAY_MIXED', line, `${symbol} where ${this.#symbol} was to come`));
    }
    if (at < this.#at) {
      return err(
        historyError(
          'REPLAY_UNORDERED',
          line,
          `time goes back from ${this.#at} to ${at}; lines have to be in the order of their times`,
        ),
      );
    }
    this.#symbol = symbol ?? this.#symbol;
    this.#at = at;
    return ok(event);
  }
}

/** What a history is of, and the grid that its numbers lie on. */
export type HistorySummary = Readonly<{
  kind: HistoryKind;
  symbol: string;
  /** Time of the first event. */
  from: number;
  lines: number;
  /** Where the market stands when it begins; null where its first book has an empty side. */
  price: Money | null;
  priceScale: number;
  qtyScale: number;
}>;

const NOTHING_YET = { symbol: '', from: -1, lines: 0, price: null, priceScale: 0, qtyScale: 0 };

/**
 * Reads a history without playing it, all of it or its first lines: its kind, symbol and grid, or what is wrong with
 * it. `symbol`: what it is to be of; needed where the file does not say it.
 */
export async function scanHistory(
  source: LineSource,
  mostLines: number,
  symbol: string | null = null,
): Promise<Result<HistorySummary, HistoryError>> {
  const reader = new HistoryReader(source, symbol);
  let summary: Omit<HistorySummary, 'kind'> = { ...NOTHING_YET, symbol: symbol ?? '' };
  while (summary.lines < mostLines) {
    const step = reader.next();
    const read = step instanceof Promise ? await step : step;
    if (read === null) break;
    if (!read.ok) return read;
    const event = read.value;
    const { price, qty } = scalesOf(event);
    summary = {
      symbol: event.symbol ?? summary.symbol,
      from: summary.from < 0 ? event.at : summary.from,
      lines: event.line,
      price: summary.from < 0 ? priceIn(event) : summary.price,
      priceScale: Math.max(summary.priceScale, price),
      qtyScale: Math.max(summary.qtyScale, qty),
    };
  }
  if (summary.symbol === '') {
    return err(
      historyError('REPLAY_SYMBOL', 1, 'neither rows nor name say of which symbol: give `symbol` with the file'),
    );
  }
  return ok({ ...summary, kind: reader.kind ?? 'book' });
}

/** Of a book the middle, else the price itself. */
function priceIn(event: HistoryEvent): Money | null {
  if (event.kind !== 'book') return event.price;
  const bid = maximumOf(event.bids);
  const ask = event.asks.reduce<Money | null>((best, [price]) => (best === null || price < best ? price : best), null);
  return bid === null || ask === null ? null : (((bid + ask) / 2n) as Money);
}

const maximumOf = (rows: readonly HistoryRow[]): Money | null =>
  rows.reduce<Money | null>((best, [price]) => (best === null || price > best ? price : best), null);

function scalesOf(event: HistoryEvent): Readonly<{ price: number; qty: number }> {
  if (event.kind === 'book') return bookScales(event);
  return { price: scaleOf(event.price), qty: scaleOf(event.kind === 'trade' ? event.qty : event.volume) };
}
