import type { CandleInterval } from '../../ports/exchange-market.ts';
import { MINUTE_MS, nextStart, startOf } from './intervals.ts';
import { CandleRows, type Row } from './rows.ts';

/** How many closed candles of which step are kept; the first level is the minute, each is made of the one before. */
export type Level = Readonly<{ interval: CandleInterval; most: number }>;

/** Three days of minutes, a month of quarters, most of a year of hours, five years of days: a megabyte at the most. */
export const PRICE_LEVELS: readonly Level[] = [
  { interval: '1', most: 5_000 },
  { interval: '15', most: 4_000 },
  { interval: '60', most: 7_200 },
  { interval: 'D', most: 2_000 },
];

/** At most `limit` candles that start in [from, to], newest first; the oldest of them where `oldest` is set. */
export type RowQuery = Readonly<{ from: number; to: number; limit: number; oldest: boolean }>;

type LevelState = { readonly interval: CandleInterval; readonly rows: CandleRows; open: Row | null };

/**
 * Candles of one series of values, for every interval, kept as values come. A candle opens where the one before it
 * closed, also when nothing happened; one that the exchange did not live through is not there.
 */
export class CandleSeries {
  readonly #levels: readonly LevelState[];

  constructor(levels: readonly Level[], trades: boolean) {
    this.#levels = levels.map(({ interval, most }) => ({ interval, rows: new CandleRows(most, trades), open: null }));
  }

  /** The present value; null before `begin`. */
  get last(): number | null {
    return this.#minute.open?.close ?? null;
  }

  /** Start of the minute that is open. */
  get minute(): number | null {
    return this.#minute.open?.start ?? null;
  }

  /** First value of a run of the exchange. What an earlier run left of the same minute goes on. */
  begin(at: number, value: number): void {
    const minute = this.#minute;
    const start = startOf('1', at);
    const before = minute.open;
    minute.open = before?.start === start ? before : flat(start, value);
    if (before !== null && before.start !== start) this.#close(0, before);
    this.set(value);
  }

  set(value: number): void {
    const { open } = this.#minute;
    if (open === null) return;
    if (value > open.high) open.high = value;
    if (value < open.low) open.low = value;
    open.close = value;
  }

  trade(value: number, volume: number, turnover: bigint): void {
    const { open } = this.#minute;
    if (open === null) return;
    this.set(value);
    open.volume += volume;
    open.turnover += turnover;
  }

  /** Closes the minutes that have ended at an instant and hands them out, oldest first. */
  advance(at: number, closed: (minute: Row) => void): void {
    const level = this.#minute;
    const now = startOf('1', at);
    while (level.open !== null && level.open.start < now) {
      const minute = level.open;
      this.#close(0, minute);
      level.open = flat(minute.start + MINUTE_MS, minute.close);
      closed(minute);
    }
  }

  /** Takes over a minute of an earlier run, whole or as far as it got. */
  restore(minute: Row, isWhole: boolean): void {
    const { open } = this.#minute;
    // What a run left of a minute is in the minute that the next one ended.
    if (open !== null && open.start !== minute.start) this.#close(0, open);
    this.#minute.open = isWhole ? null : { ...minute };
    if (isWhole) this.#close(0, minute);
  }

  /** Takes the candles of another series over, each as it is changed; levels have to be the same. */
  takeOver(other: CandleSeries, change: (row: Row) => Row): void {
    for (const [index, { rows, open }] of other.#levels.entries()) {
      const level = this.#levels[index];
      if (level === undefined) continue;
      for (let at = 0; at < rows.length; at += 1) level.rows.push(change(rows.at(at)));
      level.open = open === null ? null : change(open);
    }
  }

  clear(): void {
    for (const level of this.#levels) {
      level.rows.clear();
      level.open = null;
    }
  }

  read(interval: CandleInterval, query: RowQuery): readonly Row[] {
    const parts = this.#parts(interval);
    const from =
      startOf(interval, query.from) === query.from ? query.from : nextStart(interval, startOf(interval, query.from));
    const first = parts.firstFrom(from);
    const end = parts.firstFrom(nextStart(interval, startOf(interval, query.to)));
    const found: Row[] = [];
    for (let step = 0; step < end - first; step += 1) {
      const part = parts.at(query.oldest ? first + step : end - 1 - step);
      const start = startOf(interval, part.start);
      const group = found.at(-1);
      if (group?.start === start) {
        found[found.length - 1] = query.oldest ? joined(group, part) : { ...joined(part, group), start };
      } else if (found.length === query.limit) break;
      else found.push({ ...part, start });
    }
    return query.oldest ? found.reverse() : found;
  }

  /** Levels with their closed rows and what is open of each but the minute: what a snapshot keeps. */
  levels(): readonly LevelState[] {
    return this.#levels;
  }

  get #minute(): LevelState {
    return this.#levels[0] as LevelState;
  }

  #close(index: number, row: Row): void {
    this.#levels[index]?.rows.push(row);
    const above = this.#levels[index + 1];
    if (above === undefined) return;
    const start = startOf(above.interval, row.start);
    if (above.open !== null && startOf(above.interval, above.open.start) !== start) this.#closeOpen(index + 1);
    above.open = above.open === null ? { ...row } : joined(above.open, row);
    const { interval } = this.#levels[index] as LevelState;
    const end = nextStart(interval, startOf(interval, row.start));
    if (end === nextStart(above.interval, start)) this.#closeOpen(index + 1);
  }

  #closeOpen(index: number): void {
    const level = this.#levels[index] as LevelState;
    const { open } = level;
    level.open = null;
    if (open !== null) this.#close(index, open);
  }

  /** What the candles of an interval are made of, oldest first: the rows of the coarsest level that fits, and what came since. */
  #parts(interval: CandleInterval) {
    let index = this.#levels.length - 1;
    while (index > 0 && !fits((this.#levels[index] as LevelState).interval, interval)) index -= 1;
    const { rows } = this.#levels[index] as LevelState;
    const tail = this.#levels.slice(0, index + 1).flatMap(({ open }) => (open === null ? [] : [open]));
    tail.reverse();
    return {
      at: (at: number): Row => (at < rows.length ? rows.at(at) : (tail[at - rows.length] as Row)),
      firstFrom: (instant: number): number => {
        const inRows = rows.firstFrom(instant);
        return inRows < rows.length ? inRows : rows.length + tail.filter((row) => row.start < instant).length;
      },
    };
  }
}

export const flat = (start: number, value: number): Row => ({
  start,
  open: value,
  high: value,
  low: value,
  close: value,
  volume: 0,
  turnover: 0n,
});

/** Two candles in a row as one. */
function joined<T extends Row>(older: T, newer: Row): T {
  return {
    ...older,
    high: Math.max(older.high, newer.high),
    low: Math.min(older.low, newer.low),
    close: newer.close,
    volume: older.volume + newer.volume,
    turnover: older.turnover + newer.turnover,
  };
}

const LENGTHS: Readonly<Record<string, number>> = { D: 1440, W: 1440, M: 1440 };
/** Whether every candle of an interval begins where one of the step begins. */
const fits = (step: CandleInterval, interval: CandleInterval): boolean =>
  (LENGTHS[interval] ?? Number(interval)) % (LENGTHS[step] ?? Number(step)) === 0;
