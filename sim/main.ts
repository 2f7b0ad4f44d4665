// npm run sim -- [--seeds N] [--from S] [--jobs J] [--json] [--seed X [--verbose]]
// Runs whole-system simulations: gateway and exchange together in virtual time, with faults, one run a seed.
// Exit code 1 when an invariant broke, a fault was not tried often enough, or a checker never looked at anything.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { INVARIANTS } from './checkers/verdicts.ts';
import { regressions } from './regressions.ts';
import { replayCommand, shortfalls, type Summary, summarise, violationText } from './report.ts';
import { runSeeds } from './workers.ts';
import { ALL_FAULTS } from './world/fault-plan.ts';
import { runSeed, type SeedReport } from './world/run.ts';

const { values: flags } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function printViolations(reports: readonly SeedReport[]): void {
  for (const { seed, violations, tail } of reports) {
    if (violations.length === 0) continue;
    for (const violation of violations) say(violationText(violation));
    if (flags.verbose) for (const line of tail) say(`    ${line}`);
    say(`  replay: ${replayCommand(seed)}`);
  }
}

function printSummary(summary: Summary, missing: readonly string[]): void {
  if (flags.json) {
    say(JSON.stringify({ ...summary, missing }));
    return;
  }
  const { seeds, commands, venueOrders, fills, virtualMs, digest } = summary;
  say(
    `${seeds} seeds, ${(virtualMs / 3_600_000).toFixed(1)} virtual hours, ${commands} commands, ${venueOrders} venue orders, ${fills} fills`,
  );
  say(
    `faults: ${Object.entries(summary.faults)
      .map(([id, count]) => `${id} ${count}`)
      .join(', ')}`,
  );
  say(
    `looked at: ${Object.entries(summary.evaluated)
      .map(([id, count]) => `${id} ${count}`)
      .join(', ')}`,
  );
  say(`digest of the traces: ${digest}`);
  for (const line of missing) say(line);
}

async function runOne(seed: number): Promise<number> {
  const report = await runSeed(seed);
  if (flags.json) say(JSON.stringify(report));
  else {
    printViolations([report]);
    printSummary(summarise([report]), []);
  }
  return report.violations.length === 0 ? 0 : 1;
}

async function runMany(): Promise<number> {
  const [from, count] = [Number(flags.from), Number(flags.seeds)];
  const first = regressions().map(({ seed }) => seed);
  const seeds = [...new Set([...first, ...Array.from({ length: count }, (_, i) => from + i)])];
  const reports = await runSeeds(seeds, { jobs: Number(flags.jobs) });
  const summary = summarise(reports);
  const missing = shortfalls(summary, ALL_FAULTS, INVARIANTS);
  if (!flags.json) printViolations(reports);
  printSummary(summary, missing);
  return summary.violations.length + missing.length === 0 ? 0 : 1;
}

// What is still planned in a world that was left has no say in when this ends.
process.exit(flags.seed === undefined ? await runMany() : await runOne(Number(flags.seed)));
