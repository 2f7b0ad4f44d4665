import type { Lots, Side, Ticks } from '../domain/ids.ts';
import { ok, type Result } from '../domain/result.ts';
import { Book } from './book.ts';
import {
  AMENDED,
  BAD_ACCOUNT,
  BAD_PRICE,
  BAD_QTY,
  BUY,
  BY_CANCEL_ALL,
  BY_FILL_OR_KILL,
  BY_IMMEDIATE,
  BY_POST_ONLY,
  BY_REQUEST,
  BY_SELF_TRADE,
  DUPLICATE_ID,
  FOK,
  GTC,
  LEVEL_FULL,
  NOT_FOUND,
  NOT_MODIFIED,
  POST_ONLY,
  QTY_NOT_ABOVE_FILLED,
  REDUCED,
  SELF_TRADE_MODES,
  SELL,
  SIDES,
  TIMES_IN_FORCE,
} from './codes.ts';
import type { Command, Depth, RestingOrder } from './command.ts';
import { EventBuffer, type EventReader } from './event-buffer.ts';
import type { MatchingEvent } from './events.ts';
import { fillable, match } from './match.ts';
import type { Matcher } from './matcher.ts';
import { HALVES, LEAVES, LEVEL, QTY, TERMS, WORDS } from './order-pool.ts';
import { isAccount, isCount, marketRefusalOf, refusalOf } from './refusals.ts';
import { NIL } from './slot-table.ts';
import { type BookSnapshot, restoreBook, type SnapshotError, takeSnapshot } from './snapshot.ts';
import { isPostOnly, packTerms, sideOf } from './terms.ts';
import { depthOf, orderOf, ordersOf, slotsOf, volumeTo } from './views.ts';

const MAX = Number.MAX_SAFE_INTEGER;

/**
 * Matching engine of one symbol: price-time priority over whole ticks and lots. It knows no balances and no clock;
 * the same commands give the same events and the same hash, whatever the machine.
 *
 * Two ways in. `execute` takes a command object and returns event objects. The methods named after the commands take
 * numbers (codes of codes.ts), return how many events there are, and leave them in `events` until the next command:
 * they allocate nothing. A command that is refused is one `rejected` event and changes nothing.
 */
export class MatchingEngine implements Matcher {
  readonly events: EventReader;
  private readonly out = new EventBuffer();
  private readonly book: Book;

  /** `capacity`: orders for which to have room from the start; beyond it memory doubles as needed. */
  constructor(options: Readonly<{ capacity?: number }> = {}, book = new Book(options.capacity ?? 0)) {
    this.events = this.out;
    this.book = book;
  }

  static restore(snapshot: BookSnapshot): Result<MatchingEngine, SnapshotError> {
    const book = restoreBook(snapshot);
    return book.ok ? ok(new MatchingEngine({}, book.value)) : book;
  }

  execute(command: Command): readonly MatchingEvent[] {
    this.run(command);
    return this.out.decodeAll();
  }

  /** A limit order. What is left of it rests (GTC, POST_ONLY) or is canceled (IOC; FOK trades whole or not at all). */
  submit(
    id: number,
    account: number,
    side: number,
    price: number,
    qty: number,
    timeInForce: number,
    selfTrade: number,
  ): number {
    this.out.clear();
    const refusal = refusalOf(id, account, side, price, qty, timeInForce, selfTrade);
    if (refusal !== NIL) return this.reject(id, refusal);
    return this.enter(id, account, side, price, price, qty, timeInForce, selfTrade);
  }

  /** A market order without a bound, IOC or FOK. With a protection price it is `submit` with that price. */
  submitMarket(id: number, account: number, side: number, qty: number, timeInForce: number, selfTrade: number): number {
    this.out.clear();
    const refusal = marketRefusalOf(id, account, side, qty, timeInForce, selfTrade);
    if (refusal !== NIL) return this.reject(id, refusal);
    return this.enter(id, account, side, side === BUY ? MAX : 1, 0, qty, timeInForce, selfTrade);
  }

  cancel(id: number): number {
    this.out.clear();
    const { book } = this;
    const slot = book.pool.ids.find(id);
    if (slot === NIL) return this.reject(id, NOT_FOUND);
    book.unrest(slot);
    return this.kill(slot, BY_REQUEST);
  }

  /**
   * Changes price and whole quantity (what was filled included), both given, as Bybit's POST /v5/order/amend does.
   * Less at the same price keeps the place in the queue; anything else goes to the end of a queue, and trades first
   * where the new price reaches the other side, under the self-trade setting of the order's submit. A post-only order
   * whose new price does that is canceled: Bybit cancels one that would take on its way in, and does not say
   * otherwise for amends.
   */
  amend(id: number, price: number, qty: number): number {
    this.out.clear();
    const { pool, ladder } = this.book;
    const slot = pool.ids.find(id);
    if (slot === NIL) return this.reject(id, NOT_FOUND);
    if (!isCount(price)) return this.reject(id, BAD_PRICE);
    if (!isCount(qty)) return this.reject(id, BAD_QTY);
    const before = pool.word(slot, QTY);
    const leaves = qty - (before - pool.word(slot, LEAVES));
    if (leaves <= 0) return this.reject(id, QTY_NOT_ABOVE_FILLED);
    const samePrice = price === this.book.priceOf(slot);
    if (samePrice && qty === before) return this.reject(id, NOT_MODIFIED);
    if (samePrice && qty < before) return this.reduce(slot, price, qty, leaves);
    if (!ladder.crosses(sideOf(pool.half(slot, TERMS)), price)) {
      const others = ladder.qtyAt(price) - (samePrice ? pool.word(slot, LEAVES) : 0);
      if (others + leaves > MAX) return this.reject(id, LEVEL_FULL);
    }
    return this.replace(slot, price, qty, leaves);
  }

  /** Cancels every order of an account, oldest first. No events if it has none. */
  cancelAll(account: number): number {
    this.out.clear();
    if (!isAccount(account)) return this.reject(account, BAD_ACCOUNT);
    for (const slot of slotsOf(this.book, account)) {
      this.out.reserve();
      this.book.unrest(slot);
      this.kill(slot, BY_CANCEL_ALL);
    }
    return this.out.count;
  }

  bestBid(): Ticks | null {
    return this.best(BUY);
  }
  bestAsk(): Ticks | null {
    return this.best(SELL);
  }
  depth(levels: number): Depth {
    return depthOf(this.book, levels);
  }
  volumeTo(side: Side, price: Ticks): Lots {
    return volumeTo(this.book, side === 'buy' ? BUY : SELL, price);
  }
  order(id: number): RestingOrder | null {
    const slot = this.book.pool.ids.find(id);
    return slot === NIL ? null : orderOf(this.book, slot);
  }
  orders(): IterableIterator<RestingOrder> {
    return ordersOf(this.book);
  }
  get orderCount(): number {
    return this.book.pool.count;
  }
  get tradeSeq(): number {
    return this.book.tradeSeq;
  }
  hash(): number {
    return this.book.hash();
  }
  snapshot(): BookSnapshot {
    return takeSnapshot(this.book);
  }

  private run(command: Command): number {
    switch (command.type) {
      case 'submit': {
        const { id, account, price, qty } = command;
        const side = SIDES.indexOf(command.side);
        const timeInForce = TIMES_IN_FORCE.indexOf(command.timeInForce);
        const selfTrade = SELF_TRADE_MODES.indexOf(command.selfTrade);
        if (price === null) return this.submitMarket(id, account, side, qty, timeInForce, selfTrade);
        return this.submit(id, account, side, price, qty, timeInForce, selfTrade);
      }
      case 'cancel':
        return this.cancel(command.id);
      case 'amend': {
        const slot = this.book.pool.ids.find(command.id);
        const price = command.price ?? (slot === NIL ? 0 : this.book.priceOf(slot));
        const qty = command.qty ?? (slot === NIL ? 0 : this.book.pool.word(slot, QTY));
        return this.amend(command.id, price, qty);
      }
      case 'cancel_all':
        return this.cancelAll(command.account);
    }
  }

  /** `limit` is how far the order trades, `shown` what its event says of that. */
  private enter(
    id: number,
    account: number,
    side: number,
    limit: number,
    shown: number,
    qty: number,
    timeInForce: number,
    selfTrade: number,
  ): number {
    const { book, out } = this;
    const { pool, ladder } = book;
    const slot = pool.take(id, account, qty, packTerms(side, timeInForce, selfTrade));
    if (slot === NIL) return this.reject(id, DUPLICATE_ID);
    if (ladder.crosses(side, limit)) {
      out.accepted(id, account, side, shown, qty);
      return this.trade(slot, side, limit, timeInForce);
    }
    if (timeInForce === GTC || timeInForce === POST_ONLY) {
      const level = ladder.open(limit);
      if (ladder.qty(level) + qty > MAX) {
        pool.release(slot);
        return this.reject(id, LEVEL_FULL);
      }
      out.accepted(id, account, side, shown, qty);
      book.rest(slot, side, level, limit);
      return out.count;
    }
    out.accepted(id, account, side, shown, qty);
    return this.kill(slot, timeInForce === FOK ? BY_FILL_OR_KILL : BY_IMMEDIATE);
  }

  /** An order in no queue whose limit reaches the other side: its trades, and what becomes of the rest. */
  private trade(slot: number, side: number, limit: number, timeInForce: number): number {
    const { book, out } = this;
    const { pool } = book;
    if (timeInForce === POST_ONLY) return this.kill(slot, BY_POST_ONLY);
    if (timeInForce === FOK && !fillable(book, slot, limit)) return this.kill(slot, BY_FILL_OR_KILL);
    if (!match(book, out, slot, side, limit)) return this.kill(slot, BY_SELF_TRADE);
    if (pool.words[slot * WORDS + LEAVES] === 0) {
      out.done(pool.words, slot * WORDS);
      pool.release(slot);
    } else if (timeInForce === GTC) {
      // Its own side's level at that price is empty, since the book was crossed there: it cannot become too full.
      book.rest(slot, side, book.ladder.open(limit), limit);
    } else {
      this.kill(slot, BY_IMMEDIATE);
    }
    return out.count;
  }

  private reduce(slot: number, price: number, qty: number, leaves: number): number {
    const { pool, ladder, state } = this.book;
    state.leave(slot);
    ladder.addQty(pool.half(slot, LEVEL), leaves - pool.word(slot, LEAVES));
    this.resize(slot, qty, leaves);
    state.enter(slot, price);
    this.out.changed(REDUCED, pool.words, slot * WORDS, price);
    return this.out.count;
  }

  private replace(slot: number, price: number, qty: number, leaves: number): number {
    const { book, out } = this;
    const terms = book.pool.halves[slot * HALVES + TERMS] as number;
    const side = sideOf(terms);
    book.unrest(slot);
    this.resize(slot, qty, leaves);
    out.changed(AMENDED, book.pool.words, slot * WORDS, price);
    if (book.ladder.crosses(side, price)) return this.trade(slot, side, price, isPostOnly(terms) ? POST_ONLY : GTC);
    book.rest(slot, side, book.ladder.open(price), price);
    return out.count;
  }

  private resize(slot: number, qty: number, leaves: number): void {
    const { words } = this.book.pool;
    words[slot * WORDS + QTY] = qty;
    words[slot * WORDS + LEAVES] = leaves;
  }

  /** Ends an order in no queue that has something left. */
  private kill(slot: number, reason: number): number {
    const { pool } = this.book;
    this.out.canceled(pool.words, slot * WORDS, reason);
    pool.release(slot);
    return this.out.count;
  }

  private reject(id: number, reason: number): number {
    this.out.rejected(id, reason);
    return 1;
  }

  private best(side: number): Ticks | null {
    const { ladder } = this.book;
    return ladder.best(side) === NIL ? null : (ladder.bestPrice(side) as Ticks);
  }
}
