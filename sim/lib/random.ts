import { createHash } from 'node:crypto';
import { type Rng, seededRng, uniform } from '../../src/ports/rng.ts';

/** A generator of its own for each purpose: a draw more in one does not shift all the others. */
export function stream(seed: number, purpose: string): Rng {
  return seededRng(createHash('sha256').update(`${seed} ${purpose}`).digest().readUInt32LE(0));
}

/** Draws a duration in milliseconds. */
export type Duration = (rng: Rng) => number;

export type DurationShape = Readonly<{
  /** Never shorter. */
  minMs: number;
  /** Mean of what comes on top, exponentially distributed. */
  meanExtraMs: number;
  /** Now and then it takes this much longer. */
  spikeMs?: number;
  spikeProbability?: number;
}>;

export function duration(shape: DurationShape): Duration {
  const { minMs, meanExtraMs, spikeMs = 0, spikeProbability = 0 } = shape;
  return (rng) => {
    const extraMs = -Math.log(1 - uniform(rng)) * meanExtraMs;
    const spike = spikeProbability > 0 && uniform(rng) < spikeProbability ? spikeMs : 0;
    return minMs + extraMs + spike;
  };
}

export const exactly =
  (ms: number): Duration =>
  () =>
    ms;
