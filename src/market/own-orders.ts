import type { Lots, Money, Side, Ticks } from '../domain/ids.ts';
import { type Listing, priceOf, toLots, toTicks } from '../domain/instrument.ts';
import type { BookView, Level } from '../ports/market.ts';

/** What of an account rests on a book, by price. */
export type OwnLevels = Readonly<{ buy: ReadonlyMap<Money, Money>; sell: ReadonlyMap<Money, Money> }>;

/**
 * The book as it is for the account that owns these orders and wants to trade on `side`: without them, because they are
 * no liquidity to it (they would trade with it or be canceled). What it knows of its own orders can be ahead of the book:
 * no level goes below nothing. Of its own side an order reads the touch alone, so no more of that is kept.
 */
export function withoutOwnOrders(book: BookView, own: OwnLevels | null, listing: Listing, side: Side): BookView {
  if (own === null || (own.buy.size === 0 && own.sell.size === 0)) return book;
  const [bids, asks] = side === 'buy' ? [1, book.asks.length] : [book.bids.length, 1];
  return {
    ...book,
    bids: without(book.bids, own.buy, listing, bids),
    asks: without(book.asks, own.sell, listing, asks),
  };
}

function without(
  levels: readonly Level[],
  own: ReadonlyMap<Money, Money>,
  listing: Listing,
  wanted: number,
): readonly Level[] {
  if (own.size === 0) return levels;
  const at = own.size < Math.min(levels.length, wanted) ? byTicks(own, listing) : null;
  const left: Level[] = [];
  for (const level of levels) {
    if (left.length >= wanted) break;
    const qty = at === null ? lotsOf(own.get(priceOf(listing, level.price)), listing) : at.get(level.price);
    if (qty === undefined) left.push(level);
    else if (level.qty > qty) left.push({ price: level.price, qty: (level.qty - qty) as Lots });
  }
  return left;
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
