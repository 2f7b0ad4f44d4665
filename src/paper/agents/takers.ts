import type { Side } from '../../domain/ids.ts';
import { opposite } from '../../domain/ids.ts';
import type { Rng } from '../../ports/rng.ts';
import type { InformedTerms, MomentumTerms } from '../config/market-terms.ts';
import type { Agent, Deed } from './agent.ts';
import { exponential, sizeOf } from './chance.ts';
import type { Pit } from './pit.ts';

const DAY_MS = 86_400_000;
/** How far a follower of trends walks into the book, in `spacing`. */
const REACH = 1;

/** Buys what has risen and sells what has fallen, measured against the average price of its window. */
export class Momentum implements Agent {
  readonly #pit: Pit;
  readonly #rng: Rng;
  readonly #terms: MomentumTerms;
  readonly #pauseMs: number;
  readonly #dailyVolatility: number;
  #average = Number.NaN;
  #lookedAt = 0;

  constructor(pit: Pit, rng: Rng, terms: MomentumTerms, of: Readonly<{ activity: number; dailyVolatility: number }>) {
    this.#pit = pit;
    this.#rng = rng;
    this.#terms = terms;
    this.#pauseMs = 60_000 / (terms.perMinute * of.activity);
    this.#dailyVolatility = of.dailyVolatility;
  }

  pause(): number {
    return exponential(this.#rng, this.#pauseMs);
  }

  look(now: number): Deed | null {
    const away = this.#away(now);
    // The distance of a random walk from its exponential average has half the variance of the window's way.
    const usual = this.#dailyVolatility * this.#pit.fair * Math.sqrt(this.#terms.windowMs / 2 / DAY_MS);
    const lots = sizeOf(this.#rng, this.#pit.takes) * this.#pit.unitLots;
    if (!(Math.abs(away) > this.#terms.threshold * usual)) return null;
    const side: Side = away > 0 ? 'buy' : 'sell';
    const touch = this.#pit.best(opposite(side));
    if (touch === null) return null;
    const limit = side === 'buy' ? touch + REACH * this.#pit.unitTicks : touch - REACH * this.#pit.unitTicks;
    return (decision) => {
      this.#pit.take(decision, side, limit, this.#pit.lots(lots));
    };
  }

  #away(now: number): number {
    const mid = this.#pit.mid();
    if (Number.isNaN(this.#average)) this.#average = mid;
    this.#average += (mid - this.#average) * (1 - Math.exp((this.#lookedAt - now) / this.#terms.windowMs));
    this.#lookedAt = now;
    return mid - this.#average;
  }
}

/** Knows the fair price, and takes every quote that is further on the wrong side of it than its edge. */
export class Informed implements Agent {
  readonly #pit: Pit;
  readonly #rng: Rng;
  readonly #terms: InformedTerms;
  readonly #pauseMs: number;

  constructor(pit: Pit, rng: Rng, terms: InformedTerms, activity: number) {
    this.#pit = pit;
    this.#rng = rng;
    this.#terms = terms;
    this.#pauseMs = 60_000 / (terms.perMinute * activity);
  }

  pause(): number {
    return exponential(this.#rng, this.#pauseMs);
  }

  look(): Deed | null {
    const edge = this.#terms.edge * this.#pit.unitTicks;
    const lots = sizeOf(this.#rng, this.#pit.takes) * this.#pit.unitLots;
    const [bid, ask] = [this.#pit.best('buy'), this.#pit.best('sell')];
    const buyUpTo = Math.floor(this.#pit.fair - edge);
    const sellDownTo = Math.ceil(this.#pit.fair + edge);
    const side: Side | null =
      ask !== null && ask <= buyUpTo ? 'buy' : bid !== null && bid >= sellDownTo ? 'sell' : null;
    if (side === null) return null;
    return (decision) => {
      this.#pit.take(decision, side, side === 'buy' ? buyUpTo : sellDownTo, this.#pit.lots(lots));
    };
  }
}
