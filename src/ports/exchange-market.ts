import type { AssetId, Category, InstrumentId, Money, Side, UnixMs } from '../domain/ids.ts';

/**
 * What an exchange knows about its markets besides the present: candles, histories, limits, funds. Everything is
 * public, of what is durable, and newest first.
 */
export interface ExchangeMarket {
  /** Candles that start in the range, the one that is still open included. None where the exchange did not run. */
  candles(id: InstrumentId, kind: CandleKind, query: CandleQuery): readonly Candle[];
  /** Values at the instants of a grid of `stepMs`, of derivatives. */
  openInterest(id: InstrumentId, query: SampleQuery): readonly Sample[];
  /** Part of the accounts with a position that is long, at the instants of a grid of `stepMs`. */
  longRatio(id: InstrumentId, query: SampleQuery): readonly Sample[];
  fundings(id: InstrumentId, query: Range): readonly FundingRate[];
  deliveries(category: Category): readonly DeliveryPrice[];
  /** Yearly standard deviation of an index against `quote` over the last `days`, hour by hour. */
  volatility(base: AssetId, days: number, query: Range): readonly Sample[];
  /** The highest price of a buy order and the lowest of a sell order. */
  priceLimits(id: InstrumentId): Readonly<{ buy: Money; sell: Money }>;
  /** By rising value; none for spot and options. */
  riskTiers(id: InstrumentId): readonly ExchangeRiskTier[];
  insuranceFunds(): readonly InsuranceFund[];
  /** Times in which the exchange did not run. */
  interruptions(): readonly Interruption[];
  /** What everybody pays whose account has no rates of its own. */
  usualFees(category: Category): Readonly<{ maker: Money; taker: Money }>;
}

/** Last price with volumes; mark and index price; the premium of the book over the index, as a fraction. */
export type CandleKind = 'last' | 'mark' | 'index' | 'premium';

/** Minutes, or calendar days, weeks (from Monday) and months of UTC. */
export const CANDLE_INTERVALS = ['1', '3', '5', '15', '30', '60', '120', '240', '360', '720', 'D', 'W', 'M'] as const;
export type CandleInterval = (typeof CANDLE_INTERVALS)[number];

/**
 * At most `limit` of [from, to]: the newest, or with `oldest` those that come first after `from`. Either bound may be
 * null: there is none.
 */
export type Range = Readonly<{ from: UnixMs | null; to: UnixMs | null; limit: number; oldest?: boolean }>;
export type CandleQuery = Range & Readonly<{ interval: CandleInterval }>;
export type SampleQuery = Range & Readonly<{ stepMs: number }>;

export type Candle = Readonly<{
  start: UnixMs;
  /** First instant that belongs to the next one. */
  end: UnixMs;
  open: Money;
  high: Money;
  low: Money;
  close: Money;
  /** In the instrument's quantity; zero where nothing trades (mark, index, premium). */
  volume: Money;
  /** In quote currency, of inverse contracts in the settle coin. */
  turnover: Money;
  isClosed: boolean;
}>;

export type Sample = Readonly<{ at: UnixMs; value: Money }>;
export type FundingRate = Readonly<{ instrument: InstrumentId; at: UnixMs; rate: Money }>;
export type DeliveryPrice = Readonly<{
  instrument: InstrumentId;
  at: UnixMs;
  price: Money;
  base: AssetId;
  settle: AssetId;
}>;
export type Interruption = Readonly<{ from: UnixMs; to: UnixMs }>;

/** Maintenance margin = value × rate − deduction, for positions worth up to `upTo` (null: without end). */
export type ExchangeRiskTier = Readonly<{
  upTo: Money | null;
  maintenanceRate: Money;
  deduction: Money;
  maxLeverage: Money;
}>;

/** One pool that pays for positions which lost more than there was. */
export type InsuranceFund = Readonly<{
  asset: AssetId;
  /** Contracts that share it. */
  symbols: readonly string[];
  balance: Money;
  /** In USD. */
  value: Money;
  updatedAt: UnixMs;
}>;

/** A position that was taken over: `side` is the position's, `price` the one at which it is worth nothing. */
export type Liquidation = Readonly<{ instrument: InstrumentId; at: UnixMs; side: Side; qty: Money; price: Money }>;

/** What happens to a market, and no trade or order shows. */
export type MarketEvent = Readonly<
  /** A minute of its candles has ended. */
  | { type: 'minute'; instrument: InstrumentId }
  | { type: 'liquidation'; instrument: InstrumentId; liquidation: Liquidation }
  | { type: 'insurance'; instrument: null; asset: AssetId }
  | { type: 'interruption'; instrument: null }
>;
