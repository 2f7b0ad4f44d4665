import type { Flow } from '../flows/flow.ts';
import type { Contender } from './contender.ts';

const CHUNK = 1_000;

/** Bytes in use, on the heap and in typed arrays. */
function inUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What asking costs by itself. */
function costOfAsking(): number {
  const before = inUse();
  return Math.max(0, inUse() - before);
}

/**
 * Megabytes that a contender allocates in a million commands: the sum of what each chunk of a flow adds. A chunk
 * during which the collector ran shows less than nothing and is left out.
 */
export function allocation(contender: Contender, flow: Flow, deadlineS: number): number {
  const last = performance.now() + deadlineS * 1_000;
  let allocated = 0;
  let ops = 0;
  for (let at = 0; at < flow.length && performance.now() < last; at += CHUNK) {
    const cost = costOfAsking();
    const before = inUse();
    const to = Math.min(flow.length, at + CHUNK);
    contender.play(flow, at, to);
    const added = inUse() - before - cost;
    if (added < 0) continue;
    allocated += added;
    ops += to - at;
  }
  return allocated / ops;
}
