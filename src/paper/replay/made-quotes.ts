import { divide, multiply } from '../../domain/decimal.ts';
import type { Lots, Money, Side, Ticks } from '../../domain/ids.ts';
import { priceOf } from '../../domain/instrument.ts';
import type { Decision } from '../desk/decision.ts';
import { settle } from '../desk/settle.ts';
import type { Market } from '../tape/market.ts';

/** Most levels a side, the spread apart. */
export const QUOTE_LEVELS = 10;
/** A level that still shows this part of what it should is left alone. */
const ENOUGH = 0.5;

/** What each side shows. `exact`: just that again, else a level that has enough left stays as it is. */
export type Shown = Readonly<{ levels: number; qty: Lots; exact: boolean }>;

/**
 * The book that is made around a price where none was recorded: the last trade stands on the side that it was taken
 * from, the other side is the spread away, and both go on on lines that are the spread apart. No quote ever trades with a client's
 * order that waits: only recorded trades fill those.
 */
export class MadeQuotes {
  readonly #market: Market;
  readonly #spread: Money;
  readonly #quotes: Readonly<Record<Side, Map<Ticks, number>>> = { buy: new Map(), sell: new Map() };

  /** `spread`: as a fraction of the price; it is never less than a tick. */
  constructor(market: Market, spread: Money) {
    this.#market = market;
    this.#spread = spread;
  }

  move(decision: Decision, last: Readonly<{ side: Side; price: Ticks }>, { levels, qty, exact }: Shown): void {
    const wanted = this.#prices(last, levels);
    for (const side of ['buy', 'sell'] as const) {
      for (const [price, id] of this.#quotes[side]) {
        const leaves = this.#market.book.order(id)?.leaves ?? 0;
        const stays = exact ? leaves === qty : leaves >= qty * ENOUGH && leaves <= qty / ENOUGH;
        if (stays && wanted[side].includes(price)) continue;
        this.#market.book.cancel(id);
        this.#quotes[side].delete(price);
      }
    }
    for (const side of ['buy', 'sell'] as const)
      for (const price of wanted[side]) this.#show(decision, side, price, qty);
  }

  /** Takes everything back. */
  clear(): void {
    for (const quotes of [this.#quotes.buy, this.#quotes.sell]) {
      for (const id of quotes.values()) this.#market.book.cancel(id);
      quotes.clear();
    }
  }

  /** The book was emptied. */
  forget(): void {
    this.#quotes.buy.clear();
    this.#quotes.sell.clear();
  }

  #show(decision: Decision, side: Side, price: Ticks, qty: Lots): void {
    if (this.#quotes[side].has(price)) return;
    const { book } = this.#market;
    const order = { owner: null, account: 0, side, price, qty, timeInForce: 'post_only', selfTrade: 'none' } as const;
    const outcome = book.submit(order);
    settle(decision, this.#market, null, side, outcome);
    if (outcome.leaves > 0 && outcome.ended === null) this.#quotes[side].set(price, outcome.id);
  }

  #prices(
    { side, price }: Readonly<{ side: Side; price: Ticks }>,
    count: number,
  ): Readonly<Record<Side, readonly Ticks[]>> {
    const { listing } = this.#market.instrument;
    const away = multiply(priceOf(listing, price), this.#spread, 'toward_zero');
    const step = Math.max(1, Number(divide(away, listing.tick, 'half_even')));
    const [bid, ask] = side === 'buy' ? [price - step, price] : [price, price + step];
    // Behind the touches they stand on lines that stay: a price that moves by a tick moves two orders, not twenty.
    const [below, above] = [Math.floor(bid / step) - 1, Math.ceil(ask / step) + 1];
    const inside = (one: number): one is Ticks => one >= listing.minPrice && one <= listing.maxPrice;
    const behind = Array.from({ length: count }, (_, level) => level);
    const levels = (touch: number, lines: readonly number[]) => [touch, ...lines].slice(0, count).filter(inside);
    return {
      buy: levels(
        bid,
        behind.map((level) => (below - level) * step),
      ),
      sell: levels(
        ask,
        behind.map((level) => (above + level) * step),
      ),
    };
  }
}
