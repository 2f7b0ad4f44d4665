import { violationText } from '../report.ts';
import { runSeeds } from '../workers.ts';
import type { Defect } from './defects.ts';

export type Hunt = Readonly<{ seeds: number; violation: string | null }>;

/** Runs seeds with a defect planted, or none, until one of them breaks an invariant. */
export async function hunt(defect: Defect | null, seeds: number, jobs: number): Promise<Hunt> {
  const plant = new URL('./plant.ts', import.meta.url);
  plant.searchParams.set('defect', defect?.name ?? '');
  let violation: string | null = null;
  const reports = await runSeeds(
    Array.from({ length: seeds }, (_, i) => i + 1),
    {
      jobs,
      execArgv: defect === null ? [] : ['--import', plant.href],
      onReport: (report) => {
        const [first] = report.violations;
        if (first !== undefined) violation ??= violationText(first);
        return first !== undefined;
      },
    },
  );
  return { seeds: reports.length, violation };
}
