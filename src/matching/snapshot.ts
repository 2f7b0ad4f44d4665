import { err, ok, type Result } from '../domain/result.ts';
import { Book } from './book.ts';
import { BUY, GTC, POST_ONLY, RULES_VERSION, SELF_TRADE_MODES, SELL } from './codes.ts';
import type { RestingOrder } from './command.ts';
import { LEAVES, WORDS } from './order-pool.ts';
import { isAccount, isCount } from './refusals.ts';
import { NIL } from './slot-table.ts';
import { packTerms } from './terms.ts';
import { ordersOf } from './views.ts';

/** A whole book as plain values: `JSON.stringify` and back gives the same. */
export type BookSnapshot = Readonly<{
  rulesVersion: number;
  tradeSeq: number;
  /** Arrival numbers given so far. */
  arrivals: number;
  /** Of the book that the snapshot was taken of; checked on restore. */
  hash: number;
  /** Bids from the best, then asks from the best; each level oldest first. */
  orders: readonly RestingOrder[];
}>;

export type SnapshotError = Readonly<{
  /** OTHER_RULES: taken by another version of the rules, to be restored by that one. */
  code: 'OTHER_RULES' | 'CORRUPT_SNAPSHOT';
  message: string;
}>;

export function takeSnapshot(book: Book): BookSnapshot {
  const { tradeSeq, arrivals } = book;
  return { rulesVersion: RULES_VERSION, tradeSeq, arrivals, hash: book.hash(), orders: [...ordersOf(book)] };
}

/** Builds the book again. What comes from a disk is not believed: every order and the hash of all is checked. */
export function restoreBook(snapshot: BookSnapshot): Result<Book, SnapshotError> {
  const { rulesVersion, tradeSeq, arrivals, hash, orders } = snapshot;
  if (rulesVersion !== RULES_VERSION) {
    const message = `the snapshot has matching rules ${rulesVersion}, these are ${RULES_VERSION}`;
    return err({ code: 'OTHER_RULES', message });
  }
  if (!isAccount(tradeSeq) || !isAccount(arrivals)) return corrupt('the counters are no counts');
  const book = new Book(orders.length);
  // Queues are built by appending, so the oldest order comes first.
  for (const order of [...orders].sort((a, b) => a.arrival - b.arrival)) {
    const fault = faultOf(order, book.arrivals, arrivals);
    if (fault !== null) return corrupt(`order ${order.id}: ${fault}`);
    const { id, account, qty } = order;
    const side = order.side === 'buy' ? BUY : SELL;
    const selfTrade = SELF_TRADE_MODES.indexOf(order.selfTrade);
    const terms = packTerms(side, order.timeInForce === 'post_only' ? POST_ONLY : GTC, selfTrade);
    const slot = book.pool.take(id, account, qty, terms);
    if (slot === NIL) return corrupt(`order ${id} is there twice`);
    if (book.ladder.crosses(side, order.price)) return corrupt(`order ${id} crosses the book`);
    const level = book.ladder.open(order.price);
    if (book.ladder.qty(level) + order.leavesQty > Number.MAX_SAFE_INTEGER)
      return corrupt(`order ${id}: its level is too full`);
    book.pool.words[slot * WORDS + LEAVES] = order.leavesQty;
    book.setCounters(tradeSeq, order.arrival - 1);
    book.rest(slot, side, level, order.price);
  }
  book.setCounters(tradeSeq, arrivals);
  return book.hash() === hash ? ok(book) : corrupt(`the hash is ${book.hash()} and should be ${hash}`);
}

const corrupt = (message: string) => err({ code: 'CORRUPT_SNAPSHOT' as const, message });

/** Why an order cannot have been in a book; `last` is the arrival number of the order before it. */
function faultOf(order: RestingOrder, last: number, arrivals: number): string | null {
  if (!isCount(order.id) || !isAccount(order.account)) return 'id or account is no count';
  if (order.side !== 'buy' && order.side !== 'sell') return 'no such side';
  if (order.timeInForce !== 'gtc' && order.timeInForce !== 'post_only') return 'no such time in force';
  if (!SELF_TRADE_MODES.includes(order.selfTrade)) return 'no such self-trade mode';
  if (!isCount(order.price)) return 'price is no count';
  if (!isCount(order.qty) || !isCount(order.leavesQty) || order.leavesQty > order.qty) return 'wrong quantity';
  if (!isCount(order.arrival) || order.arrival <= last || order.arrival > arrivals) return 'wrong arrival number';
  return null;
}
