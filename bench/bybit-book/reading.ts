import { answering } from '../lib/child.ts';
import { Histogram } from '../lib/histogram.ts';
import { READERS, type ReaderName } from './readers.ts';

/** One reader in a process of its own. */
export type ReadingQuestion = Readonly<
  { do: 'connect'; reader: ReaderName; url: string } | { do: 'begin' } | { do: 'end'; expected: number }
>;
export type Read = Readonly<{ deltas: number; ms: number; cpuUs: number; p50Us: number; p99Us: number }>;

/** A reader that has not read everything this long after the last delta was sent is too slow. */
const PATIENCE_MS = 1_000;

let us = new Histogram();
let begunAt = 0;
let lastAt = 0;
let cpuBefore = process.cpuUsage();

function onDelta(seq: number): void {
  us.record(Math.max(0, Number(process.hrtime.bigint() / 1_000n) - seq));
  lastAt = performance.now();
}

function begin(): void {
  us = new Histogram();
  begunAt = performance.now();
  cpuBefore = process.cpuUsage();
}

async function end(expected: number): Promise<Read> {
  const until = performance.now() + PATIENCE_MS;
  while (us.count < expected && performance.now() < until) await new Promise<void>((resolve) => setTimeout(resolve, 5));
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    deltas: us.count,
    ms: lastAt - begunAt,
    cpuUs: user + system,
    p50Us: us.percentile(0.5),
    p99Us: us.percentile(0.99),
  };
}

answering<ReadingQuestion>(
  (question) => {
    if (question.do === 'connect') return READERS[question.reader](question.url, onDelta);
    return question.do === 'begin' ? begin() : end(question.expected);
  },
  () => undefined,
);
