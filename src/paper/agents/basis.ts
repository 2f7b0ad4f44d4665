import { gaussian, type Rng } from '../../ports/rng.ts';

const STEP_MS = 5_000;
const MEMORY_MS = 30 * 60_000;
/** Standard deviation, and the furthest it goes: within the band in which a mark price may leave its index. */
const DEVIATION = 0.0001;
const MOST = 0.0003;
const KEEPS = Math.exp(-STEP_MS / MEMORY_MS);
const MOVES = DEVIATION * Math.sqrt(1 - KEEPS ** 2);

/** What a perpetual trades above or below its index, as a fraction: it comes and goes within an hour. */
export class Basis {
  readonly #rng: Rng;
  #value = 0;
  #at: number | null = null;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  get value(): number {
    return this.#value;
  }

  advance(now: number): void {
    this.#at ??= now;
    for (; this.#at + STEP_MS <= now; this.#at += STEP_MS) {
      const next = this.#value * KEEPS + MOVES * gaussian(this.#rng);
      this.#value = Math.max(-MOST, Math.min(MOST, next));
    }
  }

  skipTo(now: number): void {
    this.#at = now;
  }
}
