import type { Quota } from './quota.ts';
import { RollingWindow } from './rolling-window.ts';

/** Bybit counts a rolling second; ours is a little longer, because requests do not keep their distance on the way. */
const WINDOW_MS = 1_020;
/** Longest that a bucket stays closed on one word of the venue, whatever its header says. */
const LONGEST_CLOSURE_MS = 5_000;
const CLOSURE_MS = 1_000;
const SHORTEST_CLOSURE_MS = 50;

/** What a granted request remembers of its bucket. */
export type Grant = Readonly<{ counted: number; phantoms: number }>;

/**
 * One budget of one account: an endpoint (and category group). Starts with the documented number and follows what
 * the venue's headers say. Others may use the same account: what they consume shows as `remaining` lower than our
 * own count, and is booked as phantom requests.
 */
export class Bucket {
  readonly key: string;
  #limit: number;
  readonly #window = new RollingWindow(WINDOW_MS);
  #closedUntil = Number.NEGATIVE_INFINITY;
  #phantoms = 0;
  #strikes = 0;

  constructor(key: string, limit: number) {
    this.key = key;
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Earliest time at which a request may go that may use `share` of the budget. */
  openAt(share: number, now: number): number {
    const allowed = Math.max(1, Math.floor(this.#limit * share));
    return Math.max(this.#closedUntil, this.#window.freeAt(allowed, now));
  }

  take(now: number): Grant {
    this.#window.record(now);
    return { counted: this.#window.count(now), phantoms: this.#phantoms };
  }

  /** The venue answered a request of this bucket, and did not complain. */
  learn(grant: Grant, quota: Quota, now: number): void {
    this.#strikes = 0;
    if (quota.limit > 0) this.#limit = quota.limit;
    if (quota.limit === 0 || quota.remaining === null) return;
    const usedByOthers = quota.limit - quota.remaining - grant.counted - (this.#phantoms - grant.phantoms);
    for (let i = 0; i < usedByOthers && i < this.#limit; i++) {
      this.#window.record(now);
      this.#phantoms++;
    }
  }

  /**
   * The venue said 10006. Closed until its reset, at most five seconds whatever the header says; without a header for
   * a second, doubled while it goes on. Returns for how long, ms.
   */
  close(resetInMs: number | null, now: number): number {
    const doubled = 2 ** Math.min(this.#strikes, 8);
    this.#strikes++;
    const least = resetInMs === null ? CLOSURE_MS * doubled : Math.max(resetInMs, SHORTEST_CLOSURE_MS * doubled);
    const waitMs = Math.min(least, LONGEST_CLOSURE_MS);
    this.#closedUntil = Math.max(this.#closedUntil, now + waitMs);
    return waitMs;
  }
}
