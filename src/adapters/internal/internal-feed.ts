import { INTERNAL_VENUE, type InstrumentId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { BookView, MarketEvent, MarketFeed, MarketTrade } from '../../ports/market.ts';
import type { InternalBook } from './internal-book.ts';

/** Market data of the internal books: read from the engines themselves, so never stale and never in doubt. */
export class InternalFeed implements MarketFeed {
  readonly venue = INTERNAL_VENUE;
  readonly #books: ReadonlyMap<InstrumentId, InternalBook>;
  readonly #clock: Clock;
  readonly #listeners: ((event: MarketEvent) => void)[] = [];

  constructor(books: ReadonlyMap<InstrumentId, InternalBook>, clock: Clock) {
    this.#books = books;
    this.#clock = clock;
  }

  watch(_instrument: InstrumentId): void {
    // Every book is kept anyway.
  }

  book(instrument: InstrumentId, depth: number): BookView | null {
    const book = this.#books.get(instrument);
    if (book === undefined) return null;
    const now = this.#clock.now();
    return {
      venue: INTERNAL_VENUE,
      instrument,
      ...book.depth(depth),
      valid: true,
      seq: book.version.seq,
      at: now,
      receivedAt: now,
      tick: book.listing.tick,
      step: book.listing.step,
    };
  }

  lastTrade(instrument: InstrumentId): MarketTrade | null {
    return this.#books.get(instrument)?.lastTrade ?? null;
  }

  mark(_instrument: InstrumentId): null {
    return null;
  }

  onEvent(listener: (event: MarketEvent) => void): void {
    this.#listeners.push(listener);
  }

  publish(event: MarketEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
