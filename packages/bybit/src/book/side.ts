/**
 * One side of a book: prices and sizes as integers in two parallel arrays, sorted so that the best level is last.
 * Levels live between `head` and `tail` with room at both ends: a change moves whichever part is shorter, so both the
 * touch and the far end of a bounded book (where levels leave and enter all the time) cost next to nothing.
 */
export class BookSide {
  /** 1 for bids, -1 for asks: keys are price × sign, so that the best key is always the largest. */
  readonly #sign: 1 | -1;
  #keys = new Float64Array(256);
  #sizes = new Float64Array(256);
  #head = 128;
  #tail = 128;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  get count(): number {
    return this.#tail - this.#head;
  }

  /** Price of the nth level from the best (0); NaN beyond the last. */
  priceAt(n: number): number {
    const at = this.#tail - 1 - n;
    return at >= this.#head && n >= 0 ? (this.#keys[at] as number) * this.#sign : Number.NaN;
  }

  /** Size of the nth level from the best (0); NaN beyond the last. */
  sizeAt(n: number): number {
    const at = this.#tail - 1 - n;
    return at >= this.#head && n >= 0 ? (this.#sizes[at] as number) : Number.NaN;
  }

  /** Size at a price; 0 where there is no level. */
  sizeOf(price: number): number {
    const key = price * this.#sign;
    const at = this.#find(key, this.#tail);
    return at < this.#tail && this.#keys[at] === key ? (this.#sizes[at] as number) : 0;
  }

  clear(): void {
    this.#head = this.#keys.length >> 1;
    this.#tail = this.#head;
  }

  /** Replaces all levels. `prices` best first, as snapshots come; any other order works too, only slower. */
  replace(prices: Float64Array, sizes: Float64Array, count: number): void {
    this.clear();
    if (this.#isBestFirst(prices, sizes, count)) this.#fill(prices, sizes, count);
    else this.apply(prices, sizes, count);
  }

  /** Sets, changes or (size 0) removes levels. A level that is not there is removed without complaint. */
  apply(prices: Float64Array, sizes: Float64Array, count: number): void {
    let bound = this.#tail;
    let previous = Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const key = (prices[i] as number) * this.#sign;
      // Rows mostly come best first: the search goes on from where the last one ended.
      const at = this.#find(key, key < previous ? bound : this.#tail);
      previous = key;
      const size = sizes[i] as number;
      if (at < this.#tail && this.#keys[at] === key) {
        if (size === 0) bound = this.#remove(at);
        else {
          this.#sizes[at] = size;
          bound = at;
        }
      } else bound = size === 0 ? at : this.#insert(at, key, size);
    }
  }

  /** Multiplies all prices and sizes: the same levels in finer units. False if one can no longer be counted exactly. */
  rescale(priceFactor: number, sizeFactor: number): boolean {
    let largest = 0;
    for (let at = this.#head; at < this.#tail; at++) {
      const key = (this.#keys[at] as number) * priceFactor;
      const size = (this.#sizes[at] as number) * sizeFactor;
      this.#keys[at] = key;
      this.#sizes[at] = size;
      largest = Math.max(largest, Math.abs(key), size);
    }
    return largest <= Number.MAX_SAFE_INTEGER;
  }

  /** First position in head … end whose key is at least `key`. Gallops back from `end`, then halves. */
  #find(key: number, end: number): number {
    const keys = this.#keys;
    const head = this.#head;
    let high = end;
    let step = 1;
    let low = high - 1;
    while (low >= head && (keys[low] as number) >= key) {
      high = low;
      low -= step;
      step <<= 1;
    }
    if (low < head) low = head - 1;
    // Everything up to `low` is smaller, `high` is not.
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] as number) >= key) high = middle;
      else low = middle;
    }
    return high;
  }

  /** Returns the position of the new level. */
  #insert(at: number, key: number, size: number): number {
    let position = at;
    if (this.#head === 0 || this.#tail === this.#keys.length) position += this.#makeRoom();
    const keys = this.#keys;
    const sizes = this.#sizes;
    if (this.#tail - position <= position - this.#head) {
      move(keys, position + 1, position, this.#tail);
      move(sizes, position + 1, position, this.#tail);
      this.#tail++;
    } else {
      move(keys, this.#head - 1, this.#head, position);
      move(sizes, this.#head - 1, this.#head, position);
      this.#head--;
      position--;
    }
    keys[position] = key;
    sizes[position] = size;
    return position;
  }

  /** Returns the position of the level that followed. */
  #remove(at: number): number {
    if (this.#tail - at <= at - this.#head) {
      move(this.#keys, at, at + 1, this.#tail);
      move(this.#sizes, at, at + 1, this.#tail);
      this.#tail--;
      return at;
    }
    move(this.#keys, this.#head + 1, this.#head, at);
    move(this.#sizes, this.#head + 1, this.#head, at);
    this.#head++;
    return at + 1;
  }

  /** Puts the levels into the middle of the arrays, grown where they were over half full. Returns the displacement. */
  #makeRoom(): number {
    const count = this.count;
    const length = count * 2 > this.#keys.length ? this.#keys.length * 2 : this.#keys.length;
    const head = (length - count) >> 1;
    const keys = new Float64Array(length);
    const sizes = new Float64Array(length);
    keys.set(this.#keys.subarray(this.#head, this.#tail), head);
    sizes.set(this.#sizes.subarray(this.#head, this.#tail), head);
    const displacement = head - this.#head;
    this.#keys = keys;
    this.#sizes = sizes;
    this.#head = head;
    this.#tail = head + count;
    return displacement;
  }

  #isBestFirst(prices: Float64Array, sizes: Float64Array, count: number): boolean {
    for (let i = 0; i < count; i++) {
      if (sizes[i] === 0) return false;
      if (i > 0 && (prices[i] as number) * this.#sign >= (prices[i - 1] as number) * this.#sign) return false;
    }
    return true;
  }

  #fill(prices: Float64Array, sizes: Float64Array, count: number): void {
    if (count * 2 > this.#keys.length) {
      let length = this.#keys.length;
      while (count * 2 > length) length *= 2;
      this.#keys = new Float64Array(length);
      this.#sizes = new Float64Array(length);
    }
    this.#head = (this.#keys.length - count) >> 1;
    this.#tail = this.#head + count;
    for (let i = 0; i < count; i++) {
      const at = this.#tail - 1 - i;
      this.#keys[at] = (prices[i] as number) * this.#sign;
      this.#sizes[at] = sizes[i] as number;
    }
  }
}

/** Below that a loop beats the call into the runtime. */
const SHORT_MOVE = 24;

/** `array[to …] = array[from … end)`, regions overlapping by one place either way. */
function move(array: Float64Array, to: number, from: number, end: number): void {
  if (end - from > SHORT_MOVE) array.copyWithin(to, from, end);
  else if (to > from) for (let i = end - 1; i >= from; i--) array[i + 1] = array[i] as number;
  else for (let i = from; i < end; i++) array[i - 1] = array[i] as number;
}
