/**
 * Models of market impact and of resting against taking, for estimates and schedules. They work in float64 on purpose:
 * they are statistics, and nothing of them becomes a price or a size of an order without going through the grid.
 */

/** A venue whose price rises linearly with what is taken: cost of x is `price`·x + `impact`·x². */
export type LinearVenue = Readonly<{ price: number; impact: number }>;
export type WaterFill = Readonly<{ marginal: number; shares: readonly number[] }>;

/**
 * Least cost of `qty` over venues with linear impact: every venue used has the same marginal price μ,
 * x = (μ − price) / 2·impact, and no unused one is cheaper than μ (Karush-Kuhn-Tucker). `impact` above zero.
 */
export function waterFill(venues: readonly LinearVenue[], qty: number): WaterFill {
  const byPrice = [...venues].sort((a, b) => a.price - b.price);
  let weight = 0;
  let weighted = 0;
  let marginal = Number.POSITIVE_INFINITY;
  for (const { price, impact } of byPrice) {
    if (price >= marginal) break;
    weight += 1 / (2 * impact);
    weighted += price / (2 * impact);
    marginal = (qty + weighted) / weight;
  }
  return { marginal, shares: venues.map(({ price, impact }) => Math.max(0, (marginal - price) / (2 * impact))) };
}

export type PassiveTerms = Readonly<{
  target: number;
  /** Quantity ahead in the queue. */
  queue: number;
  halfSpread: number;
  takerFee: number;
  makerRebate: number;
  /** Cost per unit of what stays unfilled, above zero. */
  underfill: number;
  /** Inverse distribution of what leaves the queue before the horizon: a probability in [0, 1) to a quantity. */
  outflowQuantile: (probability: number) => number;
}>;

/**
 * How much of `target` to rest and how much to take at one venue: Cont and Kukanov (arXiv:1210.1625), proposition 1,
 * L = F⁻¹((2h + f + r) / (λ + h + r)) − Q, clipped to [0, target]; a ratio of one or more rests everything.
 */
export function passiveShare(terms: PassiveTerms): Readonly<{ rest: number; take: number }> {
  const { target, queue, halfSpread, takerFee, makerRebate, underfill, outflowQuantile } = terms;
  const ratio = (2 * halfSpread + takerFee + makerRebate) / (underfill + halfSpread + makerRebate);
  const ideal = ratio >= 1 ? target : outflowQuantile(Math.max(0, ratio)) - queue;
  const rest = Math.min(target, Math.max(0, ideal));
  return { rest, take: target - rest };
}

/** Square-root law, Y·σ·√(Q/V): impact as a fraction of price; σ and V over the same horizon (Tóth et al. 2011). */
export const squareRootImpact = (volatility: number, qty: number, volume: number, factor = 1): number =>
  factor * volatility * Math.sqrt(qty / volume);
