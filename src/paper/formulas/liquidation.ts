import { absolute, divide, maximum, minimum, multiply, ONE, quotient, ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { type ContractKind, direction, feeOn, marginValue, priceAt, toCoin } from './contract.ts';
import { bankruptcyValue, isolatedMargin, type PositionTerms, positionMargin } from './position.ts';
import { type RiskTier, tierIndex } from './tiers.ts';

/** A position as the liquidation of an account sees it. */
export type RiskPosition = Readonly<{
  kind: ContractKind;
  size: Money;
  mark: Money;
  /** In US dollars, so that positions of different settle coins compare. */
  maintenance: Money;
  tiers: readonly RiskTier[];
  /** Smallest quantity that can be closed. */
  step: Money;
}>;

/** What the exchange does next with an account; it asks again after every step. `index`: of the positions given. */
export type LiquidationStep = Readonly<
  | { type: 'none' }
  | { type: 'cancel_orders' }
  | { type: 'repay' }
  | { type: 'reduce'; index: number; qty: Money }
  | { type: 'take_over'; index: number }
>;

export type RiskAccount = Readonly<{
  /** Cross: `isExhausted` of its totals. Isolated: of the one position that is given, `isIsolatedExhausted`. */
  exhausted: boolean;
  /** Orders that hold margin (isolated: of the position's symbol). */
  hasOrders: boolean;
  /** Whether it owes coins that others of its own could pay back. */
  canRepay: boolean;
  positions: readonly RiskPosition[];
}>;

const NONE: LiquidationStep = { type: 'none' };

/**
 * The order in which the unified account acts when maintenance margin is reached (help centre, "Liquidation Process"):
 * orders are canceled, liabilities repaid from other coins, then positions go, perpetuals and futures before short
 * options, the largest maintenance margin first; of a position above the lowest risk tier only what brings it one tier
 * down. Long options stay: they can lose no more than was paid for them.
 */
export function liquidationStep({ exhausted, hasOrders, canRepay, positions }: RiskAccount): LiquidationStep {
  if (!exhausted) return NONE;
  if (hasOrders) return { type: 'cancel_orders' };
  if (canRepay) return { type: 'repay' };
  const index = heaviest(positions);
  const position = positions[index];
  if (position === undefined) return NONE;
  const qty = reduction(position);
  return qty === null ? { type: 'take_over', index } : { type: 'reduce', index, qty };
}

/** Index of the position that goes first; -1 where none can go. Among equals the earlier. */
function heaviest(positions: readonly RiskPosition[]): number {
  let found = -1;
  positions.forEach((one, index) => {
    if (one.size === 0n || (one.kind === 'premium' && one.size > 0n)) return;
    const best = positions[found];
    if (best === undefined || goesBefore(one, best)) found = index;
  });
  return found;
}

const goesBefore = (one: RiskPosition, other: RiskPosition): boolean =>
  (one.kind === 'premium') === (other.kind === 'premium')
    ? one.maintenance > other.maintenance
    : other.kind === 'premium';

/** Quantity that brings a position into the tier below its own, in whole steps, rounded up; null in the lowest tier. */
function reduction({ kind, size, mark, tiers, step }: RiskPosition): Money | null {
  if (kind === 'premium') return null;
  const value = marginValue(kind, size, mark);
  const limit = tiers[tierIndex(tiers, value) - 1]?.upTo ?? null;
  if (limit === null) return null;
  const qty = absolute(size);
  const kept = kind === 'inverse' ? divide(limit * mark, ONE, 'down') : divide(limit * ONE, mark, 'down');
  const closed = divide(qty - kept, step, 'up') * step;
  return closed > 0n && closed < qty ? (closed as Money) : null;
}

/**
 * Whether an isolated position is to be liquidated: its margin and loss have come down to the maintenance margin. The
 * liquidation price that is shown is this condition solved for the mark, and rounded.
 */
export function isIsolatedExhausted(terms: PositionTerms, mark: Money): boolean {
  const { maintenance, unrealised } = positionMargin(terms, mark);
  return maintenance > 0n && isolatedMargin(terms) + unrealised <= maintenance;
}

/** Prices that a takeover can have. */
export type PriceGrid = Readonly<{ tick: Money; lowest: Money; highest: Money }>;

/**
 * Part of what stands against an account's maintenance margin that one position may lose: by its own maintenance
 * margin. Rounded down at the coin's scale, so that all parts together are never more than there is, whatever the
 * rounding of an inverse value. Below zero where nothing is left.
 */
export const shareOf = (base: Money, maintenance: Money, allMaintenance: Money): Money =>
  allMaintenance === 0n ? ZERO : toCoin(base * maintenance, allMaintenance, 'down');

/**
 * Price at which a cross position is taken over: from the mark it loses exactly its share, the fee for closing
 * included. `share` in the settle coin. Rounded to the tick for the account (a long up, a short down), so that an
 * account whose positions are all taken over is never left with less than nothing; what the rounding costs, the
 * insurance fund bears, as the other side of the trade.
 */
export function crossTakeoverPrice(
  position: Readonly<{ kind: ContractKind; size: Money; mark: Money; taker: Money }>,
  share: Money,
  grid: PriceGrid,
): Money {
  const { kind, size, mark, taker } = position;
  const sign = direction(kind, size);
  const qty = absolute(size);
  const value = kind === 'inverse' ? quotient(qty, mark, 'half_even') : multiply(qty, mark, 'half_even');
  const taken = divide((value - sign * share) * ONE, ONE - sign * taker, 'half_even') as Money;
  return onGrid(kind, size, taken, grid);
}

/** Price at which an isolated position is taken over: its bankruptcy price, on the tick, for the account. */
export const isolatedTakeoverPrice = (terms: PositionTerms, grid: PriceGrid): Money =>
  onGrid(terms.kind, terms.size, bankruptcyValue(terms), grid);

/**
 * Fee of a takeover: the taker fee, but no more than is left of the share or margin once the loss is taken off, so that
 * a fee's last digit never puts an account below zero.
 */
export const takeoverFee = (value: Money, taker: Money, left: Money): Money =>
  maximum(minimum(feeOn(value, taker), left), ZERO);

/** The price of a value, rounded up for a long and down for a short; what no price reaches gets the last of the grid. */
function onGrid(kind: ContractKind, size: Money, value: Money, { tick, lowest, highest }: PriceGrid): Money {
  const price = priceAt(kind, size, value);
  if (price === null) return kind === 'inverse' ? highest : lowest;
  const rounded = (divide(price, tick, size > 0n ? 'up' : 'down') * tick) as Money;
  return maximum(lowest, minimum(rounded, highest));
}
