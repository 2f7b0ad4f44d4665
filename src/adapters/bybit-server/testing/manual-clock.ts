import type { UnixMs } from '../../../domain/ids.ts';
import type { Clock } from '../../../ports/clock.ts';

type Pending = Readonly<{ at: number; order: number; run: () => void }>;

/** A clock that stands until it is moved; timers fire in the order of their times. */
export class ManualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #pending = new Set<Pending>();

  constructor(now: number) {
    this.#now = now;
  }

  now(): UnixMs {
    return this.#now as UnixMs;
  }

  monotonic(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void) {
    this.#order += 1;
    const pending = { at: this.#now + Math.max(0, delayMs), order: this.#order, run };
    this.#pending.add(pending);
    return {
      cancel: () => {
        this.#pending.delete(pending);
      },
    };
  }

  get timers(): number {
    return this.#pending.size;
  }

  /** Moves on, firing what is due; lets everything that was promised happen before and after each timer. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settled();
    for (;;) {
      const [next] = [...this.#pending].sort((a, b) => a.at - b.at || a.order - b.order);
      if (next === undefined || next.at > until) break;
      this.#pending.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settled();
    }
    this.#now = until;
  }
}

/** All microtasks that are waiting, and those that they add. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
