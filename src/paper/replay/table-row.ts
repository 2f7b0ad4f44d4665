import { parseDecimal } from '../../domain/decimal.ts';
import type { Money, Side, UnixMs } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { type HistoryError, historyError } from './history-error.ts';

/** Where the columns that matter are, and how many there are in all. */
export type Columns<Name extends string> = Readonly<Record<Name, number> & { count: number }>;

/** Splits a row; Bybit's archives quote nothing. */
export const cellsOf = (text: string): readonly string[] => text.split(',').map((cell) => cell.trim());

/** A row with fewer cells than its table has columns was cut off; one with more is none of this table. */
export function readCells(text: string, line: number, count: number): Result<readonly string[], HistoryError> {
  const cells = cellsOf(text);
  if (cells.length === count) return ok(cells);
  const message = `${cells.length} cells where the table has ${count} columns`;
  return err(historyError(cells.length < count ? 'REPLAY_CUT' : 'REPLAY_BAD_LINE', line, message));
}

const DECIMAL = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,2}))?$/;

/** A plain decimal, or one with an exponent, as programs write very small quantities. Null where it is none. */
export function readCell(text: string | undefined): Money | null {
  const found = DECIMAL.exec(text ?? '');
  if (found === null) return null;
  const [, whole = '', fraction = '', exponent = '0'] = found;
  const point = whole.length + Number(exponent);
  const digits = `${'0'.repeat(Math.max(0, -point))}${whole}${fraction}`.padEnd(point, '0');
  const at = Math.max(0, point);
  const parsed = parseDecimal(`${digits.slice(0, at) || '0'}.${digits.slice(at) || '0'}`);
  return parsed.ok ? parsed.value : null;
}

/** Times below this are counted in seconds: in milliseconds it was 1973. */
const MILLISECONDS_FROM = 100_000_000_000;

/** Seconds with a fraction, or milliseconds; what is finer than a millisecond is dropped. Null where it is no time. */
export function readTime(text: string | undefined): UnixMs | null {
  const found = /^(\d{1,15})(?:\.(\d+))?$/.exec(text ?? '');
  if (found === null) return null;
  const whole = Number(found[1]);
  if (whole >= MILLISECONDS_FROM) return whole as UnixMs;
  return (whole * 1000 + Number((found[2] ?? '').slice(0, 3).padEnd(3, '0'))) as UnixMs;
}

export function readSide(text: string | undefined): Side | null {
  const word = text?.toLowerCase();
  return word === 'buy' || word === 'sell' ? word : null;
}

/** Finds columns by their names; each may have several. Null when one is missing. */
export function findColumns<Name extends string>(
  header: readonly string[],
  names: Readonly<Record<Name, readonly string[]>>,
): Columns<Name> | null {
  const lower = header.map((cell) => cell.toLowerCase());
  const found: Record<string, number> = { count: header.length };
  for (const [name, spellings] of Object.entries<readonly string[]>(names)) {
    const at = lower.findIndex((cell) => spellings.includes(cell));
    if (at < 0) return null;
    found[name] = at;
  }
  return found as Columns<Name>;
}

/** Where an optional column is, or -1. */
export const columnAt = (header: readonly string[], spellings: readonly string[]): number =>
  header.findIndex((cell) => spellings.includes(cell.toLowerCase()));
