import { divide, maximum, minimum, ONE, ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { toCoin } from './contract.ts';

export type BorrowTerms = Readonly<{
  /** Interest of one hour, as a fraction. */
  hourlyRate: Money;
  /** Of what derivatives lack, this much is free of interest; spot borrowing never is. */
  freeAmount: Money;
  /** Most that may be borrowed; null: no limit. */
  limit: Money | null;
}>;

/** What of a debt bears interest: spot borrowing whole, unrealised losses and the like beyond the free amount. */
export const interestBearing = (spotBorrow: Money, other: Money, { freeAmount }: BorrowTerms): Money =>
  (spotBorrow + maximum((other - freeAmount) as Money, ZERO)) as Money;

/**
 * Interest of one hour: amount × hourly rate, and beyond the limit × (amount ÷ limit)³ (help centre, "Borrowing",
 * "Penalty interest"). Charged five minutes after each full hour. Rounded up at the coin's scale.
 */
export function hourlyInterest(amount: Money, { hourlyRate, limit }: BorrowTerms): Money {
  if (amount <= 0n) return ZERO;
  if (limit === null || limit <= 0n || amount <= limit) return toCoin(amount * hourlyRate, ONE, 'up');
  return toCoin(amount ** 4n * hourlyRate, limit ** 3n * ONE, 'up');
}

/** What a repayment pays: never more than is owed, nor than is there. */
export const repayable = (owed: Money, wanted: Money | null, free: Money): Money =>
  maximum(minimum(wanted === null ? owed : minimum(owed, wanted), free), ZERO);

/**
 * Most that can be borrowed more: within the limit, and so that the margin that the loan needs is there. A loan brings
 * its own value at the coin's ratio and takes its whole value as a debt: borrowed × (rate + 1 − ratio) ≤ available
 * (US dollars). Rounded down at the coin's scale; null: nothing limits it.
 */
export function borrowableMore(
  borrowed: Money,
  available: Money,
  terms: Readonly<{ index: Money; initialRate: Money; ratio: Money; limit: Money | null }>,
): Money | null {
  const { index, initialRate, ratio, limit } = terms;
  const left = limit === null ? null : maximum((limit - borrowed) as Money, ZERO);
  const needs = initialRate + ONE - ratio;
  if (needs <= 0n) return left;
  const covered = available <= 0n ? ZERO : toCoin(available * ONE * ONE, index * needs, 'down');
  return left === null ? covered : minimum(left, covered);
}

/** Of a yearly rate, that of one hour; rounded up at 10^-18. */
export const hourlyOf = (yearlyRate: Money): Money => divide(yearlyRate, 8760n, 'up') as Money;
