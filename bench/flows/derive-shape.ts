import { readFileSync, writeFileSync } from 'node:fs';
import { unzipSync } from 'fflate';

/**
 * Reduces a file of Bybit's public order book archive to the shape that `book` flows are drawn from. Run by hand:
 * `node bench/flows/derive-shape.ts ARCHIVE.zip TICK > bench/flows/xrpusdt.json`. The archive itself is not kept.
 */

type Row = readonly [price: string, size: string];
type Message = Readonly<{ ts: number; type: 'snapshot' | 'delta'; data: Readonly<{ s: string; b: readonly Row[]; a: readonly Row[] }> }>;

const QUANTILES = 200;

const [, , path, tick] = process.argv;
if (path === undefined || tick === undefined) throw new Error('usage: derive-shape.ts ARCHIVE.zip TICK');
const [member, bytes] = Object.entries(unzipSync(readFileSync(path)))[0] as [string, Uint8Array];
const messages = new TextDecoder().decode(bytes).trim().split('\n').map((line) => JSON.parse(line) as Message);
const ticks = (price: string): number => Math.round(Number(price) / Number(tick));

const bids = new Map<number, number>();
const asks = new Map<number, number>();
const distances = new Map<number, number>();
const sizes: number[] = [];
/** A level that was deleted because the other side traded through it has no distance: about 8 of 2,966. */
const note = (distance: number): void => {
  if (distance < 1) return;
  distances.set(distance, (distances.get(distance) ?? 0) + 1);
};
const put = (side: Map<number, number>, [price, size]: Row): void => {
  if (Number(size) === 0) side.delete(ticks(price));
  else side.set(ticks(price), Number(size));
};

let updates = 0;
for (const { type, data } of messages) {
  for (const row of data.b) put(bids, row);
  for (const row of data.a) put(asks, row);
  if (type === 'snapshot') {
    sizes.push(...bids.values(), ...asks.values());
    continue;
  }
  updates += data.b.length + data.a.length;
  const bestBid = Math.max(...bids.keys());
  const bestAsk = Math.min(...asks.keys());
  for (const [price] of data.b) note(bestAsk - ticks(price));
  for (const [price] of data.a) note(ticks(price) - bestBid);
}

sizes.sort((a, b) => a - b);
const quantile = (share: number): number => Math.round(sizes[Math.round(share * (sizes.length - 1))] as number);
const shape = {
  source: `Bybit public order book archive, ${member}: 1 snapshot, ${messages.length - 1} deltas, ${updates} level updates`,
  tick,
  distance: 'ticks from the best price of the other side to an updated level, and how many updates it had',
  distances: [...distances].sort((a, b) => a[0] - b[0]),
  size: `quantiles (0 to 1 in ${QUANTILES} steps) of the level sizes of the snapshot, in whole base units`,
  sizes: Array.from({ length: QUANTILES + 1 }, (_, index) => quantile(index / QUANTILES)),
};
const text = JSON.stringify(shape).replace(/("\w+":)/g, '\n$1').replace(/\}$/, '\n}');
writeFileSync(process.stdout.fd, `${text}\n`);
