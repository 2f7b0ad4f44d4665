import type { Lots, Ticks } from '../domain/ids.ts';
import type { Book } from './book.ts';
import { BUY, SELL, SELF_TRADE_MODES, SIDES } from './codes.ts';
import type { Depth, DepthLevel, RestingOrder } from './command.ts';
import { ACCOUNT, ARRIVAL, ID, LEAVES, NEXT, QTY, TERMS } from './order-pool.ts';
import { NIL } from './slot-table.ts';
import { isPostOnly, selfTradeOf, sideOf } from './terms.ts';

/** Reading a book: none of this changes it. */

export function depthOf(book: Book, levels: number): Depth {
  return { bids: levelsOf(book, BUY, levels), asks: levelsOf(book, SELL, levels) };
}

function levelsOf({ ladder }: Book, side: number, limit: number): DepthLevel[] {
  const levels: DepthLevel[] = [];
  for (let level = ladder.best(side); level !== NIL && levels.length < limit; level = ladder.worse(level, side)) {
    levels.push({ price: ladder.price(level) as Ticks, qty: ladder.qty(level) as Lots });
  }
  return levels;
}

/** What rests on a side at `price` or better; 2^53-1 stands for that or more. */
export function volumeTo({ ladder }: Book, side: number, price: number): Lots {
  let volume = 0;
  for (let level = ladder.best(side); level !== NIL; level = ladder.worse(level, side)) {
    if (!ladder.within(level, side ^ 1, price)) break;
    volume += ladder.qty(level);
    if (volume >= Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER as Lots;
  }
  return volume as Lots;
}

export function orderOf(book: Book, slot: number): RestingOrder {
  const { pool } = book;
  const terms = pool.half(slot, TERMS);
  return {
    id: pool.word(slot, ID),
    account: pool.word(slot, ACCOUNT),
    side: SIDES[sideOf(terms)],
    price: book.priceOf(slot) as Ticks,
    qty: pool.word(slot, QTY) as Lots,
    leavesQty: pool.word(slot, LEAVES) as Lots,
    timeInForce: isPostOnly(terms) ? 'post_only' : 'gtc',
    selfTrade: SELF_TRADE_MODES[selfTradeOf(terms)],
    arrival: pool.word(slot, ARRIVAL),
  };
}

/** All orders in price-time order: bids from the best, then asks from the best. The book must not change meanwhile. */
export function* ordersOf(book: Book): Generator<RestingOrder, void> {
  for (const side of [BUY, SELL]) {
    for (let level = book.ladder.best(side); level !== NIL; level = book.ladder.worse(level, side)) {
      for (let slot = book.ladder.head(level); slot !== NIL; slot = book.pool.half(slot, NEXT))
        yield orderOf(book, slot);
    }
  }
}

/** Slots of an account's orders, oldest first. */
export function slotsOf({ pool }: Book, account: number): number[] {
  const slots: number[] = [];
  for (let slot = 0; slot < pool.highWater; slot += 1) {
    if (pool.word(slot, ACCOUNT) === account && pool.isResting(slot)) slots.push(slot);
  }
  return slots.sort((a, b) => pool.word(a, ARRIVAL) - pool.word(b, ARRIVAL));
}
