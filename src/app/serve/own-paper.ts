import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
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

/** Opens it on a free port, with one funded account for the instance and those that the configuration adds. */
export async function openOwnPaper({ dir, config, key, log, clock }: OwnPaperOptions): Promise<OwnPaper> {
  const account = { uid: UID, ...key, balances: DEMO_FUNDS, note: 'made by okd serve' };
  const accounts = [account, ...((config['accounts'] as unknown[] | undefined) ?? [])];
  const settings = { listen: { port: 0 }, rateLimits: 'off', ...config, accounts };
  const running = await openPaper({ config: settings, configName: 'paper', dataDir: dir, log, clock });
  return { rest: running.rest, ws: running.ws, key, running, close: () => running.close() };
}
