import { money } from '../../domain/decimal.ts';
import type { AssetId, Money, UnixMs, VenueId } from '../../domain/ids.ts';
import { instrumentId } from '../../domain/ids.ts';
import { floorLots, listing } from '../../domain/instrument.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { ContractTerms, ExchangeInstrument } from '../../ports/exchange.ts';
import type { ConfigError } from './reader.ts';
import type { InstrumentTerms, MarketTerms, PerpetualTerms } from './terms.ts';

/** An instrument with what only the exchange itself has to know. */
export type PaperInstrument = ExchangeInstrument &
  Readonly<{
    marketBand: Money;
    reference: Money;
    /** By rising position value; empty for spot. */
    tiers: readonly RiskTier[];
    market: MarketTerms | null;
  }>;

/** MM = value × rate − deduction, for values up to `upTo` (null: without end). */
export type RiskTier = Readonly<{ upTo: Money | null; rate: Money; deduction: Money; maxLeverage: Money }>;

const PAPER = 'paper' as VenueId;
/** 2020-01-01: any day before every exchange and history file will do. */
const LAUNCHED = 1_577_836_800_000 as UnixMs;

/** Turns decimals into an exact listing; what could be inexact later is refused here, with the reason. */
export function listInstrument(terms: InstrumentTerms): Result<PaperInstrument, ConfigError> {
  const path = `instruments ${terms.category}:${terms.symbol}`;
  const { perpetual } = terms;
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
    maxLeverage: perpetual === null ? null : money(perpetual.maxLeverage),
  });
  if (!listed.ok) return err({ path, message: `${listed.error.code}: ${listed.error.message}` });
  if (money(terms.quoteStep) <= 0n) return err({ path, message: 'quoteStep must be above zero' });
  const quote = terms.quote as AssetId;
  return ok({
    id: instrumentId(terms.category, terms.symbol),
    category: terms.category,
    symbol: terms.symbol,
    base: terms.base as AssetId,
    quote,
    settle: quote,
    listing: listed.value,
    quoteStep: money(terms.quoteStep),
    postOnlyMaxQty: floorLots(listed.value, money(terms.postOnlyMaxQty)),
    status: 'trading',
    launchedAt: LAUNCHED,
    priceLimitX: money(terms.priceLimitX),
    priceLimitY: money(terms.priceLimitY),
    marginTrading: terms.category === 'spot',
    contract: perpetual === null ? null : contractOf(perpetual),
    marketBand: money(terms.marketBand),
    reference: money(terms.reference),
    tiers: perpetual === null ? [] : riskTiers(perpetual.tiers),
    market: terms.market,
  });
}

const contractOf = (terms: PerpetualTerms): ContractTerms => ({
  kind: 'perpetual',
  valuation: 'linear',
  leverage: { min: money(terms.minLeverage), max: money(terms.maxLeverage), step: money(terms.leverageStep) },
  funding: { intervalMin: terms.fundingIntervalMin, cap: FUNDING_CAP },
  delivery: null,
  option: null,
});
/** Most that a funding rate may be, up or down: 0.5 %. */
const FUNDING_CAP = money('0.005');

/** deduction_i = deduction_{i−1} + limit_{i−1} × (rate_i − rate_{i−1}): maintenance margin has no jump at a limit. */
export function riskTiers(rows: PerpetualTerms['tiers']): readonly RiskTier[] {
  let deduction = 0n;
  let last: { limit: bigint; rate: bigint } = { limit: 0n, rate: 0n };
  return rows.map((row) => {
    const rate = money(row.maintenanceRate);
    deduction += (last.limit * (rate - last.rate)) / money('1');
    const upTo = row.upTo === null ? null : money(row.upTo);
    last = { limit: upTo ?? 0n, rate };
    return { upTo, rate, deduction: deduction as Money, maxLeverage: money(row.maxLeverage) };
  });
}
