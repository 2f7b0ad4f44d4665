/** Chance from outside. Production draws from the operating system, `sim/` and the market agents from a seed. */
export interface Rng {
  /** Uniform in 0 … 2^32-1. */
  uint32(): number;
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
}

/** Uniform float64 in [0, 1). */
export const uniform = (rng: Rng): number => rng.uint32() / 2 ** 32;

/** Uniform integer in [0, below); the bias of the modulo is under 10^-6 for `below` under 4,000. */
export const below = (rng: Rng, bound: number): number => Math.floor(uniform(rng) * bound);

/** Standard normal by Box and Muller (1958). */
export const gaussian = (rng: Rng): number =>
  Math.sqrt(-2 * Math.log(1 - uniform(rng))) * Math.cos(2 * Math.PI * uniform(rng));

/**
 * Deterministic generator: xoshiro128** (Blackman and Vigna, 2018, "Scrambled linear pseudorandom number
 * generators"), its state filled from one seed by splitmix32. For simulation and agents, never for secrets.
 */
export function seededRng(seed: number): Rng {
  let mix = seed >>> 0;
  const splitmix = (): number => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let d = splitmix();
  const rotate = (x: number, k: number): number => ((x << k) | (x >>> (32 - k))) >>> 0;
  const uint32 = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  };
  return { uint32, bytes: (length) => Uint8Array.from({ length }, () => uint32() >>> 24) };
}
