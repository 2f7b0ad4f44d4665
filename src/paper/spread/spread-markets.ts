import type { InstrumentId, UnixMs } from '../../domain/ids.ts';
import type { Market } from '../tape/market.ts';
import { combosOf } from './combos.ts';
import { SpreadMarket } from './spread-market.ts';

/** Every combo that is listed, by symbol. It follows what is listed of its legs. */
export class SpreadMarkets {
  readonly #markets: ReadonlyMap<InstrumentId, Market>;
  readonly #firstVersion: () => number;
  readonly #bySymbol = new Map<string, SpreadMarket>();
  /** How many instruments there were when the combos were last made. */
  #known = 0;

  constructor(markets: ReadonlyMap<InstrumentId, Market>, firstVersion: () => number) {
    this.#markets = markets;
    this.#firstVersion = firstVersion;
  }

  get(symbol: string): SpreadMarket | undefined {
    return this.#bySymbol.get(symbol);
  }

  all(): Iterable<SpreadMarket> {
    return this.#bySymbol.values();
  }

  /** Combos whose time is over: a leg has been delivered, or has other terms than the combo was made of. */
  ended(now: UnixMs): readonly SpreadMarket[] {
    const ended: SpreadMarket[] = [];
    for (const market of this.#bySymbol.values()) {
      const { deliveryAt } = market.terms;
      if (!market.isAsListed || (deliveryAt !== null && deliveryAt <= now)) ended.push(market);
    }
    return ended;
  }

  drop(market: SpreadMarket): void {
    this.#bySymbol.delete(market.symbol);
    this.#known = 0;
  }

  /** Lists what is missing; the new ones. */
  list(now: UnixMs): readonly SpreadMarket[] {
    if (this.#known === this.#markets.size) return [];
    this.#known = this.#markets.size;
    const instruments = [...this.#markets.values()].map(({ instrument }) => instrument);
    const find = (id: InstrumentId) => this.#markets.get(id)?.instrument ?? null;
    return combosOf(find, instruments, now).flatMap((terms) => {
      const far = this.#markets.get(terms.far.instrument);
      const near = this.#markets.get(terms.near.instrument);
      if (this.#bySymbol.has(terms.symbol) || far === undefined || near === undefined) return [];
      const market = new SpreadMarket(terms, far, near, this.#firstVersion());
      this.#bySymbol.set(terms.symbol, market);
      return [market];
    });
  }
}
