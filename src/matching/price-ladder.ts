import { BUY } from './codes.ts';
import { HALVES, LEAVES, LEVEL, NEXT, type OrderPool, PREV, WORDS } from './order-pool.ts';
import { PageIndex } from './page-index.ts';
import { NIL, SlotTable } from './slot-table.ts';

/** Prices of one page: as many as a bitmap word has bits. */
const PAGE = 32;
const PAGE_BITS = 5;
const FIRST_PAGES = 64;
/** A level is 16 bytes: its quantity in float64 word 0, first and last order in int32 halves 2 and 3. */
const LEVEL_WORDS = 2;
const LEVEL_HALVES = 4;
const HEAD = 2;
const TAIL = 3;

const NO_BID = 0;
const NO_ASK = Number.POSITIVE_INFINITY;

/**
 * Price levels with their queues. Prices are grouped in pages of 32 neighbouring ticks with a bitmap a side; pages
 * are found through a hash of their key and linked in price order. So memory follows the prices in use, wherever
 * they are, and an empty page goes to a free list at once. Bids and asks share pages: a price belongs to one side
 * only, as long as the book is not crossed.
 *
 * A level is named `page * 32 + tick in page`; the name holds as long as the level has orders.
 */
export class PriceLadder {
  private readonly pool: OrderPool;
  private words = new Float64Array(FIRST_PAGES * PAGE * LEVEL_WORDS);
  private halves = new Int32Array(this.words.buffer);
  /** Lowest price of the page divided by 32. */
  private keys = new Float64Array(FIRST_PAGES);
  /** Occupied levels: `bits[page * 2 + side]`. */
  private bits = new Int32Array(FIRST_PAGES * 2);
  /** Neighbours in price order: `links[page * 2]` below, `links[page * 2 + 1]` above. Free pages use the first. */
  private links = new Int32Array(FIRST_PAGES * 2);
  private capacity = FIRST_PAGES;
  private highWater = 0;
  private free = NIL;
  private lowest = NIL;
  private readonly table = new SlotTable(this.keys, 1);
  private readonly index = new PageIndex();
  /** Pages in use. */
  pages = 0;

  private readonly bestLevels = Int32Array.of(NIL, NIL);
  private readonly bestPrices = Float64Array.of(NO_BID, NO_ASK);

  constructor(pool: OrderPool) {
    this.pool = pool;
  }

  /** Best level of a side, NIL if it is empty. */
  best(side: number): number {
    return this.bestLevels[side] as number;
  }
  /** 0 without bids, Infinity without asks: no price crosses these. */
  bestPrice(side: number): number {
    return this.bestPrices[side] as number;
  }
  /** Whether an order of `side` that goes up (down) to `limit` meets the other side. */
  crosses(side: number, limit: number): boolean {
    return (limit - (this.bestPrices[side ^ 1] as number)) * (1 - 2 * side) >= 0;
  }
  /** Whether an order of `side` that goes up (down) to `limit` may trade at a level of the other side. */
  within(level: number, side: number, limit: number): boolean {
    return side === BUY ? this.price(level) <= limit : this.price(level) >= limit;
  }
  price(level: number): number {
    return (this.keys[level >>> PAGE_BITS] as number) * PAGE + (level & (PAGE - 1));
  }
  qty(level: number): number {
    return this.words[level * LEVEL_WORDS] as number;
  }
  /** For a change of an order's leaves that leaves it in its queue. */
  addQty(level: number, change: number): void {
    (this.words[level * LEVEL_WORDS] as number) += change;
  }
  /** First order in the queue. */
  head(level: number): number {
    return this.halves[level * LEVEL_HALVES + HEAD] as number;
  }

  /** Quantity that rests at a price, on whichever side. */
  qtyAt(price: number): number {
    const key = Math.floor(price / PAGE);
    const page = this.table.find(key);
    return page === NIL ? 0 : this.qty(page * PAGE + (price - key * PAGE));
  }

  /** The level of a price, made if need be: then something has to be appended to it. */
  open(price: number): number {
    const key = Math.floor(price / PAGE);
    let page = this.table.find(key);
    if (page === NIL) page = this.openPage(key);
    return page * PAGE + (price - key * PAGE);
  }

  /** Puts an order at the end of a level's queue. */
  append(slot: number, side: number, level: number, price: number): void {
    const page = level >>> PAGE_BITS;
    const bit = 1 << (level & (PAGE - 1));
    const at = slot * HALVES;
    const queue = level * LEVEL_HALVES;
    const { words, halves } = this;
    const orders = this.pool.halves;
    const occupied = this.bits[page * 2 + side] as number;
    if ((occupied & bit) === 0) {
      this.bits[page * 2 + side] = occupied | bit;
      halves[queue + HEAD] = slot;
      orders[at + PREV] = NIL;
      if ((price - (this.bestPrices[side] as number)) * (1 - 2 * side) > 0) this.setBest(side, level, price);
    } else {
      const last = halves[queue + TAIL] as number;
      orders[last * HALVES + NEXT] = slot;
      orders[at + PREV] = last;
    }
    halves[queue + TAIL] = slot;
    orders[at + NEXT] = NIL;
    orders[at + LEVEL] = level;
    (words[level * LEVEL_WORDS] as number) += this.pool.words[slot * WORDS + LEAVES] as number;
  }

  /** Takes an order with its leaves out of its queue; its level and page go with it if they are empty then. */
  dequeue(slot: number, side: number): void {
    const { words, halves } = this;
    const orders = this.pool.halves;
    const at = slot * HALVES;
    const level = orders[at + LEVEL] as number;
    const next = orders[at + NEXT] as number;
    const prev = orders[at + PREV] as number;
    (words[level * LEVEL_WORDS] as number) -= this.pool.words[slot * WORDS + LEAVES] as number;
    if (next !== NIL) orders[next * HALVES + PREV] = prev;
    else halves[level * LEVEL_HALVES + TAIL] = prev;
    if (prev !== NIL) orders[prev * HALVES + NEXT] = next;
    else halves[level * LEVEL_HALVES + HEAD] = next;
    if (next === NIL && prev === NIL) this.closeLevel(level, side);
  }

  /** Takes the first order, all of it, out of the queue of a side's best level. */
  popHead(slot: number, side: number, level: number): void {
    const orders = this.pool.halves;
    const next = orders[slot * HALVES + NEXT] as number;
    (this.words[level * LEVEL_WORDS] as number) -= this.pool.words[slot * WORDS + LEAVES] as number;
    this.halves[level * LEVEL_HALVES + HEAD] = next;
    if (next === NIL) this.closeLevel(level, side);
    else orders[next * HALVES + PREV] = NIL;
  }

  /** The next worse level of a side, NIL after the last. */
  worse(level: number, side: number): number {
    const page = level >>> PAGE_BITS;
    const tick = level & (PAGE - 1);
    const occupied = this.bits[page * 2 + side] as number;
    // Shifted twice: a shift by 32 would be a shift by 0.
    const rest = occupied & (side === BUY ? (1 << tick) - 1 : (-1 << tick) << 1);
    return rest === 0 ? this.firstBeyond(page, side) : page * PAGE + edge(rest, side);
  }

  private closeLevel(level: number, side: number): void {
    const page = level >>> PAGE_BITS;
    const rest = (this.bits[page * 2 + side] as number) & ~(1 << (level & (PAGE - 1)));
    this.bits[page * 2 + side] = rest;
    if (level === this.best(side)) {
      const next = rest === 0 ? this.firstBeyond(page, side) : page * PAGE + edge(rest, side);
      if (next === NIL) this.setBest(side, NIL, side === BUY ? NO_BID : NO_ASK);
      else this.setBest(side, next, this.price(next));
    }
    if (rest === 0 && this.bits[page * 2 + (side ^ 1)] === 0) this.closePage(page);
  }

  /** Best level of the neighbouring page: pages beyond a side's best hold that side only, and none is empty. */
  private firstBeyond(page: number, side: number): number {
    const beyond = this.links[page * 2 + side] as number;
    return beyond === NIL ? NIL : beyond * PAGE + edge(this.bits[beyond * 2 + side] as number, side);
  }

  private setBest(side: number, level: number, price: number): void {
    this.bestLevels[side] = level;
    this.bestPrices[side] = price;
  }

  private openPage(key: number): number {
    let page = this.free;
    if (page !== NIL) this.free = this.links[page * 2] as number;
    else {
      page = this.highWater;
      if (page === this.capacity) this.grow();
      this.highWater += 1;
    }
    this.keys[page] = key;
    this.table.claim(key, page);
    const below = this.index.insert(key, page);
    const above = below === NIL ? this.lowest : (this.links[below * 2 + 1] as number);
    this.links[page * 2] = below;
    this.links[page * 2 + 1] = above;
    if (below === NIL) this.lowest = page;
    else this.links[below * 2 + 1] = page;
    if (above !== NIL) this.links[above * 2] = page;
    this.pages += 1;
    return page;
  }

  private closePage(page: number): void {
    const key = this.keys[page] as number;
    this.table.remove(key, page);
    this.index.remove(key);
    const below = this.links[page * 2] as number;
    const above = this.links[page * 2 + 1] as number;
    if (below === NIL) this.lowest = above;
    else this.links[below * 2 + 1] = above;
    if (above !== NIL) this.links[above * 2] = below;
    this.links[page * 2] = this.free;
    this.free = page;
    this.pages -= 1;
  }

  private grow(): void {
    this.capacity *= 2;
    const words = new Float64Array(this.capacity * PAGE * LEVEL_WORDS);
    words.set(this.words);
    this.words = words;
    this.halves = new Int32Array(words.buffer);
    this.keys = grown(this.keys, new Float64Array(this.capacity));
    this.bits = grown(this.bits, new Int32Array(this.capacity * 2));
    this.links = grown(this.links, new Int32Array(this.capacity * 2));
    this.table.keys = this.keys;
  }
}

/** The tick of a page's best level, from its bitmap (not 0): the highest bit for bids, the lowest for asks. */
const edge = (bits: number, side: number): number => 31 - Math.clz32(side === BUY ? bits : bits & -bits);

function grown<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
