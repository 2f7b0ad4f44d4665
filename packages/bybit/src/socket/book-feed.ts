import type { BookChange, BookOptions } from '../book.ts';
import { LocalBook } from '../book.ts';
import type { Observe } from '../events.ts';
import type { Clock, Timer } from '../ports.ts';
import type { Json } from './control.ts';
import type { Feed } from './feed.ts';

/**
 * Told after every message. `snapshot` and `delta`: the book is valid. Any other word: it is not, and a new snapshot
 * was asked for; `link_lost`: the connection went down.
 */
export type BookListener = (change: Exclude<BookChange, 'ignored'> | 'link_lost', book: LocalBook) => void;

/** First repair at once, then less and less often: a book that keeps breaking must not become a storm. */
const FIRST_REPAIR_MS = 500;
const REPAIR_CAP_MS = 30_000;
/** A book that held for so long begins again with a repair at once. */
const CALM_MS = 60_000;

export type BookFeedConfig = Readonly<{
  topic: string;
  link: string;
  clock: Clock;
  observe: Observe;
  options: BookOptions;
  /** Unsubscribes and subscribes again. */
  again: () => void;
  /** First proof that the topic is alive. */
  alive: () => void;
}>;

/** Keeps one book from its topic, and repairs it after a gap by asking for a new snapshot. */
export class BookFeed implements Feed<BookListener> {
  readonly book: LocalBook;
  readonly listeners = new Set<BookListener>();
  readonly #config: BookFeedConfig;
  #repairs = 0;
  #repairedAt = Number.NEGATIVE_INFINITY;
  #timer: Timer | null = null;

  constructor(config: BookFeedConfig) {
    this.#config = config;
    this.book = new LocalBook(config.options);
  }

  text(message: string): void {
    this.#applied(this.book.applyText(message, this.#config.clock.now()));
  }

  push(json: Json): void {
    this.#applied(this.book.applyJson(json, this.#config.clock.now()));
  }

  down(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (!this.book.valid) return;
    this.book.invalidate();
    this.#tell('link_lost');
  }

  /** The topic was given up. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #applied(change: BookChange): void {
    if (change === 'ignored') return;
    if (change === 'snapshot') {
      // The snapshot that was asked for, or one of the venue's own accord: either ends the repair.
      this.#timer?.cancel();
      this.#timer = null;
      this.#config.alive();
    } else if (change !== 'delta') {
      const { link, topic, observe } = this.#config;
      observe({ type: 'book_invalid', link, topic, reason: change });
      this.#repair();
    }
    this.#tell(change);
  }

  #repair(): void {
    if (this.#timer !== null) return;
    const now = this.#config.clock.monotonic();
    if (now - this.#repairedAt > CALM_MS) this.#repairs = 0;
    const pause = this.#repairs === 0 ? 0 : Math.min(REPAIR_CAP_MS, FIRST_REPAIR_MS * 2 ** (this.#repairs - 1));
    const wait = Math.max(0, this.#repairedAt + pause - now);
    this.#repairs++;
    if (wait === 0) {
      this.#askAgain();
      return;
    }
    this.#timer = this.#config.clock.after(wait, () => {
      this.#timer = null;
      this.#askAgain();
    });
  }

  #askAgain(): void {
    this.#repairedAt = this.#config.clock.monotonic();
    this.#config.again();
  }

  #tell(change: Exclude<BookChange, 'ignored'> | 'link_lost'): void {
    for (const listener of this.listeners) listener(change, this.book);
  }
}
