import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { before, test } from 'node:test';
import { INVARIANTS } from './checkers/verdicts.ts';
import { regressions } from './regressions.ts';
import { replayCommand, shortfalls, type Summary, summarise, violationText } from './report.ts';
import { runSeeds } from './workers.ts';
import { ALL_FAULTS } from './world/fault-plan.ts';
import { runSeed } from './world/run.ts';

const SEEDS = process.env['OKD_LONG'] === '1' ? 1_000 : 100;
let summary: Summary;

before(async () => {
  const first = regressions().map(({ seed }) => seed);
  const seeds = [...new Set([...first, ...Array.from({ length: SEEDS }, (_, i) => i + 1)])];
  summary = summarise(await runSeeds(seeds, { jobs: availableParallelism() }));
});

test('gateway and exchange keep every invariant under faults and crashes, also on seeds that failed before', () => {
  const lines = summary.violations.map((one) => `${violationText(one)}\n  replay: ${replayCommand(one.seed)}`);
  assert.equal(lines.length, 0, lines.join('\n'));
});

test('every fault of the plan fired often enough, and every checker looked at something', () => {
  assert.deepEqual(shortfalls(summary, ALL_FAULTS, INVARIANTS), []);
});

test('a seed is at least 300 commands over ten virtual minutes, and most of them reach a venue', () => {
  assert.ok(summary.commands >= 300 * summary.seeds, `${summary.commands} commands`);
  assert.ok(summary.virtualMs >= 600_000 * summary.seeds);
  assert.ok(summary.venueOrders >= 50 * summary.seeds && summary.fills >= 50 * summary.seeds);
});

test('the same seed gives the same trace, twice', async () => {
  for (const seed of [3, 11]) {
    const [first, second] = [await runSeed(seed), await runSeed(seed)];
    assert.equal(second.hash, first.hash, `seed ${seed}`);
    assert.deepEqual(second, first);
  }
});
