import { divide, ONE, quotient, ZERO } from '../domain/decimal.ts';
import { type Instrument, qtyOf } from '../domain/instrument.ts';
import type { Lots, Money, Side, Ticks, VenueId } from '../domain/ids.ts';
import { invariant } from '../domain/result.ts';
import { type BookView, countsIn } from '../ports/market.ts';
import type { Amounts, Decision } from './plan.ts';
import { amounts, feeOn, settleValue } from './valuation.ts';

/** What an order of a size would cost on one book as it stands. Quantities in base units. */
export type BookCost = Readonly<{
  /** Percent of mid, all in (fees, half spread, impact), of what fills inside the collar; null where nothing does. */
  estimatedCostPercent: Money | null;
  /** Everything on offer inside the collar. */
  liquidityAvailable: Money;
  filled: Money;
  expected: Amounts;
}>;

export type BookCostInput = Readonly<{
  instrument: Instrument;
  side: Side;
  /** Grid lots. */
  qty: Lots;
  book: BookView;
  takerRate: Money;
  routingRate: Money;
  /** Mid at arrival: yardstick of the cost and centre of the collar. */
  mid: Money;
  /** How far from mid a level may lie, as a fraction. */
  collar: Money;
}>;

/** Walks one side of a book. */
export function costOnBook(input: BookCostInput): BookCost {
  const { instrument, side, qty, book, takerRate, routingRate, mid } = input;
  const listing = instrument.listings.get(book.venue);
  invariant(listing !== undefined, 'the book is of a venue that lists the instrument');
  const tick = Number(listing.tick / instrument.grid.tick);
  const step = Number(listing.step / instrument.grid.step);
  let available = 0;
  let filled = 0;
  let notional = 0n;
  const levels = countsIn(book, listing) ? (side === 'buy' ? book.asks : book.bids) : [];
  for (const level of levels) {
    if (!isWithin(side, BigInt(level.price) * listing.tick, mid, input.collar)) break;
    const lots = level.qty * step;
    const taken = Math.min(lots, qty - filled);
    if (taken > 0) notional += settleValue(instrument, side, (level.price * tick) as Ticks, taken as Lots);
    available += lots;
    filled += taken;
  }
  const value = notional as Money;
  const fees = { fee: feeOn(value, takerRate), routingFee: feeOn(value, routingRate) };
  const expected = amounts(instrument, side, { lots: filled as Lots, notional: value, ...fees }, mid);
  return {
    estimatedCostPercent: expected.costBps === null ? null : (divide(expected.costBps, 100n, 'up') as Money),
    liquidityAvailable: qtyOf(instrument.grid, available as Lots),
    filled: qtyOf(instrument.grid, filled as Lots),
    expected,
  };
}

/** Is a price no further than `fraction` beyond mid, on the side's bad side? */
const isWithin = (side: Side, price: bigint, mid: Money, fraction: Money): boolean =>
  side === 'buy' ? price * ONE <= mid * (ONE + fraction) : price * ONE >= mid * (ONE - fraction);

export type SplitShare = Readonly<{ venue: VenueId; fraction: Money; qty: Money }>;

/**
 * The venues' shares of what a decision places: fractions with 6 decimals, the last venue takes the remainder, so
 * that they add up to exactly 1. Empty where nothing is placed.
 */
export function splitShares({ venues, qty, step }: Pick<Decision, 'venues' | 'qty' | 'step'>): readonly SplitShare[] {
  const used = venues.filter((venue) => venue.qty > 0);
  let left: bigint = ONE;
  return used.map((venue, at): SplitShare => {
    const floor = (BigInt(venue.qty) * 1_000_000n) / BigInt(qty);
    const fraction = at === used.length - 1 ? left : floor * (ONE / 1_000_000n);
    left -= fraction;
    return { venue: venue.venue, fraction: fraction as Money, qty: (BigInt(venue.qty) * step) as Money };
  });
}

export type Recommendation = 'split_order' | 'insufficient_liquidity' | VenueId;

/** What a decision amounts to in a word: one venue, several, or that not all of it can be placed. */
export function recommend({ children, unrouted }: Pick<Decision, 'children' | 'unrouted'>): Recommendation {
  const [first] = children;
  if (first === undefined || (unrouted !== null && unrouted.qty > 0)) return 'insufficient_liquidity';
  return children.length > 1 ? 'split_order' : first.venue;
}

/** A fill, or what one would have been: price and quantity in units, all fees as one rate of notional. */
export type PricedFill = Readonly<{ price: Money; qty: Money; feeRate: Money }>;

/** All-in total of spot or linear fills: paid by a buyer, received by a seller; rounded once, against them. */
export function allInTotal(side: Side, fills: readonly PricedFill[]): Money {
  const sign = side === 'buy' ? 1n : -1n;
  const exact = fills.reduce((sum, { price, qty, feeRate }) => sum + price * qty * (ONE + sign * feeRate), 0n);
  return divide(exact, ONE * ONE, side === 'buy' ? 'up' : 'down') as Money;
}

/** What fills saved against a counterfactual of the same quantity; negative is a loss. Basis points rounded down. */
export function savedAgainst(side: Side, fills: readonly PricedFill[], counterfactual: readonly PricedFill[]) {
  const actual = allInTotal(side, fills);
  const other = allInTotal(side, counterfactual);
  const amount = (side === 'buy' ? other - actual : actual - other) as Money;
  return { amount, bps: other === 0n ? ZERO : quotient((amount * 10_000n) as Money, other, 'down') };
}
