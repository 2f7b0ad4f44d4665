import { RollingWindow } from '../limiter/rolling-window.ts';
import type { Rng } from '../ports.ts';
import { uniform } from '../ports.ts';

/** Bybit allows 500 new connections per domain in 5 min (docs/v5/ws/connect); some are left to others. */
const DIALS = 450;
const DIAL_WINDOW_MS = 300_000;

/** Connections that were opened lately, over all links of a client (or of several, if shared). */
export class DialBudget {
  readonly #window = new RollingWindow(DIAL_WINDOW_MS);
  readonly #limit: number;
  #dials = 0;

  constructor(limit = DIALS) {
    this.#limit = limit;
  }

  /** How long to wait before the next dial, ms. */
  waitMs(now: number): number {
    return this.#window.freeAt(this.#limit, now) - now;
  }

  record(now: number): void {
    this.#window.record(now);
    this.#dials++;
  }

  /** All dials so far. */
  get dials(): number {
    return this.#dials;
  }
}

const FIRST_MS = 100;
const BASE_MS = 250;
/** Never none at all: chance must not make a storm of it. */
const LEAST_MS = 50;

/**
 * Pause before a reconnect: nearly none after a link that had been stable, then exponential with full jitter between
 * `leastMs` and the cap. `failures` counts connections that ended before they were stable.
 */
export function backoffMs(failures: number, capMs: number, leastMs: number, rng: Rng): number {
  if (failures === 0) return uniform(rng) * FIRST_MS;
  const floor = Math.max(LEAST_MS, leastMs);
  const ceiling = Math.min(capMs, BASE_MS * 2 ** Math.min(failures, 20));
  return floor + uniform(rng) * Math.max(0, ceiling - floor);
}
