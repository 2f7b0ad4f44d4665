import type { UnixMs } from '../../src/domain/ids.ts';
import type { Clock, Timer } from '../../src/ports/clock.ts';

type Entry = { at: number; run: () => void; canceled: boolean };

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now: number;
  readonly #timers: Entry[] = [];

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  now(): UnixMs {
    return this.#now as UnixMs;
  }

  monotonic(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): Timer {
    const entry = { at: this.#now + Math.max(0, delayMs), run, canceled: false };
    this.#timers.push(entry);
    return {
      cancel: () => {
        entry.canceled = true;
      },
    };
  }

  /** Moves on, firing what falls due in order, with all promises settled between two timers. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (;;) {
      const due = this.#timers.filter((one) => !one.canceled && one.at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.splice(this.#timers.indexOf(due), 1);
      this.#now = Math.max(this.#now, due.at);
      due.run();
      await settle();
    }
    this.#now = until;
  }
}

/** Lets every promise that is ready run. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
