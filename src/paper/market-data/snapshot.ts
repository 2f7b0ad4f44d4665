import type { InstrumentId } from '../../domain/ids.ts';
import { invariant } from '../../domain/result.ts';
import { decodeText, encodeText } from '../../kernel/codec.ts';
import type { Row } from '../candles/rows.ts';
import type { FactHistory, MarketFact } from './facts.ts';
import type { InstrumentSeries, SeriesKind } from './instrument-series.ts';

const VERSION = 1;

type StoredLevel = Readonly<{
  interval: string;
  rows: number;
  open: (Omit<Row, 'turnover'> & { turnover: string }) | null;
}>;
type StoredSeries = Readonly<{ id: InstrumentId; kind: SeriesKind; levels: readonly StoredLevel[] }>;
type Head = Readonly<{ version: number; at: number; facts: readonly MarketFact[]; series: readonly StoredSeries[] }>;

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
  const head: Head = { version: VERSION, at, facts: facts.all(), series };
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

/** Brings a snapshot back; what is not listed any more is passed over. Says until when the exchange had run. */
export function decodeMarketSnapshot(stored: Uint8Array, all: Series, facts: FactHistory): number {
  const bytes = new Uint8Array(stored); // aligned, whatever it was cut out of
  const length = new DataView(bytes.buffer).getUint32(0);
  const head = decodeText(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Head;
  invariant(head.version === VERSION, `snapshot of the market in version ${head.version}, not ${VERSION}`);
  for (const fact of head.facts) facts.take(fact);
  let at = 8 + length + ((8 - (length % 8)) % 8);
  for (const { id, kind, levels } of head.series) {
    const there = all.get(id)?.series.get(kind)?.levels() ?? [];
    for (const { interval, rows, open } of levels) {
      const level = there.find((one) => one.interval === interval);
      at += level === undefined ? columnBytes(rows, kind) : level.rows.load(bytes.buffer, at, rows);
      if (level !== undefined && open !== null) level.open = { ...open, turnover: BigInt(open.turnover) };
    }
  }
  return head.at;
}

const columnBytes = (rows: number, kind: SeriesKind): number => rows * (kind === 'last' ? 7 : 6) * 8;
