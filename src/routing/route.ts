import { priceOf } from '../domain/instrument.ts';
import type { Lots, Money } from '../domain/ids.ts';
import { invariant } from '../domain/result.ts';
import type { RiskApproved } from '../domain/risk-approved.ts';
import { mostLots, spendLimits, splitBudget } from './budget.ts';
import { execute, planChild } from './children.ts';
import {
  type Alone,
  alone,
  alternativesTo,
  budgetLeft,
  type Opened,
  savingsOf,
  takenLevels,
  viewVenues,
  whyUnrouted,
} from './explain.ts';
import type { Decision, RoutePlan, RoutePreview, Unrouted } from './plan.ts';
import { type RouteRequest, isImmediate } from './request.ts';
import { openRoom, type Room } from './room.ts';
import { bestSplit, type Split, type Spread } from './split.ts';
import { amounts, type Executed, NOTHING, sum } from './valuation.ts';

/**
 * Decides where an order goes: as much of it as the venues, their minimums, the caps and the balances allow, and of
 * all such splits the one that the strategy ranks best (see `Strategy`; exact, see `place`). Pure: the same request
 * gives the same plan.
 *
 * A market order becomes one immediate limit order per venue, bounded by the worst acceptable price. A limit order
 * takes what is there up to its price, best all-in first; what is left rests at the venue where resting is cheapest
 * (maker and routing fee, preference) as part of that venue's one child, or at the next where that one cannot hold
 * it; every child carries the parent's price. A fill-or-kill order goes whole to one venue: all-or-nothing cannot be
 * promised across two.
 */
export function route(request: RiskApproved<RouteRequest>): RoutePlan {
  return { type: 'plan', ...decide(request.value) };
}

/** The same answer for a what-if question: of another type, which nothing that executes accepts. */
export function previewRoute(request: RouteRequest): RoutePreview {
  return { type: 'preview', ...decide(request) };
}

function spreadOf(request: RouteRequest): Spread {
  if (request.timeInForce === 'fok') return request.wanted.type === 'budget' ? 'one' : 'one_whole';
  return request.strategy === 'single' ? 'one' : 'any';
}

function decide(request: RouteRequest): Decision {
  const { instrument, side, wanted, mid } = request;
  checkRequest(request);
  const enough = wanted.type === 'quantity' ? wanted.qty : mostLots(request, wanted.amount);
  const opened: Opened[] = request.quotes.map((quote) => ({ quote, room: openRoom(request, quote, enough) }));
  const rooms = opened.flatMap(({ room }) => (room.ok ? [room.value] : []));
  const spread = spreadOf(request);
  const solve = (some: readonly Room[], how: Spread): Split =>
    wanted.type === 'quantity' ? bestSplit(some, enough, how) : splitBudget(request, some, wanted.amount, how);
  const split = solve(rooms, spread);
  const limits = wanted.type === 'budget' ? spendLimits(request, rooms, split, wanted.amount) : [];
  const parts = rooms.map((room, at) => execute(request, room, split.shares[at] as number));
  const children = rooms.flatMap((room, at) => {
    const share = split.shares[at] as number;
    return share === 0 ? [] : [planChild(request, room, share, parts[at] as Executed, limits[at] ?? null)];
  });
  const executed = parts.reduce(sum, NOTHING);
  const expected = amounts(instrument, side, executed, mid);
  const each: Alone[] = rooms.map((room) => alone(request, room, solve([room], 'any').total));
  const plan = { qty: split.total as Lots, takes: executed.lots, total: expected.total };
  const alternatives = alternativesTo(request, rooms, each, plan);
  return {
    ...question(request),
    children,
    qty: plan.qty,
    takes: plan.takes,
    expected,
    unrouted: unroutedOf(request, opened, split, spread, expected.total),
    venues: viewVenues(request, opened, split, each, spread, enough),
    alternatives,
    savings: savingsOf(alternatives),
    ...takenLevels(request, rooms, split),
  };
}

/** What was asked, as the answer repeats it. */
function question(request: RouteRequest) {
  const { instrument, side, strategy, wanted, at, mid, limitPrice, worstPrice } = request;
  return {
    instrument: instrument.id,
    side,
    strategy,
    wanted,
    step: instrument.grid.step,
    at,
    mid,
    limitPrice: limitPrice === null ? null : priceOf(instrument.grid, limitPrice),
    worstPrice: worstPrice === null ? null : priceOf(instrument.grid, worstPrice),
  };
}

function unroutedOf(
  request: RouteRequest,
  opened: readonly Opened[],
  split: Split,
  spread: Spread,
  spent: Money,
): Unrouted | null {
  const { wanted } = request;
  const zero = 0n as Money;
  if (wanted.type === 'budget') {
    const budget = budgetLeft(wanted.amount, spent);
    if (budget === zero) return null;
    const rooms = opened.flatMap(({ room }) => (room.ok ? [room.value] : []));
    const more = bestSplit(rooms, split.total + 1, spread).total > split.total;
    const step = Math.max(1, ...rooms.map((room) => room.step));
    const couldGrow = more || bestSplit(rooms, split.total + step, spread).total > split.total;
    return { qty: 0 as Lots, budget, reason: couldGrow ? 'BUDGET' : whyUnrouted(opened, split, step, spread) };
  }
  const left = wanted.qty - split.total;
  if (left === 0) return null;
  return { qty: left as Lots, budget: zero, reason: whyNot(opened, split, left, spread, wanted.qty) };
}

function whyNot(
  opened: readonly Opened[],
  split: Split,
  left: number,
  spread: Spread,
  wanted: number,
): Unrouted['reason'] {
  if (spread !== 'one_whole') return whyUnrouted(opened, split, left, spread);
  const rooms = opened.flatMap(({ room }) => (room.ok ? [room.value] : []));
  const together = bestSplit(rooms, wanted, 'any');
  if (together.total === wanted) return 'FOK_ONE_VENUE';
  return whyUnrouted(opened, together, wanted - together.total, 'any');
}

/** A request that breaks these was never validated. */
function checkRequest(request: RouteRequest): void {
  const { wanted, side, instrument, timeInForce } = request;
  const venues = new Set(request.quotes.map((quote) => quote.venue));
  invariant(venues.size === request.quotes.length, 'a venue is quoted once');
  if (wanted.type === 'quantity') {
    invariant(Number.isSafeInteger(wanted.qty) && wanted.qty > 0, 'a quantity is a positive count of grid lots');
  } else {
    invariant(wanted.amount > 0n, 'a budget is above zero');
    invariant(side === 'buy' && instrument.category !== 'inverse', 'only a buy paid in quote currency has a budget');
    invariant(isImmediate(request), 'an order by budget does not rest');
  }
  invariant(timeInForce !== 'post_only' || request.limitPrice !== null, 'post-only has a limit price');
}
