import { unwrap } from '../../src/domain/result.ts';
import type { AccountId, AssetId, InstrumentId, UserId } from '../../src/domain/ids.ts';
import { type PaperConfig, readPaperConfig } from '../../src/paper/index.ts';

/** Who and what exists in every simulated world: small enough that three hundred seeds fit in minutes. */
export const PAPER = { host: 'paper', port: 7001 } as const;
export const GATEWAY = { host: 'gateway', port: 8080 } as const;
/** Part of every child id; the same in every life. */
export const INSTANCE = 'sim0001';

export type Person = Readonly<{
  name: string;
  user: UserId;
  account: AccountId;
  /** Bybit account behind the gateway account; null: internal venue alone. */
  uid: string | null;
}>;

const person = (name: string, account: string, uid: string | null): Person => ({
  name,
  user: `u-${name}` as UserId,
  account: account as AccountId,
  uid,
});

/** Two traders with a Bybit account each, and a maker who rests orders on the internal book. */
export const PEOPLE: readonly Person[] = [
  person('ann', 'a1', '1001'),
  person('ben', 'a2', '1002'),
  person('mia', 'a3', null),
];
export const MAKER = PEOPLE[2] as Person;

export const keyOf = (uid: string): { apiKey: string; apiSecret: string } => ({
  apiKey: `key-${uid}`,
  apiSecret: `secret-${uid}`,
});

export type Traded = Readonly<{
  id: InstrumentId;
  category: 'spot' | 'linear';
  symbol: string;
  base: AssetId;
  /** Of a price and of a quantity, as decimals that all venues take. */
  tick: string;
  step: string;
  /** Typical order, in base currency. */
  qty: number;
}>;

const traded = (category: 'spot' | 'linear', symbol: string, base: string, tick: string, step: string, qty: number) =>
  ({ id: `${category}:${symbol}` as InstrumentId, category, symbol, base: base as AssetId, tick, step, qty }) as const;

export const TRADED: readonly Traded[] = [
  traded('spot', 'BTCUSDT', 'BTC', '0.1', '0.001', 0.05),
  traded('spot', 'ETHUSDT', 'ETH', '0.01', '0.01', 0.8),
  traded('linear', 'BTCUSDT', 'BTC', '0.1', '0.001', 0.05),
];
export const INTERNAL_SYMBOLS = ['BTCUSDT', 'ETHUSDT'] as const;

/** What every person owns on each venue at the start. */
export const FUNDS: Readonly<Record<string, string>> = { USDT: '1000000', BTC: '10', ETH: '200' };

/** Few levels and thin ones: client orders take several, and are taken themselves. */
const market = (levelQty: string) => ({
  levelQty,
  spacing: '0.0002',
  levels: 5,
  dailyVolatility: 0.03,
  makers: [{}],
  noise: { perMinute: 60, limitShare: 0.3 },
  momentum: null,
});
const MARKETS = {
  'spot:BTCUSDT': market('0.04'),
  'spot:ETHUSDT': market('0.6'),
  'linear:BTCUSDT': market('0.04'),
} as const;

export function paperConfig(seed: number): PaperConfig {
  return unwrap(
    readPaperConfig({
      listen: PAPER,
      seed,
      agents: true,
      instruments: TRADED.map(({ id, category, symbol }) => ({
        category,
        symbol,
        market: MARKETS[id as keyof typeof MARKETS],
      })),
      rateLimits: 'off',
      accounts: PEOPLE.filter(({ uid }) => uid !== null).map(({ uid }) => ({
        uid,
        ...keyOf(uid as string),
        permissions: { ContractTrade: ['Order', 'Position'], Spot: ['SpotTrade'] },
        balances: FUNDS,
      })),
    }),
  );
}
