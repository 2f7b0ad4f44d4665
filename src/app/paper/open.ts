import { type BybitServer, FaultBook, serveBybit, isLoopback } from '../../adapters/bybit-server/index.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { createNetworkServer } from '../../adapters/system/network-server.ts';
import { systemRng } from '../../adapters/system/rng.ts';
import {
  type AccountConfig,
  type Control,
  type GroundTruth,
  openPaperExchange,
  type PaperConfig,
  type PaperExchange,
  PaperOpenError,
} from '../../paper/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Journal } from '../../ports/journal.ts';
import type { Log } from '../../ports/log.ts';
import { ListenError } from '../../ports/network.ts';
import { type Rng, seededRng } from '../../ports/rng.ts';
import { CommandError } from '../exit.ts';
import { type MadeAccount, madeAccount } from './account.ts';
import { wireControl } from './control.ts';
import { openDataDir } from './data-dir.ts';
import { exchangeDeeds } from './exchange-deeds.ts';
import { matchRules } from './match-rules.ts';
import { pushClock } from './push-clock.ts';
import { openReplays } from './replays.ts';
import { readSettings, type SettingsSource } from './settings.ts';

export type OpenPaperOptions = SettingsSource &
  Readonly<{
    /** Null: everything is in memory. */
    dataDir: string | null;
    log: Log;
    clock?: Clock;
    rng?: Rng;
    /** Ends the process at once, where a test's rule wants that; without it no rule may. */
    crash?: () => void;
  }>;

export type PaperAccount = Readonly<{
  uid: string;
  apiKey: string;
  /** Only where it was made just now: nobody knows it yet. */
  apiSecret: string | null;
}>;

/** A paper exchange behind its server, open for business. */
export type RunningPaper = Readonly<{
  host: string;
  port: number;
  /** `http://…`, without a path. */
  rest: string;
  /** `ws://…`; the paths are Bybit's. */
  ws: string;
  accounts: readonly PaperAccount[];
  /** Where the key of a made account is kept; null where none was made, or nothing outlives the process. */
  keyFile: string | null;
  config: PaperConfig;
  server: BybitServer;
  exchange: PaperExchange;
  control: Control;
  groundTruth(): GroundTruth;
  /** Resolves if the journal fails: nothing is accepted from then on, and nothing will be. */
  failed: Promise<Error>;
  /** Stops listening, drops every connection, writes down what there is. */
  close(): Promise<void>;
}>;

/**
 * Opens a paper exchange and its server in this process. Throws CommandError when the configuration, the data
 * directory, a history or the port cannot be used; then nothing stays open.
 */
export async function openPaper(options: OpenPaperOptions): Promise<RunningPaper> {
  const opened: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    return await open(options, opened, closeAll);
  } catch (error) {
    await closeAll();
    throw asCommandError(error);
  }
}

async function open(
  options: OpenPaperOptions,
  opened: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<RunningPaper> {
  const { log, dataDir, clock = systemClock(), rng = systemRng() } = options;
  const settings = readSettings(options);
  const replays = openReplays(settings.config.replay);
  opened.push(replays.close);
  const store = dataDir === null ? null : await openDataDir(dataDir, log);
  if (store !== null) opened.push(() => store.close());
  const made = settings.makesAccount ? madeAccount(dataDir, rng) : null;
  const accounts = made === null ? settings.config.accounts : [made.account];
  const config: PaperConfig = { ...settings.config, accounts };
  const failed = failureOf(store?.journal ?? null);
  const journal = store?.journal ?? null;
  const exchange = await openPaperExchange({ config, clock, rng, journal, log, replays: replays.sources });
  opened.push(() => exchange.close());
  await exchange.start();
  const server = await serve(exchange, config, { clock, log, crash: options.crash });
  opened.push(() => server.close());
  made?.keep();
  return {
    ...addressOf(server),
    accounts: accounts.map((account) => told(account, made)),
    keyFile: made?.file ?? null,
    config,
    server,
    exchange,
    control: exchange.control,
    groundTruth: () => exchange.groundTruth(),
    failed,
    close,
  };
}

/** Snapshots of an exchange come in one request. */
const MOST_CONTROL_BYTES = 256 * 2 ** 20;

async function serve(
  exchange: PaperExchange,
  config: PaperConfig,
  { clock, log, crash }: Readonly<{ clock: Clock; log: Log; crash: (() => void) | undefined }>,
): Promise<BybitServer> {
  const bodyLimit = (path: string, remoteAddress: string): number | null =>
    config.control && path.startsWith('/paper/') && isLoopback(remoteAddress) ? MOST_CONTROL_BYTES : null;
  const opened: { server: BybitServer | null } = { server: null };
  const control = wireControl(exchange, () => opened.server?.restartBooks(null));
  opened.server = await serveBybit({
    exchange,
    network: createNetworkServer({ log, bodyLimit }),
    clock,
    pushClock: pushClock(exchange.clock, clock),
    listen: config.listen,
    rateLimits: config.rateLimits,
    ...(config.control ? { control, faults: faultsOf(exchange, config.seed) } : {}),
    ...(crash === undefined ? {} : { crash }),
    log,
  });
  return opened.server;
}

/** Rules for the server and the exchange behind it, with one seed and one trace. */
function faultsOf(exchange: PaperExchange, seed: number): FaultBook {
  const book = new FaultBook(exchange.clock, seededRng(seed));
  book.learn(exchangeDeeds(exchange));
  exchange.control.disturb(matchRules(book));
  return book;
}

const failureOf = (journal: Journal | null): Promise<Error> =>
  new Promise((resolve) => {
    journal?.onFailure(resolve);
  });

const told = ({ uid, apiKey, apiSecret }: AccountConfig, made: MadeAccount | null): PaperAccount => ({
  uid,
  apiKey,
  apiSecret: made?.isNew === true ? apiSecret : null,
});

/** As a client of this machine writes it: a server that listens everywhere is reached here, too. */
function addressOf({ address }: BybitServer): Pick<RunningPaper, 'host' | 'port' | 'rest' | 'ws'> {
  const { host, port } = address;
  const here = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const authority = `${here.includes(':') ? `[${here}]` : here}:${port}`;
  return { host, port, rest: `http://${authority}`, ws: `ws://${authority}` };
}

function asCommandError(error: unknown): unknown {
  const isExpected = error instanceof PaperOpenError || error instanceof ListenError;
  return isExpected ? new CommandError(error.code, error.message) : error;
}
