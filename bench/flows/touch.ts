import { gaussian, type Rng, uniform } from '../../src/ports/rng.ts';
import type { Shape } from './generate.ts';

/**
 * Flow `touch`, synthetic: orders crowd at the touch, P(distance > d) = d^-0.6 (the decay of Zovko and Farmer 2002,
 * "The power of patience", is of this kind), sizes are log-normal. The queues at the touch grow to thousands of
 * orders: hard on books whose cancel walks the queue.
 */
export const touch: Shape = {
  name: 'touch',
  distance: (rng) => Math.min(1_000, Math.floor((1 - uniform(rng)) ** (-1 / 0.6))),
  qty,
  takerFactor: 3,
  preload: () => [],
};

function qty(rng: Rng): number {
  return 1 + Math.floor(100 * Math.exp(gaussian(rng)));
}
