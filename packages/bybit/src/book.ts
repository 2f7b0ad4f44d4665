import { BookMessage } from './book/message.ts';
import { BookSide } from './book/side.ts';
import type { Units } from './book/units.ts';
import { countOf, textOf } from './book/units.ts';
import type { Decimal, Step } from './decimal.ts';
import { decimalsOf, pow10, stepOf } from './decimal.ts';
import { orderbook } from './wire/market.ts';
import type { WireLevel } from './wire/market.ts';
import type { Infer } from './wire/schema.ts';
import { millis, object, oneOf, orNull, parse } from './wire/schema.ts';

/** A level as whole counts of the book's units: ticks and steps where the instrument's are known. */
export type BookLevel = Readonly<{ price: number; size: number }>;

/** What a message did. After a fault the book is not valid until the next snapshot. */
export type BookChange =
  | 'snapshot'
  | 'delta'
  /** Seen before, or a delta while a snapshot is awaited. */
  | 'ignored'
  | BookFault;
export type BookFault =
  /** At least one delta was lost. */
  | 'gap'
  /** Bid at or above ask. */
  | 'crossed'
  /** A price or size that is not on the instrument's grid: tick or step have changed, or were wrong. */
  | 'off_grid'
  | 'unreadable';

export type BookOptions = Readonly<{
  /** Depth of the topic. At 1 the venue sends snapshots only, and repeats them. */
  depth: number;
  /** The instrument's tick and lot size; left out, the book counts in the smallest units that the messages need. */
  tick?: Decimal;
  step?: Decimal;
}>;

const bookPush = object({
  type: oneOf('type', ['snapshot', 'delta']),
  ts: millis,
  cts: orNull(millis),
  data: orderbook,
});
type BookPush = Infer<typeof bookPush>;

/** Digits of a float64 that are exact. */
const MAX_SCALE = 15;
const UNKNOWN_UNITS: Units = { scale: 0, divisor: 1 };

/** One for all books: a message is read and applied in one go, nothing of it stays. */
const SCRATCH = new BookMessage();

/** The order book of one symbol, kept by snapshots and deltas (docs/v5/websocket/public/orderbook). */
export class LocalBook {
  readonly #depth: number;
  readonly #bids = new BookSide(1);
  readonly #asks = new BookSide(-1);
  readonly #fixed: boolean;
  #priceUnits: Units;
  #sizeUnits: Units;
  #fault: BookFault | null = null;
  #hasSnapshot = false;
  #u = 0;
  #seq = 0;
  #ts = 0;
  #cts = 0;
  #receivedAt = 0;

  constructor(options: BookOptions) {
    this.#depth = options.depth;
    this.#fixed = options.tick !== undefined && options.step !== undefined;
    this.#priceUnits = this.#fixed ? unitsFrom(options.tick as Decimal) : UNKNOWN_UNITS;
    this.#sizeUnits = this.#fixed ? unitsFrom(options.step as Decimal) : UNKNOWN_UNITS;
  }

  /** False before the first snapshot, after a fault and after a lost connection: nothing may be decided on it then. */
  get valid(): boolean {
    return this.#hasSnapshot;
  }

  /** What made it invalid; null if it is valid, or was never filled. */
  get fault(): BookFault | null {
    return this.#fault;
  }

  /** Update id of the topic; consecutive. */
  get u(): number {
    return this.#u;
  }

  /** Cross sequence: rises over all topics of the symbol, with gaps. */
  get seq(): number {
    return this.#seq;
  }

  /** When the venue sent it, ms. */
  get ts(): number {
    return this.#ts;
  }

  /** When the matching engine made it, ms; 0 where the venue does not say. */
  get cts(): number {
    return this.#cts;
  }

  /** Wall clock at the last message, ms. */
  get receivedAt(): number {
    return this.#receivedAt;
  }

  get bidCount(): number {
    return this.#bids.count;
  }

  get askCount(): number {
    return this.#asks.count;
  }

  /** Best bid as counts; NaN where there is none. */
  get bidPrice(): number {
    return this.#bids.priceAt(0);
  }

  get askPrice(): number {
    return this.#asks.priceAt(0);
  }

  /** What one price count is worth: `divisor × 10^-scale`. */
  get priceUnits(): Units {
    return this.#priceUnits;
  }

  get sizeUnits(): Units {
    return this.#sizeUnits;
  }

  /** The best levels first, at most `depth` of them. */
  bids(depth = Number.POSITIVE_INFINITY): BookLevel[] {
    return levelsOf(this.#bids, depth);
  }

  asks(depth = Number.POSITIVE_INFINITY): BookLevel[] {
    return levelsOf(this.#asks, depth);
  }

  /** Copies the best levels into arrays of the caller without allocating; returns how many. */
  read(side: 'bid' | 'ask', prices: Float64Array, sizes: Float64Array): number {
    const from = side === 'bid' ? this.#bids : this.#asks;
    const count = Math.min(from.count, prices.length, sizes.length);
    for (let i = 0; i < count; i++) {
      prices[i] = from.priceAt(i);
      sizes[i] = from.sizeAt(i);
    }
    return count;
  }

  /** Size at a price (counts); 0 where there is no level. */
  sizeAt(side: 'bid' | 'ask', price: number): number {
    return (side === 'bid' ? this.#bids : this.#asks).sizeOf(price);
  }

  priceText(price: number): Decimal {
    return textOf(price, this.#priceUnits);
  }

  sizeText(size: number): Decimal {
    return textOf(size, this.#sizeUnits);
  }

  /** Applies a message as it came from the socket. `receivedAt`: wall clock, ms. */
  applyText(text: string, receivedAt: number): BookChange {
    const message = SCRATCH;
    const quick = message.read(text, this.#priceUnits, this.#sizeUnits);
    if (!quick || (message.offGrid && !this.#fixed)) {
      let json: unknown;
      try {
        json = JSON.parse(text);
      } catch {
        // Reported by the return value: a book that missed a message is not valid.
        return this.#spoil('unreadable');
      }
      return this.applyJson(json, receivedAt);
    }
    return message.offGrid ? this.#spoil('off_grid') : this.#apply(receivedAt);
  }

  /** Applies a message that was parsed already. */
  applyJson(json: unknown, receivedAt: number): BookChange {
    const parsed = parse(bookPush, json);
    if (!parsed.ok || typeof parsed.value.value.type !== 'string') return this.#spoil('unreadable');
    const push = parsed.value.value;
    if (!this.#fixed && !this.#refine(push)) return this.#spoil('off_grid');
    const message = SCRATCH;
    message.isSnapshot = push.type === 'snapshot';
    message.ts = push.ts;
    message.cts = push.cts ?? 0;
    message.u = push.data.u;
    message.seq = push.data.seq ?? 0;
    const counted = this.#count(push.data.b, message.bids) && this.#count(push.data.a, message.asks);
    return counted ? this.#apply(receivedAt) : this.#spoil('off_grid');
  }

  /** The stream was interrupted: what comes next is worth nothing until a snapshot. */
  invalidate(): void {
    this.#hasSnapshot = false;
    this.#fault = null;
  }

  #apply(receivedAt: number): BookChange {
    const message = SCRATCH;
    // A service restart begins again at 1, whatever the message calls itself.
    const replaces = message.isSnapshot || message.u === 1;
    if (!replaces) {
      if (!this.#hasSnapshot) return 'ignored';
      if (this.#depth === 1 ? message.u < this.#u : message.u <= this.#u) return 'ignored';
      if (this.#depth !== 1 && message.u !== this.#u + 1) return this.#spoil('gap');
    }
    const { bids, asks } = message;
    if (replaces) {
      this.#bids.replace(bids.prices, bids.sizes, bids.count);
      this.#asks.replace(asks.prices, asks.sizes, asks.count);
    } else {
      this.#bids.apply(bids.prices, bids.sizes, bids.count);
      this.#asks.apply(asks.prices, asks.sizes, asks.count);
    }
    this.#u = message.u;
    this.#seq = message.seq;
    this.#ts = message.ts;
    this.#cts = message.cts;
    this.#receivedAt = receivedAt;
    if (this.#bids.priceAt(0) >= this.#asks.priceAt(0)) return this.#spoil('crossed');
    this.#hasSnapshot = true;
    this.#fault = null;
    return replaces ? 'snapshot' : 'delta';
  }

  #spoil(fault: BookFault): BookChange {
    this.#hasSnapshot = false;
    this.#fault = fault;
    return fault;
  }

  #count(levels: readonly WireLevel[], into: BookMessage['bids']): boolean {
    into.count = 0;
    for (const [priceText, sizeText] of levels) {
      const price = countOf(priceText, this.#priceUnits);
      const size = countOf(sizeText, this.#sizeUnits);
      if (Number.isNaN(price) || Number.isNaN(size)) return false;
      into.push(price, size);
    }
    return true;
  }

  /** Without a given grid: makes the units as fine as this message needs. False if that cannot be counted exactly. */
  #refine(push: BookPush): boolean {
    let priceScale = this.#priceUnits.scale;
    let sizeScale = this.#sizeUnits.scale;
    for (const levels of [push.data.b, push.data.a]) {
      for (const [price, size] of levels) {
        priceScale = Math.max(priceScale, decimalsOf(price));
        sizeScale = Math.max(sizeScale, decimalsOf(size));
      }
    }
    if (priceScale > MAX_SCALE || sizeScale > MAX_SCALE) return false;
    const priceFactor = pow10(priceScale - this.#priceUnits.scale);
    const sizeFactor = pow10(sizeScale - this.#sizeUnits.scale);
    if (priceFactor === 1 && sizeFactor === 1) return true;
    const exactBids = this.#bids.rescale(priceFactor, sizeFactor);
    const exactAsks = this.#asks.rescale(priceFactor, sizeFactor);
    this.#priceUnits = { scale: priceScale, divisor: 1 };
    this.#sizeUnits = { scale: sizeScale, divisor: 1 };
    return exactBids && exactAsks;
  }
}

function unitsFrom(text: Decimal): Units {
  const step: Step | null = stepOf(text);
  if (step === null) throw new RangeError(`not a step: ${JSON.stringify(text)}`);
  return step;
}

function levelsOf(side: BookSide, depth: number): BookLevel[] {
  const levels: BookLevel[] = [];
  const count = Math.min(side.count, depth);
  for (let i = 0; i < count; i++) levels.push({ price: side.priceAt(i), size: side.sizeAt(i) });
  return levels;
}
