import { invariant } from '../domain/result.ts';
import type { InstrumentId, UnixMs } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { PrivateEvent, PublicTrade, SpreadPrivateEvent, SpreadTrade } from '../ports/exchange.ts';
import { type Journal, JournalClosed } from '../ports/journal.ts';
import type { BookChange, SpreadBookChange } from './desk/decision.ts';
import type { MarketFact } from './market-data/facts.ts';
import type { SpreadMarket } from './spread/spread-market.ts';
import type { Change } from './state/changes.ts';
import type { Market } from './tape/market.ts';

/** Everything that a decision lets out, once it is durable. */
export type Release = Readonly<{
  at: UnixMs;
  changes: readonly Change[];
  privates: readonly PrivateEvent[];
  trades: readonly PublicTrade[];
  books: readonly BookChange[];
  facts: readonly MarketFact[];
  spreads: SpreadRelease;
  /** Instruments whose prices moved without a trade or a change of the book. */
  tickers: readonly InstrumentId[];
  /** Instruments whose book begins again, because their tick or step is another one. */
  relisted: readonly Market[];
  /** Everything before it is forgotten. */
  reset: boolean;
  /** Nobody is told of it. */
  quiet: boolean;
}>;

/** What a decision did to the market of combos. */
export type SpreadRelease = Readonly<{
  trades: readonly SpreadTrade[];
  books: readonly SpreadBookChange[];
  gone: readonly string[];
  /** Every combo that is listed now. */
  listed: readonly SpreadMarket[];
  privates: readonly SpreadPrivateEvent[];
}>;

type Waiting = { readonly release: Release; readonly answer: () => void; readonly fail: (error: Error) => void };

/**
 * Nothing leaves before it is durable. Answers go first: the events of the same decision are published in the next
 * turn of the event loop, so that a client has its acknowledgement before it hears of the order.
 */
export class Outbox {
  readonly #journal: Journal | null;
  readonly #clock: Clock;
  readonly #onRelease: (release: Release) => void;
  readonly #onPublish: (release: Release) => void;
  readonly #waiting = new Set<Waiting>();
  #unpublished: Release[] = [];
  #failure: Error | null = null;

  /** `clock` is the event loop's own, also where the exchange's time is stepped by hand. */
  constructor(
    journal: Journal | null,
    clock: Clock,
    onRelease: (release: Release) => void,
    onPublish: (release: Release) => void,
  ) {
    this.#journal = journal;
    this.#clock = clock;
    this.#onRelease = onRelease;
    this.#onPublish = onPublish;
    journal?.onFailure((error) => this.#failAll(error));
  }

  /** Releases that are decided and not yet durable, oldest first. */
  waiting(): readonly Release[] {
    return [...this.#waiting].map((one) => one.release);
  }

  get failed(): boolean {
    return this.#failure !== null;
  }

  /** Resolves when the release is durable; rejects when it can no longer become so: then nobody knows. */
  push(release: Release): Promise<void> {
    return new Promise((resolve, reject) => {
      const one: Waiting = { release, answer: resolve, fail: reject };
      if (this.#failure !== null) return reject(this.#failure);
      this.#waiting.add(one);
      if (this.#journal === null) this.#let(one);
      else this.#journal.whenDurable(() => this.#let(one));
    });
  }

  #let(one: Waiting): void {
    invariant(this.#waiting.delete(one), 'a decision is released once');
    this.#onRelease(one.release);
    one.answer();
    this.#unpublished.push(one.release);
    if (this.#unpublished.length === 1) this.#clock.after(0, () => this.#publish());
  }

  #publish(): void {
    const releases = this.#unpublished;
    this.#unpublished = [];
    for (const release of releases) this.#onPublish(release);
  }

  #failAll(error: Error): void {
    this.#failure = new JournalClosed(`the journal failed: ${error.message}`);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const one of waiting) one.fail(this.#failure);
  }
}
