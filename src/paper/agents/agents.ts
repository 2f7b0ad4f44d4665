import type { AssetId, InstrumentId, Money } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import { uniform } from '../../ports/rng.ts';
import type { Core } from '../core.ts';
import type { Market } from '../tape/market.ts';
import { ComboMakers } from './combo-makers.ts';
import { Crowd } from './crowd.ts';
import type { References } from './references.ts';
import { Scheduler } from './scheduler.ts';
import type { Streams } from './streams.ts';
import type { PathPoint } from './walk.ts';

/** Turns begin at whole hundredths of a second: what is due at about the same time costs one wake-up. */
const SLOT_MS = 10;
/** How often the exchange is told where the indices are. */
const INDEX_EVERY_MS = 1000;

/** The agents of all symbols that are not replayed, on the exchange's clock. */
export class Agents {
  readonly references: References;
  readonly #core: Core;
  readonly #clock: Clock;
  readonly #streams: Streams;
  readonly #scheduler: Scheduler;
  readonly #crowds = new Map<InstrumentId, Crowd>();
  readonly #combos: ComboMakers;
  #running = false;

  constructor(core: Core, clock: Clock, streams: Streams, references: References, markets: readonly Market[]) {
    this.#core = core;
    this.#clock = clock;
    this.#streams = streams;
    this.#scheduler = new Scheduler(clock, SLOT_MS);
    this.references = references;
    for (const market of markets) this.#gather(market);
    this.#combos = new ComboMakers(core, streams, (id) => this.#crowds.get(id)?.isSilent === false);
  }

  /** Quotes everything at once, then keeps at it. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.references.skipTo(this.#clock.now());
    this.#quoteAll();
    this.#scheduler.add({ run: (now) => this.#tellIndices(now) }, INDEX_EVERY_MS);
    this.#scheduler.add({ run: () => this.#combos.quote() }, INDEX_EVERY_MS);
    for (const crowd of this.#crowds.values()) this.#schedule(crowd);
  }

  /** A symbol that was listed while the others trade, or whose terms were changed: new agents quote, old ones go. */
  add(market: Market): void {
    const before = this.#crowds.get(market.id);
    if (before?.instrument === market.instrument) return;
    this.references.open(market.instrument);
    this.#crowds.delete(market.id);
    this.#gather(market);
    const crowd = this.#crowds.get(market.id);
    if (crowd === undefined || !this.#running) return before?.leave();
    const now = this.#clock.now();
    this.#tellIndices(now);
    if (before === undefined) crowd.quote(now);
    else crowd.succeed(before, now);
    this.#schedule(crowd);
  }

  /** A symbol that is traded no longer: the agents take their orders back and go. */
  remove(id: InstrumentId): void {
    this.#crowds.get(id)?.leave();
    this.#crowds.delete(id);
  }

  /** The quotes stay; nobody looks after them. */
  stop(): void {
    this.#running = false;
    this.#scheduler.clear();
  }

  /** The books were emptied: everything is quoted anew. */
  restart(): void {
    for (const crowd of this.#crowds.values()) crowd.forget();
    this.#combos.forget();
    if (this.#running) this.#quoteAll();
  }

  /** Moves the coin of a symbol to a price and lets its makers follow at once; false when they do not know it. */
  move({ instrument }: Market, price: Money): boolean {
    if (this.references.index(instrument) === price && !this.references.isOnPath(instrument)) return true;
    if (!this.references.set(instrument, price)) return false;
    this.#quoteAll(instrument.base);
    return true;
  }

  /** Lets the coin of a symbol follow a path; false when they do not know it, or the path does not go forwards. */
  path(market: Market, points: readonly PathPoint[]): boolean {
    this.references.advance(this.#clock.now());
    return this.references.follow(market.instrument, points);
  }

  /** Takes the orders of a symbol back and keeps away, or quotes it again; false when nobody quotes it. */
  setQuoting(id: InstrumentId, quoting: boolean): boolean {
    const crowd = this.#crowds.get(id);
    if (crowd === undefined) return false;
    crowd.isSilent = !quoting;
    if (!quoting) crowd.withdraw();
    else if (this.#running) crowd.quote(this.#clock.now());
    return true;
  }

  quotes(id: InstrumentId): boolean {
    return this.#crowds.has(id);
  }

  #gather(market: Market): void {
    const { market: terms } = market.instrument;
    if (terms === null) return;
    const streamOf = (name: string) => this.#streams.of(name);
    const parts = { core: this.#core, references: this.references, streamOf };
    this.#crowds.set(market.id, new Crowd(parts, market, terms));
  }

  /** Of all symbols, or those that a coin has a part in. */
  #quoteAll(coin: AssetId | null = null): void {
    const now = this.#clock.now();
    this.#tellIndices(now);
    for (const crowd of this.#crowds.values()) if (coin === null || crowd.isOf(coin)) crowd.quote(now);
    this.#combos.quote();
  }

  /** First turns are spread over the time between two of them, so that not all symbols are at work at once. */
  #schedule(crowd: Crowd): void {
    const rng = this.#streams.of(`${crowd.id} start`);
    for (const agent of crowd.agents) {
      const run = (now: number): number | null => {
        if (crowd.hasLeft) return null;
        this.references.advance(now);
        crowd.turn(agent, now);
        return agent.pause();
      };
      this.#scheduler.add({ run }, agent.pause() * uniform(rng));
    }
  }

  #tellIndices(now: number): number {
    this.references.advance(now);
    const moved = [...this.#crowds.values()].filter((crowd) => crowd.tellIndex());
    if (moved.length > 0)
      this.#core.act(
        () => {},
        moved.map((crowd) => crowd.id),
      );
    return INDEX_EVERY_MS;
  }
}
