import { ONE } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import { INTERNAL_VENUE, type Money, type Ticks, type VenueId } from '../domain/ids.ts';
import type { RouteRequest, VenueQuote } from './request.ts';
import { wantsLess } from './valuation.ts';

/**
 * What one grid lot costs at a grid price: an integer in a unit of its own, the same for all venues of one request,
 * smaller is better. Every decision compares sums of these and nothing else, so ties are exact and no split depends on
 * rounding. For spot and linear instruments it is exactly price × (1 ± fees); for inverse ones the coin value is
 * divided once per level at 2^-100.
 */
export type UnitCosts = Readonly<{
  take(price: Ticks): bigint;
  /** Of a lot that is to rest: more than any lot that trades at once, so that all that can trade at once does. */
  rest(price: Ticks): bigint;
}>;

const BPS = 10_000n * ONE;
const INVERSE_SCALE = 1n << 100n;
/** More than any cost of taking: prices and sizes stay under 2^53, multipliers under 2^136. */
const RESTING = 1n << 300n;
/** Room below the cost for exact ties: rank × lots stays under it. */
const RANK_BITS = 60n;

const bookSide = (request: RouteRequest, quote: VenueQuote) =>
  request.side === 'buy' ? quote.book?.asks : quote.book?.bids;

/** How much a venue's all-in price counts: 1 ± the preference, in basis points of 10^-22. */
function preference(request: RouteRequest, venue: VenueId, less: boolean): bigint {
  const prefers = request.strategy === 'smart' || request.strategy === 'minimize_impact';
  if (!prefers || request.prefer === null || request.prefer.venue !== venue) return BPS;
  return less ? BPS - request.prefer.bps : BPS + request.prefer.bps;
}

/** 0 for the venue that wins an exact tie, then in the order of the quotes. */
function rankOf(request: RouteRequest, venue: VenueId): bigint {
  const favourite = request.prefer?.venue ?? INTERNAL_VENUE;
  if (venue === favourite) return 0n;
  return BigInt(1 + request.quotes.findIndex((quote) => quote.venue === venue));
}

/** Unit costs of one venue under the request's strategy. `tick` is the listing's tick in grid ticks. */
export function unitCosts(request: RouteRequest, quote: VenueQuote, tick: number): UnitCosts {
  const less = wantsLess(request.instrument, request.side);
  const sign = less ? 1n : -1n;
  const rank = rankOf(request, quote.venue);
  const weight = preference(request, quote.venue, less);
  const value = valuePerLot(request.instrument);
  const multiplier = (rate: Money): bigint =>
    request.strategy === 'best_price' ? sign : sign * (ONE + sign * (rate + quote.routingRate)) * weight;
  const taking = multiplier(quote.takerRate);
  const making = multiplier(quote.makerRate);
  const touch = bookSide(request, quote)?.[0];
  const walked = request.strategy === 'minimize_impact' && touch !== undefined;
  const touchValue = walked ? value((touch.price * tick) as Ticks) : 0n;
  const take = (price: Ticks): bigint => {
    const worth = value(price);
    const cost = worth * taking;
    return ((walked ? cost + distance(worth, touchValue) * ONE * BPS : cost) << RANK_BITS) + rank;
  };
  return { take, rest: (price) => RESTING + ((value(price) * making) << RANK_BITS) + rank };
}

const valuePerLot = (instrument: Instrument): ((price: Ticks) => bigint) =>
  instrument.category === 'inverse' ? (price) => INVERSE_SCALE / BigInt(price) : (price) => BigInt(price);

const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);
