const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Beyond this the series loses digits to cancellation and the continued fraction converges fast. */
const TAIL = 3;
const FRACTION_TERMS = 120;

/** Density of the standard normal distribution. */
export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / ROOT_TWO_PI;

/**
 * P(Z ≤ x), to about 2e-16, and below −3 to 1e-13 of itself. Inside ±3 by the series
 * 1/2 + φ(x) × (x + x³/3 + x⁵/15 + …) (Abramowitz and Stegun 26.2.11), outside by Laplace's continued fraction for the
 * tail, φ(x) ÷ (x + 1/(x + 2/(x + …))) (26.2.14).
 */
export function normalBelow(x: number): number {
  if (x > TAIL) return 1 - tail(x);
  if (x < -TAIL) return tail(-x);
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * 1e-17; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

function tail(x: number): number {
  let below = x;
  for (let count = FRACTION_TERMS; count > 0; count -= 1) below = x + count / below;
  return normalDensity(x) / below;
}
