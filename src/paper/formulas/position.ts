import { absolute, divide, maximum, minimum, money, ONE, quotient, ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { type ContractKind, direction, marginValue, type OpenPart, priceAt, toCoin, unrealisedOf } from './contract.ts';
import { maintenanceOf, type RiskTier } from './tiers.ts';

/**
 * Which of Bybit's two published rules for initial and maintenance margin holds (execution notes, section 6):
 * `classic`: on the value at entry; `mark`: on the value at mark, and with the estimated fee to close (since 2026-05).
 */
export type MarginRule = 'classic' | 'mark';

/** A perpetual or future as margin sees it. */
export type PositionTerms = OpenPart &
  Readonly<{
    kind: ContractKind;
    leverage: Money;
    tiers: readonly RiskTier[];
    taker: Money;
    rule: MarginRule;
    /** Margin added by hand or automatically to an isolated position; zero in cross mode. */
    extra: Money;
  }>;

export type PositionMargin = Readonly<{
  /** |size| at mark. */
  value: Money;
  initial: Money;
  maintenance: Money;
  unrealised: Money;
  feeToClose: Money;
}>;

export const NO_POSITION_MARGIN: PositionMargin = {
  value: ZERO,
  initial: ZERO,
  maintenance: ZERO,
  unrealised: ZERO,
  feeToClose: ZERO,
};

/** Margin of one position in its settle coin; initial, maintenance and fee are rounded up, profit down. */
export function positionMargin(terms: PositionTerms, mark: Money): PositionMargin {
  const { kind, size, leverage, tiers, rule } = terms;
  if (size === 0n) return NO_POSITION_MARGIN;
  const value = marginValue(kind, size, mark);
  const basis = rule === 'mark' ? value : absolute(terms.cost);
  const feeToClose = feeToCloseOf(terms);
  const fee = rule === 'mark' ? feeToClose : ZERO;
  return {
    value,
    initial: (toCoin(basis * ONE, leverage, 'up') + fee) as Money,
    maintenance: (maintenanceOf(tiers, basis) + fee) as Money,
    unrealised: unrealisedOf(kind, terms, mark),
    feeToClose,
  };
}

/**
 * What an isolated position holds of its own: value at entry ÷ leverage, the fee to close without the extra margin, and
 * the extra margin. It loses exactly this when it is closed at its bankruptcy price with the fee paid.
 */
export function isolatedMargin(terms: PositionTerms): Money {
  const { cost, leverage, extra } = terms;
  const fee = terms.rule === 'mark' ? feeToCloseOf({ ...terms, extra: ZERO }) : ZERO;
  return (toCoin(absolute(cost) * ONE, leverage, 'up') + fee + extra) as Money;
}

/**
 * Value at which the position has used up its margin: entry value × (1 ∓ 1/leverage) (a linear long and an inverse
 * short lose as the value falls: minus), moved by extra margin ÷ (1 ∓ fee), because closing a larger or smaller value
 * takes a larger or smaller fee.
 */
export function bankruptcyValue(terms: PositionTerms): Money {
  const { size, kind, cost, leverage } = terms;
  const sign = direction(kind, size);
  if (sign === 0n) return ZERO;
  const entry = absolute(cost);
  const part = divide(entry * ONE, leverage, 'half_even');
  return maximum((entry - sign * (part + extraAfterFee(terms))) as Money, ZERO);
}

/** Extra margin less what of it the fee to close takes; under the classic rule fees are apart from margin. */
function extraAfterFee({ kind, size, extra, taker, rule }: PositionTerms): Money {
  if (extra === 0n || rule === 'classic') return extra;
  return quotient(extra, (ONE - direction(kind, size) * taker) as Money, 'half_even');
}

/** Estimated fee to close, at the bankruptcy price (execution notes, section 6: 13.5 and 16.5), rounded up. */
export const feeToCloseOf = (terms: PositionTerms): Money => toCoin(bankruptcyValue(terms) * terms.taker, ONE, 'up');

/** Entry × (1 ∓ 1/leverage), for inverse entry ÷ (1 ± 1/leverage); null where none above zero ruins the position. */
export const bankruptcyPrice = (terms: PositionTerms): Money | null =>
  priceAt(terms.kind, terms.size, bankruptcyValue(terms));

/**
 * Mark price at which an isolated position's margin and profit equal its maintenance margin. Classic: entry − (IM − MM
 * + extra) ÷ size and its mirror, for inverse size ÷ (value ± (IM − MM + extra)). By mark: the formulas of 2026-05,
 * e.g. inverse long size × (1 + MMR) ÷ (entry value × (1 + 1/leverage) + extra ÷ (1 + fee) + deduction).
 * Half-even at 10^-18; null where no price above zero liquidates.
 */
export function isolatedLiquidationPrice(terms: PositionTerms): Money | null {
  const part = divide(absolute(terms.cost) * ONE, terms.leverage, 'half_even');
  return liquidationFrom(terms, (part + extraAfterFee(terms)) as Money);
}

/**
 * The same in cross mode with everything else unchanged. `room`: what the account has in the position's settle coin for
 * it to lose: margin balance without this position's profit, less the maintenance margin of all others.
 */
export function crossLiquidationPrice(terms: PositionTerms, room: Money): Money | null {
  const fee = terms.rule === 'mark' ? feeToCloseOf(terms) : ZERO;
  return liquidationFrom(terms, (room - fee) as Money);
}

/** Price at which `room` (the fee to close taken off) and profit have sunk to the maintenance margin without fee. */
function liquidationFrom(terms: PositionTerms, room: Money): Money | null {
  const { kind, size, cost, rule, tiers } = terms;
  const sign = direction(kind, size);
  if (sign === 0n) return null;
  const value =
    rule === 'classic'
      ? cost * sign - sign * (room - maintenanceOf(tiers, absolute(cost)))
      : valueWhereExhausted(tiers, sign, cost, room);
  return priceAt(kind, size, value as Money);
}

/**
 * room + sign × value − cost = value × rate − deduction, solved for the value in every tier. Maintenance margin is the
 * largest of its tiers' lines, so the first line that the falling equity meets decides: no tier has to be guessed.
 */
function valueWhereExhausted(tiers: readonly RiskTier[], sign: 1n | -1n, cost: Money, room: Money): Money {
  let first: Money | null = null;
  for (const { rate, deduction } of tiers) {
    const owed = (sign * (cost - room - deduction)) as Money;
    const value = quotient(owed, (ONE - sign * rate) as Money, 'half_even');
    if (first === null) first = value;
    else first = sign === 1n ? maximum(first, value) : minimum(first, value);
  }
  return first ?? ((sign * (cost - room)) as Money);
}

/** Bybit counts at least this rate for the closing fee in its break-even price (V5 position page). */
const LEAST_CLOSING_RATE = money('0.00055');

/**
 * Price at which closing leaves nothing won or lost, fee included: (entry × qty − realised) ÷ (qty − |qty| × fee), for
 * inverse the same in coin. `realised`: since the position was opened, fees paid included. Null when flat.
 */
export function breakEvenPrice(terms: PositionTerms, realised: Money): Money | null {
  const sign = direction(terms.kind, terms.size);
  if (sign === 0n) return null;
  const rate = maximum(terms.taker, LEAST_CLOSING_RATE);
  const value = divide(sign * (terms.cost - realised) * ONE, ONE - sign * rate, 'half_even');
  return priceAt(terms.kind, terms.size, value as Money);
}
