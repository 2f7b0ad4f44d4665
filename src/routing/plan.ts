import type { InstrumentId, Lots, Money, Side, Ticks, UnixMs, VenueId } from '../domain/ids.ts';
import type { TimeInForce } from '../domain/order.ts';
import type { Strategy, Wanted } from './request.ts';

/** One order for one venue. Prices and sizes of the child in the listing's ticks and steps. */
export type PlannedChild = Readonly<{
  venue: VenueId;
  side: Side;
  /** The listing's tick and step, so that the counts below can be read without it. */
  tick: Money;
  step: Money;
  /** The parent's limit, or the worst price that the child may trade at. */
  price: Ticks;
  qty: Lots;
  timeInForce: TimeInForce;
  /** Part of `qty` expected to trade at once, on the book as it stands; the rest is meant to rest. */
  takes: Lots;
  /** Worst level that the taken part reaches, as a price; null when nothing is taken. */
  worstLevel: Money | null;
  expected: Amounts;
  /** What the venue will lock at most (`Funds`), null where nothing is locked. */
  locks: Money | null;
}>;

/** Expected amounts of an execution in quote (settle) currency. Fees are valued there whatever coin takes them. */
export type Amounts = Readonly<{
  notional: Money;
  fee: Money;
  routingFee: Money;
  /** What is paid in all, or received in all: fees included, rounded against us. */
  total: Money;
  /** Per unit, rounded against us; null when nothing executes. */
  averagePrice: Money | null;
  allInPrice: Money | null;
  /** All-in price against mid in basis points, positive is a cost; null without a mid or a quantity. */
  costBps: Money | null;
}>;

/** Why a venue has the share that it has. Stable codes. */
export type VenueReason =
  | 'USED'
  | 'NOT_ALLOWED' // the order names other venues
  | 'EXCLUDED' // decided outside; the code is in `detail`
  | 'NOT_LISTED'
  | 'NO_BOOK'
  | 'BOOK_INVALID'
  | 'PRICE_OUT_OF_RANGE' // the listing has no price that honours the limit
  | 'WOULD_TAKE' // post-only, and its book crosses the limit
  | 'CANNOT_REST'
  | 'NO_LIQUIDITY' // nothing inside the price bound
  | 'NO_BALANCE'
  | 'CAPPED'
  | 'BELOW_MINIMUM' // what it could or should get is under its minimum size or notional
  | 'CANNOT_FILL_WHOLE' // all or nothing, and it cannot fill all
  | 'FITS_LESS' // one venue only, and another can take more
  | 'MORE_EXPENSIVE';

/** What ends the quantity that a venue could take. */
export type Binding = 'QUANTITY' | 'CAP' | 'BALANCE' | 'MAX_ORDER_QTY' | 'LIQUIDITY';

/** A venue as the decision saw it. */
export type VenueView = Readonly<{
  venue: VenueId;
  used: boolean;
  reason: VenueReason;
  detail: string | null;
  /** Quantity that goes there, in grid lots. */
  qty: Lots;
  takerRate: Money;
  makerRate: Money;
  routingRate: Money;
  /** This order there alone: how much fits, of it how much at once, and its cost. Null when it cannot be used. */
  alone: Readonly<{ fits: Lots; takes: Lots; binding: Binding; expected: Amounts }> | null;
  book: Readonly<{ seq: number; at: UnixMs; ageMs: number; bestBid: Money | null; bestAsk: Money | null }> | null;
}>;

/** Why part of the order goes nowhere. Stable codes. */
export type UnroutedReason =
  | 'NO_VENUE' // no venue may be used
  | 'WOULD_TAKE' // post-only, and every venue that may be used would trade at once
  | 'LIQUIDITY'
  | 'BALANCE'
  | 'CAP'
  | 'MAX_ORDER_QTY'
  | 'BELOW_MINIMUM'
  | 'STEP_REMAINDER' // less than a step of any venue that could take it
  | 'FOK_ONE_VENUE' // venues together could fill it, but all-or-nothing cannot span two
  | 'BUDGET'; // what is left of the budget buys no further step within its worst price

export type Unrouted = Readonly<{ qty: Lots; budget: Money; reason: UnroutedReason }>;

/** A level that the plan takes, as decimals. */
export type TakenLevel = Readonly<{ venue: VenueId; price: Money; qty: Money }>;

/** A venue that could have done the whole of what the plan does, alone. */
export type Alternative = Readonly<{ venue: VenueId; fits: Lots; total: Money; worse: Money | null }>;

/**
 * What the plan saves against the best single venue that can do as much: quote currency and basis points of that
 * venue's all-in total, rounded down. Null when no single venue can. Negative only where the strategy gives cost up for
 * something else: a preference, the raw price, less impact.
 */
export type Savings = Readonly<{ against: VenueId; amount: Money; bps: Money }>;

export type Decision = Readonly<{
  instrument: InstrumentId;
  side: Side;
  strategy: Strategy;
  wanted: Wanted;
  /** Grid of the quantities below, so that they can be read without the instrument. */
  step: Money;
  at: UnixMs;
  mid: Money | null;
  limitPrice: Money | null;
  worstPrice: Money | null;
  children: readonly PlannedChild[];
  /** Placed in all, in grid lots. */
  qty: Lots;
  /** Of it, expected to trade at once. */
  takes: Lots;
  expected: Amounts;
  /** Null when all of the order is placed. */
  unrouted: Unrouted | null;
  venues: readonly VenueView[];
  alternatives: readonly Alternative[];
  savings: Savings | null;
  /** Best first, at most MAX_LEVELS; `levelsOmitted` counts the rest. */
  levels: readonly TakenLevel[];
  levelsOmitted: number;
}>;

export const MAX_LEVELS = 50;

/** To be executed: made from a risk-approved request only. */
export type RoutePlan = Decision & Readonly<{ type: 'plan' }>;
/** The same answer to a what-if question. Nothing that executes takes it. */
export type RoutePreview = Decision & Readonly<{ type: 'preview' }>;
