/**
 * What a market of agents has to look like: docs/paper.md names these ranges and where they come from, and the tests
 * hold every seed to them.
 */
export const RANGES = {
  /** Of the symbols that trade all the time, as a fraction. */
  spread: { most: 0.001 },
  /** Exponent of cumulative quantity over distance: measured on a recorded book, 0.84 to 2.04 with a median of 1.14. */
  depthSlope: { least: 0.84, most: 2.04 },
  /** Of what one order takes: 1.53 ± 0.07 on average over stocks (Gopikrishnan et al. 2000), as one seed estimates it. */
  sizeTail: { least: 1.1, most: 2.3 },
  /** Standard deviation over mean of the time between trades: above 1, they come in bursts (Engle and Russell 1998). */
  arrivalVariation: { least: 1.1, most: 3 },
  /** Measured over ten minutes, as a multiple of what the symbol was given: lively and calm hours differ. */
  volatility: { least: 0.35, most: 2.2 },
} as const;
