import type { Lots, Side, Ticks } from '../../domain/ids.ts';
import type { ExchangeLevel } from '../../ports/exchange.ts';

/** Quantity by price: the book as the public sees it. Sorted arrays: the touch is where nearly everything happens. */
export class LevelBook {
  readonly #bids: ExchangeLevel[] = [];
  readonly #asks: ExchangeLevel[] = [];

  /** Sets the quantity at a price; zero deletes. */
  set(side: Side, price: Ticks, qty: Lots): void {
    const levels = this.side(side) as ExchangeLevel[];
    const index = place(levels, side, price);
    const there = levels[index]?.price === price;
    if (qty > 0) levels.splice(index, there ? 1 : 0, { price, qty });
    else if (there) levels.splice(index, 1);
  }

  qty(side: Side, price: Ticks): Lots {
    const levels = this.side(side);
    const level = levels[place(levels, side, price)];
    return level?.price === price ? level.qty : (0 as Lots);
  }

  /** Best first. */
  side(side: Side): readonly ExchangeLevel[] {
    return side === 'buy' ? this.#bids : this.#asks;
  }

  best(side: Side): ExchangeLevel | null {
    return this.side(side)[0] ?? null;
  }

  clear(): void {
    this.#bids.length = 0;
    this.#asks.length = 0;
  }
}

/** Where a price is, or would be: bids fall, asks rise. */
function place(levels: readonly ExchangeLevel[], side: Side, price: Ticks): number {
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = (levels[middle] as ExchangeLevel).price;
    if (side === 'buy' ? other > price : other < price) low = middle + 1;
    else high = middle;
  }
  return low;
}
