import type { Category } from '../../domain/ids.ts';

/**
 * What the paper exchange lists by default: terms as Bybit publishes them (GET /v5/market/instruments-info and
 * /v5/market/risk-limit), rounded where they change by the fortnight, and the market that the agents make around a
 * reference price. Decimal strings, read once at start through `listing()` of the domain.
 */
export type InstrumentTerms = Readonly<{
  category: Extract<Category, 'spot' | 'linear'>;
  symbol: string;
  base: string;
  quote: string;
  tick: string;
  step: string;
  /** Smallest step of an amount in quote currency. */
  quoteStep: string;
  minQty: string;
  maxLimitQty: string;
  maxMarketQty: string;
  postOnlyMaxQty: string;
  minNotional: string;
  minPrice: string;
  maxPrice: string;
  /** Price band of limit orders: X and Y of Bybit's `riskParameters`. */
  priceLimitX: string;
  priceLimitY: string;
  /** How far from the touch a market order may trade, as a fraction of it. */
  marketBand: string;
  /** Price when nothing else is known: no agents, no replay, no trade yet. */
  reference: string;
  /** Null for spot. */
  perpetual: PerpetualTerms | null;
  /** What the agents show; null leaves the symbol to clients. */
  market: MarketTerms | null;
}>;

export type PerpetualTerms = Readonly<{
  fundingIntervalMin: number;
  minLeverage: string;
  maxLeverage: string;
  leverageStep: string;
  /** Risk tiers by rising position value; the last has no end. MM = value × rate − deduction. */
  tiers: readonly Readonly<{ upTo: string | null; maintenanceRate: string; maxLeverage: string }>[];
}>;

export type MarketTerms = Readonly<{
  /** Quantity of a typical level near the touch. */
  levelQty: string;
  /** Distance between levels, and twice the distance of the touch from the reference, as a fraction. */
  spacing: string;
  levels: number;
  /** Standard deviation of the reference over one day, as a fraction. */
  dailyVolatility: number;
}>;

const BTC_TIERS: PerpetualTerms['tiers'] = [
  { upTo: '2000000', maintenanceRate: '0.005', maxLeverage: '100' },
  { upTo: '10000000', maintenanceRate: '0.0056', maxLeverage: '90' },
  { upTo: '20000000', maintenanceRate: '0.0062', maxLeverage: '80' },
  { upTo: null, maintenanceRate: '0.01', maxLeverage: '50' },
];
const ETH_TIERS: PerpetualTerms['tiers'] = [
  { upTo: '1500000', maintenanceRate: '0.005', maxLeverage: '100' },
  { upTo: '5000000', maintenanceRate: '0.0075', maxLeverage: '75' },
  { upTo: null, maintenanceRate: '0.01', maxLeverage: '50' },
];

const PERPETUAL = { fundingIntervalMin: 480, minLeverage: '1', maxLeverage: '100', leverageStep: '0.01' } as const;
const SPOT_BAND = { priceLimitX: '0.005', priceLimitY: '0.01', marketBand: '0.05', perpetual: null } as const;
const LINEAR_BAND = { priceLimitX: '0.01', priceLimitY: '0.02', marketBand: '0.05' } as const;

export const DEFAULT_INSTRUMENTS: readonly InstrumentTerms[] = [
  {
    category: 'spot', symbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', tick: '0.1', step: '0.000001',
    quoteStep: '0.0000001', minQty: '0.000001', maxLimitQty: '83', maxMarketQty: '41.5', postOnlyMaxQty: '415',
    minNotional: '5', minPrice: '0.1', maxPrice: '1999999.8', ...SPOT_BAND, reference: '60000',
    market: { levelQty: '0.4', spacing: '0.0002', levels: 20, dailyVolatility: 0.02 },
  },
  {
    category: 'spot', symbol: 'ETHUSDT', base: 'ETH', quote: 'USDT', tick: '0.01', step: '0.00001',
    quoteStep: '0.0000001', minQty: '0.00001', maxLimitQty: '1800', maxMarketQty: '900', postOnlyMaxQty: '9000',
    minNotional: '5', minPrice: '0.01', maxPrice: '199999.98', ...SPOT_BAND, reference: '3000',
    market: { levelQty: '6', spacing: '0.0002', levels: 20, dailyVolatility: 0.025 },
  },
  {
    category: 'spot', symbol: 'XRPUSDT', base: 'XRP', quote: 'USDT', tick: '0.0001', step: '0.01',
    quoteStep: '0.000001', minQty: '0.01', maxLimitQty: '1500000', maxMarketQty: '750000', postOnlyMaxQty: '7500000',
    minNotional: '5', minPrice: '0.0001', maxPrice: '1999.9998', ...SPOT_BAND, reference: '2',
    market: { levelQty: '6000', spacing: '0.0003', levels: 20, dailyVolatility: 0.03 },
  },
  {
    category: 'spot', symbol: 'BNBUSDT', base: 'BNB', quote: 'USDT', tick: '0.1', step: '0.0001',
    quoteStep: '0.0000001', minQty: '0.0001', maxLimitQty: '3200', maxMarketQty: '1600', postOnlyMaxQty: '16000',
    minNotional: '5', minPrice: '0.1', maxPrice: '19999.8', ...SPOT_BAND, reference: '600',
    market: { levelQty: '12', spacing: '0.0004', levels: 20, dailyVolatility: 0.02 },
  },
  {
    category: 'spot', symbol: 'BNBETH', base: 'BNB', quote: 'ETH', tick: '0.00001', step: '0.0001',
    quoteStep: '0.000000001', minQty: '0.0001', maxLimitQty: '3200', maxMarketQty: '1600', postOnlyMaxQty: '16000',
    minNotional: '0.002', minPrice: '0.00001', maxPrice: '99.99999', ...SPOT_BAND, reference: '0.2',
    market: { levelQty: '8', spacing: '0.0004', levels: 12, dailyVolatility: 0.02 },
  },
  {
    category: 'linear', symbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', tick: '0.1', step: '0.001',
    quoteStep: '0.0001', minQty: '0.001', maxLimitQty: '1190', maxMarketQty: '500', postOnlyMaxQty: '1190',
    minNotional: '5', minPrice: '0.1', maxPrice: '1999999.8', ...LINEAR_BAND, reference: '60000',
    perpetual: { ...PERPETUAL, tiers: BTC_TIERS },
    market: { levelQty: '0.8', spacing: '0.0002', levels: 20, dailyVolatility: 0.02 },
  },
  {
    category: 'linear', symbol: 'ETHUSDT', base: 'ETH', quote: 'USDT', tick: '0.01', step: '0.01',
    quoteStep: '0.0001', minQty: '0.01', maxLimitQty: '7240', maxMarketQty: '3000', postOnlyMaxQty: '7240',
    minNotional: '5', minPrice: '0.01', maxPrice: '199999.98', ...LINEAR_BAND, reference: '3000',
    perpetual: { ...PERPETUAL, tiers: ETH_TIERS },
    market: { levelQty: '12', spacing: '0.0002', levels: 20, dailyVolatility: 0.025 },
  },
]; // biome-ignore format: a table
