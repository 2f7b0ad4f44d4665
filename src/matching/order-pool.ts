import { NIL, SlotTable } from './slot-table.ts';

/** An order is a record of 64 bytes, one cache line: eight float64 words, or sixteen int32 halves, from its slot. */
export const WORDS = 8;
export const ID = 0;
export const ACCOUNT = 1;
/** Whole quantity, what was filled included. */
export const QTY = 2;
export const LEAVES = 3;
/** Time priority among the orders that rest: see `RestingOrder.arrival`. */
export const ARRIVAL = 4;

export const HALVES = 16;
/** Neighbours in the queue: slots or NIL. */
export const NEXT = 10;
export const PREV = 11;
/** The price level that the order rests on; NIL while it rests on none. */
export const LEVEL = 12;
/** Side, post-only and self-trade mode: see terms.ts. */
export const TERMS = 13;
/** What the state hash remembers of the order. */
export const SEED_A = 14;
export const SEED_B = 15;

const FIRST_CAPACITY = 1_024;

/**
 * All orders of a book in one buffer. Slots come from a free list, last freed first, and never move; the buffer
 * doubles when it is full and is then copied once. Hot code reads `words` and `halves` itself, after the last `take`.
 */
export class OrderPool {
  words: Float64Array;
  halves: Int32Array;
  readonly ids: SlotTable;
  /** Orders in the pool. */
  count = 0;
  /** Slots below this have been used. */
  highWater = 0;
  private capacity: number;
  private free = NIL;

  constructor(capacity: number) {
    this.capacity = Math.max(FIRST_CAPACITY, capacity);
    this.words = new Float64Array(this.capacity * WORDS);
    this.halves = new Int32Array(this.words.buffer);
    this.ids = new SlotTable(this.words, WORDS, capacity);
  }

  /** A new order with nothing filled, on no level; NIL if the id is in use. */
  take(id: number, account: number, qty: number, terms: number): number {
    if (this.free === NIL) this.extend();
    const slot = this.free;
    if (!this.ids.claim(id, slot)) return NIL;
    const { words, halves } = this;
    this.free = halves[slot * HALVES + NEXT] as number;
    this.count += 1;
    const at = slot * WORDS;
    words[at + ID] = id;
    words[at + ACCOUNT] = account;
    words[at + QTY] = qty;
    words[at + LEAVES] = qty;
    halves[slot * HALVES + LEVEL] = NIL;
    halves[slot * HALVES + TERMS] = terms;
    return slot;
  }

  /** Forgets an order. Its record stays readable until the next `take`. */
  release(slot: number): void {
    const { halves } = this;
    this.ids.remove(this.words[slot * WORDS + ID] as number, slot);
    halves[slot * HALVES + LEVEL] = NIL;
    halves[slot * HALVES + NEXT] = this.free;
    this.free = slot;
    this.count -= 1;
  }

  /** Whether the order rests on a level: free slots and orders on their way in do not. */
  isResting(slot: number): boolean {
    return this.halves[slot * HALVES + LEVEL] !== NIL;
  }
  word(slot: number, field: number): number {
    return this.words[slot * WORDS + field] as number;
  }
  half(slot: number, field: number): number {
    return this.halves[slot * HALVES + field] as number;
  }

  private extend(): void {
    if (this.highWater === this.capacity) this.grow();
    this.halves[this.highWater * HALVES + NEXT] = NIL;
    this.halves[this.highWater * HALVES + LEVEL] = NIL;
    this.free = this.highWater;
    this.highWater += 1;
  }

  private grow(): void {
    this.capacity *= 2;
    const words = new Float64Array(this.capacity * WORDS);
    words.set(this.words);
    this.words = words;
    this.halves = new Int32Array(words.buffer);
    this.ids.keys = words;
  }
}
