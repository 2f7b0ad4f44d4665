import type { BookLevel, BookSubscription, Bybit, PublicStream, StreamTicker, StreamTrade } from '@okd/bybit';
import type { InstrumentId, Lots, Money, Ticks, UnixMs } from '../../domain/ids.ts';
import type { Listing } from '../../domain/instrument.ts';
import type { Clock } from '../../ports/clock.ts';
import type { BookView, Level, MarketEvent, MarketFeed, MarketTrade } from '../../ports/market.ts';
import { formatDecimal } from '../../domain/decimal.ts';
import type { Listings } from './listings.ts';
import { amount, BYBIT, idOf, sideOf, type Traded, tradedOf } from './words.ts';

/** Depth that is kept: enough for a decision's 200 levels, pushed every 100 ms. */
const DEPTH = 200;
/** The touch topic repeats its snapshot every 3 s even when nothing changes: proof that the deep book is not frozen. */
const TOUCH = 1;
/** How long touch and deep book may differ (their pushes are 10 and 100 ms apart) before the deep one counts as frozen. */
const FROZEN_AFTER_MS = 2_000;

type Watched = {
  /** What the two books count in. */
  listing: Listing;
  deep: BookSubscription;
  touch: BookSubscription;
  /** Since when the touch disagrees with the deep book; null while they agree. */
  apartSince: number | null;
  lastTrade: MarketTrade | null;
  mark: { price: Money; at: UnixMs } | null;
};

/** Bybit's public market data: books, last trades, marks. Streams open with the first instrument of a category. */
export class BybitFeed implements MarketFeed {
  readonly venue = BYBIT;
  readonly #bybit: Bybit;
  readonly #listings: Listings;
  readonly #clock: Clock;
  readonly #streams = new Map<Traded, PublicStream>();
  readonly #watched = new Map<InstrumentId, Watched>();
  readonly #listeners: ((event: MarketEvent) => void)[] = [];

  constructor(bybit: Bybit, listings: Listings, clock: Clock) {
    this.#bybit = bybit;
    this.#listings = listings;
    this.#clock = clock;
  }

  onEvent(listener: (event: MarketEvent) => void): void {
    this.#listeners.push(listener);
  }

  #tell(event: MarketEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  streams(): readonly PublicStream[] {
    return [...this.#streams.values()];
  }

  watch(id: InstrumentId): void {
    const listing = this.#listings.listing(id);
    const traded = tradedOf(id);
    if (listing === null || traded === null || this.#watched.has(id)) return;
    const { category, symbol } = traded;
    const books = this.#openBooks(id, traded, listing);
    this.#watched.set(id, { ...books, apartSince: null, lastTrade: null, mark: null });
    const stream = this.#stream(category);
    stream.trades(symbol, (trades) => this.#traded(idOf(category, symbol), trades));
    if (category === 'linear') stream.ticker(symbol, (ticker, _change, ts) => this.#ticked(id, ticker, ts));
  }

  #openBooks(id: InstrumentId, { category, symbol }: { category: Traded; symbol: string }, listing: Listing) {
    const stream = this.#stream(category);
    const units = { tick: formatDecimal(listing.tick), step: formatDecimal(listing.step) };
    const deep = stream.book(symbol, { depth: DEPTH, ...units }, () => this.#changed(id));
    const touch = stream.book(symbol, { depth: TOUCH, ...units }, () => this.#changed(id));
    return { listing, deep, touch };
  }

  /**
   * The listings were read anew. A book whose instrument has another tick or step now counts in what is no more: it is
   * given up, and kept anew from its next snapshot. Until that comes there is no book.
   */
  relisted(): void {
    for (const [id, watched] of this.#watched) {
      const listing = this.#listings.listing(id);
      const traded = tradedOf(id);
      if (listing === null || traded === null) continue;
      if (listing.tick === watched.listing.tick && listing.step === watched.listing.step) continue;
      // Closed first: a further listener of the same topic would share the old book and its units.
      watched.deep.close();
      watched.touch.close();
      Object.assign(watched, this.#openBooks(id, traded, listing), { apartSince: null });
      this.#tell({ type: 'book', instrument: id, venue: BYBIT });
    }
  }

  #stream(category: Traded): PublicStream {
    const open = this.#streams.get(category) ?? this.#bybit.publicStream(category);
    this.#streams.set(category, open);
    return open;
  }

  #changed(id: InstrumentId): void {
    const watched = this.#watched.get(id);
    if (watched === undefined) return;
    const { book } = watched.deep;
    const touch = watched.touch.book;
    const agree = !touch.valid || (touch.bidPrice === book.bidPrice && touch.askPrice === book.askPrice);
    if (agree) watched.apartSince = null;
    else watched.apartSince ??= this.#clock.monotonic();
    this.#tell({ type: 'book', instrument: id, venue: BYBIT });
  }

  #traded(id: InstrumentId, trades: readonly StreamTrade[]): void {
    const watched = this.#watched.get(id);
    for (const row of trades) {
      const price = amount(row.p);
      const qty = amount(row.v);
      const aggressor = sideOf(row.S);
      if (watched === undefined || price === null || qty === null || aggressor === null) continue;
      const trade: MarketTrade = {
        venue: BYBIT,
        instrument: id,
        tradeId: row.i,
        price,
        qty,
        aggressor,
        at: row.T as UnixMs,
      };
      watched.lastTrade = trade;
      this.#tell({ type: 'trade', trade });
    }
  }

  #ticked(id: InstrumentId, ticker: StreamTicker | null, ts: number): void {
    const watched = this.#watched.get(id);
    if (watched === undefined) return;
    const mark = amount(ticker?.markPrice);
    watched.mark = mark === null ? null : { price: mark, at: ts as UnixMs };
    if (mark === null) return;
    this.#tell({
      type: 'mark',
      instrument: id,
      venue: BYBIT,
      mark,
      index: amount(ticker?.indexPrice),
      at: ts as UnixMs,
    });
  }

  book(id: InstrumentId, depth: number): BookView | null {
    const watched = this.#watched.get(id);
    if (watched === undefined) return null;
    const { listing, apartSince } = watched;
    const { book } = watched.deep;
    const touch = watched.touch.book;
    if (!book.valid && book.receivedAt === 0) return null;
    const frozen = apartSince !== null && this.#clock.monotonic() - apartSince > FROZEN_AFTER_MS;
    const sameTouch = touch.valid && apartSince === null;
    return {
      venue: BYBIT,
      instrument: id,
      bids: levels(book.bids(depth)),
      asks: levels(book.asks(depth)),
      valid: book.valid && !frozen,
      seq: book.seq,
      at: (book.cts || book.ts) as UnixMs,
      receivedAt: Math.max(book.receivedAt, sameTouch ? touch.receivedAt : 0) as UnixMs,
      tick: listing.tick,
      step: listing.step,
    };
  }

  lastTrade(id: InstrumentId): MarketTrade | null {
    return this.#watched.get(id)?.lastTrade ?? null;
  }

  mark(id: InstrumentId): Readonly<{ price: Money; at: UnixMs }> | null {
    return this.#watched.get(id)?.mark ?? null;
  }
}

/** The book counts in the listing's own tick and step: its counts are ticks and lots. */
const levels = (rows: readonly BookLevel[]): readonly Level[] =>
  rows.map(({ price, size }) => ({ price: price as Ticks, qty: size as Lots }));
