import type { InstrumentId } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { SpreadMarket } from '../spread/spread-market.ts';
import { ComboMaker } from './combo-maker.ts';
import type { Streams } from './streams.ts';

/** How often combos are quoted anew. */
const EVERY_MS = 1000;

/** The agents of all combos whose legs have agents: one maker each, all in one decision. */
export class ComboMakers {
  readonly #core: Core;
  readonly #streams: Streams;
  /** Whether a symbol's own agents are there: without them its combos are left to clients. */
  readonly #quotes: (id: InstrumentId) => boolean;
  readonly #makers = new Map<string, ComboMaker>();

  constructor(core: Core, streams: Streams, quotes: (id: InstrumentId) => boolean) {
    this.#core = core;
    this.#streams = streams;
    this.#quotes = quotes;
  }

  /** One turn of all; milliseconds until the next. */
  quote(): number {
    this.#core.act((decision) => {
      for (const market of this.#core.desk.spreads.all()) {
        const maker = this.#makerOf(market);
        if (maker === null) continue;
        if (market.legs().every(({ id }) => this.#quotes(id))) maker.look(decision);
        else maker.withdraw();
      }
    });
    return EVERY_MS;
  }

  /** The books were emptied. */
  forget(): void {
    for (const maker of this.#makers.values()) maker.forget();
  }

  /** A combo that was made anew has a book of its own, and gets another maker. */
  #makerOf(market: SpreadMarket): ComboMaker | null {
    const known = this.#makers.get(market.symbol);
    if (known?.market === market) return known;
    if (!ComboMaker.knows(market)) return null;
    const maker = new ComboMaker(market, this.#streams.of(`combo ${market.symbol}`));
    this.#makers.set(market.symbol, maker);
    return maker;
  }
}
