import { gcd, MONEY_SCALE, ONE, scaleOf } from './decimal.ts';
import type { AssetId, Category, InstrumentId, Lots, Money, Ticks, VenueId } from './ids.ts';
import { instrumentId } from './ids.ts';
import { err, ok, type Result } from './result.ts';

/** Digits after the point at which an asset's fees, interest and shown balances are rounded. */
export type Asset = Readonly<{ id: AssetId; scale: number }>;
export const DEFAULT_ASSET_SCALE = 8;

/** One instrument as one venue trades it. Ticks and lots inside the venue count `tick` and `step`. */
export type Listing = Readonly<{
  venue: VenueId;
  tick: Money;
  step: Money;
  /** Quote (settle) currency per tick × lot; exact by construction. */
  tickValue: Money;
  minQty: Lots;
  maxLimitQty: Lots;
  maxMarketQty: Lots;
  minPrice: Ticks;
  maxPrice: Ticks;
  /** Smallest notional of an order, in quote currency. */
  minNotional: Money;
  /** Highest leverage, as a decimal; null for spot. */
  maxLeverage: Money | null;
  /** Furthest that an order may be priced through the venue's reference, as a fraction; null: no such rule is known. */
  priceBand: Money | null;
}>;

export type Instrument = Readonly<{
  id: InstrumentId;
  category: Category;
  symbol: string;
  base: AssetId;
  quote: AssetId;
  settle: AssetId;
  listings: ReadonlyMap<VenueId, Listing>;
  /** Common grid of all listings: every listing's tick and step is a whole multiple of it. */
  grid: Grid;
}>;

export type Grid = Readonly<{ tick: Money; step: Money; tickValue: Money }>;

/** What a venue says about an instrument, in decimals; `listing` turns it into integers or refuses it. */
export type ListingTerms = Readonly<{
  venue: VenueId;
  tick: Money;
  step: Money;
  minQty: Money;
  maxLimitQty: Money;
  maxMarketQty: Money;
  minPrice: Money;
  maxPrice: Money;
  minNotional: Money;
  maxLeverage: Money | null;
  priceBand?: Money | null;
}>;

export type ListingError = Readonly<{
  code: 'NOT_POSITIVE' | 'INEXACT_NOTIONAL' | 'TOO_MANY_TICKS' | 'TOO_MANY_LOTS' | 'EMPTY_RANGE';
  message: string;
}>;

const MAX_COUNT = BigInt(Number.MAX_SAFE_INTEGER);

/** Value of one tick × one lot; null where 18 digits cannot hold it. */
function exactTickValue(tick: Money, step: Money): Money | null {
  const product = tick * step;
  return product % ONE === 0n ? ((product / ONE) as Money) : null;
}

/**
 * Lists an instrument on a venue. Everything that could later be inexact is refused here: a tick × step that needs
 * more than 18 digits, a price or size range that leaves float64's exact integers.
 */
export function listing(terms: ListingTerms): Result<Listing, ListingError> {
  const { tick, step } = terms;
  if (tick <= 0n || step <= 0n) return refuse('NOT_POSITIVE', 'tick and step must be above zero');
  const tickValue = exactTickValue(tick, step);
  if (tickValue === null) {
    return refuse(
      'INEXACT_NOTIONAL',
      `tick × step needs ${scaleOf(tick) + scaleOf(step)} digits, ${MONEY_SCALE} are kept`,
    );
  }
  const maxPrice = terms.maxPrice / tick;
  const largest = (terms.maxLimitQty > terms.maxMarketQty ? terms.maxLimitQty : terms.maxMarketQty) / step;
  if (maxPrice > MAX_COUNT)
    return refuse('TOO_MANY_TICKS', `highest price is ${maxPrice} ticks, 2^53-1 are counted exactly`);
  if (largest > MAX_COUNT)
    return refuse('TOO_MANY_LOTS', `largest size is ${largest} steps, 2^53-1 are counted exactly`);
  const minQty = ceilCount(terms.minQty, step);
  const minPrice = ceilCount(terms.minPrice, tick);
  if (maxPrice < minPrice || largest < minQty || maxPrice < 1n)
    return refuse('EMPTY_RANGE', 'no price or size is allowed');
  return ok({
    venue: terms.venue,
    tick,
    step,
    tickValue,
    minQty: Number(minQty < 1n ? 1n : minQty) as Lots,
    maxLimitQty: Number(terms.maxLimitQty / step) as Lots,
    maxMarketQty: Number(terms.maxMarketQty / step) as Lots,
    minPrice: Number(minPrice < 1n ? 1n : minPrice) as Ticks,
    maxPrice: Number(maxPrice) as Ticks,
    minNotional: terms.minNotional,
    maxLeverage: terms.maxLeverage,
    priceBand: terms.priceBand ?? null,
  });
}

const refuse = (code: ListingError['code'], message: string) => err({ code, message });
const ceilCount = (amount: Money, unit: Money): bigint => (amount + unit - 1n) / unit;

export type InstrumentTerms = Readonly<{
  category: Category;
  symbol: string;
  base: AssetId;
  quote: AssetId;
  settle: AssetId;
  listings: readonly Listing[];
}>;

/** Joins the listings of one instrument on their common grid; refused where the grid would not be exact. */
export function instrument(terms: InstrumentTerms): Result<Instrument, ListingError> {
  const first = terms.listings[0];
  if (first === undefined) return err({ code: 'EMPTY_RANGE', message: `${terms.symbol} is listed nowhere` });
  let { tick, step } = first;
  for (const other of terms.listings) {
    tick = gcd(tick, other.tick);
    step = gcd(step, other.step);
  }
  const tickValue = exactTickValue(tick, step);
  if (tickValue === null)
    return err({ code: 'INEXACT_NOTIONAL', message: `${terms.symbol}: the venues' common grid is too fine` });
  for (const one of terms.listings) {
    const ticks = BigInt(one.maxPrice) * (one.tick / tick);
    const lots = BigInt(Math.max(one.maxLimitQty, one.maxMarketQty)) * (one.step / step);
    if (ticks > MAX_COUNT) return err({ code: 'TOO_MANY_TICKS', message: `${terms.symbol}: ${ticks} grid ticks` });
    if (lots > MAX_COUNT) return err({ code: 'TOO_MANY_LOTS', message: `${terms.symbol}: ${lots} grid steps` });
  }
  return ok({
    id: instrumentId(terms.category, terms.symbol),
    category: terms.category,
    symbol: terms.symbol,
    base: terms.base,
    quote: terms.quote,
    settle: terms.settle,
    listings: new Map(terms.listings.map((one) => [one.venue, one])),
    grid: { tick, step, tickValue },
  });
}

/** A price or size that does not lie on the grid, with its two neighbours for the error message. */
export type OffGrid = Readonly<{ code: 'OFF_GRID'; below: Money; above: Money }>;

/** Exact count of `unit` in a non-negative `amount`, or its neighbours. */
function countOf(amount: Money, unit: Money): Result<number, OffGrid> {
  const whole = amount / unit;
  if (amount % unit === 0n && whole <= MAX_COUNT) return ok(Number(whole));
  return err({ code: 'OFF_GRID', below: (whole * unit) as Money, above: ((whole + 1n) * unit) as Money });
}

export const toTicks = (on: Grid | Listing, price: Money): Result<Ticks, OffGrid> =>
  countOf(price, on.tick) as Result<Ticks, OffGrid>;
export const toLots = (on: Grid | Listing, qty: Money): Result<Lots, OffGrid> =>
  countOf(qty, on.step) as Result<Lots, OffGrid>;

/** Whole steps in `qty`, the rest dropped: what of a quantity a listing can trade. */
export const floorLots = (on: Grid | Listing, qty: Money): Lots => Number(qty / on.step) as Lots;

/** The nearest tick that does not worsen a limit: down for a buy, up for a sell. */
export const passiveTicks = (on: Grid | Listing, price: Money, side: 'buy' | 'sell'): Ticks =>
  Number(side === 'buy' ? price / on.tick : ceilCount(price, on.tick)) as Ticks;

export const priceOf = (on: Grid | Listing, ticks: Ticks): Money => (BigInt(ticks) * on.tick) as Money;
export const qtyOf = (on: Grid | Listing, lots: Lots): Money => (BigInt(lots) * on.step) as Money;

/** Price × quantity in quote currency, exact. Spot and linear; inverse contracts divide instead. */
export const notionalOf = (on: Grid | Listing, price: Ticks, qty: Lots): Money =>
  (BigInt(price) * BigInt(qty) * on.tickValue) as Money;
