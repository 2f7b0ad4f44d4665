import { autocorrelation, mean, quantile, returnsOf, slope, tailExponent, variance, variation } from './estimators.ts';

/** A side of a book, best first: price and quantity in any unit. */
export type Side = readonly (readonly [price: number, qty: number])[];

/** A book at one moment. */
export type Snapshot = Readonly<{ bids: Side; asks: Side }>;

/** All that one order took at once. */
export type Taken = Readonly<{ atMs: number; qty: number }>;

/** What was seen of one symbol: its book at equal distances in time, and what was taken meanwhile. */
export type Observation = Readonly<{ everyMs: number; books: readonly Snapshot[]; taken: readonly Taken[] }>;

export type Profile = Readonly<{
  /** As fractions of the mid price. */
  spread: Readonly<{ median: number; p95: number }>;
  /** Exponent γ of cumulative quantity ~ (distance from mid)^γ over the first levels of a side; median over books. */
  depthSlope: number;
  /** Quantity of the best levels: median. */
  touch: number;
  /** Exponent of the tail of what one order takes. */
  sizeTail: number;
  /** Between two orders that take. */
  arrival: Readonly<{ meanMs: number; variation: number }>;
  /** Standard deviation of the mid price's way in a day, as a fraction. */
  dailyVolatility: number;
  /** Correlation of the size of one move with that of the next. */
  clustering: number;
}>;

const DAY_MS = 86_400_000;
/** Levels of a side over which the slope of the depth is measured. */
export const SLOPE_LEVELS = 20;
/** Part of all sizes that counts as their tail. */
export const TAIL_PART = 0.1;

export function profileOf({ everyMs, books, taken }: Observation): Profile {
  const mids = books.map(midOf);
  const spreads = books.map((book, i) => (touch(book.asks)[0] - touch(book.bids)[0]) / (mids[i] as number));
  const moves = returnsOf(mids);
  const pauses = taken.slice(1).map((one, i) => one.atMs - (taken[i] as Taken).atMs);
  return {
    spread: { median: quantile(spreads, 0.5), p95: quantile(spreads, 0.95) },
    depthSlope: quantile(books.flatMap(slopesOf), 0.5),
    touch: quantile(
      books.flatMap(({ bids, asks }) => [touch(bids)[1], touch(asks)[1]]),
      0.5,
    ),
    sizeTail: tailExponent(
      taken.map((one) => one.qty),
      TAIL_PART,
    ),
    arrival: { meanMs: mean(pauses), variation: variation(pauses) },
    dailyVolatility: Math.sqrt(variance(moves) * (DAY_MS / everyMs)),
    clustering: autocorrelation(moves.map(Math.abs), 1),
  };
}

const touch = (side: Side): readonly [number, number] => side[0] ?? [Number.NaN, Number.NaN];
export const midOf = ({ bids, asks }: Snapshot): number => (touch(bids)[0] + touch(asks)[0]) / 2;

/** Of both sides. */
export const slopesOf = (book: Snapshot): readonly number[] =>
  [book.bids, book.asks].map((side) => slope(depthOf(side, midOf(book)).slice(0, SLOPE_LEVELS).map(logs)));

const logs = ([x, y]: readonly [number, number]): readonly [number, number] => [Math.log(x), Math.log(y)];

/** Distance from the mid price, and all that lies within it. */
export function depthOf(side: Side, mid: number): readonly (readonly [distance: number, within: number])[] {
  let within = 0;
  return side.map(([price, qty]) => [Math.abs(price - mid), (within += qty)]);
}
