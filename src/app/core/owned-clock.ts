import type { Clock, Timer } from '../../ports/clock.ts';

/** A clock whose timers end with their owner: what was set by a part that has stopped never fires, nor keeps a process up. */
export type OwnedClock = Clock & Readonly<{ cancelAll(): void }>;

export function ownedClock(clock: Clock): OwnedClock {
  const pending = new Set<Timer>();
  let ended = false;
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (delayMs, run) => {
      if (ended) return { cancel: () => {} };
      const timer = clock.after(delayMs, () => {
        pending.delete(timer);
        run();
      });
      pending.add(timer);
      return {
        cancel: () => {
          pending.delete(timer);
          timer.cancel();
        },
      };
    },
    cancelAll: () => {
      ended = true;
      for (const timer of pending) timer.cancel();
      pending.clear();
    },
  };
}
