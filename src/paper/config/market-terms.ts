/**
 * How the agents make the market of one symbol. Four numbers set its scale; all others are multiples of these with
 * defaults that suit a liquid symbol.
 */
export type MarketTerms = Readonly<{
  /** Quantity of a typical level: the unit of all other quantities. */
  levelQty: string;
  /** Distance between levels as a fraction of the price: the unit of all other distances. */
  spacing: string;
  /** Levels a side of a maker that does not say otherwise. */
  levels: number;
  /** Standard deviation of the price over one day, as a fraction. */
  dailyVolatility: number;
}> &
  Partial<MarketHabits>;

/** Who is there, and how busy. Null: nobody of this kind. */
export type MarketHabits = Readonly<{
  /** Multiplies how often everybody acts: 1 is a liquid symbol, 0.05 one that is looked at every ten seconds. */
  activity: number;
  makers: readonly MakerTerms[];
  takes: SizeTerms;
  noise: NoiseTerms | null;
  momentum: MomentumTerms | null;
  informed: InformedTerms | null;
}>;

/** One maker: a ladder of its own on both sides. */
export type MakerTerms = Readonly<{
  /** Of its first level, in `levelQty`. */
  qty: number;
  /** Between its levels, in `spacing`; at least a tick. */
  spacing: number;
  /** Null: the symbol's. */
  levels: number | null;
  /** How much further out than the nearest line of its grid it begins, in its own spacing. */
  offset: number;
  /** Level i holds about 1 + growth × i times its first. */
  growth: number;
  /** Standard deviation of the logarithm of a level's quantity. */
  unevenness: number;
  /** Between two looks at its ladder, on average. */
  refreshMs: number;
  /** How far a full inventory moves its prices, in its own spacing. */
  skew: number;
}>;

/** Sizes of the orders that take, whoever sends them: those who know something hide among those who do not. */
export type SizeTerms = Readonly<{
  /** Smallest and largest, in `levelQty`. */
  least: number;
  most: number;
  /** P(size > x) falls as x^-tail. */
  tail: number;
}>;

/** People who trade for reasons of their own. */
export type NoiseTerms = Readonly<{
  /** Arrivals, orders of both kinds. */
  perMinute: number;
  /** Part of them that are limit orders. */
  limitShare: number;
  /** Average number of arrivals that one arrival causes: below 1. */
  excitation: number;
  /** How long it goes on causing them. */
  memoryMs: number;
  /** How long a limit order stays, on average. */
  lifetimeMs: number;
}>;

/** Follows a trend. */
export type MomentumTerms = Readonly<{
  perMinute: number;
  /** Over which it sees a trend. */
  windowMs: number;
  /** How far from the average price of the window makes a trend, in standard deviations of that way. */
  threshold: number;
}>;

/** Knows the fair price, and takes quotes that are on the wrong side of it. */
export type InformedTerms = Readonly<{
  perMinute: number;
  /** What a quote has to be off, in `spacing`. */
  edge: number;
}>;

const MAKER: MakerTerms = {
  qty: 1, spacing: 1, levels: null, offset: 0, growth: 0.15, unevenness: 0.35, refreshMs: 400, skew: 0.5,
}; // biome-ignore format: a table
const NEAR: MakerTerms = { ...MAKER, qty: 0.2, spacing: 0.2, levels: 12, growth: 0.1 };
const MIDDLE: MakerTerms = { ...MAKER, offset: 0.1, refreshMs: 1500 };
const DEEP: MakerTerms = { ...MAKER, qty: 4, spacing: 4, levels: 15, unevenness: 0.8, refreshMs: 6000 };

/** Defaults of every part that a configuration may leave out. */
export const DEFAULT_MAKER = MAKER;
export const DEFAULT_HABITS = {
  activity: 1,
  makers: [NEAR, MIDDLE, DEEP],
  takes: { least: 0.02, most: 20, tail: 1.5 },
  noise: { perMinute: 80, limitShare: 0.5, excitation: 0.75, memoryMs: 1200, lifetimeMs: 15_000 },
  momentum: { perMinute: 12, windowMs: 20_000, threshold: 1 },
  informed: { perMinute: 40, edge: 0.1 },
} as const satisfies MarketHabits; // biome-ignore format: a table

/** The same with nothing left open. */
export type MarketPlan = MarketTerms & MarketHabits;

export const marketPlan = (terms: MarketTerms): MarketPlan => ({ ...DEFAULT_HABITS, ...terms });
