import { invariant } from '../../../domain/result.ts';
import type { Exchange, ExchangeInstrument } from '../../../ports/exchange.ts';
import type { BookRows, BookStamp } from '../wire/book.ts';
import { bookDifference } from './book-difference.ts';

/** A published book: what a client has that followed its stream up to message `stamp.update`. */
export type PublishedBook = Readonly<{ instrument: ExchangeInstrument; rows: BookRows; stamp: BookStamp }>;

/** `restarted`: begin again with a snapshot, nothing that was published before counts. */
export type BookStep = Readonly<{ type: 'same' } | { type: 'changed'; delta: BookRows } | { type: 'restarted' }>;

const SAME: BookStep = { type: 'same' };
const RESTARTED: BookStep = { type: 'restarted' };

/**
 * The best `depth` levels of an instrument as they were published last. Each step that changes them is one message
 * and counts one update, without gaps.
 */
export class BookState {
  readonly #exchange: Exchange;
  readonly #depth: number;
  #published: PublishedBook;

  constructor(exchange: Exchange, instrument: ExchangeInstrument, depth: number) {
    this.#exchange = exchange;
    this.#depth = depth;
    this.#published = this.#read(instrument, 1);
  }

  get published(): PublishedBook {
    return this.#published;
  }

  /** Takes the engine's book as it is now. */
  advance(): BookStep {
    const before = this.#published;
    const instrument = this.#exchange.instrument(before.instrument.id);
    invariant(instrument !== null, 'an instrument with a book stream is not listed any more');
    if (!hasSameUnits(instrument, before.instrument)) return this.restart();
    const after = this.#read(instrument, before.stamp.update + 1);
    const delta = bookDifference(before.rows, after.rows);
    if (delta === null) return SAME;
    this.#published = after;
    return { type: 'changed', delta };
  }

  /** Counts from one again, as Bybit does after a restart of its service or a change of tick or lot size. */
  restart(): BookStep {
    const { id } = this.#published.instrument;
    this.#published = this.#read(this.#exchange.instrument(id) ?? this.#published.instrument, 1);
    return RESTARTED;
  }

  #read(instrument: ExchangeInstrument, update: number): PublishedBook {
    const book = this.#exchange.book(instrument.id, this.#depth);
    return { instrument, rows: book, stamp: { update, seq: book.seq, at: book.at } };
  }
}

const hasSameUnits = (a: ExchangeInstrument, b: ExchangeInstrument): boolean =>
  a === b || (a.listing.tick === b.listing.tick && a.listing.step === b.listing.step);
