import type { PublicEvent } from '../../../ports/exchange.ts';
import { bookMessage } from '../wire/book.ts';
import { Audience, type Member } from './audience.ts';
import { BookState, type PublishedBook } from './book-state.ts';
import { Pacer } from './pacer.ts';
import type { PublicStream, StreamOf, StreamParts } from './stream.ts';

/**
 * `orderbook.{50|200|1000}.{symbol}`: a snapshot, then deltas at most every `intervalMs`. A delta carries every level
 * that entered or left the window, so that the client's book is the engine's best `depth` levels after each.
 */
export class BookStream implements PublicStream {
  readonly #parts: StreamParts;
  readonly #topic: string;
  readonly #audience: Audience;
  readonly #pacer: Pacer;
  readonly #state: BookState;
  /** Whether the engine's book changed since the state was taken. */
  #isBehind = false;

  constructor(parts: StreamParts, of: StreamOf, depth: number, intervalMs: number) {
    this.#parts = parts;
    this.#topic = of.topic;
    this.#audience = new Audience({ uid: null, topic: of.topic, category: of.instrument.category }, parts.gate);
    this.#pacer = new Pacer(parts.clock, intervalMs, () => this.#publish());
    this.#state = new BookState(parts.exchange, of.instrument, depth);
  }

  join(member: Member): void {
    if (this.#audience.size === 0) this.#publish();
    this.#audience.add(member);
    member.send(this.#snapshot());
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
    return bookMessage(this.#topic, type, instrument, rows, stamp, this.#parts.exchange.now());
  }
}
