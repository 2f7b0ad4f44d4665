import { formatDecimal, maximum, minimum, money, multiply, ONE, ZERO } from '../domain/decimal.ts';
import { INTERNAL_VENUE, type Money, type OrderId, type UnixMs } from '../domain/ids.ts';
import { type Listing, passiveTicks, priceOf, qtyOf, toLots, toTicks } from '../domain/instrument.ts';
import { invariant } from '../domain/result.ts';
import { holdFor, NOT_TRADED } from '../clearing/funds.ts';
import type { RiskFacts } from '../risk/checks.ts';
import { approve } from '../risk/gate.ts';
import type { RoutePlan, UnroutedReason } from '../routing/plan.ts';
import type { RouteRequest } from '../routing/request.ts';
import { route } from '../routing/route.ts';
import { applySettings, withExclusions } from '../routing/settings.ts';
import { beyondMeans } from './affordable.ts';
import { childId } from './child-id.ts';
import type { OrderContext } from './context.ts';
import type { Emit, OrderRequest, PlannedChild } from './events.ts';
import type { AccountOutput, Denial } from './messages.ts';
import { type Remaining, routeRequest, spends, worstPriceOf } from './route-request.ts';
import type { AccountState } from './state.ts';

/** A routed order, not yet accepted: everything that the acceptance will say. */
export type Routed = Readonly<{ plan: RoutePlan; worstPrice: Money | null }>;
export type Verdict = Readonly<{ ok: true; routed: Routed }> | Readonly<{ ok: false; denial: Denial }>;

const deny = (code: string, message: string, details?: Readonly<Record<string, unknown>>): Verdict => ({
  ok: false,
  denial: { code, message, ...(details === undefined ? {} : { details }) },
});

/** Checks and routes: the whole verdict on a new order, with nothing changed. Previews use it as it is. */
export function judge(
  state: AccountState,
  context: OrderContext,
  request: OrderRequest,
  at: UnixMs,
  remaining: Remaining = { qty: (request.qty ?? ZERO) as Money, budget: request.quoteQty, usedAt: new Map() },
  excluded: ReadonlyMap<string, string> = new Map(),
  fixedWorstPrice?: Money | null,
): Verdict {
  const offGrid = gridDenial(context, request);
  if (offGrid !== null) return offGrid;
  const pointless = reduceOnlyDenial(context, request);
  if (pointless !== null) return pointless;
  const worstPrice = fixedWorstPrice === undefined ? worstPriceOf(context, request) : fixedWorstPrice;
  const question = routeRequest(state, context, request, worstPrice, remaining, excluded, at);
  const bounded = insideSettings(context, request, question);
  const approved = approve(bounded, riskFacts(state, context, request));
  if (!approved.ok) return { ok: false, denial: approved.error };
  const unaffordable = fixedWorstPrice === undefined ? beyondMeans(bounded) : null;
  if (unaffordable !== null) return { ok: false, denial: unaffordable };
  return { ok: true, routed: { plan: route(approved.value), worstPrice } };
}

/** The question to the router, without the venues that the account's settings take out. */
export function insideSettings(context: OrderContext, request: OrderRequest, question: RouteRequest): RouteRequest {
  const value = notionalOf(context, request);
  const inUsdt = value === null || context.quoteInUsdt === null ? null : multiply(value, context.quoteInUsdt, 'up');
  return withExclusions(question, applySettings(context.settings.routing, question, inUsdt));
}

/** What the risk gate looks at for this order. */
export const riskFacts = (state: AccountState, context: OrderContext, request: OrderRequest): RiskFacts => ({
  side: request.side,
  type: request.type,
  postOnly: request.timeInForce === 'post_only',
  price: request.price,
  notional: notionalOf(context, request),
  reference: context.reference?.price ?? null,
  halted: context.halted,
  accountHalted: state.halted,
  maxOrderNotional: context.settings.maxOrderNotional,
  priceCollar: context.settings.priceCollar,
  tick: context.instrument.grid.tick,
});

function notionalOf(context: OrderContext, request: OrderRequest): Money | null {
  if (request.quoteQty !== null) return request.quoteQty;
  const price = request.price ?? context.reference?.price ?? null;
  return price === null || request.qty === null ? null : multiply(price, request.qty, 'up');
}

function gridDenial({ instrument }: OrderContext, request: OrderRequest): Verdict | null {
  const price = request.price === null ? null : toTicks(instrument.grid, request.price);
  if (price !== null && !price.ok) {
    const details = {
      field: 'price',
      tick: formatDecimal(instrument.grid.tick),
      below: formatDecimal(price.error.below),
      above: formatDecimal(price.error.above),
    };
    return deny(
      'OFF_TICK',
      `The price is not a multiple of the tick ${details.tick}: ${details.below} and ${details.above} are.`,
      details,
    );
  }
  const qty = request.qty === null ? null : toLots(instrument.grid, request.qty);
  if (qty !== null && !qty.ok) {
    const details = {
      field: 'quantity',
      step: formatDecimal(instrument.grid.step),
      below: formatDecimal(qty.error.below),
      above: formatDecimal(qty.error.above),
    };
    return deny(
      'OFF_STEP',
      `The quantity is not a multiple of the step ${details.step}: ${details.below} and ${details.above} are.`,
      details,
    );
  }
  return null;
}

/** Spot has no position to reduce. Of derivatives the venue judges: what we know of a position can be older than a fill. */
function reduceOnlyDenial({ instrument }: OrderContext, request: OrderRequest): Verdict | null {
  if (!request.reduceOnly || instrument.category !== 'spot') return null;
  return deny('REDUCE_ONLY', 'There is no position that this reduce-only order would reduce.', {
    symbol: instrument.id,
  });
}

const UNROUTED: Readonly<Record<UnroutedReason, readonly [code: string, message: string]>> = {
  NO_VENUE: ['NO_ELIGIBLE_VENUE', 'No venue can take this order now.'],
  LIQUIDITY: ['INSUFFICIENT_LIQUIDITY', 'No venue has anything to trade with inside the price limit.'],
  BALANCE: ['INSUFFICIENT_BALANCE', 'The balances on the venues that may take this order do not cover it.'],
  CAP: ['NO_ELIGIBLE_VENUE', 'The share that the order allows per venue leaves it unplaced.'],
  MAX_ORDER_QTY: ['QTY_OUT_OF_RANGE', 'The quantity is above what the venues take in one order.'],
  BELOW_MINIMUM: ['BELOW_MIN_NOTIONAL', 'The order is below the smallest size or value that a venue takes.'],
  STEP_REMAINDER: ['BELOW_MIN_NOTIONAL', 'The quantity is below one step of every venue that could take it.'],
  FOK_ONE_VENUE: [
    'INSUFFICIENT_LIQUIDITY',
    'No single venue can fill all of it at once, and all-or-nothing cannot span two.',
  ],
  WOULD_TAKE: [
    'POST_ONLY_WOULD_TAKE',
    'A post-only order at this price would trade at once on every venue that may take it.',
  ],
  BUDGET: ['BELOW_MIN_NOTIONAL', 'The amount buys less than the smallest order that a venue takes.'],
};

/** What of an order is placed nowhere and therefore refuses it: all of it, or the part that money does not cover. */
export function unroutedDenial(plan: RoutePlan): Denial | null {
  const { unrouted } = plan;
  if (unrouted === null) return null;
  if (plan.children.length > 0 && unrouted.reason !== 'BALANCE') return null;
  const [code, message] = UNROUTED[unrouted.reason];
  const venues = plan.venues.map(({ venue, reason, detail }) => ({ venue, reason, detail }));
  const fits = unrouted.reason === 'BALANCE' && plan.wanted.type === 'quantity';
  const affordable = fits ? { affordable: formatDecimal((BigInt(plan.qty) * plan.step) as Money) } : {};
  return { code, message, details: { venues, ...affordable } };
}

/** Part of a venue's price band that is used: its reference is not ours, and moves. */
const BAND_SHARE = money('0.8');

/**
 * A venue refuses what is priced too far through its own reference. An order that may only trade at once loses nothing
 * by a bound that is closer, as long as the levels that it is meant to take stay inside.
 */
function insideBand(listing: Listing, planned: RoutePlan['children'][number], { reference }: OrderContext): Money {
  const wished = priceOf(listing, planned.price);
  if (
    listing.priceBand === null ||
    reference === null ||
    planned.timeInForce === 'gtc' ||
    planned.timeInForce === 'post_only'
  )
    return wished;
  const buy = planned.side === 'buy';
  const within = (width: Money): Money => {
    const edge = multiply(reference.price, (buy ? ONE + width : ONE - width) as Money, buy ? 'down' : 'up');
    return priceOf(listing, passiveTicks(listing, edge, planned.side));
  };
  const [closer, farther] = buy ? ([minimum, maximum] as const) : ([maximum, minimum] as const);
  const bound = closer(wished, within(multiply(listing.priceBand, BAND_SHARE, 'down')));
  if (planned.worstLevel === null) return bound;
  // A level outside the band cannot be had there: what is inside can, and the rest is routed again.
  return farther(bound, closer(planned.worstLevel, within(listing.priceBand)));
}

/** Says that the plan is to be carried out: the decision, the children with what they hold, and what is to be sent. */
export function place(
  state: AccountState,
  instance: string,
  emit: Emit,
  out: AccountOutput[],
  order: OrderId,
  context: OrderContext,
  plan: RoutePlan,
  at: UnixMs,
): void {
  const parent = state.parent(order);
  const first = parent.children.length + 1;
  const children = plan.children.map((planned, i): PlannedChild => {
    const listing = context.instrument.listings.get(planned.venue);
    const venue = context.venues.find((one) => one.venue === planned.venue);
    invariant(listing !== undefined && venue !== undefined, `planned venue ${planned.venue} was offered`);
    const price = insideBand(listing, planned, context);
    const qty = qtyOf(listing, planned.qty);
    const internal = planned.venue === INTERNAL_VENUE;
    const rates = internal ? venue.fees : venue.routing;
    const { base, quote } = context.instrument;
    const terms = {
      side: planned.side,
      price,
      leaves: qty,
      traded: NOT_TRADED,
      rates,
      base,
      quote,
      quoteScale: context.quoteScale,
    };
    const reserve = internal
      ? holdFor(terms)
      : { asset: spends(context, parent.request), amount: planned.locks ?? ZERO };
    const id = childId(instance, state.number, parent.seq, first + i);
    return { id, venue: planned.venue, price, qty, timeInForce: planned.timeInForce, rates, reserve };
  });
  emit({ type: 'routed', at, order, round: parent.rounds + 1, decision: plan, children });
  for (const child of children) out.push({ type: 'submit', child: child.id });
}
