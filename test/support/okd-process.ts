import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const OKD = `${REPOSITORY}bin/okd`;
const READY_WITHIN_MS = 30_000;

/** The first line of `okd serve --json`. */
export type ReadyLine = Readonly<{
  ready: true;
  environment: string;
  gateway: Readonly<{ url: string; docs: string; openapi: string; ws: string; health: string }>;
  paper: Readonly<{ rest: string; ws: string }> | null;
  data: string;
  login: Readonly<{ email: string; password?: string }>;
  first_order: Readonly<{ quantity: string; curl: string }> | null;
}>;

export type Ended = Readonly<{ code: number | null; stdout: string; stderr: string }>;

/** Variables of this process without those that steer a gateway or a test run. */
function environment(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const outer = Object.entries(process.env).filter(([name]) => !/^(OKD_|LOG_LEVEL$|NODE_TEST_CONTEXT)/.test(name));
  return { ...Object.fromEntries(outer), ...more };
}

/** One `okd …` as a process of its own: `bin/okd` becomes Node itself, so its pid is the one to signal. */
export class OkdProcess {
  static readonly #all = new Set<OkdProcess>();
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(OKD, args, { cwd: REPOSITORY, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
    this.#closed = once(this.#child, 'close');
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    OkdProcess.#all.add(this);
  }

  /** Kills what a failed test left running. */
  static async endAll(): Promise<void> {
    await Promise.all([...OkdProcess.#all].map((one) => one.end('SIGKILL')));
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The ready line. Rejects with what was written when the process ends, or stays silent, instead. */
  async ready(): Promise<ReadyLine> {
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('no stdout');
    const lines = createInterface({ input: stdout, signal: AbortSignal.timeout(READY_WITHIN_MS) });
    try {
      for await (const line of lines) return JSON.parse(line) as ReadyLine;
    } finally {
      stdout.resume(); // what the interface paused
    }
    throw new Error(`no ready line (exit code ${this.#child.exitCode}): ${this.stderr}`);
  }

  /** Sends a signal where one is given, and resolves when the process is gone and all it wrote is read. */
  async end(signal?: NodeJS.Signals): Promise<Ended> {
    if (signal !== undefined && this.isRunning) this.#child.kill(signal);
    await this.#closed;
    OkdProcess.#all.delete(this);
    return { code: this.#child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }
}

/** Runs a command to its end. */
export const runOkd = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  new OkdProcess(args, env).end();

export type Serving = Readonly<{ process: OkdProcess; at: ReadyLine; bootMs: number }>;

export type Starting = Readonly<{ process: OkdProcess; ready: Promise<Serving> }>;

/** Starts a gateway on a free port. */
export function startServing(args: readonly string[], env: Readonly<Record<string, string>> = {}): Starting {
  const begun = performance.now();
  const process = new OkdProcess(['serve', '--port', '0', '--json', ...args], env);
  const ready = process.ready().then((at) => ({ process, at, bootMs: performance.now() - begun }));
  return { process, ready };
}

/** The same, and waits until it is ready. */
export const serve = (...how: Parameters<typeof startServing>): Promise<Serving> => startServing(...how).ready;

export const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks again and again until there is something, and says what was waited for when there never is. */
export async function until<T>(what: string, look: () => Promise<T | null>, withinMs = 15_000): Promise<T> {
  for (const end = performance.now() + withinMs; performance.now() < end; ) {
    const found = await look();
    if (found !== null) return found;
    await later(40);
  }
  throw new Error(`did not happen within ${withinMs} ms: ${what}`);
}
