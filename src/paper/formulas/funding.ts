import { divide, maximum, minimum, money, ONE, quotient, roundTo, ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { type ContractKind, toCoin } from './contract.ts';

/** What one may see of a perpetual's book: average prices for the impact notional, or the mid; null where none is. */
export type BookPrices = Readonly<{ impactBid: Money | null; impactAsk: Money | null; mid: Money | null }>;

/**
 * [max(0, impact bid − index) − max(0, index − impact ask)] ÷ index (Bybit, "Funding Rate"); where the book is too thin
 * for impact prices, (mid − index) ÷ index; of an empty book nothing. Half-even at 10^-18.
 */
export function premiumIndex({ impactBid, impactAsk, mid }: BookPrices, index: Money): Money {
  if (impactBid !== null && impactAsk !== null) {
    const above = maximum((impactBid - index) as Money, ZERO);
    const below = maximum((index - impactAsk) as Money, ZERO);
    return quotient((above - below) as Money, index, 'half_even');
  }
  return mid === null ? ZERO : quotient((mid - index) as Money, index, 'half_even');
}

/** Premium samples of one funding interval, added up; begins with `NO_SAMPLES`. */
export type PremiumSum = Readonly<{ weighted: Money; weights: number }>;
export const NO_SAMPLES: PremiumSum = { weighted: ZERO, weights: 0 };

/** Adds the sample of a minute of the interval, counted from 1: later ones weigh more, minutes may be missing. */
export const withSample = (sum: PremiumSum, premium: Money, minute: number): PremiumSum => ({
  weighted: (sum.weighted + premium * BigInt(minute)) as Money,
  weights: sum.weights + minute,
});

/** (P₁ × 1 + P₂ × 2 + … + Pₙ × n) ÷ (1 + 2 + … + n); zero without samples. */
export const averagePremium = ({ weighted, weights }: PremiumSum): Money =>
  weights === 0 ? ZERO : (divide(weighted, BigInt(weights), 'half_even') as Money);

export type FundingTerms = Readonly<{
  intervalMin: number;
  /** Interest a day: 0.03 %, that is 0.01 % in eight hours. */
  dailyInterest: Money;
  /** How far the rate may lie from the premium before interest gives way: 0.05 %. */
  damper: Money;
  /** Highest and lowest rate of one interval (upperFundingRate, lowerFundingRate). */
  upper: Money;
  lower: Money;
}>;

export const DAILY_INTEREST = money('0.0003');
export const FUNDING_DAMPER = money('0.0005');
/** Digits of a funding rate. */
export const RATE_SCALE = 8;

/** Interest of one interval. */
export const intervalInterest = ({ dailyInterest, intervalMin }: FundingTerms): Money =>
  divide(dailyInterest * BigInt(intervalMin), 1440n, 'half_even') as Money;

/** P + clamp(I − P, ±0.05 %), within its caps; eight digits, half-even. Positive: longs pay shorts. */
export function fundingRate(terms: FundingTerms, average: Money): Money {
  const { damper, upper, lower } = terms;
  const pull = clamp((intervalInterest(terms) - average) as Money, -damper as Money, damper);
  return clamp(roundTo((average + pull) as Money, RATE_SCALE, 'half_even'), lower, upper);
}

const clamp = (value: Money, least: Money, most: Money): Money => maximum(least, minimum(value, most));

/**
 * What a position receives (above zero) or pays (below) at funding: value at mark × rate, in the settle coin, for
 * inverse contracts size ÷ mark × rate in the base coin. Rounded down: payers pay up, receivers receive down.
 */
export const fundingPayment = (kind: ContractKind, size: Money, mark: Money, rate: Money): Money =>
  kind === 'inverse' ? toCoin(-size * rate, mark, 'down') : toCoin(-size * mark * rate, ONE * ONE, 'down');

/**
 * What payers paid beyond what receivers got, from rounding: never below zero where all positions sum to zero. It
 * belongs to the insurance fund, so that funding is zero-sum.
 */
export const fundingResidue = (payments: readonly Money[]): Money =>
  payments.reduce((residue, payment) => residue - payment, 0n) as Money;

/** Volume-weighted price of an impact notional on one side of a book, best level first; null where it is too thin. */
export function impactPrice(levels: Iterable<Readonly<{ price: Money; qty: Money }>>, notional: Money): Money | null {
  let value = 0n;
  let qty = 0n;
  for (const level of levels) {
    const there = divide(level.price * level.qty, ONE, 'down');
    const left = notional - value;
    if (there >= left) {
      qty += divide(left * ONE, level.price, 'half_even');
      return quotient(notional, qty as Money, 'half_even');
    }
    value += there;
    qty += level.qty;
  }
  return null;
}
