import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SeedReport } from './world/run.ts';

const MAIN = fileURLToPath(new URL('./worker.ts', import.meta.url));

export type WorkerOptions = Readonly<{
  jobs: number;
  /** More flags for Node: how a defect is planted. */
  execArgv?: readonly string[];
  /** Told of each finished seed; true stops the rest. */
  onReport?: (report: SeedReport) => boolean;
}>;

/** Runs seeds in processes of their own, on all cores. Rejects when a process ends without its reports. */
export async function runSeeds(seeds: readonly number[], options: WorkerOptions): Promise<readonly SeedReport[]> {
  const { jobs, execArgv = [], onReport = () => false } = options;
  const reports: SeedReport[] = [];
  const stop = new AbortController();
  const shares = Array.from({ length: Math.max(1, Math.min(jobs, seeds.length)) }, (_, i) =>
    seeds.filter((_seed, at) => at % jobs === i),
  );
  await Promise.all(
    shares.map((share) =>
      runShare(share, execArgv, stop, (report) => {
        reports.push(report);
        if (onReport(report)) stop.abort();
      }),
    ),
  );
  return reports;
}

async function runShare(
  seeds: readonly number[],
  execArgv: readonly string[],
  stop: AbortController,
  take: (report: SeedReport) => void,
): Promise<void> {
  if (seeds.length === 0) return;
  const argv = ['--conditions=okd-source', '--no-warnings', ...execArgv, MAIN, ...seeds.map(String)];
  const worker = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = (): void => void worker.kill('SIGKILL');
  stop.signal.addEventListener('abort', kill);
  process.once('exit', kill);
  let reported = 0;
  createInterface({ input: worker.stdout }).on('line', (line) => {
    reported += 1;
    if (!stop.signal.aborted) take(JSON.parse(line));
  });
  const code = await new Promise<number | null>((resolve) => worker.once('close', resolve));
  stop.signal.removeEventListener('abort', kill);
  process.removeListener('exit', kill);
  if (!stop.signal.aborted && (code !== 0 || reported !== seeds.length)) {
    throw new Error(
      `a simulation process ended with ${code} after ${reported} of ${seeds.length} seeds (${seeds[reported]}…)`,
    );
  }
}
