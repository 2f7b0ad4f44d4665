import type { UnixMs } from '../../domain/ids.ts';
import type { Clock, Timer } from '../../ports/clock.ts';

export type SystemClockOptions = Readonly<{
  /** Whether a pending timer keeps the process running. A command-line program says false, a server true (default). */
  keepAlive?: boolean;
}>;

/** Longest delay that the run time's own timers take; beyond it they would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's own clock and timers. */
export function systemClock(options: SystemClockOptions = {}): Clock {
  const keepAlive = options.keepAlive ?? true;
  return {
    now: () => Date.now() as UnixMs,
    monotonic: () => performance.now(),
    after: (delayMs, run) => startTimer(delayMs, run, keepAlive),
  };
}

/** Timers count from the start of the loop's turn, so one may come early by what the turn has taken: it is set again. */
function startTimer(delayMs: number, run: () => void, keepAlive: boolean): Timer {
  const due = performance.now() + delayMs;
  let pending: NodeJS.Timeout | null = null;
  const arm = (): void => {
    const left = due - performance.now();
    pending = setTimeout(fire, Math.min(Math.max(0, Math.ceil(left)), LONGEST_MS));
    if (!keepAlive) pending.unref();
  };
  const fire = (): void => {
    if (performance.now() < due) arm();
    else run();
  };
  arm();
  return {
    cancel: () => {
      if (pending !== null) clearTimeout(pending);
    },
  };
}
