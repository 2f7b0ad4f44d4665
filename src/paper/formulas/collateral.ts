import { divide, maximum, minimum, ONE, ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';

/**
 * One band of quantities of a coin and the part of its value that counts as margin (Bybit: collateralRatioList of
 * GET /v5/spot-margin-trade/collateral). `upTo` null: without end. By rising quantity.
 */
export type CollateralTier = Readonly<{ upTo: Money | null; ratio: Money }>;

/** What a quantity counts for in US dollars at an index price, band by band, rounded down. Beyond the last: nothing. */
export function collateralValue(tiers: readonly CollateralTier[], qty: Money, index: Money): Money {
  const only = tiers[0];
  if (only !== undefined && (only.upTo === null || qty <= only.upTo)) return weighed(qty * only.ratio, index);
  let weighted = 0n;
  let below: bigint = ZERO;
  for (const { upTo, ratio } of tiers) {
    if (qty <= below) break;
    const end = upTo === null || qty < upTo ? qty : upTo;
    weighted += (end - below) * ratio;
    below = end;
  }
  return weighed(weighted, index);
}

const weighed = (weighted: bigint, index: Money): Money => divide(weighted * index, ONE * ONE, 'down') as Money;

/**
 * Margin value of a balance: what is owed counts whole (rounded down, away from zero), what is owned by its bands, and
 * not at all where the coin is no collateral or its holder has switched it off.
 */
export const marginValueOf = (tiers: readonly CollateralTier[] | null, amount: Money, index: Money): Money => {
  if (amount <= 0n) return divide(amount * index, ONE, 'down') as Money;
  return tiers === null ? ZERO : collateralValue(tiers, amount, index);
};

/** One side of a spot order: a quantity of a coin at its index price, with its bands (null: no collateral). */
export type SpotAmount = Readonly<{ qty: Money; index: Money; tiers: readonly CollateralTier[] | null }>;

/**
 * Margin that a spot order would lose if it traded, because it buys what counts for less (help centre, "Haircut
 * Loss"); never below zero. Each amount is weighed by the coin's first band.
 */
export function haircutLoss(gives: SpotAmount, gets: SpotAmount): Money {
  const worth = ({ qty, index, tiers }: SpotAmount) => marginValueOf(tiers?.slice(0, 1) ?? null, qty, index);
  return maximum((worth(gives) - worth(gets)) as Money, ZERO);
}

/**
 * How much of a coin can leave an account that has `available` US dollars of margin to spare: never more than is free,
 * and at most what the spare margin covers at the coin's highest ratio. Rounded down.
 */
export function removable(free: Money, available: Money, index: Money, tiers: readonly CollateralTier[] | null): Money {
  if (free <= 0n || available < 0n) return ZERO;
  const ratio = (tiers ?? []).reduce((highest, tier) => maximum(highest, tier.ratio), ZERO);
  if (ratio === 0n) return free;
  return minimum(free, divide(available * ONE * ONE, index * ratio, 'down') as Money);
}
