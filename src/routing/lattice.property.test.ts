import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Ticks } from '../domain/ids.ts';
import { buildCurve, costOf } from './curve.ts';
import { place, type Slot, totalCost } from './lattice.ts';

/** Slots with small books of their own, mixed steps, floors and ceilings. */
const slotWorld = fc
  .record({
    step: fc.constantFrom(1, 2, 3, 4, 5, 6, 10, 15),
    prices: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 4, maxLength: 4 }),
    sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 4 }),
    low: fc.constantFrom(0, 0, 1, 2),
    room: fc.integer({ min: 0, max: 14 }),
  })
  .map(({ step, prices, sizes, low, room }): Slot => {
    const levels = prices
      .sort((a, b) => a - b)
      .map((price, at) => ({ price: price as Ticks, qty: sizes[at] as never }));
    const costs = { take: (price: number) => BigInt(price), rest: () => 0n };
    const bound = 99 as Ticks;
    const curve = buildCurve({ side: 'buy', levels, bound, tick: 1, step, enough: 1_000, costs, rests: false });
    assert.ok(curve !== null);
    const high = Math.min(curve.depth, (low + room) * step);
    return { curve, step, low: Math.min(low * step, high), high };
  });

function bruteForce(slots: readonly Slot[], wanted: number): { total: number; cost: bigint } | null {
  let best: { total: number; cost: bigint } | null = null;
  const walk = (at: number, total: number, cost: bigint): void => {
    if (total > wanted) return;
    const slot = slots[at];
    if (slot === undefined) {
      if (best === null || total > best.total || (total === best.total && cost < best.cost)) best = { total, cost };
      return;
    }
    for (let lots = slot.low; lots <= slot.high; lots += slot.step)
      walk(at + 1, total + lots, cost + costOf(slot.curve, lots));
  };
  walk(0, 0, 0n);
  return best;
}

function assertBest(slots: readonly Slot[], wanted: number): void {
  const shares = place(slots, wanted);
  const best = bruteForce(slots, wanted);
  if (shares === null || best === null) {
    assert.equal(shares, best);
    return;
  }
  for (const [at, share] of shares.entries()) {
    const { low, high, step } = slots[at] as Slot;
    assert.ok(low <= share && share <= high && share % step === 0);
  }
  assert.deepEqual({ total: shares.reduce((sum, share) => sum + share, 0), cost: totalCost(slots, shares) }, best);
}

/** `npm run test:long` looks for longer. */
const LONGER = process.env['OKD_LONG'] === '1' ? 30 : 1;

for (const [count, most, runs] of [
  [1, 60, 200],
  [2, 120, 2000],
  [3, 120, 2000],
  [4, 60, 1500],
] as const) {
  test(`shares of ${count} venue(s) with mixed steps are the best of all`, () => {
    const worlds = fc.array(slotWorld, { minLength: count, maxLength: count });
    fc.assert(fc.property(worlds, fc.integer({ min: 0, max: most }), assertBest), { numRuns: LONGER * runs });
  });
}
