import type { Clock, Rng, Timer } from '../src/ports.ts';

type Due = { at: number; seq: number; run: () => void };

/** Virtual time: nothing happens between two timers but microtasks. */
export class FakeClock implements Clock {
  #wall: number;
  #monotonic = 0;
  #seq = 0;
  #timers: Due[] = [];

  constructor(startMs = 1_700_000_000_000) {
    this.#wall = startMs;
  }

  now(): number {
    return Math.floor(this.#wall + this.#monotonic);
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(delayMs: number, run: () => void): Timer {
    const due = { at: this.#monotonic + Math.max(0, delayMs), seq: this.#seq++, run };
    this.#timers.push(due);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== due);
      },
    };
  }

  /** The wall clock is set, as by an operator. */
  step(ms: number): void {
    this.#wall += ms;
  }

  /** The process stands still: time passes, timers fire late. */
  stall(ms: number): void {
    this.#monotonic += ms;
  }

  get timers(): number {
    return this.#timers.length;
  }

  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settle();
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at || a.seq - b.seq)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#monotonic = Math.max(this.#monotonic, next.at);
      next.run();
      await settle();
    }
    this.#monotonic = Math.max(this.#monotonic, end);
  }
}

/** Lets everything run that waits for nothing but microtasks. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 40; i++) await Promise.resolve();
}

/** Chance that is none: always the same fraction. */
export const steadyRng = (fraction = 0.5): Rng => ({
  uint32: () => Math.floor(fraction * 2 ** 32),
  bytes: (length) => new Uint8Array(length).fill(Math.floor(fraction * 256)),
});
