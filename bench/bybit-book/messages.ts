import { readFileSync } from 'node:fs';
import { below, type Rng, seededRng } from '../../src/ports/rng.ts';

/**
 * Messages of `orderbook.200` with the shape of a real book (bench/flows): distances from the touch and level sizes are
 * drawn from the archive, and so is the share of deletions. The archive has 60 levels a delta every 100 ms; here there
 * are 12, the same flow pushed every 20 ms.
 */
const shape = JSON.parse(readFileSync(new URL('../flows/xrpusdt.json', import.meta.url), 'utf8')) as Readonly<{
  distances: readonly (readonly [distance: number, count: number])[];
  sizes: readonly number[];
}>;
const DEPTH = 200;
const MID_TICKS = 19_500;
const DELETED = 0.006;
const FEWEST_ROWS = 4;
const MEAN_ROWS_MORE = 8;
/** Deltas before they begin again: sizes are absolute, so a repeated delta is as good as a new one. */
const FLOW = 1_000;
const SEED = 1;
const distances = shape.distances.flatMap(([distance, count]) =>
  distance <= DEPTH ? Array<number>(count).fill(distance) : [],
);

export const TICK = '0.0001';
export const STEP = '1';
export const SYMBOLS: readonly string[] = Array.from({ length: 20 }, (_, i) => `B${String(i).padStart(2, '0')}USDT`);

export type Fragment = Readonly<{ b: string; a: string }>;

const chance = (rng: Rng): number => rng.uint32() / 2 ** 32;
const size = (rng: Rng): number => shape.sizes[below(rng, shape.sizes.length)] as number;
const row = (direction: 1 | -1, distance: number, qty: number): string =>
  `["${((MID_TICKS + direction * distance) / 10_000).toFixed(4)}","${qty}"]`;

/** Bids and asks of deltas, as JSON. */
export function fragments(): readonly Fragment[] {
  const rng = seededRng(SEED);
  return Array.from({ length: FLOW }, () => {
    const rows = FEWEST_ROWS + Math.floor(-MEAN_ROWS_MORE * Math.log(1 - chance(rng)));
    const sides: Record<'b' | 'a', Map<number, string>> = { b: new Map(), a: new Map() };
    for (let i = 0; i < rows; i += 1) {
      const isBid = below(rng, 2) === 0;
      const distance = distances[below(rng, distances.length)] as number;
      const qty = chance(rng) < DELETED ? 0 : size(rng);
      sides[isBid ? 'b' : 'a'].set(distance, row(isBid ? -1 : 1, distance, qty));
    }
    return { b: `[${[...sides.b.values()].join(',')}]`, a: `[${[...sides.a.values()].join(',')}]` };
  });
}

export function snapshot(topic: string, u: number, seq: number): string {
  const rng = seededRng(SEED + 1);
  const side = (direction: 1 | -1) =>
    Array.from({ length: DEPTH }, (_, i) => row(direction, i + 1, size(rng))).join(',');
  const ts = Date.now();
  const symbol = topic.split('.')[2];
  return `{"topic":"${topic}","ts":${ts},"type":"snapshot","data":{"s":"${symbol}","b":[${side(-1)}],"a":[${side(1)}],"u":${u},"seq":${seq}},"cts":${ts}}`;
}
