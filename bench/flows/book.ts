import { readFileSync } from 'node:fs';
import { below, type Rng } from '../../src/ports/rng.ts';
import type { Shape } from './generate.ts';

/** The shape of a real book: see derive-shape.ts, which made it from the archive named in `source`. */
const real = JSON.parse(readFileSync(new URL('xrpusdt.json', import.meta.url), 'utf8')) as Readonly<{
  source: string;
  distances: readonly (readonly [distance: number, count: number])[];
  sizes: readonly number[];
}>;

/** Every observed distance, as often as it was seen. */
const distances = real.distances.flatMap(([distance, count]) => Array<number>(count).fill(distance));
/** Levels that the archive shows a side. */
const LEVELS = 500;
/** Levels are split into 1 to this many orders: 17,000 in all, as busy books have. */
const ORDERS = 34;

const levelSize = (rng: Rng): number => real.sizes[below(rng, real.sizes.length)] as number;
const orderSize = (rng: Rng): number => 1 + Math.floor(levelSize(rng) / (1 + below(rng, ORDERS)));

/**
 * Flow `book`: distances from the touch and level sizes are drawn from a real book, after a preload of its 500
 * levels a side. The capture is a few seconds long, so the flow has its shape and is not a replay of it.
 */
export const book: Shape = {
  name: 'book',
  distance: (rng) => distances[below(rng, distances.length)] as number,
  qty: orderSize,
  takerFactor: 7,
  preload: (rng, distance) => (distance > LEVELS ? [] : split(rng, levelSize(rng))),
};

function split(rng: Rng, size: number): number[] {
  const orders = Math.min(size, 1 + below(rng, ORDERS));
  const share = Math.floor(size / orders);
  return Array.from({ length: orders }, (_, index) => (index === 0 ? size - share * (orders - 1) : share));
}
