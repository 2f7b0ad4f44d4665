import type { InstrumentId } from '../../domain/ids.ts';
import { invariant } from '../../domain/result.ts';
import { decodeText, encodeText } from '../../kernel/codec.ts';
import type { Row } from '../candles/rows.ts';
import type { FactHistory, MarketFact } from './facts.ts';
import type { InstrumentSeries } from './instrument-series.ts';
import type { SeriesKind } from './kinds.ts';
import { isSame, recounted, type Units } from './units.ts';

const VERSION = 1;

type StoredLevel = Readonly<{
  interval: string;
  rows: number;
  open: (Omit<Row, 'turnover'> & { turnover: string }) | null;
}>;
type StoredSeries = Readonly<{ id: InstrumentId; kind: SeriesKind; levels: readonly StoredLevel[] }>;
type Head = Readonly<{
  version: number;
  at: number;
  facts: readonly MarketFact[];
  units: Readonly<Record<InstrumentId, Units>>;
  series: readonly StoredSeries[];
}>;

type Series = ReadonlyMap<InstrumentId, InstrumentSeries>;

/** Everything that is kept, as one text (the head) and the columns behind it: length, head, columns. */
export function encodeMarketSnapshot(all: Series, facts: FactHistory, at: number): Uint8Array {
  const columns: Uint8Array[] = [];
  const series: StoredSeries[] = [];
  for (const [id, one] of all) {
    for (const [kind, candles] of one.series) {
      const levels = candles.levels().map(({ interval, rows, open }): StoredLevel => {
        columns.push(...rows.columns());
        return {
          interval,
          rows: rows.length,
          open: open === null ? null : { ...open, turnover: String(open.turnover) },
        };
      });
      series.push({ id, kind, levels });
    }
  }
  const units = Object.fromEntries([...all].map(([id, one]) => [id, one.units]));
  const head: Head = { version: VERSION, at, facts: facts.all(), units, series };
  const text = new TextEncoder().encode(encodeText(head));
  // Columns of eight-byte numbers have to begin at a multiple of eight.
  const padded = text.length + ((8 - (text.length % 8)) % 8);
  const bytes = new Uint8Array(8 + padded + columns.reduce((sum, column) => sum + column.length, 0));
  new DataView(bytes.buffer).setUint32(0, text.length);
  bytes.set(text, 8);
  let end = 8 + padded;
  for (const column of columns) {
    bytes.set(column, end);
    end += column.length;
  }
  return bytes;
}

/**
 * Brings a snapshot back; what is not listed any more is passed over. Says until when the exchange had run, and what
 * the numbers of the records behind it count.
 */
export function decodeMarketSnapshot(
  stored: Uint8Array,
  all: Series,
  facts: FactHistory,
): Readonly<{ at: number; units: Head['units'] }> {
  const bytes = new Uint8Array(stored); // aligned, whatever it was cut out of
  const length = new DataView(bytes.buffer).getUint32(0);
  const head = decodeText(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Head;
  invariant(head.version === VERSION, `snapshot of the market in version ${head.version}, not ${VERSION}`);
  for (const fact of head.facts) facts.take(fact);
  let at = 8 + length + ((8 - (length % 8)) % 8);
  for (const { id, kind, levels } of head.series) {
    const one = all.get(id);
    const there = one?.series.get(kind)?.levels() ?? [];
    const [before, now] = [head.units[id], one?.units];
    const change = (row: Row): Row =>
      before === undefined || now === undefined ? row : recounted(row, kind, before, now);
    for (const { interval, rows, open } of levels) {
      const level = there.find((two) => two.interval === interval);
      at += level === undefined ? columnBytes(rows, kind) : level.rows.load(bytes.buffer, at, rows);
      if (level === undefined) continue;
      if (before !== undefined && now !== undefined && !isSame(before, now)) level.rows.change(change);
      if (open !== null) level.open = change({ ...open, turnover: BigInt(open.turnover) });
    }
  }
  return { at: head.at, units: head.units };
}

const columnBytes = (rows: number, kind: SeriesKind): number => rows * (kind === 'last' ? 7 : 6) * 8;
