import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** Where and on what the figures were measured: without it they mean nothing. */
export function machine(): string {
  const [cpu] = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  const git = spawnSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8', cwd: import.meta.dirname });
  const commit = git.status === 0 ? git.stdout.trim() : 'unknown';
  const cores = `${availableParallelism()} × ${cpu?.model.trim() ?? 'unknown processor'}`;
  return `${cores}, ${gib} GiB, ${process.platform} ${process.arch}, Node ${process.version}, commit ${commit}`;
}
