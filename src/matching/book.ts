import { ARRIVAL, HALVES, LEVEL, OrderPool, TERMS, WORDS } from './order-pool.ts';
import { PriceLadder } from './price-ladder.ts';
import { StateHash } from './state-hash.ts';
import { sideOf } from './terms.ts';

/** Places in `counters`: float64 array elements, because a field of a class would be allocated anew for each value. */
const TRADES = 0;
const ARRIVALS = 1;

/** The state of one book: orders, price levels, counters, and the hash over all of it. It knows no rules. */
export class Book {
  readonly pool: OrderPool;
  readonly ladder: PriceLadder;
  readonly state: StateHash;
  private readonly counters = new Float64Array(2);

  constructor(capacity: number) {
    this.pool = new OrderPool(capacity);
    this.ladder = new PriceLadder(this.pool);
    this.state = new StateHash(this.pool);
  }

  get tradeSeq(): number {
    return this.counters[TRADES] as number;
  }
  get arrivals(): number {
    return this.counters[ARRIVALS] as number;
  }
  setCounters(tradeSeq: number, arrivals: number): void {
    this.counters[TRADES] = tradeSeq;
    this.counters[ARRIVALS] = arrivals;
  }

  nextTradeSeq(): number {
    const next = (this.counters[TRADES] as number) + 1;
    this.counters[TRADES] = next;
    return next;
  }

  /** Puts an order at the end of the queue of `level`, which was opened for `price`. */
  rest(slot: number, side: number, level: number, price: number): void {
    const arrival = (this.counters[ARRIVALS] as number) + 1;
    this.counters[ARRIVALS] = arrival;
    this.pool.words[slot * WORDS + ARRIVAL] = arrival;
    this.ladder.append(slot, side, level, price);
    this.state.enter(slot, price);
  }

  /** Takes an order out of its queue; it stays in the pool. */
  unrest(slot: number): void {
    this.state.leave(slot);
    this.ladder.dequeue(slot, sideOf(this.pool.halves[slot * HALVES + TERMS] as number));
  }

  priceOf(slot: number): number {
    return this.ladder.price(this.pool.half(slot, LEVEL));
  }

  hash(): number {
    return this.state.value(this.tradeSeq, this.arrivals);
  }
}
