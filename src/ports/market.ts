import type { InstrumentId, Lots, Money, Side, Ticks, UnixMs, VenueId } from '../domain/ids.ts';
import type { Listing } from '../domain/instrument.ts';

/** One price level in the venue's own ticks and steps. */
export type Level = Readonly<{ price: Ticks; qty: Lots }>;

/** A venue's book as it was at one instant. Bids fall, asks rise; never crossed while `valid`. */
export type BookView = Readonly<{
  venue: VenueId;
  instrument: InstrumentId;
  bids: readonly Level[];
  asks: readonly Level[];
  /** False while a gap is being repaired or the feed is stale: nothing may be decided on it. */
  valid: boolean;
  /** The venue's own sequence of this state. */
  seq: number;
  /** When the matching engine of the venue made it. */
  at: UnixMs;
  /** When it reached us. */
  receivedAt: UnixMs;
  /** What its levels count in, where the venue may change that; left out, they count in the listing of ever. */
  tick?: Money;
  step?: Money;
}>;

/** Whether a book counts in the very tick and step of a listing. If not, its counts mean other prices: never priced. */
export const countsIn = ({ tick, step }: BookView, listing: Listing): boolean =>
  (tick === undefined || tick === listing.tick) && (step === undefined || step === listing.step);

export type MarketTrade = Readonly<{
  venue: VenueId;
  instrument: InstrumentId;
  tradeId: string;
  price: Money;
  qty: Money;
  /** Side of the taker. */
  aggressor: Side;
  at: UnixMs;
}>;

export type MarketEvent = Readonly<
  | { type: 'book'; instrument: InstrumentId; venue: VenueId }
  | { type: 'trade'; trade: MarketTrade }
  | { type: 'mark'; instrument: InstrumentId; venue: VenueId; mark: Money; index: Money | null; at: UnixMs }
>;

/** Market data of one venue. */
export interface MarketFeed {
  readonly venue: VenueId;
  /** Starts keeping the book of an instrument; idempotent. */
  watch(instrument: InstrumentId): void;
  /** At most `depth` levels a side; null when nothing is known yet. */
  book(instrument: InstrumentId, depth: number): BookView | null;
  lastTrade(instrument: InstrumentId): MarketTrade | null;
  /** Mark price of a derivative; null where there is none. */
  mark(instrument: InstrumentId): Readonly<{ price: Money; at: UnixMs }> | null;
  onEvent(listener: (event: MarketEvent) => void): void;
}
