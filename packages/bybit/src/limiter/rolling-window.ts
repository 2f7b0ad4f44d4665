/**
 * Instants of the last `windowMs`, to keep a rolling budget. A ring of float64: no allocation while it runs, and it
 * grows to the largest budget it has met.
 */
export class RollingWindow {
  readonly #windowMs: number;
  #ring = new Float64Array(16);
  /** Position of the oldest instant, and how many there are. */
  #head = 0;
  #size = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  record(now: number): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.#size) & (this.#ring.length - 1)] = now;
    this.#size++;
  }

  /** Instants within the window that ends now. An instant exactly `windowMs` old no longer counts. */
  count(now: number): number {
    const oldest = now - this.#windowMs;
    while (this.#size > 0 && (this.#ring[this.#head] as number) <= oldest) {
      this.#head = (this.#head + 1) & (this.#ring.length - 1);
      this.#size--;
    }
    return this.#size;
  }

  /** Earliest time at which fewer than `limit` instants will be within the window. */
  freeAt(limit: number, now: number): number {
    const surplus = this.count(now) - limit;
    if (surplus < 0) return now;
    // Once this instant and all before it have left, limit - 1 remain.
    const index = (this.#head + surplus) & (this.#ring.length - 1);
    return (this.#ring[index] as number) + this.#windowMs;
  }

  #grow(): void {
    const length = this.#ring.length;
    const larger = new Float64Array(length * 2);
    for (let i = 0; i < this.#size; i++) larger[i] = this.#ring[(this.#head + i) & (length - 1)] as number;
    this.#ring = larger;
    this.#head = 0;
  }
}
