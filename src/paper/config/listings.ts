import { money } from '../../domain/decimal.ts';
import type { AssetId, Category, Money, UnixMs, VenueId } from '../../domain/ids.ts';
import { instrumentId } from '../../domain/ids.ts';
import { floorLots, listing } from '../../domain/instrument.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { ContractTerms, ExchangeInstrument } from '../../ports/exchange.ts';
import { type RiskTier, withDeductions } from '../formulas/tiers.ts';
import type { MarketTerms } from './market-terms.ts';
import type { ConfigError } from './reader.ts';
import type { ContractRow, InstrumentTerms, TierRow } from './terms.ts';

/** An instrument with what only the exchange itself has to know. */
export type PaperInstrument = ExchangeInstrument &
  Readonly<{
    marketBand: Money;
    reference: Money;
    /** By rising position value; empty for spot. */
    tiers: readonly RiskTier[];
    market: MarketTerms | null;
  }>;

export type { RiskTier };

const PAPER = 'paper' as VenueId;
/** 2020-01-01: any day before every exchange and history file will do. */
const LAUNCHED = 1_577_836_800_000 as UnixMs;

/** Turns decimals into an exact listing; what could be inexact later is refused here, with the reason. */
export function listInstrument(
  terms: InstrumentTerms,
  launchedAt: UnixMs = LAUNCHED,
): Result<PaperInstrument, ConfigError> {
  const path = `instruments ${terms.category}:${terms.symbol}`;
  const { contract } = terms;
  const listed = listing({
    venue: PAPER,
    tick: money(terms.tick),
    step: money(terms.step),
    minQty: money(terms.minQty),
    maxLimitQty: money(terms.maxLimitQty),
    maxMarketQty: money(terms.maxMarketQty),
    minPrice: money(terms.minPrice),
    maxPrice: money(terms.maxPrice),
    minNotional: money(terms.minNotional),
    maxLeverage: contract?.leverage ? money(contract.leverage.max) : null,
  });
  if (!listed.ok) return err({ path, message: `${listed.error.code}: ${listed.error.message}` });
  if (money(terms.quoteStep) <= 0n) return err({ path, message: 'quoteStep must be above zero' });
  const tiers = tiersOf(contract);
  if (tiers === null) return err({ path, message: 'tiers: limits rise, and maintenance rates do not fall' });
  return ok({
    id: instrumentId(terms.category, terms.symbol),
    category: terms.category,
    symbol: terms.symbol,
    base: terms.base as AssetId,
    quote: terms.quote as AssetId,
    settle: terms.settle as AssetId,
    listing: listed.value,
    quoteStep: money(terms.quoteStep),
    postOnlyMaxQty: floorLots(listed.value, money(terms.postOnlyMaxQty)),
    status: 'trading',
    launchedAt,
    priceLimitX: money(terms.priceLimitX),
    priceLimitY: money(terms.priceLimitY),
    marginTrading: terms.category === 'spot',
    contract: contract === null ? null : contractOf(terms.category, contract),
    marketBand: money(terms.marketBand),
    reference: money(terms.reference),
    tiers,
    market: terms.market,
  });
}

const VALUATIONS = { spot: 'linear', linear: 'linear', inverse: 'inverse', option: 'premium' } as const;

const contractOf = (category: Category, row: ContractRow): ContractTerms => ({
  kind: row.kind,
  valuation: VALUATIONS[category],
  leverage:
    row.leverage === null
      ? null
      : { min: money(row.leverage.min), max: money(row.leverage.max), step: money(row.leverage.step) },
  funding: row.funding === null ? null : { intervalMin: row.funding.intervalMin, cap: money(row.funding.cap) },
  delivery: row.delivery === null ? null : { at: row.delivery.at as UnixMs, feeRate: money(row.delivery.feeRate) },
  option: row.option === null ? null : { type: row.option.type, strike: money(row.option.strike) },
});

/** Throws RangeError where limits do not rise, or rates fall. */
export const riskTiers = (rows: readonly TierRow[]): readonly RiskTier[] =>
  withDeductions(
    rows.map((row) => ({
      upTo: row.upTo === null ? null : money(row.upTo),
      rate: money(row.maintenanceRate),
      maxLeverage: money(row.maxLeverage),
    })),
  );

/** Null where they make no sense. */
function tiersOf(contract: ContractRow | null): readonly RiskTier[] | null {
  try {
    return riskTiers(contract?.tiers ?? []);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
