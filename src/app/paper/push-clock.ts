import type { Clock } from '../../ports/clock.ts';

/**
 * Times the pushes of market data: intervals pass as the exchange's time does, so that a day played at a hundredfold
 * is pushed at a hundredfold; what is due at once is due in the process's time, so that it goes out also while the
 * exchange's stands still.
 */
export const pushClock = (exchange: Clock, process: Clock): Clock => ({
  now: () => exchange.now(),
  monotonic: () => exchange.monotonic(),
  after: (delayMs, run) => (delayMs > 0 ? exchange.after(delayMs, run) : process.after(0, run)),
});
