import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const OKD = fileURLToPath(new URL('../../bin/okd', import.meta.url));
const READY_WITHIN_MS = 20_000;

export type Key = Readonly<{ apiKey: string; apiSecret: string }>;
export type Answer = Readonly<{ retCode: number; retMsg: string; result: Record<string, unknown>; time: number }>;
export type Ready = Readonly<{
  ready: true;
  rest: string;
  ws: string;
  host: string;
  port: number;
  control: string | null;
  accounts: readonly Readonly<{ uid: string; apiKey: string; apiSecret?: string }>[];
  keyFile: string | null;
}>;

/** `okd paper` as a process of its own, with everything that it wrote. */
export class PaperProcess {
  readonly #child: ChildProcess;
  stdout = '';
  stderr = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (bytes) => {
      this.stdout += String(bytes);
    });
    child.stderr?.on('data', (bytes) => {
      this.stderr += String(bytes);
    });
  }

  static spawn(args: readonly string[], prefix: readonly string[] = []): PaperProcess {
    const [command = OKD, ...rest] = [...prefix, OKD, 'paper', ...args];
    return new PaperProcess(spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Resolves with the ready line; rejects with what was written when there is none. */
  async ready(): Promise<Ready> {
    const { stdout } = this.#child;
    for (const deadline = Date.now() + READY_WITHIN_MS; !this.stdout.includes('\n'); ) {
      if (this.#child.exitCode !== null || Date.now() > deadline) throw new Error(`not ready: ${this.stderr}`);
      await Promise.race([stdout === null ? null : once(stdout, 'data'), once(this.#child, 'close'), later(500)]);
    }
    return JSON.parse(this.stdout.slice(0, this.stdout.indexOf('\n'))) as Ready;
  }

  /** Sends a signal where one is given, and resolves with the exit code once it has ended and all is written. */
  async ended(signal?: NodeJS.Signals): Promise<number | null> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return exitCode;
    const closed = once(this.#child, 'close');
    if (signal !== undefined) this.#child.kill(signal);
    await closed;
    return this.#child.exitCode;
  }
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

export const startPaper = async (args: readonly string[]): Promise<PaperProcess & { at: Ready }> => {
  const process = PaperProcess.spawn(['--port', '0', '--json', ...args]);
  return Object.assign(process, { at: await process.ready() });
};

/** Signed calls as the V5 documents describe them; written here so that no client of ours vouches for our server. */
export class V5 {
  readonly #rest: string;
  readonly #key: Key | null;
  /** The server's clock minus ours. */
  offsetMs = 0;

  constructor(rest: string, key: Key | null = null) {
    this.#rest = rest;
    this.#key = key;
  }

  get(path: string, query: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const text = new URLSearchParams(query).toString();
    return this.#call('GET', `${path}${text === '' ? '' : `?${text}`}`, text, undefined);
  }

  post(path: string, body: object): Promise<Answer> {
    const text = JSON.stringify(body);
    return this.#call('POST', path, text, text);
  }

  async #call(method: string, path: string, signed: string, body: string | undefined): Promise<Answer> {
    const headers = this.#key === null ? {} : this.#headers(this.#key, signed);
    const response = await fetch(`${this.#rest}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    return (await response.json()) as Answer;
  }

  #headers({ apiKey, apiSecret }: Key, signed: string): Record<string, string> {
    const timestamp = String(Date.now() + this.offsetMs);
    const sign = createHmac('sha256', apiSecret).update(`${timestamp}${apiKey}5000${signed}`).digest('hex');
    return {
      'Content-Type': 'application/json',
      'X-BAPI-API-KEY': apiKey,
      'X-BAPI-TIMESTAMP': timestamp,
      'X-BAPI-RECV-WINDOW': '5000',
      'X-BAPI-SIGN': sign,
    };
  }
}
