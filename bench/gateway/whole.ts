import { BybitAccess } from '../../src/adapters/bybit/access.ts';
import { DEFAULT_HTTP_SETTINGS, type HttpSettings, startHttp } from '../../src/adapters/http/index.ts';
import { openRecords } from '../../src/adapters/sqlite/records/records.ts';
import { openStore } from '../../src/adapters/sqlite/store.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemLog } from '../../src/adapters/system/log.ts';
import { systemNetwork } from '../../src/adapters/system/network.ts';
import { systemRng } from '../../src/adapters/system/rng.ts';
import { DEFAULT_FEES } from '../../src/app/core/fees.ts';
import { Gateway } from '../../src/app/core/gateway.ts';
import { InternalAgents } from '../../src/app/core/internal-agents.ts';
import { gatewayService } from '../../src/app/core/service.ts';
import { journalledUsers } from '../../src/app/core/users.ts';
import { openCredentials, secretBox } from '../../src/app/credentials.ts';
import { agentsDesk, firstAccount, prepareInstance } from '../../src/app/serve/first-start.ts';
import { localToken, openLocalSession, tokensOf } from '../../src/app/serve/local-token.ts';
import { unwrap } from '../../src/domain/result.ts';
import { seededRng } from '../../src/ports/rng.ts';
import { answering } from '../lib/child.ts';
import { Probes } from './probes.ts';

/** The whole gateway as `okd serve` builds it, but for the rate limits and its own paper exchange; its market agents quote once. */
export type WholeQuestion = Readonly<
  { do: 'open'; dir: string; venuePort: number } | { do: 'probe' } | { do: 'probed' } | { do: 'cpu' }
>;
export type Opened = Readonly<{ url: string; token: string }>;

const INSTANCE = 'bench01';
const KEY = { apiKey: 'bench', apiSecret: 'bench' };
const UNLIMITED: HttpSettings = {
  ...DEFAULT_HTTP_SETTINGS,
  limits: { perAddress: null, perAccount: { read: null, write: null, cancel: null }, loginPerAddress: null },
};

const probes = new Probes();
const closers: (() => Promise<unknown>)[] = [];

async function open(dir: string, venuePort: number): Promise<Opened> {
  const clock = systemClock();
  const log = systemLog({ level: 'warn' });
  const store = unwrap(await openStore(dir, { log }));
  const records = openRecords(dir, log);
  const credentials = openCredentials(dir);
  const network = systemNetwork();
  const onCrash = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  };
  const access = new BybitAccess({
    environment: { rest: `http://127.0.0.1:${venuePort}`, stream: `ws://127.0.0.1:${venuePort}` },
    transport: { clock, rng: systemRng(), http: probes.http(network.http), sockets: probes.sockets(network.sockets) },
    log,
    budgets: 'off',
  });
  const gateway = new Gateway({
    journal: store.journal, records, clock, log, instance: INSTANCE, access, box: secretBox(credentials), fees: DEFAULT_FEES,
    internalSymbols: ['BTCUSDT'], onCrash,
  }); // biome-ignore format: short members together
  await gateway.start();
  const users = journalledUsers(store.journal);
  await prepareInstance(gateway, users, { password: 'a password of the bench', wasServed: false }, true);
  await connectVenue(gateway);
  await quoteOnce(gateway);
  const http = await startHttp({
    service: gatewayService(gateway, 'paper', 'bench'), users, tokens: tokensOf(credentials, INSTANCE, clock), clock,
    rng: systemRng(), log, listen: { host: '127.0.0.1', port: 0 }, onBug: onCrash, settings: UNLIMITED,
  }); // biome-ignore format: short members together
  await openLocalSession(dir, users, INSTANCE, http.url, clock);
  closers.push(
    () => http.close(),
    () => gateway.stop(),
    () => network.close(),
    () => records.close(),
    () => store.close(),
  );
  return { url: http.url, token: localToken(dir) };
}

/** The market agents' first quotes stay as they are: a book of others, above the orders of the bench. */
async function quoteOnce(gateway: Gateway): Promise<void> {
  const desk = agentsDesk(gateway);
  if (desk === null) return;
  const agents = new InternalAgents(gateway, desk, seededRng(1));
  await agents.start();
  agents.stop();
}

async function connectVenue(gateway: Gateway): Promise<void> {
  const { access, box } = gateway.world;
  const report = unwrap(await access.check(KEY));
  const at = gateway.clock.now();
  const sealed = box.seal(KEY, firstAccount);
  const connection = { account: firstAccount, venue: access.id, keyId: 'bench', sealed, report, connectedAt: at };
  await gateway.record({ type: 'connected', at, connection });
  await gateway.reopenConnection(firstAccount);
  await gateway.desk(firstAccount)?.firstComparison();
}

answering<WholeQuestion>(
  (question) => {
    if (question.do === 'open') return open(question.dir, question.venuePort);
    if (question.do === 'probe') return probes.start();
    return question.do === 'probed' ? probes.stop() : process.cpuUsage();
  },
  async () => {
    for (const close of closers) await close();
  },
);
