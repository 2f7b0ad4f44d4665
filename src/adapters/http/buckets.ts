import type { Clock } from '../../ports/clock.ts';
import type { Budget } from './settings.ts';

type Bucket = { tokens: number; at: number };

/** More keys than this means made-up ones; those that were idle longest are forgotten first, full as they are. */
const MAX_KEYS = 50_000;

/** Token buckets by key. */
export class Buckets {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one; 0 when it was there, else the milliseconds until it will be. */
  take(key: string, budget: Budget | null): number {
    if (budget === null) return 0;
    const now = this.#clock.monotonic();
    const before = this.#buckets.get(key) ?? { tokens: budget.burst, at: now };
    const tokens = Math.min(budget.burst, before.tokens + ((now - before.at) / 1000) * budget.perSecond);
    const taken = tokens >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: taken ? tokens - 1 : tokens, at: now });
    if (this.#buckets.size > MAX_KEYS) this.#forgetOldest();
    return taken ? 0 : Math.ceil(((1 - tokens) / budget.perSecond) * 1000);
  }

  #forgetOldest(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key);
      return;
    }
  }
}
