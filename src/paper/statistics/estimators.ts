/** Estimators of what is usually measured on markets. Plain numbers: nothing here is ever an amount of money. */

export const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

export const variance = (values: readonly number[]): number => {
  const middle = mean(values);
  return mean(values.map((one) => (one - middle) ** 2));
};

/** The value below which a part of the values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

/** Slope of the straight line through points, by least squares. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const x = mean(points.map((one) => one[0]));
  const y = mean(points.map((one) => one[1]));
  const over = points.reduce((sum, one) => sum + (one[0] - x) * (one[1] - y), 0);
  return over / points.reduce((sum, one) => sum + (one[0] - x) ** 2, 0);
}

/**
 * Exponent of a power-law tail, P(X > x) ~ x^-exponent, by Hill (1975) from the largest values: `part` of all. NaN where
 * there are too few.
 */
export function tailExponent(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => b - a);
  const count = Math.floor(part * sorted.length);
  const threshold = sorted[count];
  if (count < 2 || threshold === undefined) return Number.NaN;
  return 1 / mean(sorted.slice(0, count).map((one) => Math.log(one / threshold)));
}

/** Standard deviation over mean: 1 for arrivals that know nothing of each other, above for such that come in bursts. */
export const variation = (values: readonly number[]): number => Math.sqrt(variance(values)) / mean(values);

/** Correlation of a series with itself some places later. */
export function autocorrelation(values: readonly number[], lag: number): number {
  const middle = mean(values);
  let sum = 0;
  for (let i = lag; i < values.length; i += 1)
    sum += ((values[i] as number) - middle) * ((values[i - lag] as number) - middle);
  return sum / values.length / variance(values);
}

/** Logarithms of the ratios of neighbours. */
export const returnsOf = (prices: readonly number[]): readonly number[] =>
  prices.slice(1).map((price, i) => Math.log(price / (prices[i] as number)));
