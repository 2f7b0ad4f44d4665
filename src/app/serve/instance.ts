import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { BybitAccess } from '../../adapters/bybit/access.ts';
import { type HttpServer, startHttp } from '../../adapters/http/index.ts';
import { openRecords } from '../../adapters/sqlite/records/records.ts';
import { openStore } from '../../adapters/sqlite/store.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { systemLog } from '../../adapters/system/log.ts';
import { type SystemNetwork, systemNetwork } from '../../adapters/system/network.ts';
import { systemRng } from '../../adapters/system/rng.ts';
import type { Environment as Venue } from '../../contract/bybit.ts';
import { seededRng } from '../../ports/rng.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Records } from '../../ports/records.ts';
import type { Store } from '../../ports/store.ts';
import type { Environment, ServeConfig } from '../config.ts';
import { Gateway } from '../core/gateway.ts';
import { DEFAULT_FEES, withoutRoutingFee } from '../core/fees.ts';
import { InternalAgents } from '../core/internal-agents.ts';
import { gatewayService } from '../core/service.ts';
import { journalledUsers } from '../core/users.ts';
import { type Credentials, openCredentials, secretBox } from '../credentials.ts';
import { CommandError, EXIT } from '../exit.ts';
import { type OwnPaper, openOwnPaper } from './own-paper.ts';
import { agentsDesk, firstAccount, prepareInstance } from './first-start.ts';
import { findFirstOrder } from './first-order.ts';
import { openLocalSession, tokensOf } from './local-token.ts';

export type InstanceOptions = Readonly<{
  dir: string;
  config: ServeConfig;
  env: Environment;
  /** Counts only when the data directory is made. */
  wantedEnvironment: string | undefined;
  confirmLive(): Promise<boolean>;
  /** `--live` was given, which is a mistake anywhere but on mainnet. */
  live?: boolean;
  listen: Readonly<{ host: string; port: number }>;
  /** Told when the instance ends by itself: a bug, or a journal that cannot be written. */
  ended(code: number): void;
}>;

export type Instance = Readonly<{
  url: string;
  environment: Venue;
  dir: string;
  paper: OwnPaper | null;
  /** Quantity of BTCUSDT that a first market buy splits over both venues; null when the books do not allow one. */
  firstOrder: string | null;
  /** Of the first administrator, when it was made just now. */
  password: string | null;
  gateway: Gateway;
  http: HttpServer;
  close(): Promise<void>;
}>;

/** Symbols (spot) that the internal venue lists from the start. */
const INTERNAL_SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'XRPUSDT', 'BNBUSDT', 'BNBETH'] as const;
const VERSION = '0.1.0';
/** After the journal has failed the process stays this long, so that cancels can still leave. */
const DRAIN_MS = 30_000;

/** Opens a data directory, its exchange, its gateway and its API, in this order; what is open is closed if a later one fails. */
export async function openInstance(options: InstanceOptions): Promise<Instance> {
  const log = systemLog({ level: options.config.logLevel ?? options.env.logLevel ?? 'warn' });
  const clock = systemClock();
  const opened: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const store = await openOwnStore(options.dir, log);
    opened.push(() => store.close());
    const records = openRecords(options.dir, log);
    opened.push(() => records.close());
    return await openOn(store, options, { log, clock, records, opened, closeAll });
  } catch (error) {
    await closeAll();
    throw error;
  }
}

type Around = Readonly<{
  log: Log;
  clock: Clock;
  records: Records;
  opened: (() => Promise<void>)[];
  closeAll(): Promise<void>;
}>;

async function openOn(store: Store, options: InstanceOptions, around: Around): Promise<Instance> {
  const { dir, config, env, listen } = options;
  const { log, clock, records, opened } = around;
  const environment = await environmentOf(store, options);
  const instance = await instanceId(store);
  const credentials = openCredentials(dir);
  const network = systemNetwork();
  opened.push(() => network.close());
  const paper = await paperOf(options, environment, credentials, around);
  if (paper !== null) {
    opened.push(() => paper.close());
    void paper.running.failed.then(() => options.ended(EXIT.degraded));
  }
  const gateway = new Gateway({
    journal: store.journal,
    records,
    clock,
    log,
    instance,
    access: accessOf(config, environment, paper, network, clock, log),
    box: secretBox(credentials),
    fees: config.fees?.routing === 0 || config.fees?.routing === false ? withoutRoutingFee(DEFAULT_FEES) : DEFAULT_FEES,
    internalSymbols: config.internal?.symbols ?? INTERNAL_SYMBOLS,
    onJournalFailure: config.onJournalFailure ?? 'leave',
    onCrash: (error) => crashed(error, log, options),
  });
  opened.push(() => gateway.stop());
  store.journal.onFailure(() => clock.after(DRAIN_MS, () => options.ended(EXIT.degraded)));
  await gateway.start();
  const users = journalledUsers(store.journal);
  const wish = { password: env.adminPassword, wasServed: store.meta.get(SERVED) !== null };
  const { password } = await prepareInstance(gateway, users, wish, environment === 'paper');
  if (paper !== null) await connectPaper(gateway, paper);
  const agents = environment === 'paper' && config.internal?.agents !== false ? await startAgents(gateway) : null;
  if (agents !== null) opened.push(async () => agents.stop());
  const http = await startHttp({
    service: gatewayService(gateway, environment, VERSION),
    users,
    tokens: tokensOf(credentials, instance, clock),
    clock,
    rng: systemRng(),
    log,
    listen,
    onBug: (error) => crashed(error, log, options),
  });
  opened.push(() => http.close());
  const firstOrder = environment === 'paper' ? await firstOrderWithin(gateway, clock) : null;
  await openLocalSession(dir, users, instance, http.url, clock);
  await store.meta.set(SERVED, 'yes'); // last: whatever is told once is told with the ready line
  return { url: http.url, environment, dir, paper, firstOrder, password, gateway, http, close: around.closeAll };
}

async function openOwnStore(dir: string, log: Log): Promise<Store> {
  const opened = await openStore(dir, { log });
  if (!opened.ok) throw opened.error;
  return opened.value;
}

function crashed(error: unknown, log: Log, { ended }: InstanceOptions): void {
  log.error('bug', { error: error instanceof Error ? (error.stack ?? error.message) : `${error}` });
  ended(1);
}

/** An instance trades in one environment for ever: play money and real money never share a book or a ledger. */
async function environmentOf(store: Store, options: InstanceOptions): Promise<Venue> {
  const { wantedEnvironment, confirmLive, dir } = options;
  const stored = store.meta.get('environment') as Venue | null;
  const environments: readonly Venue[] = ['paper', 'demo', 'testnet', 'mainnet'];
  const wanted = environments.find((one) => one === (wantedEnvironment ?? 'paper'));
  if (wanted === undefined)
    throw new CommandError(
      'INVALID_ENVIRONMENT',
      `--env is one of ${environments.join(', ')}, not ${wantedEnvironment}`,
    );
  if (stored !== null) {
    if (wantedEnvironment !== undefined && wanted !== stored) {
      throw new CommandError(
        'ENVIRONMENT_MISMATCH',
        `${dir} is a ${stored} instance; start another one for ${wanted} with its own --data directory`,
      );
    }
    refuseLiveElsewhere(options, stored);
    return stored;
  }
  refuseLiveElsewhere(options, wanted);
  if (wanted === 'mainnet' && !(await confirmLive())) {
    throw new CommandError(
      'LIVE_TRADING_DISABLED',
      'a mainnet instance trades real money: start it with --live and confirm (OKD_LIVE_CONFIRM=mainnet without a terminal); later starts need neither',
    );
  }
  await store.meta.set('environment', wanted);
  return wanted;
}

/** Who says `--live` expects real money: a start that would trade anything else is not what they asked for. */
function refuseLiveElsewhere({ live, dir }: InstanceOptions, environment: Venue): void {
  if (live !== true || environment === 'mainnet') return;
  throw new CommandError(
    'LIVE_NEEDS_MAINNET',
    `--live is for mainnet, and ${dir} is or would be a ${environment} instance: add --env mainnet with a --data directory of its own, or leave --live out`,
  );
}

/** Set when an instance has got as far as its ready line for the first time. */
const SERVED = 'served';
const ID_BYTES = 4;

async function instanceId(store: Store): Promise<string> {
  const stored = store.meta.get('instance');
  if (stored !== null) return stored;
  const made = randomBytes(ID_BYTES).readUInt32BE().toString(36).padStart(7, '0');
  await store.meta.set('instance', made);
  return made;
}

async function paperOf(
  { dir, config }: InstanceOptions,
  environment: Venue,
  credentials: Credentials,
  { log, clock }: Around,
): Promise<OwnPaper | null> {
  if (environment !== 'paper' || config.bybit?.baseUrl !== undefined) return null;
  return openOwnPaper({
    dir: join(dir, 'paper'),
    config: config.paper ?? {},
    key: credentials.paper,
    log,
    clock,
  });
}

function accessOf(
  config: ServeConfig,
  environment: Venue,
  paper: OwnPaper | null,
  network: SystemNetwork,
  clock: Clock,
  log: Log,
): BybitAccess {
  const transport = { clock, rng: systemRng(), http: network.http, sockets: network.sockets };
  const rest = config.bybit?.baseUrl ?? paper?.rest;
  const stream = config.bybit?.wsUrl ?? paper?.ws ?? rest?.replace(/^http/, 'ws');
  if (rest !== undefined && stream !== undefined) {
    return new BybitAccess({
      environment: { rest, stream },
      transport,
      log,
      budgets: paper === null ? 'documented' : 'off',
    });
  }
  if (environment === 'paper')
    throw new CommandError('CONFIG_INVALID', 'a paper instance without its own exchange needs bybit.baseUrl');
  return new BybitAccess({ environment, transport, log, hasTradeSocket: environment !== 'demo' });
}

/** The built-in exchange's account belongs to the first account of the instance. */
async function connectPaper(gateway: Gateway, paper: OwnPaper): Promise<void> {
  const desk = gateway.desk(firstAccount);
  if (desk === null || gateway.registry.connection(firstAccount, gateway.external) !== null) return;
  const { access, box } = gateway.world;
  const checked = await access.check(paper.key);
  if (!checked.ok)
    throw new CommandError(
      'PAPER_NOT_REACHABLE',
      `the built-in exchange refused its own key: ${checked.error.hint}`,
      EXIT.venue,
    );
  const at = gateway.clock.now();
  const { uid } = checked.value;
  const sealed = box.seal(paper.key, firstAccount);
  const connection = {
    account: firstAccount,
    venue: access.id,
    keyId: `paper ${uid}`,
    sealed,
    report: checked.value,
    connectedAt: at,
  };
  await gateway.record({ type: 'connected', at, connection });
  await gateway.reopenConnection(firstAccount);
  await gateway.connectionsAnswer();
}

async function startAgents(gateway: Gateway): Promise<InternalAgents | null> {
  const desk = agentsDesk(gateway);
  if (desk === null) return null;
  const agents = new InternalAgents(gateway, desk, seededRng(1));
  await agents.start();
  return agents;
}

const BOOKS_WITHIN_MS = 5_000;

/** Both books need a moment to fill; an order is found as soon as they have. */
async function firstOrderWithin(gateway: Gateway, clock: Clock): Promise<string | null> {
  const end = clock.monotonic() + BOOKS_WITHIN_MS;
  for (;;) {
    const desk = gateway.desk(firstAccount);
    if (desk === null || desk.connection === null) return null; // one venue alone splits nothing
    const found = findFirstOrder(gateway, desk);
    if (found !== null || clock.monotonic() > end) return found;
    await new Promise<void>((resolve) => clock.after(50, resolve));
  }
}
