import type { Category, Money, UnixMs } from '../../domain/ids.ts';
import type { MarketTerms } from './market-terms.ts';

/**
 * What the paper exchange lists: terms as Bybit publishes them (GET /v5/market/instruments-info and
 * /v5/market/risk-limit), rounded where they change by the fortnight, and the market that the agents make around a
 * reference price. Decimal strings, read once at start through `listing()` of the domain. Plain JSON: the terms of
 * dated contracts are journalled.
 */
export type InstrumentTerms = Readonly<{
  category: Category;
  symbol: string;
  base: string;
  quote: string;
  /** Coin of profits, losses, margin and fees of a contract; of a pair its quote. */
  settle: string;
  tick: string;
  /** Of the quantity: coins, but US dollars for inverse contracts. */
  step: string;
  /** Smallest step of an amount in quote currency. */
  quoteStep: string;
  minQty: string;
  maxLimitQty: string;
  maxMarketQty: string;
  postOnlyMaxQty: string;
  /** In quote currency; for inverse contracts in US dollars, which their quantity is. */
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
  contract: ContractRow | null;
  /** What the agents show; null leaves the symbol to clients. */
  market: MarketTerms | null;
}>;

/** The terms of a contract; how it is valued follows from its category. */
export type ContractRow = Readonly<{
  kind: 'perpetual' | 'future' | 'option';
  /** Null for options. */
  leverage: Readonly<{ min: string; max: string; step: string }> | null;
  /** Null for all but perpetuals. Rates are bounded by ± `cap`. */
  funding: Readonly<{ intervalMin: number; cap: string }> | null;
  /** Null for perpetuals. `at` in ms since 1970. */
  delivery: Readonly<{ at: number; feeRate: string }> | null;
  /** Null for all but options. */
  option: Readonly<{ type: 'call' | 'put'; strike: string }> | null;
  /** Risk tiers by rising position value in the settle coin; the last has no end. Empty for options. */
  tiers: readonly TierRow[];
}>;

/** MM = value × rate − deduction, for values up to `upTo` (null: without end). */
export type TierRow = Readonly<{ upTo: string | null; maintenanceRate: string; maxLeverage: string }>;

/** Contracts that differ in their day of delivery (and strike) only, listed anew as time goes on. */
export type Series = Readonly<{
  /** As a configuration names it: a symbol with a star for the date, `inverse:BTCUSD*`. */
  key: string;
  category: Category;
  /** The coin that they are written on. */
  base: string;
  /** Deliveries that are to be listed, soonest first. */
  expiries: (now: UnixMs) => readonly UnixMs[];
  /** All contracts of one delivery, while the coin stands at `price` US dollars. */
  terms: (delivery: UnixMs, price: Money) => readonly InstrumentTerms[];
  /** The contract of a symbol; null where it is none of this series. */
  one: (symbol: string) => InstrumentTerms | null;
}>;
