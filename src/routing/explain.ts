import { maximum, negate, quotient, subtract, ZERO } from '../domain/decimal.ts';
import { priceOf, qtyOf } from '../domain/instrument.ts';
import type { Lots, Money, Ticks } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import { execute } from './children.ts';
import {
  type Alternative,
  type Amounts,
  type Binding,
  MAX_LEVELS,
  type Savings,
  type TakenLevel,
  type UnroutedReason,
  type VenueReason,
  type VenueView,
} from './plan.ts';
import type { RouteRequest, VenueQuote } from './request.ts';
import type { NoRoom, Room } from './room.ts';
import { bestSplit, type Split, type Spread } from './split.ts';
import { amounts, wantsLess } from './valuation.ts';

/** A venue and whether it could be used. */
export type Opened = Readonly<{ quote: VenueQuote; room: Result<Room, NoRoom> }>;
/** The whole order at one venue alone. */
export type Alone = Readonly<{ fits: Lots; takes: Lots; expected: Amounts }>;

export function alone(request: RouteRequest, room: Room, share: number): Alone {
  const executed = execute(request, room, share);
  const { instrument, side, mid } = request;
  return { fits: share as Lots, takes: executed.lots, expected: amounts(instrument, side, executed, mid) };
}

/** One row per venue seen, in the order of the quotes. `shares` and `each` go with the rooms that opened. */
export function viewVenues(
  request: RouteRequest,
  opened: readonly Opened[],
  split: Split,
  each: readonly Alone[],
  spread: Spread,
  wanted: number,
): readonly VenueView[] {
  let at = -1;
  return opened.map(({ quote, room }) => {
    if (!room.ok) return view(request, quote, { ...room.error, qty: 0, alone: null });
    at += 1;
    const single = each[at] as Alone;
    const qty = split.shares[at] as number;
    const reason = reasonOf(split, at, single, spread, wanted);
    return view(request, quote, { reason, detail: null, qty, alone: { ...single, binding: room.value.binding } });
  });
}

function reasonOf(split: Split, at: number, single: Alone, spread: Spread, wanted: number): VenueReason {
  if ((split.shares[at] as number) > 0) return 'USED';
  if (spread === 'one_whole' && single.fits < wanted) return 'CANNOT_FILL_WHOLE';
  if (split.unconstrained !== null && (split.unconstrained[at] as number) > 0) return 'BELOW_MINIMUM';
  return spread === 'one' && single.fits < split.total ? 'FITS_LESS' : 'MORE_EXPENSIVE';
}

type Verdict = Readonly<{ reason: VenueReason; detail: string | null; qty: number; alone: VenueView['alone'] }>;

function view(request: RouteRequest, quote: VenueQuote, verdict: Verdict): VenueView {
  const { venue, takerRate, makerRate, routingRate, book } = quote;
  const listing = request.instrument.listings.get(venue);
  const touch = (price: Ticks | undefined): Money | null =>
    price === undefined || listing === undefined ? null : priceOf(listing, price);
  return {
    venue,
    used: verdict.reason === 'USED',
    reason: verdict.reason,
    detail: verdict.detail,
    qty: verdict.qty as Lots,
    takerRate,
    makerRate,
    routingRate,
    alone: verdict.alone,
    book: book && {
      seq: book.seq,
      at: book.at,
      ageMs: Math.max(0, request.at - book.receivedAt),
      bestBid: touch(book.bids[0]?.price),
      bestAsk: touch(book.asks[0]?.price),
    },
  };
}

/** Single venues that can place and take as much as the plan does, cheapest first. */
export function alternativesTo(
  request: RouteRequest,
  rooms: readonly Room[],
  each: readonly Alone[],
  plan: Readonly<{ qty: Lots; takes: Lots; total: Money }>,
): readonly Alternative[] {
  if (plan.qty === 0) return [];
  const sign = wantsLess(request.instrument, request.side) ? 1n : -1n;
  const found = rooms.map((room, at): Alternative => {
    const known = each[at] as Alone;
    const single = known.fits <= plan.qty ? known : alone(request, room, bestSplit([room], plan.qty, 'any').total);
    const whole = single.fits === plan.qty && single.takes === plan.takes;
    const difference = subtract(single.expected.total, plan.total);
    const worse = whole ? (sign > 0n ? difference : negate(difference)) : null;
    return { venue: room.quote.venue, fits: single.fits, total: single.expected.total, worse };
  });
  return found.sort((a, b) => {
    if (a.worse === null || b.worse === null) return Number(a.worse === null) - Number(b.worse === null);
    return a.worse < b.worse ? -1 : Number(a.worse > b.worse);
  });
}

const BPS = 10_000n;

/** Against the best of the alternatives that do as much, if any. */
export function savingsOf(alternatives: readonly Alternative[]): Savings | null {
  const best = alternatives[0];
  if (best === undefined || best.worse === null || best.total <= 0n) return null;
  return { against: best.venue, amount: best.worse, bps: quotient((best.worse * BPS) as Money, best.total, 'down') };
}

/** What a person can change comes first; that a book is only so deep comes last. */
const BY_BINDING: readonly (readonly [Binding, UnroutedReason])[] = [
  ['CAP', 'CAP'],
  ['BALANCE', 'BALANCE'],
  ['MAX_ORDER_QTY', 'MAX_ORDER_QTY'],
  ['LIQUIDITY', 'LIQUIDITY'],
];

const BY_CLOSED: readonly (readonly [VenueReason, UnroutedReason])[] = [
  ['CAPPED', 'CAP'],
  ['NO_BALANCE', 'BALANCE'],
  ['BELOW_MINIMUM', 'BELOW_MINIMUM'],
  ['WOULD_TAKE', 'WOULD_TAKE'],
  ['NO_LIQUIDITY', 'LIQUIDITY'],
];

/** Why `left` grid lots (above zero) go nowhere. */
export function whyUnrouted(opened: readonly Opened[], split: Split, left: number, spread: Spread): UnroutedReason {
  const rooms = opened.flatMap(({ room }) => (room.ok ? [room.value] : []));
  const asked = rooms.map((room, at) => ({ room, share: split.shares[at] as number }));
  const chosen = spread === 'any' || split.total === 0 ? asked : asked.filter(({ share }) => share > 0);
  if (chosen.length === 0) {
    const reasons = opened.flatMap(({ room }) => (room.ok ? [] : [room.error.reason]));
    return BY_CLOSED.find(([closed]) => reasons.includes(closed))?.[1] ?? 'NO_VENUE';
  }
  const spare = chosen.filter(({ room, share }) => share < (room.ranges.at(-1) as { high: number }).high);
  if (spare.length > 0) return spare.every(({ room }) => left < room.step) ? 'STEP_REMAINDER' : 'BELOW_MINIMUM';
  const bindings = chosen.map(({ room }) => room.binding);
  return BY_BINDING.find(([binding]) => bindings.includes(binding))?.[1] ?? 'STEP_REMAINDER';
}

/** The levels that the shares take, cheapest first by what the decision compared; bounded. */
export function takenLevels(request: RouteRequest, rooms: readonly Room[], split: Split) {
  const found: { level: TakenLevel; unit: bigint }[] = [];
  let count = 0;
  for (const [at, room] of rooms.entries()) {
    const { curve, quote } = room;
    const lots = Math.min(split.shares[at] as number, curve.depth);
    let from = 0;
    for (let segment = 0; from < lots; segment++) {
      const to = Math.min(lots, curve.ends[segment] as number);
      count += 1;
      if (segment < MAX_LEVELS) {
        const price = priceOf(request.instrument.grid, curve.prices[segment] as Ticks);
        const qty = qtyOf(request.instrument.grid, (to - from) as Lots);
        found.push({ level: { venue: quote.venue, price, qty }, unit: curve.units[segment] as bigint });
      }
      from = to;
    }
  }
  found.sort((a, b) => (a.unit < b.unit ? -1 : Number(a.unit > b.unit)));
  const levels = found.slice(0, MAX_LEVELS).map(({ level }) => level);
  return { levels, levelsOmitted: count - levels.length };
}

/** What a budget has left over when `spent` is expected to be spent. */
export const budgetLeft = (amount: Money, spent: Money): Money => maximum(ZERO, subtract(amount, spent));
