import { money } from '../../domain/decimal.ts';
import type { Lots, Side, Ticks } from '../../domain/ids.ts';
import { gaussian, type Rng, uniform } from '../../ports/rng.ts';
import type { Decision } from '../desk/decision.ts';
import { enterSpread } from '../spread/match.ts';
import type { SpreadMarket } from '../spread/spread-market.ts';

const LEVELS = 10;
/** Distance of two levels as a fraction of what a leg is worth: a quarter of a usual level of the legs' own books. */
const SPACING = 0.000_05;
/** Of the smaller of the legs' levels; deeper levels have more. */
const FIRST_LEVEL = 0.25;
const GROWTH = 0.15;
const UNEVENNESS = 0.3;
/** Part of its first quantity below which a level is filled up again. */
const REFILL_BELOW = 0.5;
/** How often in a turn somebody takes from the touch, and how much of a level at the most. */
const TAKE_CHANCE = 0.05;
const TAKE_PART = 0.5;

type Quote = { readonly id: number; readonly first: Lots };

/**
 * Quotes a combo around the difference of what its legs are worth, on a grid that does not move, and takes a little
 * from its own touch now and then, so that there are trades. Like all agents it has as much of everything as it needs.
 */
export class ComboMaker {
  readonly market: SpreadMarket;
  readonly #rng: Rng;
  readonly #quotes: Readonly<Record<Side, Map<Ticks, Quote>>> = { buy: new Map(), sell: new Map() };
  readonly #unitLots: number;
  #grid = 0;

  constructor(market: SpreadMarket, rng: Rng) {
    this.market = market;
    this.#rng = rng;
    const levels = market.legs().map(({ instrument }) => Number(money(instrument.market?.levelQty ?? '0')));
    this.#unitLots = (Math.min(...levels) * FIRST_LEVEL) / Number(market.terms.step);
  }

  /** Whether there are agents in both of its legs: nobody else knows what they are worth. */
  static knows(market: SpreadMarket): boolean {
    return market.legs().every(({ instrument }) => instrument.market !== null);
  }

  look(decision: Decision): void {
    if (!this.market.isTrading) return this.withdraw();
    this.#quote(decision);
    if (uniform(this.#rng) < TAKE_CHANCE) this.#take(decision);
  }

  withdraw(): void {
    for (const side of ['buy', 'sell'] as const) this.#cancelWhere(side, () => true);
  }

  /** The book was emptied: it has no orders any more. */
  forget(): void {
    this.#quotes.buy.clear();
    this.#quotes.sell.clear();
  }

  #quote(decision: Decision): void {
    const tick = Number(this.market.terms.tick);
    const grid = Math.max(1, Math.round((Number(this.market.far.fairPrice()) * SPACING) / tick));
    if (grid !== this.#grid) this.withdraw();
    this.#grid = grid;
    const line = Math.floor(Number(this.market.fairPrice()) / tick / grid) * grid;
    const prices = { buy: this.#ladder('buy', line), sell: this.#ladder('sell', line) };
    // What lies in the way goes first, on both sides: its bids and asks never meet.
    for (const side of ['buy', 'sell'] as const) {
      const wanted = new Set(prices[side]);
      this.#cancelWhere(side, (price) => !wanted.has(price));
    }
    for (const side of ['buy', 'sell'] as const) {
      for (const [level, price] of prices[side].entries()) this.#show(decision, side, price, level);
    }
  }

  /** Prices of one side, the nearest first. */
  #ladder(side: Side, line: number): readonly Ticks[] {
    return Array.from({ length: LEVELS }, (_, level) => {
      const away = level * this.#grid;
      return this.market.nearest(side === 'buy' ? line - away : line + this.#grid + away);
    });
  }

  #show(decision: Decision, side: Side, price: Ticks, level: number): void {
    const quote = this.#quotes[side].get(price);
    if (quote !== undefined) {
      const leaves = this.market.book.order(quote.id)?.leaves ?? 0;
      if (leaves >= quote.first * REFILL_BELOW) return;
      this.#cancel(side, price, quote);
    }
    const wanted = this.#unitLots * (1 + GROWTH * level) * Math.exp(UNEVENNESS * gaussian(this.#rng));
    const qty = this.#lots(wanted);
    const outcome = enterSpread(decision, this.market, { owner: null, side, price, qty, timeInForce: 'gtc' });
    if (outcome.ended === null && outcome.leaves > 0) this.#quotes[side].set(price, { id: outcome.id, first: qty });
  }

  #take(decision: Decision): void {
    const side = uniform(this.#rng) < 0.5 ? 'buy' : 'sell';
    const touch = this.market.book.levels.best(side === 'buy' ? 'sell' : 'buy');
    if (touch === null) return;
    const qty = this.#lots(this.#unitLots * TAKE_PART * uniform(this.#rng));
    enterSpread(decision, this.market, { owner: null, side, price: touch.price, qty, timeInForce: 'ioc' });
  }

  #lots(wanted: number): Lots {
    const { minQty, maxQty } = this.market.terms;
    return Math.min(maxQty, Math.max(minQty, Math.round(wanted))) as Lots;
  }

  #cancelWhere(side: Side, isUnwanted: (price: Ticks) => boolean): void {
    for (const [price, quote] of this.#quotes[side]) if (isUnwanted(price)) this.#cancel(side, price, quote);
  }

  #cancel(side: Side, price: Ticks, quote: Quote): void {
    this.market.book.cancel(quote.id);
    this.#quotes[side].delete(price);
  }
}
