import { absolute, maximum, minimum, ONE, quotient, ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { type ContractKind, type OpenPart, signedValue, unrealisedOf } from './contract.ts';

/** A position that might be deleveraged. `margin`: what stands behind it, in its settle coin. */
export type Deleverable = OpenPart & Readonly<{ kind: ContractKind; mark: Money; margin: Money }>;

/** More than any position's: of one with nothing behind it. */
const LARGEST_LEVERAGE = (ONE * 1000n) as Money;

/** Value at mark ÷ what stands behind the position (its margin and profit), at most 1,000. */
export function effectiveLeverage(position: Deleverable): Money {
  const { kind, size, mark, margin } = position;
  const behind = (margin + unrealisedOf(kind, position, mark)) as Money;
  if (behind <= 0n) return LARGEST_LEVERAGE;
  return minimum(quotient(absolute(signedValue(kind, size, mark)), behind, 'half_even'), LARGEST_LEVERAGE);
}

/**
 * Rank of a position for deleveraging (help centre, "Auto-Deleveraging"): profit as a part of the entry value, for
 * winners times effective leverage, for losers divided by it. Higher goes first.
 */
export function adlScore(position: Deleverable): Money {
  const { kind, cost, mark, size } = position;
  if (size === 0n || cost === 0n) return ZERO;
  const ratio = quotient(unrealisedOf(kind, position, mark), absolute(cost), 'half_even');
  const leverage = maximum(effectiveLeverage(position), 1n as Money);
  return ratio > 0n ? (((ratio * leverage) / ONE) as Money) : quotient(ratio, leverage, 'half_even');
}

/** Indices of scores, highest first; among equals the earlier. */
export const adlOrder = (scores: readonly Money[]): number[] =>
  scores
    .map((_, index) => index)
    .sort((a, b) => {
      const [left, right] = [scores[a] ?? ZERO, scores[b] ?? ZERO];
      return left === right ? a - b : left > right ? -1 : 1;
    });

/** Bybit's adlRankIndicator of every position of one side: 5 for the first fifth of the queue, down to 1. */
export function adlIndicators(scores: readonly Money[]): number[] {
  const indicators = scores.map(() => 0);
  adlOrder(scores).forEach((index, place) => {
    indicators[index] = 5 - Math.floor((place * 5) / scores.length);
  });
  return indicators;
}

/** One position that is reduced, at the price of the position that was taken over. */
export type Deleveraged = Readonly<{ index: number; qty: Money }>;

/**
 * Who gives up how much so that `size` (signed, of the position that nobody takes) is closed: positions of the other
 * side in the order of the queue, each whole until nothing is left. Falls short only where the other side does.
 */
export function deleverage(size: Money, others: readonly Deleverable[]): Deleveraged[] {
  const closed: Deleveraged[] = [];
  let left: bigint = absolute(size);
  for (const index of adlOrder(others.map(adlScore))) {
    const other = others[index];
    if (left === 0n) break;
    if (other === undefined || other.size === 0n || other.size > 0n === size > 0n) continue;
    const qty = minimum(absolute(other.size), left as Money);
    closed.push({ index, qty });
    left -= qty;
  }
  return closed;
}

/**
 * Whether the insurance fund can no longer carry what it took over: its coins and the profit of its positions at mark
 * are used up (Bybit: fund balance + margin + unrealised profit ≤ 0).
 */
export const fundIsUsedUp = (balance: Money, unrealised: Money): boolean => balance + unrealised <= 0n;
