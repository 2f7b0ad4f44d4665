import { COINS, type Coin } from './coins.ts';
import { DEFAULT_MAKER, type MarketTerms } from './market-terms.ts';
import { INVERSE_TIERS, LINEAR_TIERS } from './risk-tables.ts';
import type { ContractRow, InstrumentTerms, TierRow } from './terms.ts';

const SPOT_BAND = { priceLimitX: '0.005', priceLimitY: '0.01', marketBand: '0.05' } as const;
const CONTRACT_BAND = { priceLimitX: '0.01', priceLimitY: '0.02', marketBand: '0.05' } as const;

type PairRow = Readonly<{
  base: string;
  quote: string;
  tick: string;
  step: string;
  quoteStep: string;
  /** Of limit orders; market orders may have half, resting ones five times as much. */
  max: number;
  minNotional: string;
  maxPrice: string;
  reference: string;
  market: MarketTerms;
}>;

/** `activity`: 1 where everybody is, less where few are. */
const quoted = (
  levelQty: string,
  spacing: string,
  levels: number,
  dailyVolatility: number,
  activity = 1,
): MarketTerms => ({ levelQty, spacing, levels, dailyVolatility, activity });

/** Crosses and what is quoted in USDC: a third of the others' trades, or less. */
const FEW = 0.3;

/** Measured on a recorded book of Bybit's: one tick of spread, every tick of the first 25 filled, deep beyond. */
const XRP_MARKET: MarketTerms = {
  ...quoted('7500', '0.00005', 25, 0.03, 2),
  makers: [
    { ...DEFAULT_MAKER, growth: 0.06 },
    { ...DEFAULT_MAKER, qty: 4.5, spacing: 3, offset: 3, growth: 0.02, refreshMs: 1500 },
    { ...DEFAULT_MAKER, qty: 18, spacing: 12, levels: 40, offset: 4, growth: 0, unevenness: 0.8, refreshMs: 6000 },
  ],
}; // biome-ignore format: a table

const PAIRS: readonly PairRow[] = [
  { base: 'BTC', quote: 'USDT', tick: '0.1', step: '0.000001', quoteStep: '0.0000001', max: 83, minNotional: '5', maxPrice: '1999999.8', reference: '60000', market: quoted('0.4', '0.0002', 20, 0.02) },
  { base: 'ETH', quote: 'USDT', tick: '0.01', step: '0.00001', quoteStep: '0.0000001', max: 1800, minNotional: '5', maxPrice: '199999.98', reference: '3000', market: quoted('6', '0.0002', 20, 0.025) },
  { base: 'SOL', quote: 'USDT', tick: '0.01', step: '0.001', quoteStep: '0.0000001', max: 24000, minNotional: '5', maxPrice: '19999.98', reference: '150', market: quoted('80', '0.0003', 20, 0.035) },
  { base: 'XRP', quote: 'USDT', tick: '0.0001', step: '0.01', quoteStep: '0.000001', max: 1500000, minNotional: '5', maxPrice: '1999.9998', reference: '2', market: XRP_MARKET },
  { base: 'BNB', quote: 'USDT', tick: '0.1', step: '0.0001', quoteStep: '0.0000001', max: 3200, minNotional: '5', maxPrice: '19999.8', reference: '600', market: quoted('12', '0.0004', 20, 0.02) },
  { base: 'BNB', quote: 'ETH', tick: '0.00001', step: '0.0001', quoteStep: '0.000000001', max: 3200, minNotional: '0.002', maxPrice: '99.99999', reference: '0.2', market: quoted('8', '0.0004', 12, 0.02, FEW) },
  { base: 'BNB', quote: 'BTC', tick: '0.000001', step: '0.001', quoteStep: '0.000000001', max: 3200, minNotional: '0.0001', maxPrice: '9.999999', reference: '0.01', market: quoted('8', '0.0004', 12, 0.02, FEW) },
  { base: 'ETH', quote: 'BTC', tick: '0.000001', step: '0.0001', quoteStep: '0.0000000001', max: 1400, minNotional: '0.0001', maxPrice: '9.999999', reference: '0.05', market: quoted('2', '0.0004', 12, 0.025, FEW) },
  { base: 'SOL', quote: 'BTC', tick: '0.0000001', step: '0.01', quoteStep: '0.000000001', max: 15000, minNotional: '0.0001', maxPrice: '0.9999999', reference: '0.0025', market: quoted('30', '0.0004', 12, 0.035, FEW) },
  { base: 'XRP', quote: 'BTC', tick: '0.00000001', step: '0.1', quoteStep: '0.000000001', max: 900000, minNotional: '0.0001', maxPrice: '0.09999999', reference: '0.00003333', market: quoted('3000', '0.0004', 12, 0.03, FEW) },
  { base: 'BTC', quote: 'USDC', tick: '0.1', step: '0.000001', quoteStep: '0.0000001', max: 40, minNotional: '5', maxPrice: '1999999.8', reference: '60000', market: quoted('0.2', '0.0003', 12, 0.02, FEW) },
  { base: 'ETH', quote: 'USDC', tick: '0.01', step: '0.00001', quoteStep: '0.0000001', max: 900, minNotional: '5', maxPrice: '199999.98', reference: '3000', market: quoted('3', '0.0003', 12, 0.025, FEW) },
  { base: 'SOL', quote: 'USDC', tick: '0.01', step: '0.001', quoteStep: '0.0000001', max: 12000, minNotional: '5', maxPrice: '19999.98', reference: '150', market: quoted('40', '0.0004', 12, 0.035, FEW) },
  { base: 'XRP', quote: 'USDC', tick: '0.0001', step: '0.01', quoteStep: '0.000001', max: 750000, minNotional: '5', maxPrice: '1999.9998', reference: '2', market: quoted('3000', '0.0004', 12, 0.03, FEW) },
  { base: 'BNB', quote: 'USDC', tick: '0.1', step: '0.0001', quoteStep: '0.0000001', max: 1600, minNotional: '5', maxPrice: '19999.8', reference: '600', market: quoted('6', '0.0005', 12, 0.02, FEW) },
  { base: 'USDC', quote: 'USDT', tick: '0.0001', step: '0.01', quoteStep: '0.000001', max: 5000000, minNotional: '5', maxPrice: '1.9999', reference: '1', market: quoted('40000', '0.0001', 12, 0.0003, FEW) },
]; // biome-ignore format: a table

const pair = (row: PairRow): InstrumentTerms => ({
  category: 'spot',
  symbol: `${row.base}${row.quote}`,
  base: row.base,
  quote: row.quote,
  settle: row.quote,
  tick: row.tick,
  step: row.step,
  quoteStep: row.quoteStep,
  minQty: row.step,
  maxLimitQty: String(row.max),
  maxMarketQty: String(row.max / 2),
  postOnlyMaxQty: String(row.max * 5),
  minNotional: row.minNotional,
  minPrice: row.tick,
  maxPrice: row.maxPrice,
  ...SPOT_BAND,
  reference: row.reference,
  contract: null,
  market: row.market,
});

/** What linear contracts on a coin have in common, dated or not. */
export function linearTerms(coin: Coin, settle: 'USDT' | 'USDC'): Omit<InstrumentTerms, 'symbol' | 'contract'> {
  const { reference, dailyVolatility, tick, step, maxPrice, maxLimitQty, maxMarketQty, levelQty } = COINS[coin];
  return {
    category: 'linear',
    base: coin,
    quote: settle,
    settle,
    tick,
    step,
    quoteStep: '0.0001',
    minQty: step,
    maxLimitQty,
    maxMarketQty,
    postOnlyMaxQty: maxLimitQty,
    minNotional: '5',
    minPrice: tick,
    maxPrice,
    ...CONTRACT_BAND,
    reference,
    market:
      settle === 'USDT'
        ? quoted(levelQty, '0.0002', 20, dailyVolatility)
        : quoted(levelQty, '0.0002', 12, dailyVolatility, FEW),
  };
}

/** One contract is one US dollar. */
export function inverseTerms(coin: InverseCoin): Omit<InstrumentTerms, 'symbol' | 'contract'> {
  const { reference, dailyVolatility, tick, maxPrice } = COINS[coin];
  return {
    category: 'inverse',
    base: coin,
    quote: 'USD',
    settle: coin,
    tick,
    step: '1',
    quoteStep: '0.0001',
    minQty: '1',
    maxLimitQty: '25000000',
    maxMarketQty: '5000000',
    postOnlyMaxQty: '25000000',
    minNotional: '1',
    minPrice: tick,
    maxPrice,
    ...CONTRACT_BAND,
    reference,
    market: quoted('20000', '0.0002', 12, dailyVolatility, FEW),
  };
}

export type InverseCoin = keyof typeof INVERSE_TIERS;

export const leverageOf = (tiers: readonly TierRow[]): NonNullable<ContractRow['leverage']> => ({
  min: '1',
  max: tiers[0]?.maxLeverage ?? '1',
  step: '0.01',
});

const perpetual = (coin: Coin, tiers: readonly TierRow[]): ContractRow => ({
  kind: 'perpetual',
  leverage: leverageOf(tiers),
  funding: { intervalMin: 480, cap: COINS[coin].fundingCap },
  delivery: null,
  option: null,
  tiers,
});

const COIN_NAMES = Object.keys(COINS) as Coin[];

/** Every pair and every perpetual. What is dated is in series.ts: it depends on the day. */
export const DEFAULT_INSTRUMENTS: readonly InstrumentTerms[] = [
  ...PAIRS.map(pair),
  ...COIN_NAMES.map((coin) => ({
    ...linearTerms(coin, 'USDT'),
    symbol: `${coin}USDT`,
    contract: perpetual(coin, LINEAR_TIERS[coin]),
  })),
  ...COIN_NAMES.map((coin) => ({
    ...linearTerms(coin, 'USDC'),
    symbol: `${coin}PERP`,
    contract: perpetual(coin, LINEAR_TIERS[coin]),
  })),
  ...(Object.keys(INVERSE_TIERS) as InverseCoin[]).map((coin) => ({
    ...inverseTerms(coin),
    symbol: `${coin}USD`,
    contract: perpetual(coin, INVERSE_TIERS[coin]),
  })),
];
