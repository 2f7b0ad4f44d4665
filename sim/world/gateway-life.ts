import { createHash } from 'node:crypto';
import { BybitAccess } from '../../src/adapters/bybit/access.ts';
import {
  DEFAULT_HTTP_SETTINGS,
  gatewayServer,
  type HttpSettings,
  jwtTokens,
  type Passwords,
} from '../../src/adapters/http/index.ts';
import { openInlineRecords } from '../../src/adapters/sqlite/records/inline.ts';
import { DEFAULT_FEES } from '../../src/app/core/fees.ts';
import { Gateway } from '../../src/app/core/gateway.ts';
import type { SecretBox } from '../../src/app/core/secret-box.ts';
import { gatewayService } from '../../src/app/core/service.ts';
import { journalledUsers } from '../../src/app/core/users.ts';
import type { UnixMs } from '../../src/domain/ids.ts';
import { unwrap } from '../../src/domain/result.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { Log } from '../../src/ports/log.ts';
import type { SimProcess } from '../lib/process.ts';
import type { Sim } from '../lib/sim.ts';
import type { ProcessNetwork } from '../lib/sim-network.ts';
import { GATEWAY, INSTANCE, INTERNAL_SYMBOLS, PAPER, PEOPLE } from './settings.ts';

/** One life of the gateway's process. */
export type GatewayLife = Readonly<{ process: SimProcess; gateway: Gateway }>;

export type GatewayHooks = Readonly<{
  /** Stand between the gateway and its ground: where crash points are. */
  journal(journal: Journal, process: SimProcess): Journal;
  network(network: ProcessNetwork, process: SimProcess): ProcessNetwork;
  /** The gateway is built, nothing is recovered yet. */
  built(gateway: Gateway, process: SimProcess): void;
  /** A bug: the process would end. */
  crashed(error: unknown): void;
  log: Log;
}>;

/** What a password costs is not what is simulated. */
const PLAIN: Passwords = {
  decoy: 'plain:',
  hash: (password) => Promise.resolve(`plain:${password}`),
  verify: (password, hash) => Promise.resolve(hash === `plain:${password}`),
};
export const passwordOf = (name: string): string => `pw-${name}`;
export const emailOf = (name: string): string => `${name}@sim.test`;

/** Sealed is readable here: only its binding to the account is kept. */
const BOX: SecretBox = {
  seal: (key, account) => JSON.stringify([account, key]),
  open: (sealed, account) => {
    const [owner, key] = JSON.parse(sealed);
    return owner === account ? key : null;
  },
};

const SETTINGS: HttpSettings = {
  ...DEFAULT_HTTP_SETTINGS,
  limits: { perAddress: null, perAccount: { read: null, write: null, cancel: null }, loginPerAddress: null },
};

const SECRET = new Uint8Array(32).fill(7);
const tokensOf = (clock: Clock) =>
  jwtTokens({
    keys: [{ id: 'k1', algorithm: 'HS256', secret: SECRET }],
    refreshSecret: new Uint8Array(32).fill(8),
    issuer: `okd:${INSTANCE}`,
    clock,
  });
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Starts the gateway on its disk: recovery first, then the API, as `okd serve` does. */
export async function startGateway(sim: Sim, hooks: GatewayHooks): Promise<GatewayLife> {
  const { process, network: raw } = sim.start('gateway');
  const { clock, rng } = process;
  const store = unwrap(sim.disk('gateway').openStore(process));
  const journal = hooks.journal(store.journal, process);
  const network = hooks.network(raw, process);
  const url = `${PAPER.host}:${PAPER.port}`;
  const access = new BybitAccess({
    environment: { rest: `http://${url}`, stream: `ws://${url}` },
    transport: { clock, rng, http: network.http, sockets: network.sockets },
    log: hooks.log,
    hasTradeSocket: false,
    budgets: 'off',
  });
  const crashed = (error: unknown): void => hooks.crashed(error);
  const gateway = new Gateway({
    journal,
    records: openInlineRecords(journal),
    clock,
    log: hooks.log,
    instance: INSTANCE,
    access,
    box: BOX,
    fees: DEFAULT_FEES,
    internalSymbols: INTERNAL_SYMBOLS,
    onCrash: crashed,
  });
  hooks.built(gateway, process);
  await gateway.start();
  const users = journalledUsers(journal);
  await createUsers(users, clock.now());
  const handlers = gatewayServer({
    service: gatewayService(gateway, 'paper', 'sim'),
    users,
    tokens: tokensOf(clock),
    passwords: PLAIN,
    digest,
    clock,
    rng,
    log: hooks.log,
    settings: SETTINGS,
    onBug: crashed,
  });
  await network.server.listen(GATEWAY, handlers);
  return { process, gateway };
}

async function createUsers(users: ReturnType<typeof journalledUsers>, at: UnixMs): Promise<void> {
  for (const { name, user, account } of PEOPLE) {
    if (users.user(user) !== null) continue;
    const passwordHash = await PLAIN.hash(passwordOf(name));
    await users.record({ type: 'user_created', at, user, email: emailOf(name), passwordHash, administrator: true });
    await users.record({ type: 'role_granted', at, user, account, role: 'admin' });
  }
}
