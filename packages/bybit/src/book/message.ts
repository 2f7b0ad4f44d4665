import { pow10 } from '../decimal.ts';
import type { Units } from './units.ts';

/**
 * Reads a message of an `orderbook.*` topic straight from its text into arrays of integers: no objects, no strings, no
 * floating point on the way. It takes the documented message with its keys in any order and without escapes; whatever
 * else it meets, it declines, and the caller falls back to JSON.parse, which decides.
 */
export class BookMessage {
  /** 's' or 'd', as the first letter of `type`. */
  isSnapshot = false;
  ts = 0;
  cts = 0;
  u = 0;
  seq = 0;
  bids = new Rows();
  asks = new Rows();
  /** A number was not on the grid (or had more decimals than the units hold): the message itself was fine. */
  offGrid = false;
  #text = '';
  #at = 0;

  /** False: declined. `units` are those of the book. */
  read(text: string, priceUnits: Units, sizeUnits: Units): boolean {
    this.#text = text;
    this.#at = 0;
    this.ts = 0;
    this.cts = 0;
    this.u = -1;
    this.seq = 0;
    this.offGrid = false;
    this.bids.count = -1;
    this.asks.count = -1;
    const whole = this.#envelope(priceUnits, sizeUnits);
    this.#text = '';
    return whole && this.u >= 0 && this.bids.count >= 0 && this.asks.count >= 0;
  }

  #envelope(priceUnits: Units, sizeUnits: Units): boolean {
    if (!this.#take(OPEN_BRACE)) return false;
    let typed = false;
    do {
      const key = this.#key();
      if (key === null) return false;
      if (key === 'type') {
        typed = true;
        if (!this.#type()) return false;
      } else if (key === 'data') {
        if (!this.#data(priceUnits, sizeUnits)) return false;
      } else if (key === 'ts') this.ts = this.#integer();
      else if (key === 'cts') this.cts = this.#integer();
      else if (!this.#skip()) return false;
      if (this.#at < 0) return false;
    } while (this.#take(COMMA));
    return typed && this.#take(CLOSE_BRACE) && this.#isAtEnd();
  }

  /** Archives end their lines with more than a newline. */
  #isAtEnd(): boolean {
    return this.#at === this.#text.length || this.#text.slice(this.#at).trim() === '';
  }

  #data(priceUnits: Units, sizeUnits: Units): boolean {
    if (!this.#take(OPEN_BRACE)) return false;
    do {
      const key = this.#key();
      if (key === null) return false;
      if (key === 'b') {
        if (!this.#levels(this.bids, priceUnits, sizeUnits)) return false;
      } else if (key === 'a') {
        if (!this.#levels(this.asks, priceUnits, sizeUnits)) return false;
      } else if (key === 'u') this.u = this.#integer();
      else if (key === 'seq') this.seq = this.#integer();
      else if (!this.#skip()) return false;
      if (this.#at < 0) return false;
    } while (this.#take(COMMA));
    return this.#take(CLOSE_BRACE);
  }

  #take(code: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at++;
    return true;
  }

  /** A key with its colon; null if there is none. */
  #key(): string | null {
    if (!this.#take(QUOTE)) return null;
    const end = this.#text.indexOf('":', this.#at);
    if (end < 0 || end - this.#at > 16) return null;
    const key = this.#text.slice(this.#at, end);
    this.#at = end + 2;
    return key;
  }

  #type(): boolean {
    const { snapshot, delta } = TYPES;
    this.isSnapshot = this.#text.startsWith(snapshot, this.#at);
    if (!this.isSnapshot && !this.#text.startsWith(delta, this.#at)) return false;
    this.#at += this.isSnapshot ? snapshot.length : delta.length;
    return true;
  }

  /** A non-negative integer; sets the position to -1 if there is none. */
  #integer(): number {
    const text = this.#text;
    let at = this.#at;
    let value = 0;
    for (;;) {
      const digit = text.charCodeAt(at) - ZERO;
      // Also false for NaN, at the end of the text.
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      at++;
    }
    this.#at = at === this.#at || value > Number.MAX_SAFE_INTEGER ? -1 : at;
    return value;
  }

  /** Steps over a text without escapes, or a number: all that other keys of this message hold. */
  #skip(): boolean {
    if (this.#text.charCodeAt(this.#at) !== QUOTE) {
      this.#integer();
      return this.#at >= 0;
    }
    const end = this.#text.indexOf('"', this.#at + 1);
    if (end < 0) return false;
    for (let i = this.#at; i < end; i++) if (this.#text.charCodeAt(i) === BACKSLASH) return false;
    this.#at = end + 1;
    return true;
  }

  #levels(rows: Rows, priceUnits: Units, sizeUnits: Units): boolean {
    this.#at = readLevels(this.#text, this.#at, rows, priceUnits, sizeUnits);
    if (rows.offGrid) this.offGrid = true;
    return this.#at >= 0;
  }
}

/** Levels of one message: counts of price and size, in the order in which they came. */
export class Rows {
  prices = new Float64Array(256);
  sizes = new Float64Array(256);
  count = 0;
  /** A number was not a whole count of its units, or too large. */
  offGrid = false;

  grow(): void {
    const prices = new Float64Array(this.prices.length * 2);
    const sizes = new Float64Array(this.sizes.length * 2);
    prices.set(this.prices);
    sizes.set(this.sizes);
    this.prices = prices;
    this.sizes = sizes;
  }

  push(price: number, size: number): void {
    if (this.count === this.prices.length) this.grow();
    this.prices[this.count] = price;
    this.sizes[this.count] = size;
    this.count++;
  }
}

/**
 * Reads `[["price","size"],…]` at `at` into `rows`; returns the position behind it, -1 if it is anything else. One long
 * loop over character codes held in locals: this is where a client of a busy book spends its time.
 */
function readLevels(text: string, at: number, rows: Rows, priceUnits: Units, sizeUnits: Units): number {
  rows.count = 0;
  rows.offGrid = false;
  if (text.charCodeAt(at) !== OPEN_BRACKET) return -1;
  if (text.charCodeAt(++at) === CLOSE_BRACKET) return at + 1;
  for (let count = 0; ; count++) {
    if (text.charCodeAt(at) !== OPEN_BRACKET) return -1;
    if (count === rows.prices.length) rows.grow();
    at++;
    for (let column = 0; column < 2; column++) {
      const { scale, divisor } = column === 0 ? priceUnits : sizeUnits;
      if (text.charCodeAt(at) !== QUOTE) return -1;
      let code = text.charCodeAt(++at);
      const negative = code === MINUS;
      if (negative) code = text.charCodeAt(++at);
      const start = at;
      let value = 0;
      for (; code >= ZERO && code <= NINE; code = text.charCodeAt(++at)) value = value * 10 + (code - ZERO);
      if (at === start) return -1;
      let missing = scale;
      if (code === POINT) {
        const point = at;
        for (code = text.charCodeAt(++at); code >= ZERO && code <= NINE; code = text.charCodeAt(++at)) {
          if (missing > 0) {
            value = value * 10 + (code - ZERO);
            missing--;
          } else if (code !== ZERO) rows.offGrid = true; // beyond the scale only zeros may follow
        }
        if (at === point + 1) return -1;
      }
      if (code !== QUOTE) return -1;
      if (missing > 0) value *= pow10(missing);
      if (value > Number.MAX_SAFE_INTEGER) rows.offGrid = true;
      if (divisor !== 1) {
        value /= divisor;
        if (!Number.isInteger(value)) rows.offGrid = true;
      }
      if (negative) value = 0 - value;
      if (column === 0) rows.prices[count] = value;
      else rows.sizes[count] = value;
      // A comma behind the price, a bracket behind the size.
      if (text.charCodeAt(++at) !== (column === 0 ? COMMA : CLOSE_BRACKET)) return -1;
      at++;
    }
    rows.count = count + 1;
    const code = text.charCodeAt(at++);
    if (code === CLOSE_BRACKET) return at;
    if (code !== COMMA) return -1;
  }
}

const TYPES = { snapshot: '"snapshot"', delta: '"delta"' } as const;
const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
