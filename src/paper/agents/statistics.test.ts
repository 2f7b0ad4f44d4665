import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { instrumentId, type InstrumentId } from '../../domain/ids.ts';
import { mean, quantile, slope } from '../statistics/estimators.ts';
import {
  depthOf,
  midOf,
  type Observation,
  profileOf,
  type Profile,
  slopesOf,
  type Snapshot,
} from '../statistics/profile.ts';
import { RANGES } from '../statistics/ranges.ts';
import { captureBooks, hasCapture } from '../../../test/support/xrp-capture.ts';
import { openHarness, XRP } from '../testing/harness.ts';
import { observe } from '../testing/observe.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
const TEN_MINUTES = { forMs: 600_000, everyMs: 5_000 } as const;
const skip = hasCapture() ? false : 'the recorded book is not beside the repository';

async function seen(id: InstrumentId, seed: number, of: Readonly<{ forMs: number; everyMs: number }>) {
  const harness = await openHarness({ config: { agents: true, seed, instruments: [id] } });
  await harness.exchange.start();
  const observation = await observe(harness, id, of);
  assert.deepEqual(harness.exchange.leaks(), []);
  harness.exchange.stop();
  return observation;
}

const within = (value: number, { least = 0, most }: { least?: number; most: number }, what: string) =>
  assert.ok(value >= least && value <= most, `${what}: ${value}, not between ${least} and ${most}`);

function check(profile: Profile, dailyVolatility: number, what: string): void {
  within(profile.spread.p95, RANGES.spread, `${what}, spread`);
  within(profile.depthSlope, RANGES.depthSlope, `${what}, depth`);
  within(profile.sizeTail, RANGES.sizeTail, `${what}, sizes`);
  within(profile.arrival.variation, RANGES.arrivalVariation, `${what}, arrivals`);
  within(profile.dailyVolatility / dailyVolatility, RANGES.volatility, `${what}, volatility`);
}

for (const [id, dailyVolatility] of [
  [XRP, 0.03],
  [instrumentId('linear', 'BTCUSDT'), 0.02],
] as const) {
  test(`${id}: spread, depth, sizes, arrivals and volatility are those of a market, with ten seeds`, async () => {
    const profiles: Profile[] = [];
    for (const seed of SEEDS) {
      const profile = profileOf(await seen(id, seed, TEN_MINUTES));
      check(profile, dailyVolatility, `${id}, seed ${seed}`);
      profiles.push(profile);
    }
    // Where one seed has few observations, ten of them together have to come closer.
    within(mean(profiles.map((one) => one.sizeTail)), { least: 1.35, most: 1.8 }, 'sizes, on average');
    within(mean(profiles.map((one) => one.dailyVolatility)) / dailyVolatility, { least: 0.7, most: 1.3 }, 'volatility');
  });
}

/** Quantity of both sides within so many ticks of the mid price, on average over books. */
const depthWithin = (books: readonly Snapshot[], ticks: number): number =>
  mean(
    books.flatMap((book) =>
      [book.bids, book.asks].map((side) =>
        Math.max(0, ...depthOf(side, midOf(book)).flatMap(([distance, all]) => (distance <= ticks ? [all] : []))),
      ),
    ),
  );
const spreadTicks = ({ bids, asks }: Snapshot): number => (asks[0]?.[0] ?? Number.NaN) - (bids[0]?.[0] ?? Number.NaN);
const touches = (books: readonly Snapshot[]): readonly number[] =>
  books.flatMap(({ bids, asks }) => [bids[0]?.[1] ?? 0, asks[0]?.[1] ?? 0]);

test('XRPUSDT: the book of the agents is as tight, as steep and as deep as the recorded one', { skip }, async () => {
  const real = captureBooks();
  assert.equal(real.length, 50);
  assert.ok(real.every((book) => spreadTicks(book) === 1));
  const realSlopes = real.flatMap(slopesOf);
  within(Math.min(...realSlopes), { least: 0.84, most: 0.85 }, 'the range in the docs is the measured one');
  within(Math.max(...realSlopes), { least: 2.04, most: 2.05 }, 'the range in the docs is the measured one');
  for (const seed of SEEDS) {
    const { books }: Observation = await seen(XRP, seed, { forMs: 60_000, everyMs: 500 });
    const tight = books.filter((book) => spreadTicks(book) === 1).length / books.length;
    within(tight, { least: 0.9, most: 1 }, `seed ${seed}, one tick of spread`);
    within(quantile(touches(books), 0.5), around(quantile(touches(real), 0.5), 1.5), `seed ${seed}, touch`);
    for (const ticks of [10, 20, 50, 100, 200, 480]) {
      within(depthWithin(books, ticks), around(depthWithin(real, ticks), 1.6), `seed ${seed}, within ${ticks} ticks`);
    }
  }
});

const around = (value: number, factor: number) => ({ least: value / factor, most: value * factor });

test('the page names the ranges that the markets are held to', () => {
  const page = readFileSync(new URL('../../../docs/paper.md', import.meta.url), 'utf8');
  const { spread, depthSlope, sizeTail, arrivalVariation, volatility } = RANGES;
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  const row = (name: string) => rows.find((line) => line.startsWith(`| ${name}`)) ?? '';
  assert.match(row('spread'), new RegExp(`at most ${spread.most * 100} %`));
  for (const [name, { least, most }] of [
    ['depth: ', depthSlope],
    ['tail of sizes', sizeTail],
    ['time between takes', arrivalVariation],
    ['volatility', volatility],
  ] as const) {
    assert.ok(row(name).includes(`${least} to ${most}`), name);
  }
});

test('a market that does not look like one is noticed', () => {
  const flat = Array.from({ length: 20 }, (_, i) => [100 - i, 1] as const);
  const wide = { bids: flat, asks: flat.map(([price]) => [302 - price, 1] as const) };
  assert.throws(() => within(spreadTicks(wide) / midOf(wide), RANGES.spread, 'spread'));
  assert.ok(slope([[0, 0], [1, 1]]) === 1); // biome-ignore format: a row
  const even = Array.from({ length: 200 }, (_, i) => ({ atMs: i * 1000, qty: 1 + i / 200 }));
  const profile = profileOf({ everyMs: 1000, books: [wide, wide, wide], taken: even });
  assert.throws(() => within(profile.arrival.variation, RANGES.arrivalVariation, 'arrivals'));
  assert.throws(() => within(profile.sizeTail, RANGES.sizeTail, 'sizes'));
});
