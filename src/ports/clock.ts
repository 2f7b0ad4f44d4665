import type { UnixMs } from '../domain/ids.ts';

/** A timer that can be called off; calling it off twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/** Time from outside. In `sim/` it is virtual: the simulator decides when the next instant comes. */
export interface Clock {
  /** Wall clock, whole milliseconds since 1970. It may step. */
  now(): UnixMs;
  /** Milliseconds with fractions since some start; never steps back. For durations only. */
  monotonic(): number;
  /** Calls `run` once, not before `delayMs` have passed (less than zero counts as zero). */
  after(delayMs: number, run: () => void): Timer;
}

/** Resolves once `delayMs` have passed on the given clock. */
export const sleep = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
