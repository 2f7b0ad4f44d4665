import type { InstrumentId, Money } from '../../domain/ids.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import { type Rng, uniform } from '../../ports/rng.ts';
import type { Core } from '../core.ts';
import type { Market } from '../tape/market.ts';
import { MarketMaker } from './maker.ts';
import type { References } from './references.ts';

/** Time between two looks at one symbol; a look costs some tens of microseconds. */
const EVERY_MS = 400;

/** The market makers of all symbols that are not replayed, on the exchange's clock. */
export class Agents {
  readonly references: References;
  readonly #core: Core;
  readonly #clock: Clock;
  readonly #rng: Rng;
  readonly #makers: readonly MarketMaker[];
  readonly #timers = new Map<MarketMaker, Timer>();
  readonly #silent = new Set<MarketMaker>();
  #lastStep: number;
  #running = false;

  constructor(core: Core, clock: Clock, rng: Rng, references: References, markets: readonly Market[]) {
    this.#core = core;
    this.#clock = clock;
    this.#rng = rng;
    this.references = references;
    this.#lastStep = clock.now();
    this.#makers = markets.flatMap((market) => {
      const { market: terms } = market.instrument;
      return terms === null ? [] : [new MarketMaker(market, terms, rng)];
    });
  }

  /** Quotes everything at once, then keeps at it. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#lastStep = this.#clock.now();
    for (const maker of this.#makers) {
      this.#tick(maker);
      this.#schedule(maker);
    }
  }

  /** The quotes stay; nobody looks after them. */
  stop(): void {
    this.#running = false;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  /** The books were emptied: everything is quoted anew. */
  restart(): void {
    for (const maker of this.#makers) maker.forget();
    if (!this.#running) return;
    for (const maker of this.#makers) this.#tick(maker);
  }

  /** Moves the coin of a symbol to a price and lets its makers follow at once; false when they do not know it. */
  move(market: Market, price: Money): boolean {
    if (!this.references.set(market.instrument.base, price)) return false;
    for (const maker of this.#makers) this.#tick(maker);
    return true;
  }

  /** Takes the orders of a symbol back and keeps away, or quotes it again; false when nobody quotes it. */
  setQuoting(id: InstrumentId, quoting: boolean): boolean {
    const maker = this.#makers.find((one) => one.market.id === id);
    if (maker === undefined) return false;
    if (quoting) this.#silent.delete(maker);
    else {
      this.#silent.add(maker);
      this.#core.act(() => maker.withdraw(), [id]);
    }
    if (quoting && this.#running) this.#tick(maker);
    return true;
  }

  quotes(id: InstrumentId): boolean {
    return this.#makers.some((maker) => maker.market.id === id);
  }

  #schedule(maker: MarketMaker): void {
    const delay = EVERY_MS * (0.75 + uniform(this.#rng) / 2);
    this.#timers.set(
      maker,
      this.#clock.after(delay, () => {
        if (!this.#running) return;
        this.#tick(maker);
        this.#schedule(maker);
      }),
    );
  }

  #tick(maker: MarketMaker): void {
    const now = this.#clock.now();
    this.references.step(Math.max(0, now - this.#lastStep));
    this.#lastStep = now;
    const { market } = maker;
    const reference = this.references.price(market.instrument);
    if (reference === null || market.status !== 'trading' || this.#silent.has(maker)) return;
    this.#core.act((decision) => maker.tick(decision, reference), [market.id]);
  }
}
