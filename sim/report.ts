import { createHash } from 'node:crypto';
import type { Violation } from './checkers/verdicts.ts';
import type { SeedReport } from './world/run.ts';

/** What many seeds did together. */
export type Summary = Readonly<{
  seeds: number;
  commands: number;
  venueOrders: number;
  fills: number;
  virtualMs: number;
  faults: Readonly<Record<string, number>>;
  evaluated: Readonly<Record<string, number>>;
  /** Over the trace hashes of all seeds, in the order of the seeds. */
  digest: string;
  violations: readonly Violation[];
}>;

export function summarise(reports: readonly SeedReport[]): Summary {
  const ordered = [...reports].sort((a, b) => a.seed - b.seed);
  const digest = createHash('sha256');
  for (const { seed, hash } of ordered) digest.update(`${seed} ${hash}\n`);
  const sum = (of: (report: SeedReport) => number): number => ordered.reduce((total, one) => total + of(one), 0);
  return {
    seeds: ordered.length,
    commands: sum(({ commands }) => commands),
    venueOrders: sum(({ venueOrders }) => venueOrders),
    fills: sum(({ fills }) => fills),
    virtualMs: sum(({ virtualMs }) => virtualMs),
    faults: sumOfRecords(ordered.map(({ faults }) => faults)),
    evaluated: sumOfRecords(ordered.map(({ evaluated }) => evaluated)),
    digest: digest.digest('hex'),
    violations: ordered.flatMap(({ violations }) => violations),
  };
}

function sumOfRecords(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const record of records) for (const [key, count] of Object.entries(record)) sums[key] = (sums[key] ?? 0) + count;
  return Object.fromEntries(Object.entries(sums).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Times that a fault must have fired over a run of this many seeds or more, to have been tried at all. */
const QUOTA = 20;
const QUOTA_FROM_SEEDS = 60;

/** What a run did not try: faults below their quota, invariants that looked at nothing. */
export function shortfalls(summary: Summary, faults: readonly string[], invariants: readonly string[]): string[] {
  if (summary.seeds < QUOTA_FROM_SEEDS) return [];
  return [
    ...faults
      .filter((id) => (summary.faults[id] ?? 0) < QUOTA)
      .map((id) => `fault ${id} fired ${summary.faults[id] ?? 0} times, at least ${QUOTA} are asked for`),
    ...invariants
      .filter((id) => (summary.evaluated[id] ?? 0) === 0)
      .map((id) => `invariant ${id} never looked at anything`),
  ];
}

export const replayCommand = (seed: number): string => `npm run sim -- --seed ${seed} --verbose`;

export const violationText = ({ seed, atMs, invariant, subject, text }: Violation): string =>
  `seed ${seed} at ${(atMs / 1000).toFixed(3)} s: ${invariant} ${subject}: ${text}`;
