import { divide, money, quotient } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import { gaussian, type Rng } from '../../ports/rng.ts';
import type { PaperInstrument } from '../config/listings.ts';

const DAY_MS = 86_400_000;
/** The walk forgets half of its way within about two days, so that a long run stays near where it began. */
const REVERSION_PER_DAY = 0.35;
/** Steps are whole parts of a billion: chance decides a count, the price itself stays exact. */
const PARTS = 1_000_000_000n;

type Walk = { readonly start: Money; readonly dailyVolatility: number; price: Money };

/**
 * Where the agents believe prices to be: a slow random walk of each coin against USDT. Perpetuals follow their coin,
 * cross pairs are the quotient of two, so that no triangle is out of line.
 */
export class References {
  readonly #walks = new Map<AssetId, Walk>();
  readonly #rng: Rng;

  constructor(
    rng: Rng,
    instruments: readonly PaperInstrument[],
    resumeAt: (instrument: PaperInstrument) => Money | null,
  ) {
    this.#rng = rng;
    for (const instrument of instruments) {
      const { base, quote, reference, market } = instrument;
      if (market === null || quote !== 'USDT' || this.#walks.has(base)) continue;
      const price = resumeAt(instrument) ?? reference;
      this.#walks.set(base, { start: reference, dailyVolatility: market.dailyVolatility, price });
    }
  }

  /** Lets time pass for every coin. */
  step(elapsedMs: number): void {
    const days = elapsedMs / DAY_MS;
    for (const walk of this.#walks.values()) {
      const away = Number(walk.price - walk.start) / Number(walk.start);
      const drift = -away * (1 - Math.exp(-REVERSION_PER_DAY * days));
      const move = drift + walk.dailyVolatility * Math.sqrt(days) * gaussian(this.#rng);
      const bounded = Math.max(-0.05, Math.min(0.05, move));
      walk.price = divide(walk.price * (PARTS + BigInt(Math.round(bounded * 1e9))), PARTS, 'half_even') as Money;
    }
  }

  /** Null for a pair that no walk knows. */
  price({ base, quote }: Pick<PaperInstrument, 'base' | 'quote'>): Money | null {
    const ours = this.#walks.get(base);
    if (ours === undefined) return null;
    if (quote === 'USDT') return ours.price;
    const theirs = this.#walks.get(quote);
    return theirs === undefined ? null : quotient(ours.price, theirs.price, 'half_even');
  }

  /** Moves a coin's walk; false when there is none. */
  set(base: AssetId, price: Money): boolean {
    const walk = this.#walks.get(base);
    if (walk === undefined || price < money('0.000001')) return false;
    walk.price = price;
    return true;
  }
}
