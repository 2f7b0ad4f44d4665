import { ONE } from '../domain/decimal.ts';
import type { Money, VenueId } from '../domain/ids.ts';
import { type BookView, countsIn } from '../ports/market.ts';
import type { RouteRequest, VenueQuote } from './request.ts';

/** An account's routing settings, with the venues named by whoever knows them. Notionals in USDT. */
export type RoutingSettings = Readonly<{
  /** The one venue that orders may go to; null: any. */
  only: VenueId | null;
  /** Off: every order goes to one venue. */
  smart: boolean;
  /** That venue, with smart routing off. */
  defaultVenue: VenueId;
  /** With smart routing off: where orders of at least `minNotional` go instead; null: nowhere else. */
  largeOrders: Readonly<{ venue: VenueId; minNotional: Money }> | null;
  thresholds: readonly VenueThreshold[];
}>;

/** A venue that small orders, and orders while its spread is wide, keep away from. */
export type VenueThreshold = Readonly<{
  venue: VenueId;
  /** Least notional of the client's order. */
  minNotional: Money;
  /** Widest spread, as a fraction of the venue's mid. */
  maxSpread: Money;
}>;

export type ExclusionReason = 'ORDER_ROUTING' | 'SMART_ROUTING_OFF' | 'BELOW_MIN_AMOUNT' | 'SPREAD_TOO_WIDE';
export type Exclusions = ReadonlyMap<VenueId, ExclusionReason>;

/**
 * Which venues the settings take out, and why. Settings bound, the order's own choice of venues is made inside them:
 * first the one allowed venue, then smart routing off, then the thresholds on `notional`, the whole client order in
 * USDT (null where it is unknown). Thresholds never take out the last venue that could be used; a venue could be used
 * when it lists the instrument, the order allows it, nothing excluded it, its book is valid and the account has anything
 * to pay with there. How much there is to trade does not count: a setting means the same whatever the books hold.
 */
export function applySettings(settings: RoutingSettings, request: RouteRequest, notional: Money | null): Exclusions {
  const excluded = new Map<VenueId, ExclusionReason>();
  const venues = request.quotes.map(({ venue }) => venue);
  const { only } = settings;
  if (only !== null) {
    for (const venue of venues) if (venue !== only) excluded.set(venue, 'ORDER_ROUTING');
  } else if (!settings.smart) {
    const large = settings.largeOrders;
    const isLarge = large !== null && notional !== null && notional >= large.minNotional;
    const target = isLarge ? large.venue : settings.defaultVenue;
    for (const venue of venues) if (venue !== target) excluded.set(venue, 'SMART_ROUTING_OFF');
  }
  for (const threshold of settings.thresholds) {
    const usable = request.quotes.filter((quote) => !excluded.has(quote.venue) && isUsable(request, quote));
    if (usable.length < 2) break;
    const quote = usable.find(({ venue }) => venue === threshold.venue);
    if (quote === undefined) continue;
    if (notional !== null && notional < threshold.minNotional) excluded.set(quote.venue, 'BELOW_MIN_AMOUNT');
    else if (isWider(quote.book, threshold.maxSpread)) excluded.set(quote.venue, 'SPREAD_TOO_WIDE');
  }
  return excluded;
}

/** The request with the exclusions written into its quotes; what was excluded before keeps its reason. */
export const withExclusions = (request: RouteRequest, exclusions: Exclusions): RouteRequest => ({
  ...request,
  quotes: request.quotes.map((quote) => ({
    ...quote,
    excluded: quote.excluded ?? exclusions.get(quote.venue) ?? null,
  })),
});

function isUsable(request: RouteRequest, { venue, excluded, book, funds }: VenueQuote): boolean {
  const allowed = request.allowedVenues === null || request.allowedVenues.includes(venue);
  const listing = request.instrument.listings.get(venue);
  const readable = listing !== undefined && book !== null && book.valid && countsIn(book, listing);
  const pays = funds.type === 'unbounded' || funds.available > 0n;
  return allowed && excluded === null && readable && pays;
}

/** Spread above `fraction` of mid; a side with nothing on it has no spread that is narrow enough. */
function isWider(book: BookView | null, fraction: Money): boolean {
  const bid = book?.bids[0]?.price;
  const ask = book?.asks[0]?.price;
  if (bid === undefined || ask === undefined) return true;
  return BigInt(ask - bid) * 2n * ONE > BigInt(ask + bid) * fraction;
}
