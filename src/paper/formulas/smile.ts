/**
 * Volatilities of a coin over strikes and expiries by five numbers, free of static arbitrage by construction:
 *
 * - At the money, total variance is that of a variance that returns from a short-term level to a long-term one, which
 *   rises with time whatever the levels are: no calendar arbitrage.
 * - Over strikes, the surface SVI of Gatheral and Jacquier ("Arbitrage-free SVI volatility surfaces", 2014),
 *   w(k) = θ/2 × (1 + ρφk + √((φk + ρ)² + 1 − ρ²)) with φ = η ÷ √(θ(1 + θ)): no butterfly arbitrage while η(1 + |ρ|) ≤ 2
 *   (their corollary 4.1). Prices of calls fall and those of puts rise with the strike, and both are convex in it.
 */
export type SmileTerms = Readonly<{
  /** At the money, yearly fractions: for an expiry at hand, and for a distant one. */
  shortVol: number;
  longVol: number;
  /** How long the short-term level lasts, in years. */
  yearsToRevert: number;
  /** ρ between −1 and 1: below zero, low strikes have higher volatilities. */
  skew: number;
  /** η above zero: how much both wings rise. */
  curvature: number;
}>;

/** What the agents and marks of the default coins start from: round numbers of the order that markets show. */
export const DEFAULT_SMILES: Readonly<Record<string, SmileTerms>> = {
  BTC: { shortVol: 0.45, longVol: 0.55, yearsToRevert: 0.25, skew: -0.15, curvature: 0.9 },
  ETH: { shortVol: 0.65, longVol: 0.7, yearsToRevert: 0.25, skew: -0.1, curvature: 0.9 },
  SOL: { shortVol: 0.8, longVol: 0.85, yearsToRevert: 0.25, skew: -0.05, curvature: 0.8 },
  XRP: { shortVol: 0.85, longVol: 0.85, yearsToRevert: 0.25, skew: 0.05, curvature: 0.9 },
  BNB: { shortVol: 0.6, longVol: 0.65, yearsToRevert: 0.25, skew: -0.05, curvature: 0.8 },
};

/** Why terms cannot be used; null where they can. */
export function smileProblem({ shortVol, longVol, yearsToRevert, skew, curvature }: SmileTerms): string | null {
  if (!(shortVol > 0 && longVol > 0 && yearsToRevert > 0)) return 'volatilities and their time are above zero';
  if (!(Math.abs(skew) < 1)) return 'skew lies between -1 and 1';
  if (!(curvature > 0 && curvature * (1 + Math.abs(skew)) <= 2))
    return 'curvature × (1 + |skew|) is above 0, at most 2';
  return null;
}

/** Total variance at the money: ∫ of long² + (short² − long²) × e^(−t/τ). */
export function atmVariance({ shortVol, longVol, yearsToRevert: tau }: SmileTerms, years: number): number {
  const long = longVol * longVol;
  return long * years + (shortVol * shortVol - long) * tau * -Math.expm1(-years / tau);
}

/** Volatility of a strike, as a yearly fraction. `years` above zero; a shift of all volatilities multiplies the levels. */
export function smileVol(terms: SmileTerms, forward: number, strike: number, years: number): number {
  const theta = atmVariance(terms, years);
  const { skew, curvature } = terms;
  const scaled = (Math.log(strike / forward) * curvature) / Math.sqrt(theta * (1 + theta));
  const variance = (theta / 2) * (1 + skew * scaled + Math.sqrt((scaled + skew) ** 2 + 1 - skew * skew));
  return Math.sqrt(variance / years);
}
