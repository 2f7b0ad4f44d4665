import type { Lots, Side, Ticks } from '../../domain/ids.ts';
import { below, gaussian, type Rng, uniform } from '../../ports/rng.ts';
import type { MakerTerms } from '../config/market-terms.ts';
import type { Decision } from '../desk/decision.ts';
import { type Deed, meets, type Quoter } from './agent.ts';
import type { Pit } from './pit.ts';

/** Part of its first quantity below which a level is filled up again. */
const REFILL_BELOW = 0.5;
/** How often a maker changes its mind about one level of a side. */
const RESIZE_CHANCE = 0.4;
/** It lays off half of its inventory in about this time, elsewhere. */
const INVENTORY_MS = 60_000;
/** Levels whose quantity makes a full inventory. */
const FULL_LEVELS = 10;

type Quote = { readonly id: number; readonly first: Lots; seen: Lots };
type Quotes = Map<Ticks, Quote>;

/**
 * Quotes a ladder around the fair price: the same number of levels on both sides of a grid that does not move, so that
 * a quiet market stays quiet. What it bought or sold moves its prices away until it has laid that off.
 */
export class Maker implements Quoter {
  readonly #pit: Pit;
  readonly #rng: Rng;
  readonly #terms: MakerTerms;
  readonly #levels: number;
  readonly #refreshMs: number;
  readonly #quotes: Readonly<Record<Side, Quotes>> = { buy: new Map(), sell: new Map() };
  #grid = 0;
  #inventory = 0;
  #countedAt = 0;

  constructor(pit: Pit, rng: Rng, terms: MakerTerms, of: Readonly<{ levels: number; activity: number }>) {
    this.#pit = pit;
    this.#rng = rng;
    this.#terms = terms;
    this.#levels = terms.levels ?? of.levels;
    this.#refreshMs = terms.refreshMs / of.activity;
  }

  pause(): number {
    return this.#refreshMs * (0.75 + uniform(this.#rng) / 2);
  }

  look(now: number): Deed {
    return (decision) => {
      this.#measure();
      this.#count(now);
      const line = this.#line();
      for (const side of ['buy', 'sell'] as const) this.#leave(side, line);
      for (const side of ['buy', 'sell'] as const) this.#quote(decision, side, line);
    };
  }

  retreat(side: Side, from: Ticks): void {
    this.#cancelWhere(side, (price) => meets(side, price, from));
  }

  withdraw(): void {
    for (const side of ['buy', 'sell'] as const) this.#cancelWhere(side, () => true);
  }

  forget(): void {
    this.#quotes.buy.clear();
    this.#quotes.sell.clear();
  }

  /** A grid that changed leaves no quote in its place. */
  #measure(): void {
    const grid = Math.max(1, Math.round(this.#pit.unitTicks * this.#terms.spacing));
    if (grid !== this.#grid) this.withdraw();
    this.#grid = grid;
  }

  /** Books what others took of its quotes. */
  #count(now: number): void {
    this.#inventory *= 0.5 ** (Math.max(0, now - this.#countedAt) / INVENTORY_MS);
    this.#countedAt = now;
    for (const side of ['buy', 'sell'] as const) {
      for (const [price, quote] of this.#quotes[side]) {
        const leaves = this.#pit.market.book.order(quote.id)?.leaves ?? (0 as Lots);
        this.#bought(side, quote.seen - leaves);
        quote.seen = leaves;
        if (leaves === 0) this.#quotes[side].delete(price);
      }
    }
  }

  #bought(side: Side, lots: number): void {
    this.#inventory += side === 'buy' ? lots : -lots;
  }

  /** The line of the grid below its price: bids begin there, asks at the next. */
  #line(): number {
    const full = this.#pit.unitLots * this.#terms.qty * FULL_LEVELS;
    const lean = Math.max(-1, Math.min(1, this.#inventory / full)) * this.#terms.skew;
    return Math.floor(this.#pit.fair / this.#grid - lean) * this.#grid;
  }

  #price(side: Side, line: number, level: number): Ticks {
    const away = Math.round(this.#terms.offset * this.#grid) + level * this.#grid;
    return (side === 'buy' ? line - away : line + this.#grid + away) as Ticks;
  }

  /** Takes back what lies outside of the levels to be shown. */
  #leave(side: Side, line: number): void {
    const near = this.#price(side, line, 0);
    const far = this.#price(side, line, this.#levels - 1);
    const [least, most] = side === 'buy' ? [far, near] : [near, far];
    this.#cancelWhere(side, (price) => price < least || price > most);
  }

  #cancelWhere(side: Side, isUnwanted: (price: Ticks) => boolean): void {
    for (const [price, quote] of this.#quotes[side]) if (isUnwanted(price)) this.#cancel(side, price, quote);
  }

  #cancel(side: Side, price: Ticks, quote: Quote): void {
    const left = this.#pit.market.book.cancel(quote.id)?.leaves ?? 0;
    this.#bought(side, quote.seen - left);
    this.#quotes[side].delete(price);
  }

  #quote(decision: Decision, side: Side, line: number): void {
    const resized = uniform(this.#rng) < RESIZE_CHANCE ? below(this.#rng, this.#levels) : -1;
    for (let level = 0; level < this.#levels; level += 1) {
      const price = this.#price(side, line, level);
      if (!this.#pit.isPrice(price)) continue;
      const quote = this.#quotes[side].get(price);
      if (quote !== undefined && quote.seen >= quote.first * REFILL_BELOW && level !== resized) continue;
      if (quote !== undefined) this.#cancel(side, price, quote);
      this.#place(decision, side, price, level);
    }
  }

  #place(decision: Decision, side: Side, price: Ticks, level: number): void {
    const { qty, growth, unevenness } = this.#terms;
    const typical = this.#pit.unitLots * qty * (1 + growth * level);
    const lots = this.#pit.lots(typical * Math.exp(unevenness * gaussian(this.#rng)));
    const outcome = this.#pit.rest(decision, side, price, lots);
    this.#bought(side, lots - outcome.leaves);
    if (outcome.leaves > 0) this.#quotes[side].set(price, { id: outcome.id, first: lots, seen: outcome.leaves });
  }
}
