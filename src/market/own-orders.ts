import type { Lots, Side, Ticks } from '../domain/ids.ts';
import type { BookView, Level } from '../ports/market.ts';

/** A resting order of the account itself, in the listing's units; `qty` is what is left of it. */
export type OwnOrder = Readonly<{ side: Side; price: Ticks; qty: Lots }>;

/**
 * The book as it is for the account that owns these orders: without them, because they are no liquidity to it (they
 * would trade with it or be canceled). What it knows of its own orders can be ahead of the book: no level goes below
 * nothing.
 */
export function withoutOwnOrders(book: BookView, orders: readonly OwnOrder[]): BookView {
  if (orders.length === 0) return book;
  return { ...book, bids: without(book.bids, orders, 'buy'), asks: without(book.asks, orders, 'sell') };
}

function without(levels: readonly Level[], orders: readonly OwnOrder[], side: Side): readonly Level[] {
  const own = new Map<Ticks, number>();
  for (const order of orders) if (order.side === side) own.set(order.price, (own.get(order.price) ?? 0) + order.qty);
  if (own.size === 0) return levels;
  return levels.flatMap((level) => {
    const left = level.qty - (own.get(level.price) ?? 0);
    return left === level.qty ? [level] : left > 0 ? [{ price: level.price, qty: left as Lots }] : [];
  });
}
