import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own. */
export type Server = Readonly<{
  rest: string;
  ws: string;
  /** From the start of the process until it said that it was ready. */
  startMs: number;
  /** Memory that it holds, in megabytes, and processor time that it has used, in milliseconds; null where there is no /proc. */
  usage(): Promise<Usage | null>;
  stop(): Promise<void>;
}>;

export type Usage = Readonly<{ residentMb: number; cpuMs: number }>;

/** As Linux tells it: resident memory in pages of 4 KiB, time in hundredths of a second. */
async function usageOf(pid: number): Promise<Usage | null> {
  try {
    const [memory, times] = await Promise.all([
      readFile(`/proc/${pid}/statm`, 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    const pages = Number(memory.split(' ')[1]);
    const fields = times.slice(times.lastIndexOf(')') + 2).split(' ');
    return { residentMb: (pages * 4096) / 2 ** 20, cpuMs: (Number(fields[11]) + Number(fields[12])) * 10 };
  } catch {
    return null;
  }
}

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** `okd paper`, as anybody starts it. */
export const startPaper = (args: readonly string[]): Promise<Server> =>
  start(pathOf('../../bin/okd'), ['paper', '--port', '0', '--json', ...args]);

export const startFloor = (): Promise<Server> => start(pathOf('../../bin/node24'), [pathOf('./floor.ts')]);

async function start(command: string, args: readonly string[]): Promise<Server> {
  const begun = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([once(lines, 'line'), closed.then(() => null)]);
  if (line === null) throw new Error(`${command} ended before it was ready`);
  const startMs = performance.now() - begun;
  const { rest, ws } = JSON.parse(String(line[0])) as { rest: string; ws: string };
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await closed;
  };
  return { rest, ws, startMs, usage: () => usageOf(child.pid ?? 0), stop };
}
