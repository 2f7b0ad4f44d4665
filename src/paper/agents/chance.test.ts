import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRng } from '../../ports/rng.ts';
import { mean, tailExponent, variation } from '../statistics/estimators.ts';
import { exponential, Hawkes, pareto, sizeOf } from './chance.ts';
import { Streams } from './streams.ts';

const drawn = (count: number, draw: () => number): readonly number[] => Array.from({ length: count }, draw);
const near = (actual: number, wanted: number, part: number) =>
  assert.ok(Math.abs(actual / wanted - 1) < part, `${actual}, ${wanted} wanted`);

test('arrivals without excitation know nothing of each other; with it they come in bursts, at the same mean rate', () => {
  for (const branching of [0, 0.5, 0.75]) {
    const arrivals = new Hawkes(seededRng(5), { perMs: 0.002, branching, memoryMs: 1000 });
    const pauses = drawn(60_000, () => arrivals.next());
    near(mean(pauses), 500, 0.05);
    if (branching === 0) near(variation(pauses), 1, 0.02);
    else assert.ok(variation(pauses) > 1 + branching / 2, `${branching}: ${variation(pauses)}`);
  }
});

test('sizes have the tail that was asked for, from the least on, and never more than the most', () => {
  const rng = seededRng(6);
  const sizes = drawn(50_000, () => pareto(rng, 2, 1.5));
  near(tailExponent(sizes, 0.1), 1.5, 0.05);
  assert.ok(Math.min(...sizes) >= 2);
  assert.ok(drawn(10_000, () => sizeOf(rng, { least: 1, most: 3, tail: 0.5 })).every((one) => one >= 1 && one <= 3));
  near(mean(drawn(50_000, () => exponential(rng, 7))), 7, 0.03);
});

test('a stream is the same whatever other streams there are, and another for every name and every seed', () => {
  const first = (seed: number, name: string) => new Streams(seededRng(seed)).of(name).uint32();
  const streams = new Streams(seededRng(1));
  streams.of('another').uint32();
  assert.equal(streams.of('a').uint32(), first(1, 'a'));
  const names = ['spot:BTCUSDT noise', 'spot:BTCUSDT maker 0', 'spot:BTCUSDT maker 1', 'linear:BTCUSDT noise'];
  assert.equal(new Set(names.flatMap((name) => [first(1, name), first(2, name)])).size, 8);
});
