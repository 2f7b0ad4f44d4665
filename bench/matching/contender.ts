import type { Flow } from '../flows/flow.ts';

/** An order book that a flow is played to. A new one for each run. */
export interface Contender {
  /** Runs commands `from` to `to` - 1 and reads what they did. */
  play(flow: Flow, from: number, to: number): void;
  /** Quantity traded so far: contenders that did the same work have the same. */
  readonly volume: number;
}

/** Small enough for a deadline to be kept, large enough for the clock to cost nothing. */
const CHUNK = 500;

export type Run = Readonly<{ ops: number; seconds: number; volume: number }>;

/** Plays a flow until its end, or until the deadline has passed, and says how far it came. */
export function play(contender: Contender, flow: Flow, deadlineS: number): Run {
  const begun = performance.now();
  const last = begun + deadlineS * 1_000;
  let ops = 0;
  while (ops < flow.length && performance.now() < last) {
    const to = Math.min(flow.length, ops + CHUNK);
    contender.play(flow, ops, to);
    ops = to;
  }
  return { ops, seconds: (performance.now() - begun) / 1_000, volume: contender.volume };
}
