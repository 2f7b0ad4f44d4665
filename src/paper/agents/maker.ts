import { divide, money, multiply } from '../../domain/decimal.ts';
import type { Lots, Money, Side, Ticks } from '../../domain/ids.ts';
import { floorLots } from '../../domain/instrument.ts';
import { below, type Rng, uniform } from '../../ports/rng.ts';
import type { MarketTerms } from '../config/terms.ts';
import type { Decision } from '../desk/decision.ts';
import { settle } from '../desk/settle.ts';
import type { Market } from '../tape/market.ts';

/** Level number i holds about 1 + GROWTH × i times the quantity of the first. */
const GROWTH = 0.15;
/** Part of its first quantity below which a level is filled up again. */
const REFILL_BELOW = 0.5;
/** How often the maker changes its mind about one level. */
const RESIZE_CHANCE = 0.4;
/** How often somebody takes, and at most how much of the touch. */
const TAKE_CHANCE = 0.12;
const TAKE_MOST = 0.6;

type Quote = { readonly id: number; readonly first: Lots };

/**
 * Quotes one symbol around its reference: the same number of levels on both sides of a fixed grid, so that a quiet
 * market stays quiet. It belongs to the synthetic account, which has as much of everything as it needs.
 */
export class MarketMaker {
  readonly #market: Market;
  readonly #rng: Rng;
  readonly #terms: MarketTerms;
  /** Distance between levels. */
  readonly #grid: number;
  readonly #levelLots: number;
  readonly #quotes: Readonly<Record<Side, Map<Ticks, Quote>>> = { buy: new Map(), sell: new Map() };

  constructor(market: Market, terms: MarketTerms, rng: Rng) {
    const { listing, reference } = market.instrument;
    this.#market = market;
    this.#rng = rng;
    this.#terms = terms;
    this.#grid = Math.max(1, Number(multiply(reference, money(terms.spacing), 'down') / listing.tick));
    this.#levelLots = Math.max(1, floorLots(listing, money(terms.levelQty)));
  }

  get market(): Market {
    return this.#market;
  }

  /** Follows the reference, fills up what was taken, and sometimes takes. */
  tick(decision: Decision, reference: Money): void {
    this.#market.reference = reference;
    const touch = this.#touch(reference);
    this.#retreat('buy', touch);
    this.#retreat('sell', touch);
    this.#quote(decision, 'buy', touch);
    this.#quote(decision, 'sell', touch);
    if (uniform(this.#rng) < TAKE_CHANCE) this.#take(decision);
  }

  /** Takes all its orders back. */
  withdraw(): void {
    for (const quotes of [this.#quotes.buy, this.#quotes.sell]) {
      for (const { id } of quotes.values()) this.#market.book.cancel(id);
      quotes.clear();
    }
  }

  /** Forgets its orders: the book was emptied. */
  forget(): void {
    this.#quotes.buy.clear();
    this.#quotes.sell.clear();
  }

  /** Best bid: the grid line at or below the reference; the best ask is the next one. */
  #touch(reference: Money): number {
    const line = divide(reference, this.#market.instrument.listing.tick * BigInt(this.#grid), 'down');
    return Number(line) * this.#grid;
  }

  #price(side: Side, touch: number, level: number): Ticks {
    return (side === 'buy' ? touch - level * this.#grid : touch + (level + 1) * this.#grid) as Ticks;
  }

  /** Takes back what lies outside of the levels to be shown, and forgets what was taken. */
  #retreat(side: Side, touch: number): void {
    const near = this.#price(side, touch, 0);
    const far = this.#price(side, touch, this.#terms.levels - 1);
    const [least, most] = side === 'buy' ? [far, near] : [near, far];
    for (const [price, quote] of this.#quotes[side]) {
      const gone = this.#market.book.order(quote.id) === null;
      if (!gone && price >= least && price <= most) continue;
      if (!gone) this.#market.book.cancel(quote.id);
      this.#quotes[side].delete(price);
    }
  }

  #quote(decision: Decision, side: Side, touch: number): void {
    const resized = uniform(this.#rng) < RESIZE_CHANCE ? below(this.#rng, this.#terms.levels) : -1;
    const { listing } = this.#market.instrument;
    for (let level = 0; level < this.#terms.levels; level += 1) {
      const price = this.#price(side, touch, level);
      if (price < listing.minPrice || price > listing.maxPrice) continue;
      const quote = this.#quotes[side].get(price);
      const leaves = quote === undefined ? 0 : (this.#market.book.order(quote.id)?.leaves ?? 0);
      if (quote !== undefined && leaves >= quote.first * REFILL_BELOW && level !== resized) continue;
      if (quote !== undefined) this.#market.book.cancel(quote.id);
      this.#place(decision, side, price, level);
    }
  }

  #place(decision: Decision, side: Side, price: Ticks, level: number): void {
    const wanted = this.#levelLots * (1 + GROWTH * level) * (0.5 + uniform(this.#rng));
    const qty = Math.max(1, Math.round(wanted)) as Lots;
    const order = { owner: null, account: 0, side, price, qty, timeInForce: 'gtc', selfTrade: 'none' } as const;
    const outcome = this.#market.book.submit(order);
    settle(decision, this.#market, null, side, outcome);
    if (outcome.leaves > 0) this.#quotes[side].set(price, { id: outcome.id, first: qty });
    else this.#quotes[side].delete(price);
  }

  /** Somebody crosses the spread for a part of what the touch shows. */
  #take(decision: Decision): void {
    const side: Side = uniform(this.#rng) < 0.5 ? 'buy' : 'sell';
    const touch = this.#market.book.levels.best(side === 'buy' ? 'sell' : 'buy');
    if (touch === null) return;
    const qty = Math.max(1, Math.round(touch.qty * TAKE_MOST * uniform(this.#rng) ** 2)) as Lots;
    const order = {
      owner: null,
      account: 0,
      side,
      price: touch.price,
      qty,
      timeInForce: 'ioc',
      selfTrade: 'none',
    } as const;
    settle(decision, this.#market, null, side, this.#market.book.submit(order));
  }
}
