import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { writePrivate } from '../credentials.ts';
import { CommandError } from '../exit.ts';
import { openPaper, type RunningPaper } from '../paper/open.ts';
import { DEMO_FUNDS } from './first-start.ts';

/** The exchange that a `paper` instance runs for itself, durable under its data directory. */
export type OwnPaper = Readonly<{
  rest: string;
  ws: string;
  key: Readonly<{ apiKey: string; apiSecret: string }>;
  running: RunningPaper;
  close(): Promise<void>;
}>;

export type OwnPaperOptions = Readonly<{
  dir: string;
  /** The `paper` section of the configuration. */
  config: Readonly<Record<string, unknown>>;
  key: Readonly<{ apiKey: string; apiSecret: string }>;
  log: Log;
  clock: Clock;
}>;

const UID = '1001';
/** Holds the port of the last start, so that programs which were pointed at it find it again. */
const PORT_FILE = 'port.json';
const ANY_FREE = 0;

/**
 * Opens it on the port that the configuration names, else on the one that it had last, else on a free one; with one
 * funded account for the instance and those that the configuration adds.
 */
export async function openOwnPaper(options: OwnPaperOptions): Promise<OwnPaper> {
  const { dir, config, key, log } = options;
  const wish = config['listen'];
  const isNamed = typeof wish === 'object' && wish !== null && 'port' in wish;
  const last = isNamed ? ANY_FREE : lastPort(dir);
  const running = await openOn(last, options).catch((error: unknown) => {
    const isTaken = error instanceof CommandError && error.code === 'PORT_IN_USE';
    if (last === ANY_FREE || !isTaken) throw error;
    log.warn('paper_port_taken', { port: last });
    return openOn(ANY_FREE, options);
  });
  if (!isNamed && running.port !== last) writePrivate(join(dir, PORT_FILE), running.port);
  return { rest: running.rest, ws: running.ws, key, running, close: () => running.close() };
}

function openOn(port: number, { dir, config, key, log, clock }: OwnPaperOptions): Promise<RunningPaper> {
  const account = { uid: UID, ...key, balances: DEMO_FUNDS, note: 'made by okd serve' };
  const accounts = [account, ...((config['accounts'] as unknown[] | undefined) ?? [])];
  const listen = { port, ...(config['listen'] as object | undefined) };
  const settings = { rateLimits: 'off', ...config, listen, accounts };
  return openPaper({ config: settings, configName: 'paper', dataDir: dir, log, clock });
}

/** Zero, for any free one, where none was written down or what is there is no port. */
function lastPort(dir: string): number {
  const path = join(dir, PORT_FILE);
  const text = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  const port = /^\d{1,5}$/.test(text) ? Number(text) : ANY_FREE;
  return port <= 65_535 ? port : ANY_FREE;
}
