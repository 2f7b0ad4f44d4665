import type { Clock } from '../../../ports/clock.ts';

/**
 * Slows down guessing. Failures count per address and sender, and (with more patience) per address alone, whether the
 * address belongs to a user or not: a locked answer tells nothing about who exists. From the threshold on each failure
 * doubles the wait; while it lasts even the right password is not looked at.
 */
const RULES = {
  pair: { free: 5, firstMs: 1000, maxMs: 900_000 },
  address: { free: 50, firstMs: 1000, maxMs: 60_000 },
} as const;
type Rule = (typeof RULES)[keyof typeof RULES];

/** Remembered failures; the oldest are forgotten first, so that made-up addresses cannot fill the memory. */
const MAX_REMEMBERED = 20_000;
const FORGET_AFTER_MS = 3_600_000;

type Failures = { count: number; lastMs: number; openMs: number };

export class Lockout {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds until another attempt is looked at; 0 when it is now. */
  waitMs(email: string, remote: string): number {
    const now = this.#clock.monotonic();
    const open = keysOf(email, remote).map(([key]) => this.#failures.get(key)?.openMs ?? 0);
    return Math.max(0, Math.ceil(Math.max(...open) - now));
  }

  failed(email: string, remote: string): void {
    const now = this.#clock.monotonic();
    for (const [key, rule] of keysOf(email, remote)) this.#count(key, rule, now);
  }

  succeeded(email: string, remote: string): void {
    for (const [key] of keysOf(email, remote)) this.#failures.delete(key);
  }

  #count(key: string, rule: Rule, now: number): void {
    const before = this.#failures.get(key);
    const remembered = before !== undefined && now - before.lastMs < FORGET_AFTER_MS ? before.count : 0;
    const count = remembered + 1;
    const excess = count - rule.free;
    const wait = excess < 0 ? 0 : Math.min(rule.firstMs * 2 ** Math.min(excess, 30), rule.maxMs);
    this.#failures.delete(key);
    this.#failures.set(key, { count, lastMs: now, openMs: now + wait });
    if (this.#failures.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#failures.keys()) {
      this.#failures.delete(oldest);
      return;
    }
  }
}

const keysOf = (email: string, remote: string): readonly (readonly [string, Rule])[] => [
  [`${remote} ${email}`, RULES.pair],
  [email, RULES.address],
];
