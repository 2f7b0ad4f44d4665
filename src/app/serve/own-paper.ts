import { type BybitServer, serveBybit } from '../../adapters/bybit-server/index.ts';
import { openStore } from '../../adapters/sqlite/store.ts';
import { systemRng } from '../../adapters/system/rng.ts';
import type { SystemNetwork } from '../../adapters/system/network.ts';
import { openPaperExchange, readPaperConfig } from '../../paper/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { CommandError } from '../exit.ts';
import { DEMO_FUNDS } from './first-start.ts';

/** The exchange that a `paper` instance runs for itself, durable under its data directory. */
export type OwnPaper = Readonly<{
  rest: string;
  ws: string;
  key: Readonly<{ apiKey: string; apiSecret: string }>;
  server: BybitServer;
  close(): Promise<void>;
}>;

export type OwnPaperOptions = Readonly<{
  dir: string;
  config: Readonly<Record<string, unknown>>;
  key: Readonly<{ apiKey: string; apiSecret: string }>;
  log: Log;
  clock: Clock;
  network: SystemNetwork;
}>;

const UID = '1001';

export async function openOwnPaper({ dir, config, key, log, clock, network }: OwnPaperOptions): Promise<OwnPaper> {
  const account = { uid: UID, ...key, balances: DEMO_FUNDS, note: 'made by okd serve' };
  const accounts = [account, ...((config['accounts'] as unknown[] | undefined) ?? [])];
  const read = readPaperConfig({ listen: { port: 0 }, rateLimits: 'off', ...config, accounts });
  if (!read.ok) throw new CommandError('CONFIG_INVALID', `paper: ${JSON.stringify(read.error)}`);
  const opened = await openStore(dir, { log });
  if (!opened.ok) throw opened.error;
  const store = opened.value;
  const exchange = await openPaperExchange({
    config: read.value,
    clock,
    rng: systemRng(),
    journal: store.journal,
    log,
  });
  const server = await serveBybit({
    exchange,
    network: network.server,
    clock,
    listen: read.value.listen,
    rateLimits: read.value.rateLimits,
    log,
  });
  await exchange.start();
  const { host, port } = server.address;
  return {
    rest: `http://${host}:${port}`,
    ws: `ws://${host}:${port}`,
    key,
    server,
    close: async () => {
      await server.close();
      await exchange.close();
      await store.close();
    },
  };
}
