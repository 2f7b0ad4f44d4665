import type { PublicEvent } from '../../../ports/exchange.ts';
import { bookMessage, rpiBookMessage } from '../wire/book.ts';
import { Audience, type Member } from './audience.ts';
import { BookState, type PublishedBook } from './book-state.ts';
import { Pacer } from './pacer.ts';
import type { PublicStream, StreamOf, StreamParts } from './stream.ts';

/** Books of one instrument: of `usual` depth, with everything that rests, and with the quantity of RPI orders. */
export type BookKind = 'usual' | 'full' | 'rpi';
export type BookTerms = Readonly<{ depth: number; intervalMs: number; kind: BookKind }>;

/**
 * `orderbook.{depth}.{symbol}`: a snapshot, then deltas at most every `intervalMs`. A delta carries every level that
 * entered or left the window, so that the client's book is the engine's best `depth` levels after each.
 * `orderbook.full` gives no snapshot: its followers take theirs over REST.
 */
export class BookStream implements PublicStream {
  readonly #parts: StreamParts;
  readonly #topic: string;
  readonly #audience: Audience;
  readonly #pacer: Pacer;
  readonly #state: BookState;
  readonly #kind: BookKind;
  /** Whether the engine's book changed since the state was taken. */
  #isBehind = false;

  constructor(parts: StreamParts, of: StreamOf, { depth, intervalMs, kind }: BookTerms) {
    this.#parts = parts;
    this.#topic = of.topic;
    this.#kind = kind;
    this.#audience = new Audience({ uid: null, topic: of.topic, category: of.instrument.category }, parts.gate);
    this.#pacer = new Pacer(parts.clock, intervalMs, () => this.#publish());
    this.#state = new BookState(parts.exchange, of.instrument, depth);
  }

  join(member: Member): void {
    if (this.#audience.size === 0) this.#publish();
    this.#audience.add(member);
    if (this.#kind !== 'full') this.#audience.greet(member, this.#snapshot());
  }

  leave(member: Member): void {
    this.#audience.remove(member);
  }

  on(event: PublicEvent): void {
    if (event.type !== 'book') return;
    this.#isBehind = true;
    if (this.#audience.size > 0) this.#pacer.request();
  }

  /**
   * The book as it is now. Reading publishes: subscribers get the delta at once, so that a book read over REST is
   * both fresh and at an update that the stream has, too.
   */
  read(): PublishedBook {
    this.#publish();
    return this.#state.published;
  }

  /** Tells every subscriber to begin again: `u` is 1. */
  restart(): void {
    this.#state.restart();
    this.#audience.send(this.#snapshot());
  }

  close(): void {
    this.#pacer.stop();
  }

  #publish(): void {
    if (!this.#isBehind) return;
    this.#isBehind = false;
    const step = this.#state.advance();
    if (step.type === 'same' || this.#audience.size === 0) return;
    this.#audience.send(step.type === 'restarted' ? this.#snapshot() : this.#text('delta', step.delta));
  }

  #snapshot(): string {
    return this.#text('snapshot', this.#state.published.rows);
  }

  #text(type: 'snapshot' | 'delta', rows: PublishedBook['rows']): string {
    const { instrument, stamp } = this.#state.published;
    const write = this.#kind === 'rpi' ? rpiBookMessage : bookMessage;
    return write(this.#topic, type, instrument, rows, stamp, this.#parts.exchange.now());
  }
}
