import type { Flow } from '../flows/flow.ts';

/** An order book that a flow is played to. A new one for each run. */
export interface Contender {
  /** Runs commands `from` to `to` - 1 and reads what they did. */
  play(flow: Flow, from: number, to: number): void;
  /** Quantity traded so far: contenders that did the same work have the same. */
  readonly volume: number;
}

/** Small enough for a deadline to be kept, large enough for the clock to cost nothing. */
const CHUNK = 1_000;

/** `seconds` of processor time. */
export type Run = Readonly<{ ops: number; seconds: number; volume: number }>;

/**
 * Processor time of this thread. A book waits for nothing, so on an idle machine this is the time on the wall; on a
 * shared one it leaves out the neighbours. What the collector does in other threads is not in it, which favours
 * whoever makes garbage.
 */
function processorS(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

/** Plays a flow until its end, or until it has taken so much processor time, and says how far it came. */
export function play(contender: Contender, flow: Flow, deadlineS: number): Run {
  const begun = processorS();
  const last = begun + deadlineS;
  let ops = 0;
  while (ops < flow.length && (ops === 0 || processorS() < last)) {
    const to = Math.min(flow.length, ops + CHUNK);
    contender.play(flow, ops, to);
    ops = to;
  }
  return { ops, seconds: processorS() - begun, volume: contender.volume };
}
