import type { Book } from './book.ts';
import { BY_SELF_TRADE, STP_CANCEL_MAKER, STP_CANCEL_TAKER, STP_NONE } from './codes.ts';
import type { EventBuffer } from './event-buffer.ts';
import { ACCOUNT, HALVES, LEAVES, NEXT, TERMS, WORDS } from './order-pool.ts';
import { NIL } from './slot-table.ts';
import { selfTradeOf, sideOf } from './terms.ts';

/**
 * Trades an order that is in no queue against the other side, best price first, oldest order first, up to `limit`.
 * Its own setting decides when it meets its own account. False if that setting takes the order itself out.
 */
export function match(book: Book, events: EventBuffer, taker: number, side: number, limit: number): boolean {
  const { pool, ladder, state } = book;
  const { words } = pool;
  const other = side ^ 1;
  const at = taker * WORDS;
  const account = words[at + ACCOUNT] as number;
  const selfTrade = selfTradeOf(pool.halves[taker * HALVES + TERMS] as number);
  let leaves = words[at + LEAVES] as number;
  while (leaves > 0 && ladder.crosses(side, limit)) {
    events.reserve();
    const level = ladder.best(other);
    const maker = ladder.head(level);
    const makerAt = maker * WORDS;
    if (selfTrade !== STP_NONE && words[makerAt + ACCOUNT] === account) {
      if (selfTrade !== STP_CANCEL_TAKER) {
        book.unrest(maker);
        events.canceled(words, makerAt, BY_SELF_TRADE);
        pool.release(maker);
      }
      if (selfTrade !== STP_CANCEL_MAKER) return false;
      continue;
    }
    const makerLeaves = words[makerAt + LEAVES] as number;
    const qty = leaves < makerLeaves ? leaves : makerLeaves;
    leaves -= qty;
    words[at + LEAVES] = leaves;
    events.traded(words, at, makerAt, side, ladder.bestPrice(other), qty, book.nextTradeSeq());
    if (qty === makerLeaves) {
      state.leave(maker);
      ladder.popHead(maker, other, level);
      events.done(words, makerAt);
      pool.release(maker);
    } else {
      state.refill(maker, makerLeaves - qty);
      words[makerAt + LEAVES] = makerLeaves - qty;
      ladder.addQty(level, -qty);
    }
  }
  return true;
}

/**
 * Whether `match` would fill the order whole. Its own account's orders count for nothing under `cancel_maker`, and
 * under the other settings what is behind the first of them is out of reach.
 */
export function fillable(book: Book, taker: number, limit: number): boolean {
  const { pool, ladder } = book;
  const terms = pool.half(taker, TERMS);
  const side = sideOf(terms);
  const selfTrade = selfTradeOf(terms);
  const account = pool.word(taker, ACCOUNT);
  let missing = pool.word(taker, LEAVES);
  for (let level = ladder.best(side ^ 1); level !== NIL; level = ladder.worse(level, side ^ 1)) {
    if (!ladder.within(level, side, limit)) return false;
    if (selfTrade === STP_NONE) missing -= ladder.qty(level);
    for (let maker = ladder.head(level); selfTrade !== STP_NONE && maker !== NIL; maker = pool.half(maker, NEXT)) {
      if (pool.word(maker, ACCOUNT) !== account) missing -= pool.word(maker, LEAVES);
      else if (selfTrade !== STP_CANCEL_MAKER) return false;
      if (missing <= 0) return true;
    }
    if (missing <= 0) return true;
  }
  return false;
}
