import type { Lots, Money, Ticks } from '../domain/ids.ts';
import { type Listing, priceOf, toLots, toTicks } from '../domain/instrument.ts';
import type { BookView, Level } from '../ports/market.ts';

/** What of an account rests on a book, by price. */
export type OwnLevels = Readonly<{ buy: ReadonlyMap<Money, Money>; sell: ReadonlyMap<Money, Money> }>;

/**
 * The book as it is for the account that owns these orders: without them, because they are no liquidity to it (they
 * would trade with it or be canceled). What it knows of its own orders can be ahead of the book: no level goes below
 * nothing.
 */
export function withoutOwnOrders(book: BookView, own: OwnLevels | null, listing: Listing): BookView {
  if (own === null || (own.buy.size === 0 && own.sell.size === 0)) return book;
  return { ...book, bids: without(book.bids, own.buy, listing), asks: without(book.asks, own.sell, listing) };
}

function without(levels: readonly Level[], own: ReadonlyMap<Money, Money>, listing: Listing): readonly Level[] {
  if (own.size === 0 || levels.length === 0) return levels;
  const at = own.size < levels.length ? byTicks(own, listing) : null;
  return levels.flatMap((level) => {
    const qty = at === null ? lotsOf(own.get(priceOf(listing, level.price)), listing) : at.get(level.price);
    if (qty === undefined) return level;
    const left = level.qty - qty;
    return left > 0 ? { price: level.price, qty: left as Lots } : [];
  });
}

/** Few orders among many levels are found sooner in the book's own units. */
function byTicks(own: ReadonlyMap<Money, Money>, listing: Listing): ReadonlyMap<Ticks, Lots> {
  const counted = new Map<Ticks, Lots>();
  for (const [price, qty] of own) {
    const ticks = toTicks(listing, price);
    const lots = lotsOf(qty, listing);
    if (ticks.ok && lots !== undefined) counted.set(ticks.value, lots);
  }
  return counted;
}

/** Undefined for what the listing cannot count: it is not in its book. */
function lotsOf(qty: Money | undefined, listing: Listing): Lots | undefined {
  const lots = qty === undefined ? undefined : toLots(listing, qty);
  return lots?.ok === true ? lots.value : undefined;
}
