import { type Rng, uniform } from '../../ports/rng.ts';
import type { SizeTerms } from '../config/market-terms.ts';

/** Exponential with the given mean: the pause between events that know nothing of each other. */
export const exponential = (rng: Rng, mean: number): number => -mean * Math.log(1 - uniform(rng));

/** P(x > t) = (least / t)^tail from `least` on. */
export const pareto = (rng: Rng, least: number, tail: number): number => least * (1 - uniform(rng)) ** (-1 / tail);

/** Sizes of the orders that take. */
export const sizeOf = (rng: Rng, { least, most, tail }: SizeTerms): number => Math.min(most, pareto(rng, least, tail));

/**
 * Arrivals that cause arrivals (Hawkes 1971, exponential kernel). With branching ratio n each arrival causes n more on
 * average within its memory, so arrivals come in bursts; the mean rate is that of the spontaneous ones / (1 − n).
 */
export class Hawkes {
  readonly #rng: Rng;
  /** Spontaneous arrivals a millisecond. */
  readonly #base: number;
  readonly #branching: number;
  readonly #memoryMs: number;
  /** What earlier arrivals add to the rate. */
  #heat = 0;

  constructor(rng: Rng, of: Readonly<{ perMs: number; branching: number; memoryMs: number }>) {
    this.#rng = rng;
    this.#base = of.perMs * (1 - of.branching);
    this.#branching = of.branching;
    this.#memoryMs = of.memoryMs;
  }

  /** Milliseconds until the next arrival, by thinning (Ogata 1981): the rate only falls between arrivals. */
  next(): number {
    let waited = 0;
    for (;;) {
      const bound = this.#base + this.#heat;
      const pause = exponential(this.#rng, 1 / bound);
      waited += pause;
      this.#heat *= Math.exp(-pause / this.#memoryMs);
      if (uniform(this.#rng) * bound <= this.#base + this.#heat) break;
    }
    this.#heat += this.#branching / this.#memoryMs;
    return waited;
  }
}
