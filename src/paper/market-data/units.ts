import { divide, minimum, money } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import type { Row } from '../candles/rows.ts';
import type { PaperInstrument } from '../config/listings.ts';
import { SERIES_KINDS, type SeriesKind } from './kinds.ts';

/** What the whole numbers of an instrument's series count. They change with its tick and step. */
export type Units = Readonly<{
  /** By kind, in the order of `SERIES_KINDS`. */
  values: readonly Money[];
  qty: Money;
  turnover: Money;
}>;

const FINE = money('0.00000001');
const RATIO = money('0.0001');

/** Turnover is exact where it is price × quantity; else it is counted in parts of 10^-8. */
export function unitsOf({ category, listing }: PaperInstrument): Units {
  const price = minimum(listing.tick, FINE);
  const byKind: Readonly<Record<SeriesKind, Money>> = {
    last: listing.tick,
    mark: price,
    index: price,
    premium: FINE,
    interest: listing.step,
    ratio: RATIO,
  };
  const isProduct = category === 'spot' || category === 'linear';
  return {
    values: SERIES_KINDS.map((kind) => byKind[kind]),
    qty: listing.step,
    turnover: isProduct ? listing.tickValue : FINE,
  };
}

export const valueUnit = (units: Units, kind: SeriesKind): Money => units.values[SERIES_KINDS.indexOf(kind)] as Money;

export const isSame = (a: Units, b: Units): boolean =>
  a.qty === b.qty && a.turnover === b.turnover && a.values.every((unit, index) => unit === b.values[index]);

/** The same candle, counted otherwise; half-even where it does not fit. */
export function recounted(row: Row, kind: SeriesKind, from: Units, to: Units): Row {
  if (isSame(from, to)) return row;
  const [old, now] = [valueUnit(from, kind), valueUnit(to, kind)];
  const value = (count: number): number => Number(divide(BigInt(count) * old, now, 'half_even'));
  return {
    start: row.start,
    open: value(row.open),
    high: value(row.high),
    low: value(row.low),
    close: value(row.close),
    volume: Number(divide(BigInt(row.volume) * from.qty, to.qty, 'half_even')),
    turnover: divide(row.turnover * from.turnover, to.turnover, 'half_even'),
  };
}
