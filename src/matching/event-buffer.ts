import type { Lots, Side, Ticks } from '../domain/ids.ts';
import {
  ACCEPTED,
  CANCEL_REASONS,
  CANCELED,
  type CancelReason,
  DONE,
  EVENT_TYPES,
  REJECT_REASONS,
  REJECTED,
  type RejectReason,
  SIDES,
  TRADED,
} from './codes.ts';
import type { MatchingEvent } from './events.ts';
import { ACCOUNT, ID, LEAVES, QTY } from './order-pool.ts';

/** Float64 words of one event. */
const STRIDE = 8;
const TYPE_BITS = 3;
const FIRST_CAPACITY = 512;
/** One sweep of a huge book must not keep its memory for ever. */
const KEPT_CAPACITY = 65_536;
/** A command makes at most this many events, and each maker that it meets at most this many more. */
const MARGIN = 4;

/**
 * The events of the last command, read by index from 0 to `count` - 1. They lie in a buffer that the next command uses
 * again: read them, or copy them, before. Which readers mean something depends on the type of the event, as their
 * comments say. `decode` turns an event into an object, for callers that are not hot.
 */
export type EventReader = Readonly<
  Pick<
    EventBuffer,
    | 'count'
    | 'type'
    | 'code'
    | 'id'
    | 'account'
    | 'price'
    | 'qty'
    | 'leavesQty'
    | 'makerId'
    | 'makerAccount'
    | 'tradeSeq'
    | 'decode'
    | 'decodeAll'
  >
>;

/** What the engine writes and callers read: eight float64 words an event. */
export class EventBuffer {
  /** Number of events of the last command. */
  count = 0;
  private words = new Float64Array(FIRST_CAPACITY * STRIDE);

  /** Events that there is room for now. */
  get capacity(): number {
    return this.words.length / STRIDE;
  }

  /** ACCEPTED … AMENDED of codes.ts. */
  type(index: number): number {
    return (this.words[index * STRIDE] as number) & (2 ** TYPE_BITS - 1);
  }
  /** Place in CANCEL_REASONS or REJECT_REASONS; side of the order (accepted), side of the taker (traded). */
  code(index: number): number {
    return (this.words[index * STRIDE] as number) >> TYPE_BITS;
  }
  /** The order that the event is about; the taker of a trade. */
  id(index: number): number {
    return this.words[index * STRIDE + 1] as number;
  }
  /** The account of that order; not of a rejected one. */
  account(index: number): number {
    return this.words[index * STRIDE + 2] as number;
  }
  /** Limit of the order (accepted, 0: none; reduced, amended), price of the trade (traded). */
  price(index: number): Ticks {
    return this.words[index * STRIDE + 3] as Ticks;
  }
  /** Whole quantity of the order (accepted, reduced, amended), quantity of the trade (traded). */
  qty(index: number): Lots {
    return this.words[index * STRIDE + 4] as Lots;
  }
  /** What is left of the order (reduced, amended), or was (canceled). */
  leavesQty(index: number): Lots {
    return this.words[index * STRIDE + 5] as Lots;
  }
  /** Of a trade. */
  makerId(index: number): number {
    return this.words[index * STRIDE + 5] as number;
  }
  /** Of a trade. */
  makerAccount(index: number): number {
    return this.words[index * STRIDE + 6] as number;
  }
  /** Of a trade. */
  tradeSeq(index: number): number {
    return this.words[index * STRIDE + 7] as number;
  }

  decodeAll(): MatchingEvent[] {
    return Array.from({ length: this.count }, (_, index) => this.decode(index));
  }

  decode(index: number): MatchingEvent {
    if (!(index >= 0 && index < this.count)) throw new RangeError(`no event ${index}`);
    const id = this.id(index);
    const account = this.account(index);
    const type = EVENT_TYPES[this.type(index)] as MatchingEvent['type'];
    switch (type) {
      case 'accepted':
        return { type, id, account, side: this.side(index), price: this.limit(index), qty: this.qty(index) };
      case 'traded':
        return this.decodeTrade(index);
      case 'done':
        return { type, id, account };
      case 'canceled': {
        const reason = CANCEL_REASONS[this.code(index)] as CancelReason;
        return { type, id, account, leavesQty: this.leavesQty(index), reason };
      }
      case 'rejected':
        return { type, id, reason: REJECT_REASONS[this.code(index)] as RejectReason };
      case 'reduced':
      case 'amended': {
        const price = this.price(index);
        return { type, id, account, price, qty: this.qty(index), leavesQty: this.leavesQty(index) };
      }
    }
  }

  private decodeTrade(index: number): MatchingEvent {
    return {
      type: 'traded',
      tradeSeq: this.tradeSeq(index),
      price: this.price(index),
      qty: this.qty(index),
      aggressor: this.side(index),
      takerId: this.id(index),
      takerAccount: this.account(index),
      makerId: this.makerId(index),
      makerAccount: this.makerAccount(index),
    };
  }

  private side(index: number): Side {
    return SIDES[this.code(index)] as Side;
  }
  private limit(index: number): Ticks | null {
    return this.price(index) === 0 ? null : this.price(index);
  }

  /** Before a command: forgets the last one's events. */
  clear(): void {
    this.count = 0;
    if (this.words.length > KEPT_CAPACITY * STRIDE) this.resize(FIRST_CAPACITY);
  }

  /** Before each maker: makes room for the events that it can cause. */
  reserve(): void {
    if ((this.count + 2 * MARGIN) * STRIDE > this.words.length) this.resize(this.count * 2);
  }

  // Writers. `orders` are the pool's words; `order`, `taker` and `maker` are where a record starts in them.

  accepted(id: number, account: number, side: number, price: number, qty: number): void {
    const { words } = this;
    const at = this.next();
    words[at] = ACCEPTED | (side << TYPE_BITS);
    words[at + 1] = id;
    words[at + 2] = account;
    words[at + 3] = price;
    words[at + 4] = qty;
  }

  traded(
    orders: Float64Array,
    taker: number,
    maker: number,
    side: number,
    price: number,
    qty: number,
    seq: number,
  ): void {
    const { words } = this;
    const at = this.next();
    words[at] = TRADED | (side << TYPE_BITS);
    words[at + 1] = orders[taker + ID] as number;
    words[at + 2] = orders[taker + ACCOUNT] as number;
    words[at + 3] = price;
    words[at + 4] = qty;
    words[at + 5] = orders[maker + ID] as number;
    words[at + 6] = orders[maker + ACCOUNT] as number;
    words[at + 7] = seq;
  }

  done(orders: Float64Array, order: number): void {
    const { words } = this;
    const at = this.next();
    words[at] = DONE;
    words[at + 1] = orders[order + ID] as number;
    words[at + 2] = orders[order + ACCOUNT] as number;
  }

  canceled(orders: Float64Array, order: number, reason: number): void {
    const { words } = this;
    const at = this.next();
    words[at] = CANCELED | (reason << TYPE_BITS);
    words[at + 1] = orders[order + ID] as number;
    words[at + 2] = orders[order + ACCOUNT] as number;
    words[at + 5] = orders[order + LEAVES] as number;
  }

  rejected(id: number, reason: number): void {
    const { words } = this;
    const at = this.next();
    words[at] = REJECTED | (reason << TYPE_BITS);
    words[at + 1] = id;
  }

  /** REDUCED or AMENDED, to `price` and to the quantity and leaves that the record has now. */
  changed(type: number, orders: Float64Array, order: number, price: number): void {
    const { words } = this;
    const at = this.next();
    words[at] = type;
    words[at + 1] = orders[order + ID] as number;
    words[at + 2] = orders[order + ACCOUNT] as number;
    words[at + 3] = price;
    words[at + 4] = orders[order + QTY] as number;
    words[at + 5] = orders[order + LEAVES] as number;
  }

  private next(): number {
    const at = this.count * STRIDE;
    this.count += 1;
    return at;
  }

  private resize(capacity: number): void {
    const words = new Float64Array(capacity * STRIDE);
    words.set(this.words.subarray(0, this.count * STRIDE));
    this.words = words;
  }
}
