import { divide, ONE, quotient, ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { toCoin } from './contract.ts';

/**
 * One risk tier: of a position of at most `upTo` (in the settle coin; null: without end), maintenance margin is
 * value × rate − deduction. By rising value and rising rate.
 */
export type RiskTier = Readonly<{ upTo: Money | null; rate: Money; deduction: Money; maxLeverage: Money }>;
export type TierTerms = Omit<RiskTier, 'deduction'>;

/** A row of GET /v5/market/risk-limit. Rates are fractions; Bybit writes them as it likes. */
export type RiskLimitRow = RiskTier & Readonly<{ id: number; initialRate: Money; lowest: boolean }>;

const NO_TIER: RiskTier = { upTo: null, rate: ZERO, deduction: ZERO, maxLeverage: ONE };

/**
 * deduction_i = deduction_{i−1} + limit_{i−1} × (rate_i − rate_{i−1}), so that maintenance margin is the sum of its
 * marginal bands and has no jump at a limit (execution notes, section 6, "Tiers"). Throws on limits or rates that fall:
 * the liquidation price relies on a requirement that is convex in the value.
 */
export function withDeductions(terms: readonly TierTerms[]): readonly RiskTier[] {
  let deduction: bigint = ZERO;
  let below: TierTerms | null = null;
  return terms.map((tier) => {
    if (below !== null) {
      const limit = below.upTo;
      if (limit === null || (tier.upTo !== null && tier.upTo <= limit)) throw new RangeError('limits of tiers rise');
      if (tier.rate < below.rate) throw new RangeError('maintenance rates of tiers do not fall');
      deduction += divide(limit * (tier.rate - below.rate), ONE, 'down');
    }
    below = tier;
    return { ...tier, deduction: deduction as Money };
  });
}

/** Index of the tier that a position of `value` is in; the last has no end, whatever it says. */
export function tierIndex(tiers: readonly RiskTier[], value: Money): number {
  const index = tiers.findIndex(({ upTo }) => upTo === null || value <= upTo);
  return index === -1 ? tiers.length - 1 : index;
}

export const tierOf = (tiers: readonly RiskTier[], value: Money): RiskTier => tiers[tierIndex(tiers, value)] ?? NO_TIER;

/** value × rate − deduction of its tier, rounded up at the coin's scale; without the fee to close. */
export function maintenanceOf(tiers: readonly RiskTier[], value: Money): Money {
  const { rate, deduction } = tierOf(tiers, value);
  return toCoin(value * rate - deduction * ONE, ONE, 'up');
}

/** Highest leverage of a position of `value`. */
export const maxLeverageAt = (tiers: readonly RiskTier[], value: Money): Money => tierOf(tiers, value).maxLeverage;

/** Largest position value at a leverage (Bybit's riskLimitValue): null without end, zero where no tier allows it. */
export function riskLimitAt(tiers: readonly RiskTier[], leverage: Money): Money | null {
  const allowed = tiers.filter(({ maxLeverage }) => maxLeverage >= leverage);
  const last = allowed.at(-1);
  return last === undefined ? ZERO : last.upTo;
}

/** Initial margin rate of a tier: what its highest leverage leaves, 1 ÷ leverage, rounded up. */
export const initialRateOf = (tier: RiskTier): Money => quotient(ONE, tier.maxLeverage, 'up');

/** Rows of the public risk table; ids count from `firstId`, the first is the lowest risk. */
export const riskLimitRows = (tiers: readonly RiskTier[], firstId: number): readonly RiskLimitRow[] =>
  tiers.map((tier, index) => ({ ...tier, id: firstId + index, initialRate: initialRateOf(tier), lowest: index === 0 }));
