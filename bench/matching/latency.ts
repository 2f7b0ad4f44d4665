import type { Flow } from '../flows/flow.ts';
import { Histogram } from '../lib/histogram.ts';
import type { Contender } from './contender.ts';

/**
 * Nanoseconds from one command's end to the next one's: the clock is read once a command, and that is in the figure.
 * Closed loop: commands do not queue, so this is the time a command takes, not the time it waits.
 */
export function latencies(make: () => Contender, flow: Flow, deadlineS: number): Histogram {
  let histogram = new Histogram();
  // The first pass warms up.
  for (let pass = 0; pass < 2; pass += 1) {
    histogram = new Histogram();
    const contender = make();
    const begun = performance.now();
    let before = begun;
    for (let at = 0; at < flow.length && before - begun < deadlineS * 1_000; at += 1) {
      contender.play(flow, at, at + 1);
      const now = performance.now();
      histogram.record((now - before) * 1e6);
      before = performance.now();
    }
  }
  return histogram;
}
