import type { Side, Ticks } from '../../domain/ids.ts';
import { opposite } from '../../domain/ids.ts';
import { below, type Rng, uniform } from '../../ports/rng.ts';
import type { NoiseTerms } from '../config/market-terms.ts';
import type { Decision } from '../desk/decision.ts';
import { type Deed, meets, type Quoter } from './agent.ts';
import { exponential, Hawkes, pareto, sizeOf } from './chance.ts';
import type { Pit } from './pit.ts';

/** P(distance from the touch > d) falls as d^-0.6 (Bouchaud, Mézard and Potters 2002). */
const DISTANCE_TAIL = 0.6;
/** How far from the touch limit orders go, and how far market orders walk, in `spacing`. */
const LIMIT_REACH = 20;
const MARKET_REACH = 4;
/** How often a limit order goes before the others where the spread has room for it. */
const IMPROVE_CHANCE = 0.15;
/** Average limit order, in smallest orders that take. */
const LIMIT_QTY = 5;
const MOST_RESTING = 40;

type Resting = Readonly<{ id: number; side: Side; price: Ticks; until: number }>;

/** Many people who know nothing: limit and market orders of every size, in bursts. */
export class Noise implements Quoter {
  readonly #pit: Pit;
  readonly #rng: Rng;
  readonly #terms: NoiseTerms;
  readonly #arrivals: Hawkes;
  /** Oldest first. */
  #resting: Resting[] = [];

  constructor(pit: Pit, rng: Rng, terms: NoiseTerms, activity: number) {
    this.#pit = pit;
    this.#rng = rng;
    this.#terms = terms;
    this.#arrivals = new Hawkes(rng, {
      perMs: (terms.perMinute * activity) / 60_000,
      branching: terms.excitation,
      memoryMs: terms.memoryMs / activity,
    });
  }

  pause(): number {
    return this.#arrivals.next();
  }

  look(now: number): Deed {
    const side: Side = uniform(this.#rng) < 0.5 ? 'buy' : 'sell';
    const rests = uniform(this.#rng) < this.#terms.limitShare;
    return (decision) => {
      this.#expire(now);
      if (rests) this.#rest(decision, side, now);
      else this.#take(decision, side);
    };
  }

  retreat(side: Side, from: Ticks): void {
    this.#cancelWhere((one) => one.side === side && meets(side, one.price, from));
  }

  withdraw(): void {
    this.#cancelWhere(() => true);
  }

  forget(): void {
    this.#resting = [];
  }

  #take(decision: Decision, side: Side): void {
    const touch = this.#pit.best(opposite(side));
    if (touch === null) return;
    const wanted = sizeOf(this.#rng, this.#pit.takes) * this.#pit.unitLots;
    const reach = MARKET_REACH * this.#pit.unitTicks;
    this.#pit.take(decision, side, side === 'buy' ? touch + reach : touch - reach, this.#pit.lots(wanted));
  }

  #rest(decision: Decision, side: Side, now: number): void {
    const price = this.#limit(side);
    const lots = this.#pit.lots(exponential(this.#rng, LIMIT_QTY * this.#pit.takes.least) * this.#pit.unitLots);
    const until = now + exponential(this.#rng, this.#terms.lifetimeMs);
    if (price === null) return;
    const { id, leaves } = this.#pit.rest(decision, side, price, lots);
    if (leaves > 0) this.#resting.push({ id, side, price, until });
  }

  /** Behind the touch mostly, seldom before it, and never across the spread. */
  #limit(side: Side): Ticks | null {
    const [own, other] = [this.#pit.best(side), this.#pit.best(opposite(side))];
    if (own === null || other === null) return null;
    const room = Math.abs(other - own) - 1;
    const ahead = uniform(this.#rng) < IMPROVE_CHANCE;
    const reach = Math.ceil(LIMIT_REACH * this.#pit.unitTicks);
    const behind = Math.min(reach, Math.floor(pareto(this.#rng, 1, DISTANCE_TAIL)) - 1);
    const away = ahead && room > 0 ? -1 - below(this.#rng, room) : behind;
    const price = side === 'buy' ? own - away : own + away;
    return this.#pit.isPrice(price) ? (price as Ticks) : null;
  }

  #expire(now: number): void {
    const surplus = this.#resting.length - MOST_RESTING;
    this.#cancelWhere((one, index) => one.until <= now || index <= surplus);
  }

  #cancelWhere(isUnwanted: (one: Resting, index: number) => boolean): void {
    this.#resting = this.#resting.filter((one, index) => {
      if (!isUnwanted(one, index)) return true;
      this.#pit.market.book.cancel(one.id);
      return false;
    });
  }
}
