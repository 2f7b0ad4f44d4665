import type { Clock, Timer } from '../../../ports/clock.ts';

/**
 * Runs something soon after it was asked for, and at most once per interval: what is asked for meanwhile runs once,
 * when the interval is over. Without requests no timer is pending.
 */
export class Pacer {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #run: () => void;
  #timer: Timer | null = null;
  #isWanted = false;

  constructor(clock: Clock, intervalMs: number, run: () => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#run = run;
  }

  /** The first request of a quiet time waits for the end of this turn, so that one turn's changes go out together. */
  request(): void {
    if (this.#timer === null) this.#timer = this.#clock.after(0, this.#fire);
    else this.#isWanted = true;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#isWanted = false;
  }

  readonly #fire = (): void => {
    this.#isWanted = false;
    this.#timer = this.#clock.after(this.#intervalMs, this.#cooled);
    this.#run();
  };

  readonly #cooled = (): void => {
    this.#timer = null;
    if (this.#isWanted) this.#fire();
  };
}
