import type { Listing } from '../domain/instrument.ts';
import type { AssetId, Category, InstrumentId, Lots, Money, UnixMs } from '../domain/ids.ts';

export type ExchangeInstrument = Readonly<{
  id: InstrumentId;
  category: Category;
  symbol: string;
  base: AssetId;
  quote: AssetId;
  /** Coin of profits, losses, margin and fees of a contract. */
  settle: AssetId;
  listing: Listing;
  /** Smallest step of an amount in quote currency (spot market orders by quote). */
  quoteStep: Money;
  postOnlyMaxQty: Lots;
  /** `delivering`: its time has come, it is being settled. */
  status: 'trading' | 'delivering' | 'closed';
  launchedAt: UnixMs;
  /** Price band: an order may not be priced beyond these ratios of the reference (X, Y of Bybit's riskParameters). */
  priceLimitX: Money;
  priceLimitY: Money;
  /** Spot only: may it be bought and sold with borrowed coins? */
  marginTrading: boolean;
  /** Null for spot. */
  contract: ContractTerms | null;
}>;

/** What makes an instrument a contract and not a pair of coins. */
export type ContractTerms = Readonly<{
  kind: 'perpetual' | 'future' | 'option';
  /**
   * How it is valued. `linear`: quantity × price in the settle coin. `inverse`: the quantity is in USD, worth
   * quantity ÷ price of the settle coin. `premium`: an option, paid for at once at quantity × price.
   */
  valuation: 'linear' | 'inverse' | 'premium';
  /** Null for options, which have none. */
  leverage: Readonly<{ min: Money; max: Money; step: Money }> | null;
  /** Perpetuals only. Rates are bounded by ± `cap`. */
  funding: Readonly<{ intervalMin: number; cap: Money }> | null;
  /** Dated contracts only. */
  delivery: Readonly<{ at: UnixMs; feeRate: Money }> | null;
  /** Options only. */
  option: Readonly<{ type: 'call' | 'put'; strike: Money }> | null;
}>;

/** A contract that positions are held in with margin: perpetuals and dated futures, not options. */
export const isFuture = (instrument: Pick<ExchangeInstrument, 'contract'>): boolean =>
  instrument.contract !== null && instrument.contract.kind !== 'option';
