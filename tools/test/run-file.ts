// Runs one test file in a process of its own and says what happened in it.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ReportLine } from './reporter.ts';

export type Failure = { readonly name: string; readonly text: string };
export type FileResult = {
  readonly file: string;
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  readonly output: string;
  readonly ms: number;
};
export type FileOptions = {
  readonly root: string;
  readonly limitMs: number;
  /** How long a file may stay after its last test: what keeps it alive is a leaked socket, timer or process. */
  readonly lingerMs: number;
  readonly namePattern?: string;
};

const OUTPUT_LIMIT = 64 * 1024;
const REPORTER = fileURLToPath(new URL('./reporter.ts', import.meta.url));

const running = new Set<ChildProcess>();

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: all of it has ended by itself
  }
}

/** For an interrupted run: ends every test process together with what it started. */
export function killAll(): void {
  for (const child of running) killGroup(child);
}

function start(file: string, { root, namePattern }: FileOptions): ChildProcess {
  const filter = namePattern === undefined ? [] : [`--test-name-pattern=${namePattern}`];
  const reporter = [`--test-reporter=${REPORTER}`, '--test-reporter-destination=stdout'];
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const flags = process.execArgv.filter((flag) => !flag.startsWith('--test-'));
  return spawn(process.execPath, [...flags, ...filter, ...reporter, file], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true, // a group of its own, so that what it starts can be ended with it
  });
}

/** Resolves when the process has ended and its pipes are read, or a second later where a stray child holds them open. */
function ended(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    const how = (code: number | null, signal: string | null) =>
      code === 0 ? null : signal === null ? `exit code ${code}` : `signal ${signal}`;
    child.once('error', (error) => resolve(String(error)));
    child.once('close', (code, signal) => resolve(how(code, signal)));
    child.once('exit', (code, signal) => setTimeout(() => resolve(how(code, signal)), 1_000).unref());
  });
}

class Watch {
  passed = 0;
  skipped = 0;
  finished = false;
  stopped: string | null = null;
  output = '';
  open = 0;
  seen = 0;
  readonly running: string[] = [];
  readonly failures: Failure[] = [];
  #linger: NodeJS.Timeout | undefined;
  readonly #lingerMs: number;
  readonly #stop: (why: string) => void;

  constructor(lingerMs: number, stop: (why: string) => void) {
    this.#lingerMs = lingerMs;
    this.#stop = stop;
  }

  read(line: ReportLine): void {
    if (line.type === 'end') this.finished = true;
    if (line.type === 'note') this.hear(line.text);
    if (line.type === 'queued' || line.type === 'begun' || line.type === 'ended') this.#follow(line);
    if (line.type !== 'test') return;
    if (line.outcome === 'passed') this.passed++;
    if (line.outcome === 'skipped') this.skipped++;
    if (line.outcome === 'failed') this.failures.push({ name: line.name, text: line.text });
  }

  hear(chunk: string): void {
    this.output = (this.output + chunk).slice(-OUTPUT_LIMIT);
  }

  rest(): void {
    clearTimeout(this.#linger);
  }

  #follow(line: Extract<ReportLine, { type: 'queued' | 'begun' | 'ended' }>): void {
    clearTimeout(this.#linger);
    this.seen++;
    if (line.type === 'queued') this.open++;
    if (line.type === 'begun') this.running.push(line.name);
    if (line.type !== 'ended') return;
    this.running.splice(this.running.indexOf(line.name), 1);
    if (--this.open > 0) return;
    const why = 'its tests ended, the file did not: a socket, timer or process is left open';
    this.#linger = setTimeout(() => this.#stop(`${why} (waited ${this.#lingerMs / 1000} s)`), this.#lingerMs);
  }
}

/** What the results alone do not show: a crash, an early exit, a hang, a file without any test. */
function verdict(watch: Watch, exit: string | null, filtered: boolean): string | null {
  if (watch.stopped !== null) return watch.stopped;
  if (watch.seen === 0 && exit === null) return filtered ? null : 'has no test';
  if (!watch.finished) return `ended before its tests did (${exit ?? 'exit code 0'})`;
  if (watch.failures.length > 0) return null;
  if (exit !== null) return `all its tests passed, then it failed (${exit})`;
  return watch.passed + watch.skipped === 0 && !filtered ? 'has no test' : null;
}

export async function runFile(file: string, options: FileOptions): Promise<FileResult> {
  const begun = performance.now();
  const child = start(file, options);
  running.add(child);
  const watch = new Watch(options.lingerMs, (why) => {
    watch.stopped ??= why;
    killGroup(child);
  });
  const lines = createInterface({ input: child.stdio[3] as Readable });
  lines.on('line', (line) => watch.read(JSON.parse(line) as ReportLine));
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => watch.hear(text));
  const limit = setTimeout(() => {
    watch.stopped ??= `still ran after ${options.limitMs / 1000} s, in: ${watch.running.join(', ') || 'its first test'}`;
    killGroup(child);
  }, options.limitMs);
  const exit = await ended(child);
  clearTimeout(limit);
  watch.rest();
  killGroup(child);
  running.delete(child);
  const crash = verdict(watch, exit, options.namePattern !== undefined);
  if (crash !== null) watch.failures.push({ name: crash, text: '' });
  const { passed, skipped, failures, output } = watch;
  return { file, passed, skipped, failures, output, ms: performance.now() - begun };
}
