import { divide, money, ONE } from '../domain/decimal.ts';
import { type Instrument, priceOf } from '../domain/instrument.ts';
import {
  INTERNAL_VENUE,
  type InstrumentId,
  type Lots,
  type Money,
  type Ticks,
  type UnixMs,
  type VenueId,
} from '../domain/ids.ts';
import { type BookView, countsIn, type Level } from '../ports/market.ts';

/** What one venue contributes. `feeRate`: everything a taker pays there, as a fraction of notional. */
export type BookSource = Readonly<{
  venue: VenueId;
  book: BookView | null;
  feeRate: Money;
  /** Older than this it is left out; null: it cannot go stale (a book inside this process). */
  maxAgeMs: number | null;
}>;

/** A level on the instrument's common grid, with its venue, and its price after the taker's fees. */
export type ConsolidatedLevel = Readonly<{ venue: VenueId; price: Ticks; qty: Lots; allIn: Money }>;

export type SourceStatus = 'live' | 'not_listed' | 'no_book' | 'invalid' | 'stale';
export type SourceView = Readonly<{
  venue: VenueId;
  status: SourceStatus;
  seq: number | null;
  at: UnixMs | null;
  ageMs: number | null;
}>;

/**
 * The books of several venues as one. Each venue's book is uncrossed; together they may cross (a bid here above an ask
 * there), which is real and shown, not repaired: `spread` is then below zero.
 */
export type ConsolidatedBook = Readonly<{
  instrument: InstrumentId;
  bids: readonly ConsolidatedLevel[];
  asks: readonly ConsolidatedLevel[];
  /** Best bid and ask over all venues, before fees; null where no venue has one. */
  bestBid: Money | null;
  bestAsk: Money | null;
  mid: Money | null;
  spread: Money | null;
  crossed: boolean;
  /** Every source, and why it is or is not in the book. */
  sources: readonly SourceView[];
}>;

export type ConsolidateOptions = Readonly<{
  now: UnixMs;
  /** Levels a side. */
  depth: number;
  /** Sort by the price as quoted, or by what it costs after fees. */
  order: 'raw' | 'all_in';
}>;

/** Merges the books that can be trusted now. Equal prices: the internal venue first, then in the order of `sources`. */
export function consolidate(
  instrument: Instrument,
  sources: readonly BookSource[],
  options: ConsolidateOptions,
): ConsolidatedBook {
  const views = sources.map((source) => viewSource(instrument, source, options.now));
  const live = sources
    .filter((_, at) => views[at]?.status === 'live')
    .sort((a, b) => Number(b.venue === INTERNAL_VENUE) - Number(a.venue === INTERNAL_VENUE));
  const bids = merge(instrument, live, 'bids', options);
  const asks = merge(instrument, live, 'asks', options);
  const bestBid = best(instrument, live, 'bids');
  const bestAsk = best(instrument, live, 'asks');
  const spread = bestBid === null || bestAsk === null ? null : ((bestAsk - bestBid) as Money);
  return {
    instrument: instrument.id,
    bids,
    asks,
    bestBid,
    bestAsk,
    mid: midOf(bestBid, bestAsk),
    spread,
    crossed: spread !== null && spread < 0n,
    sources: views,
  };
}

/** Venues whose best prices cross by more than this fraction do not trade at one price: one of them is off the market. */
const CROSSED_TOO_FAR = money('0.002');

/**
 * Mid of the best prices over all venues that can be trusted now; null where a side is empty. Where they cross too far,
 * one order could drag it anywhere: then it is the mid of the outside venue with the narrowest spread, because in the
 * internal book any client can put two orders as close together as they like; null where no outside venue has both sides.
 */
export function consolidatedMid(instrument: Instrument, sources: readonly BookSource[], now: UnixMs): Money | null {
  const live = sources.filter((source) => viewSource(instrument, source, now).status === 'live');
  const bid = best(instrument, live, 'bids');
  const ask = best(instrument, live, 'asks');
  const mid = midOf(bid, ask);
  if (mid === null || bid === null || ask === null) return null;
  if ((bid - ask) * ONE <= mid * CROSSED_TOO_FAR) return mid;
  return outsideMid(instrument, live);
}

function outsideMid(instrument: Instrument, live: readonly BookSource[]): Money | null {
  let narrowest: Readonly<{ spread: bigint; mid: Money | null }> | null = null;
  for (const source of live.filter(({ venue }) => venue !== INTERNAL_VENUE)) {
    const bid = best(instrument, [source], 'bids');
    const ask = best(instrument, [source], 'asks');
    if (bid === null || ask === null) continue;
    if (narrowest === null || ask - bid < narrowest.spread) narrowest = { spread: ask - bid, mid: midOf(bid, ask) };
  }
  return narrowest?.mid ?? null;
}

/** Exact, unless the sum of the two is an odd count of 10^-18: then half of that is dropped. */
const midOf = (bid: Money | null, ask: Money | null): Money | null =>
  bid === null || ask === null ? null : (divide(bid + ask, 2n, 'down') as Money);

/** Whether a source may be used at `now`, and why not. A clock that stepped back makes no book younger than zero. */
export function viewSource(instrument: Instrument, { venue, book, maxAgeMs }: BookSource, now: UnixMs): SourceView {
  const nothing = { venue, seq: null, at: null, ageMs: null };
  const listing = instrument.listings.get(venue);
  if (listing === undefined) return { ...nothing, status: 'not_listed' };
  if (book === null) return { ...nothing, status: 'no_book' };
  const ageMs = Math.max(0, now - book.receivedAt);
  const isValid = book.valid && countsIn(book, listing);
  const status = !isValid ? 'invalid' : maxAgeMs !== null && ageMs > maxAgeMs ? 'stale' : 'live';
  return { venue, status, seq: book.seq, at: book.at, ageMs };
}

type BookSide = 'bids' | 'asks';

/** One side of a venue's book on the common grid, read from the front. */
type Cursor = {
  readonly source: BookSource;
  readonly levels: readonly Level[];
  readonly tick: number;
  readonly step: number;
  next: number;
};

function cursors(instrument: Instrument, live: readonly BookSource[], side: BookSide): Cursor[] {
  return live.flatMap((source) => {
    const listing = instrument.listings.get(source.venue);
    if (listing === undefined || source.book === null) return [];
    const tick = Number(listing.tick / instrument.grid.tick);
    const step = Number(listing.step / instrument.grid.step);
    return [{ source, levels: source.book[side], tick, step, next: 0 }];
  });
}

function best(instrument: Instrument, live: readonly BookSource[], side: BookSide): Money | null {
  let found: number | null = null;
  for (const { levels, tick } of cursors(instrument, live, side)) {
    const [touch] = levels;
    if (touch === undefined) continue;
    const price = touch.price * tick;
    if (found === null || (side === 'asks' ? price < found : price > found)) found = price;
  }
  return found === null ? null : priceOf(instrument.grid, found as Ticks);
}

/** Merges sorted sides: fees are one rate per venue, so each stays sorted after fees too. */
function merge(
  instrument: Instrument,
  live: readonly BookSource[],
  side: BookSide,
  { depth, order }: ConsolidateOptions,
): readonly ConsolidatedLevel[] {
  const open = cursors(instrument, live, side);
  const heads = open.map((cursor) => head(instrument, cursor, side));
  const merged: ConsolidatedLevel[] = [];
  while (merged.length < depth) {
    let first = -1;
    for (const [at, level] of heads.entries()) {
      if (level !== null && (first < 0 || precedes(level, heads[first] as ConsolidatedLevel, side, order))) first = at;
    }
    if (first < 0) break;
    merged.push(heads[first] as ConsolidatedLevel);
    heads[first] = head(instrument, open[first] as Cursor, side);
  }
  return merged;
}

function precedes(a: ConsolidatedLevel, b: ConsolidatedLevel, side: BookSide, order: 'raw' | 'all_in'): boolean {
  const [better, worse] = side === 'asks' ? [a, b] : [b, a];
  if (order === 'all_in' && a.allIn !== b.allIn) return better.allIn < worse.allIn;
  return better.price < worse.price;
}

/** The cursor's next level, and one step on; null at the end. */
function head(instrument: Instrument, cursor: Cursor, side: BookSide): ConsolidatedLevel | null {
  const level = cursor.levels[cursor.next];
  if (level === undefined) return null;
  cursor.next += 1;
  const price = (level.price * cursor.tick) as Ticks;
  const { venue, feeRate } = cursor.source;
  const allIn = afterFees(instrument, priceOf(instrument.grid, price), feeRate, side);
  return { venue, price, qty: (level.qty * cursor.step) as Lots, allIn };
}

/**
 * Price after fees, rounded against the taker. An inverse contract's fee is taken in the coin that it settles in: the
 * price that would have given the same coin without a fee.
 */
function afterFees(instrument: Instrument, price: Money, rate: Money, side: BookSide): Money {
  const [sign, rounding] = side === 'asks' ? ([1n, 'up'] as const) : ([-1n, 'down'] as const);
  return instrument.category === 'inverse'
    ? (divide(price * ONE, ONE - sign * rate, rounding) as Money)
    : (divide(price * (ONE + sign * rate), ONE, rounding) as Money);
}
