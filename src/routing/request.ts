import type { Instrument } from '../domain/instrument.ts';
import type { Lots, Money, Side, Ticks, UnixMs, VenueId } from '../domain/ids.ts';
import type { TimeInForce } from '../domain/order.ts';
import type { BookView } from '../ports/market.ts';

/**
 * What a split is the best of.
 * - `lowest_cost`: least all-in cost (price and every fee).
 * - `smart`: the same, but the preferred venue's all-in price counts as `prefer.bps` better than it is.
 * - `best_price`: least raw price, fees ignored.
 * - `minimize_impact`: like `smart`, and every tick walked away from a venue's touch counts twice: once because it is
 *   paid, once because the gap it leaves is what the rest of the order will meet. It spreads over venues sooner.
 * - `single`: least all-in cost with one venue only.
 * Exact ties go to the preferred venue, without one to the internal venue, then to the order of `quotes`.
 */
export type Strategy = 'smart' | 'lowest_cost' | 'best_price' | 'minimize_impact' | 'single';

/**
 * What an order locks at a venue and how much is there for it.
 * - `quantity`: the base itself (spot sells).
 * - `value`: price × quantity × `rate` of quote or settle currency. The price is the child's own worst price, because
 *   that is what venues lock for a limit or immediate order, not what it is expected to cost. `rate` is 1 where the
 *   fee is taken from what is received (a venue that takes a spot buy's fee in base), 1 + the highest fee where it is
 *   taken from what is paid (a spot buy on the internal venue), 1 / leverage + fees for derivatives. The part above 1
 *   is rounded up to `scale` digits by itself, a rate up to 1 as a whole.
 * - `unbounded`: nothing is locked (reducing a position, a preview without an account).
 */
export type Funds = Readonly<
  | { type: 'unbounded' }
  | { type: 'quantity'; available: Money }
  | { type: 'value'; available: Money; rate: Money; scale: number }
>;

/** One venue as it stood when the message was taken. Rates are fractions (0.001 is 0.1 %); a rebate is negative. */
export type VenueQuote = Readonly<{
  venue: VenueId;
  /** Null: nothing is known; the venue is not used. So is a book that is not `valid`. */
  book: BookView | null;
  takerRate: Money;
  makerRate: Money;
  /** The platform's own fee on what executes there. */
  routingRate: Money;
  funds: Funds;
  /** May a remainder rest there? */
  canRest: boolean;
  /** Why the venue must not be used, decided outside (settings, health, product switches); stable code. */
  excluded: string | null;
}>;

/**
 * At most `fraction` of what the client ordered may be filled or working at the venue. Amounts are in the order's
 * own unit: base quantity, or quote currency for an order by budget. `used` is what earlier children hold of it.
 */
export type VenueCap = Readonly<{ venue: VenueId; fraction: Money; ordered: Money; used: Money }>;

/** Base quantity (contracts) in grid lots, or all that may be spent, fees included, in quote currency (market buys). */
export type Wanted = Readonly<{ type: 'quantity'; qty: Lots } | { type: 'budget'; amount: Money }>;

/** One question: where should this order go, given exactly this. Everything the answer depends on is in here. */
export type RouteRequest = Readonly<{
  instrument: Instrument;
  side: Side;
  wanted: Wanted;
  /** Grid ticks; null for a market order. */
  limitPrice: Ticks | null;
  /** Grid ticks no child may trade through; required for a market order. */
  worstPrice: Ticks | null;
  /** A market order is `ioc` or `fok`; `gtc` counts as `ioc` there. */
  timeInForce: TimeInForce;
  strategy: Strategy;
  /** Null: every venue in `quotes`. */
  allowedVenues: readonly VenueId[] | null;
  caps: readonly VenueCap[];
  /** `bps`: by how many basis points of all-in price the venue may be worse and still win. */
  prefer: Readonly<{ venue: VenueId; bps: Money }> | null;
  /** Mid of the consolidated book at decision, the yardstick of costs; null when there is none. */
  mid: Money | null;
  /** Now, on the clock that stamped the books. */
  at: UnixMs;
  quotes: readonly VenueQuote[];
}>;

/** True where the order may only trade at once: a market order, and a limit order that must not rest. */
export const isImmediate = (request: RouteRequest): boolean =>
  request.limitPrice === null || request.timeInForce === 'ioc' || request.timeInForce === 'fok';
