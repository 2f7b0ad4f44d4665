import type { UnixMs } from '../domain/ids.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { ClockConfig } from './config/types.ts';

/** The exchange's own time. `step` only where the configuration says that time moves by hand. */
export type ExchangeClock = Clock &
  Readonly<{
    /** Moves time on and runs what falls due on the way, in order; null on a clock that runs by itself. */
    step: ((ms: number) => Promise<void>) | null;
    /** A stepped clock waits for this before it moves on: work that was begun by a timer and is not finished. */
    hold: (work: Promise<unknown>) => void;
  }>;

/** `resumeAt`: the last time that the journal knows; the exchange's time never goes back behind it. */
export function exchangeClock(config: ClockConfig, base: Clock, resumeAt: UnixMs): ExchangeClock {
  if (config === 'stepped') return steppedClock(Math.max(base.now(), resumeAt) as UnixMs);
  if (typeof config === 'object' && 'stepped' in config)
    return steppedClock(Math.max(config.stepped, resumeAt) as UnixMs);
  return config === 'wall' ? wallClock(base, resumeAt) : scaledClock(base, resumeAt, config.scale);
}

/** The base's time, held back where it would go backwards. */
function wallClock(base: Clock, resumeAt: UnixMs): ExchangeClock {
  let last = resumeAt;
  return {
    now: () => (last = Math.max(last, base.now()) as UnixMs),
    monotonic: () => base.monotonic(),
    after: (delayMs, run) => base.after(delayMs, run),
    step: null,
    hold: () => {},
  };
}

function scaledClock(base: Clock, resumeAt: UnixMs, scale: number): ExchangeClock {
  const origin = Math.max(base.now(), resumeAt);
  const start = base.monotonic();
  return {
    now: () => Math.floor(origin + (base.monotonic() - start) * scale) as UnixMs,
    monotonic: () => base.monotonic() * scale,
    after: (delayMs, run) => base.after(delayMs / scale, run),
    step: null,
    hold: () => {},
  };
}

type Due = { at: number; order: number; run: () => void };

/** Stands still until it is stepped. */
export function steppedClock(startAt: UnixMs): ExchangeClock {
  let now: number = startAt;
  let order = 0;
  const due: Due[] = [];
  let held: Promise<unknown>[] = [];

  const next = (until: number): Due | undefined => {
    let first: Due | undefined;
    for (const one of due) {
      if (one.at > until) continue;
      if (first === undefined || one.at < first.at || (one.at === first.at && one.order < first.order)) first = one;
    }
    return first;
  };
  const remove = (one: Due): void => {
    const index = due.indexOf(one);
    if (index >= 0) due.splice(index, 1);
  };

  return {
    now: () => now as UnixMs,
    monotonic: () => now,
    after: (delayMs, run): Timer => {
      const one = { at: now + Math.max(0, delayMs), order: order++, run };
      due.push(one);
      return { cancel: () => remove(one) };
    },
    step: async (ms) => {
      const until = now + ms;
      for (let one = next(until); one !== undefined; one = next(until)) {
        remove(one);
        now = Math.max(now, one.at);
        one.run();
        const work = held;
        held = [];
        await Promise.all(work);
      }
      now = until;
    },
    hold: (work) => held.push(work),
  };
}
