import type { Timer } from '../../../ports/clock.ts';
import type { PublicEvent } from '../../../ports/exchange.ts';
import { bookMessage } from '../wire/book.ts';
import { Audience, type Member } from './audience.ts';
import { BookState } from './book-state.ts';
import { Pacer } from './pacer.ts';
import type { PublicStream, StreamOf, StreamParts } from './stream.ts';

const REPEAT_AFTER_MS = 3_000;

/**
 * `orderbook.1.{symbol}`: snapshots only. After three seconds without a change the last one is sent again with the
 * same `u`, so that a client can tell a quiet market from a dead link.
 */
export class TopStream implements PublicStream {
  readonly #parts: StreamParts;
  readonly #topic: string;
  readonly #audience: Audience;
  readonly #pacer: Pacer;
  readonly #state: BookState;
  #isBehind = false;
  #repeat: Timer | null = null;

  constructor(parts: StreamParts, of: StreamOf, intervalMs: number) {
    this.#parts = parts;
    this.#topic = of.topic;
    this.#audience = new Audience({ uid: null, topic: of.topic, category: of.instrument.category }, parts.gate);
    this.#pacer = new Pacer(parts.clock, intervalMs, () => this.#publish());
    this.#state = new BookState(parts.exchange, of.instrument, 1);
  }

  join(member: Member): void {
    this.#publish();
    this.#audience.add(member);
    this.#audience.greet(member, this.#snapshot());
    if (this.#repeat === null) this.#repeatLater();
  }

  leave(member: Member): void {
    this.#audience.remove(member);
    if (this.#audience.size === 0) this.close();
  }

  on(event: PublicEvent): void {
    if (event.type !== 'book') return;
    this.#isBehind = true;
    if (this.#audience.size > 0) this.#pacer.request();
  }

  restart(): void {
    this.#state.restart();
    this.#audience.send(this.#snapshot());
  }

  close(): void {
    this.#pacer.stop();
    this.#repeat?.cancel();
    this.#repeat = null;
  }

  #publish(): void {
    if (!this.#isBehind) return;
    this.#isBehind = false;
    if (this.#state.advance().type === 'same' || this.#audience.size === 0) return;
    this.#audience.send(this.#snapshot());
    this.#repeatLater();
  }

  #repeatLater(): void {
    this.#repeat?.cancel();
    this.#repeat = this.#parts.clock.after(REPEAT_AFTER_MS, () => {
      this.#audience.send(this.#snapshot());
      this.#repeatLater();
    });
  }

  #snapshot(): string {
    const { instrument, rows, stamp } = this.#state.published;
    return bookMessage(this.#topic, 'snapshot', instrument, rows, stamp, this.#parts.exchange.now());
  }
}
