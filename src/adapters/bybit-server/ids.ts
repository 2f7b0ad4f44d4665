import type { UnixMs } from '../../domain/ids.ts';

/**
 * Ids that only have to differ: of connections, of traces, of private messages. Counted and mixed (splitmix32) from
 * the time at which the server began, so that a simulated run writes the same ones again.
 */
export class Ids {
  readonly #seed: number;
  #count = 0;

  constructor(startedAt: UnixMs) {
    this.#seed = (startedAt ^ Math.floor(startedAt / 2 ** 32)) >>> 0;
  }

  /** 32 hexadecimal digits. */
  trace(): string {
    this.#count += 1;
    const count = this.#count;
    return this.#word(count, 1) + this.#word(count, 2) + this.#word(count, 3) + this.#word(count, 4);
  }

  uuid(): string {
    const hex = this.trace();
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  #word(count: number, lane: number): string {
    let z = (this.#seed + Math.imul(count * 4 + lane, 0x9e3779b9)) >>> 0;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0).toString(16).padStart(8, '0');
  }
}
