import type { Lots, Ticks } from '../../domain/ids.ts';
import type { Resting } from '../book/order-book.ts';
import type { Market } from '../tape/market.ts';
import type { QueueAtPrice } from './recorded-trades.ts';

/** What stands before an order, and the order as it was then: one that moved or grew has lost its place. */
type Place = { readonly price: Ticks; readonly size: number; ahead: number };

/** With more places than this, those of orders that are gone are forgotten. */
const TIDY_ABOVE = 1000;

/**
 * Without a recorded book: every client's order has a queue of its own before it, as long as `length` says when a trade
 * first comes to its price. Trades at that price use it up; then the order is filled.
 */
export class AssumedQueues {
  readonly #market: Market;
  readonly #places = new Map<number, Place>();

  constructor(market: Market) {
    this.#market = market;
  }

  at(length: Lots): QueueAtPrice {
    return (queue, qty, fill) => {
      const waiting = queue.filter((order) => order.owner !== null);
      const places = waiting.map((order) => this.#placeOf(order, length));
      let left: number = qty;
      let passed = 0;
      for (const [index, order] of waiting.entries()) {
        const before = Math.min(left, Math.max(0, (places[index] as Place).ahead - passed));
        passed += before;
        const part = Math.min(left - before, order.leaves) as Lots;
        fill(order, part);
        left -= before + part;
      }
      for (const place of places) place.ahead = Math.max(0, place.ahead - passed);
      this.#tidy();
    };
  }

  forget(): void {
    this.#places.clear();
  }

  #placeOf({ id, price, leaves, filled }: Resting, length: Lots): Place {
    const size = leaves + filled;
    const known = this.#places.get(id);
    const place = { price, size, ahead: known?.price === price && size <= known.size ? known.ahead : length };
    this.#places.set(id, place);
    return place;
  }

  #tidy(): void {
    if (this.#places.size <= TIDY_ABOVE) return;
    for (const id of this.#places.keys()) if (this.#market.book.order(id) === null) this.#places.delete(id);
  }
}
