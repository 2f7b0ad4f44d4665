// Starts a gateway as a new user would, and ends it with everything that it started.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** What the ready line says; everything in it is checked before it is used. */
export type Ready = { readonly gateway: string; readonly curl: string };
export type Gateway = { readonly child: ChildProcess; readonly errors: () => string };

const ERRORS_KEPT = 16 * 1024;
const GRACE_MS = 10_000;

/** Without the settings of an outer gateway or npm script. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(OKD_|npm_(?!config_)|NODE_TEST_CONTEXT)/.test(name));
  return Object.fromEntries(own);
}

export function start(command: readonly string[], cwd: string): Gateway {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { cwd, env: environment(), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-ERRORS_KEPT);
  });
  return { child, errors: () => errors };
}

/** Reads `{"ready":true, "gateway":…, "first_order":{"curl":…}}`; null for a line that is something else. */
export function parseReady(line: string): Ready | null {
  if (!line.startsWith('{')) return null;
  const said = JSON.parse(line) as { ready?: unknown; gateway?: unknown; first_order?: { curl?: unknown } };
  if (said.ready !== true) return null;
  const gateway = typeof said.gateway === 'object' ? (said.gateway as { url?: unknown } | null)?.url : said.gateway;
  if (typeof gateway !== 'string') throw new Error(`the ready line names no gateway: ${line}`);
  const curl = said.first_order?.curl;
  if (typeof curl !== 'string') throw new Error(`the ready line has no first_order.curl: ${line}`);
  return { gateway: gateway.replace(/\/$/, ''), curl };
}

/** The ready line; npm writes lines of its own before it. */
export async function ready({ child, errors }: Gateway, withinMs: number): Promise<Ready> {
  const lines = createInterface({ input: child.stdout as Readable, signal: AbortSignal.timeout(withinMs) });
  for await (const line of lines) {
    const said = parseReady(line);
    if (said !== null) return said;
  }
  throw new Error(`no ready line (exit code ${child.exitCode}); stderr:\n${errors()}`);
}

function signal(child: ChildProcess, name: NodeJS.Signals): boolean {
  try {
    return child.pid !== undefined && process.kill(-child.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false; // all of the group has ended
    throw error;
  }
}

/** Asks the whole group to end, then makes it. */
export async function stop({ child }: Gateway): Promise<void> {
  const gone = child.exitCode !== null || child.signalCode !== null;
  const closed = gone ? Promise.resolve() : new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (signal(child, 'SIGTERM')) {
    const late = setTimeout(() => signal(child, 'SIGKILL'), GRACE_MS);
    await closed;
    clearTimeout(late);
  }
  signal(child, 'SIGKILL');
}
