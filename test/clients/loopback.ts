// A paper exchange on a port of this machine, for clients that nobody here wrote.
import { type BybitServer, serveBybit } from '../../src/adapters/bybit-server/index.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemNetwork } from '../../src/adapters/system/network.ts';
import { unwrap } from '../../src/domain/result.ts';
import { openPaperExchange, type PaperExchange, readPaperConfig } from '../../src/paper/index.ts';
import { silentLog } from '../../src/ports/log.ts';
import { seededRng } from '../../src/ports/rng.ts';

const PERMISSIONS = {
  ContractTrade: ['Order', 'Position'],
  Spot: ['SpotTrade'],
  Options: ['OptionsTrade'],
  Wallet: ['AccountTransfer', 'SubMemberTransfer', 'SubMemberTransferList'],
  Exchange: ['ExchangeHistory'],
};
const BALANCES = { USDT: '5000000', USDC: '1000000', BTC: '100', ETH: '1000', SOL: '10000', XRP: '500000' };

const account = (uid: string, name: string) => ({
  uid,
  apiKey: `${name}-key`,
  apiSecret: `${name}-secret`,
  permissions: PERMISSIONS,
  balances: BALANCES,
});

export type Account = ReturnType<typeof account>;
/** One takes what the other makes; the third trades in hedge mode and isolated margin. */
export const [TAKER, MAKER, OTHER] = [
  account('1001', 'taker'),
  account('1002', 'maker'),
  account('1003', 'other'),
] as const;

export type Loopback = Readonly<{ exchange: PaperExchange; rest: string; ws: string; close(): Promise<void> }>;

/** Real time, real sockets, no agents: the accounts trade with each other. */
export async function openLoopback(settings: Readonly<Record<string, unknown>> = {}): Promise<Loopback> {
  const accounts = [TAKER, MAKER, OTHER];
  const config = unwrap(readPaperConfig({ accounts, agents: false, rateLimits: 'off', ...settings }));
  const [clock, log, network] = [systemClock(), silentLog, systemNetwork()];
  const exchange = await openPaperExchange({ config, clock, rng: seededRng(7), journal: null, log });
  await exchange.start();
  const listen = { host: '127.0.0.1', port: 0 };
  const server: BybitServer = await serveBybit({
    exchange,
    network: network.server,
    clock,
    listen,
    rateLimits: config.rateLimits,
    log,
  });
  const at = `127.0.0.1:${server.address.port}`;
  return {
    exchange,
    rest: `http://${at}`,
    ws: `ws://${at}`,
    close: async () => {
      await server.close();
      await exchange.close();
      await network.close();
    },
  };
}
