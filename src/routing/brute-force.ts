import { ONE } from '../domain/decimal.ts';
import { INTERNAL_VENUE, type Money, type VenueId } from '../domain/ids.ts';
import type { Listing } from '../domain/instrument.ts';
import type { Level } from '../ports/market.ts';
import type { RouteRequest, VenueQuote } from './request.ts';

/**
 * The slow, obvious router for tests: tries every combination of shares, checks each rule as it is written in the
 * requirements, level by level, and keeps the best. Shares nothing with the fast one but the vocabulary. Spot only.
 */
export type Placing = Readonly<{
  /** Grid lots per quote. */
  shares: readonly number[];
  placed: number;
  /** Of it, not tradable at once. */
  resting: number;
  /** Total under the request's strategy, in a unit of its own; then lots away from the venue that wins ties. */
  cost: bigint;
  astray: number;
}>;

const betterOf = (a: Placing, b: Placing): Placing => {
  if (a.placed !== b.placed) return a.placed > b.placed ? a : b;
  if (a.resting !== b.resting) return a.resting < b.resting ? a : b;
  if (a.cost !== b.cost) return a.cost < b.cost ? a : b;
  return b.astray < a.astray ? b : a;
};

export function bruteForce(request: RouteRequest): Placing {
  const { wanted, quotes, timeInForce, strategy } = request;
  if (wanted.type !== 'quantity') throw new Error('quantities only');
  const whole = timeInForce === 'fok';
  const options = quotes.map((quote) => optionsAt(request, quote, wanted.qty));
  let best = assess(
    request,
    quotes.map(() => 0),
  );
  const tryFrom = (shares: number[]): void => {
    const at = shares.length;
    if (at < options.length) {
      for (const lots of options[at] as number[]) tryFrom([...shares, lots]);
      return;
    }
    const placed = shares.reduce((sum, lots) => sum + lots, 0);
    const venues = shares.filter((lots) => lots > 0).length;
    if (placed > wanted.qty || (whole && placed !== wanted.qty) || ((whole || strategy === 'single') && venues > 1))
      return;
    best = betterOf(best, assess(request, shares));
  };
  tryFrom([]);
  return best;
}

/** Every quantity that the venue would accept, zero included. */
function optionsAt(request: RouteRequest, quote: VenueQuote, most: number): number[] {
  const found = [0];
  for (let lots = 1; lots <= most; lots++) if (accepts(request, quote, lots)) found.push(lots);
  return found;
}

const listingOf = (request: RouteRequest, quote: VenueQuote): Listing => {
  const listing = request.instrument.listings.get(quote.venue);
  if (listing === undefined) throw new Error('unlisted');
  return listing;
};

/** Listing ticks from best to worst that a child may carry, and what it takes at its worst. */
function fillsAt(request: RouteRequest, quote: VenueQuote, lots: number) {
  const listing = listingOf(request, quote);
  const { grid } = request.instrument;
  const buy = request.side === 'buy';
  const step = Number(listing.step / grid.step);
  const bound = worstTicks(request, listing);
  const postOnly = request.timeInForce === 'post_only';
  const levels: readonly Level[] = postOnly ? [] : ((buy ? quote.book?.asks : quote.book?.bids) ?? []);
  const fills: { price: number; lots: number }[] = [];
  let left = lots;
  for (const level of levels) {
    if (left === 0 || (buy ? level.price > bound : level.price < bound)) break;
    const taken = Math.min(left, level.qty * step);
    fills.push({ price: level.price, lots: taken });
    left -= taken;
  }
  return { fills, left, bound };
}

function worstTicks(request: RouteRequest, listing: Listing): number {
  const buy = request.side === 'buy';
  const prices = [request.limitPrice, request.worstPrice].filter((price) => price !== null);
  const grid = buy ? Math.min(...prices) : Math.max(...prices);
  const tick = Number(listing.tick / request.instrument.grid.tick);
  return buy ? Math.floor(grid / tick) : Math.ceil(grid / tick);
}

const rests = (request: RouteRequest): boolean =>
  request.limitPrice !== null && (request.timeInForce === 'gtc' || request.timeInForce === 'post_only');

export function accepts(request: RouteRequest, quote: VenueQuote, lots: number): boolean {
  const { instrument, side } = request;
  const listing = listingOf(request, quote);
  const step = Number(listing.step / instrument.grid.step);
  if (lots % step !== 0) return false;
  const steps = lots / step;
  if (steps < listing.minQty || steps > listing.maxLimitQty) return false;
  const qty = BigInt(lots) * instrument.grid.step;
  for (const cap of request.caps) {
    if (cap.venue === quote.venue && (qty + cap.used) * ONE > cap.fraction * cap.ordered) return false;
  }
  const { fills, left, bound } = fillsAt(request, quote, lots);
  if (left > 0 && !(rests(request) && quote.canRest)) return false;
  const touch = (side === 'buy' ? quote.book?.asks : quote.book?.bids)?.[0]?.price;
  if (request.timeInForce === 'post_only') {
    if (!quote.canRest || (touch !== undefined && (side === 'buy' ? touch <= bound : touch >= bound))) return false;
  }
  // A child at some price between the last level it takes and the bound must fit; one that may rest carries the bound.
  const last = rests(request) ? bound : (fills.at(-1)?.price ?? bound);
  if (BigInt(steps) * BigInt(last) * listing.tickValue < listing.minNotional) return false;
  return affords(request, quote, listing, steps, last, touch);
}

function affords(
  request: RouteRequest,
  { funds }: VenueQuote,
  listing: Listing,
  steps: number,
  last: number,
  touch: number | undefined,
): boolean {
  if (funds.type === 'unbounded') return true;
  if (funds.type === 'quantity') return BigInt(steps) * listing.step <= funds.available;
  const price = request.side === 'buy' ? last : Math.max(last, touch ?? last);
  return lockAt(listing, steps, price, funds.rate, funds.scale) <= funds.available;
}

const ceil = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** Value, and a fee on top rounded up at `scale`; or a part of the value, rounded up. */
export function lockAt(listing: Listing, steps: number, price: number, rate: Money, scale: number): bigint {
  const value = BigInt(steps) * BigInt(price) * listing.tickValue;
  const unit = 10n ** BigInt(18 - scale);
  const rounded = (part: bigint): bigint => ceil(value * part, ONE * unit) * unit;
  return rate > ONE ? value + rounded(rate - ONE) : rounded(rate);
}

export function assess(request: RouteRequest, shares: readonly number[]): Placing {
  const { quotes, side, strategy, prefer, instrument } = request;
  const sign = side === 'buy' ? 1n : -1n;
  const favourite: VenueId = prefer?.venue ?? INTERNAL_VENUE;
  let [placed, resting, cost, astray] = [0, 0, 0n, 0];
  for (const [at, quote] of quotes.entries()) {
    const lots = shares[at] as number;
    if (lots === 0) continue;
    const tick = Number(listingOf(request, quote).tick / instrument.grid.tick);
    const { fills, left, bound } = fillsAt(request, quote, lots);
    const favoured = (strategy === 'smart' || strategy === 'minimize_impact') && prefer?.venue === quote.venue;
    const bps = favoured ? (prefer as { bps: Money }).bps : 0n;
    const weigh = (price: number, rate: Money): bigint => {
      if (strategy === 'best_price') return sign * BigInt(price);
      return sign * BigInt(price) * (ONE + sign * (rate + quote.routingRate)) * (10_000n * ONE - sign * bps);
    };
    const touch = ((side === 'buy' ? quote.book?.asks : quote.book?.bids)?.[0]?.price ?? 0) * tick;
    for (const fill of fills) {
      const price = fill.price * tick;
      const walked = strategy === 'minimize_impact' ? BigInt(Math.abs(price - touch)) * ONE * 10_000n * ONE : 0n;
      cost += (weigh(price, quote.takerRate) + walked) * BigInt(fill.lots);
    }
    cost += weigh(bound * tick, quote.makerRate) * BigInt(left);
    placed += lots;
    resting += left;
    if (quote.venue !== favourite) astray += lots * (1 + at);
  }
  return { shares, placed, resting, cost, astray };
}
