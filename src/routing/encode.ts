import { formatDecimal } from '../domain/decimal.ts';
import type { Lots, Money } from '../domain/ids.ts';
import type { Amounts, Decision, PlannedChild, RoutePlan, RoutePreview, VenueView } from './plan.ts';

/** A routing decision as JSON: amounts are decimal strings, prices and quantities in units of the instrument. */
export type EncodedPlan = ReturnType<typeof encodePlan>;

const text = (value: Money | null): string | null => (value === null ? null : formatDecimal(value));
const counted = (count: number, unit: Money): string => formatDecimal((BigInt(count) * unit) as Money);

/** For the journal and the API's `routing_decision`. */
export function encodePlan(plan: RoutePlan | RoutePreview) {
  const qty = (lots: Lots): string => counted(lots, plan.step);
  return {
    type: plan.type,
    instrument: plan.instrument,
    side: plan.side,
    strategy: plan.strategy,
    ...encodeWanted(plan),
    at: plan.at,
    mid: text(plan.mid),
    limit_price: text(plan.limitPrice),
    worst_price: text(plan.worstPrice),
    quantity: qty(plan.qty),
    takes: qty(plan.takes),
    expected: encodeAmounts(plan.expected),
    unrouted: plan.unrouted && {
      quantity: qty(plan.unrouted.qty),
      budget: formatDecimal(plan.unrouted.budget),
      reason: plan.unrouted.reason,
    },
    children: plan.children.map(encodeChild),
    venues: plan.venues.map((venue) => encodeVenue(venue, qty)),
    alternatives: plan.alternatives.map(({ venue, fits, total, worse }) => ({
      venue,
      fits: qty(fits),
      total: formatDecimal(total),
      worse: text(worse),
    })),
    savings: plan.savings && {
      against: plan.savings.against,
      amount: formatDecimal(plan.savings.amount),
      bps: formatDecimal(plan.savings.bps),
    },
    levels: plan.levels.map(({ venue, price, qty: size }) => ({
      venue,
      price: formatDecimal(price),
      quantity: formatDecimal(size),
    })),
    levels_omitted: plan.levelsOmitted,
  };
}

function encodeWanted({ wanted, step }: Decision) {
  return wanted.type === 'quantity'
    ? { wanted_quantity: counted(wanted.qty, step), wanted_budget: null }
    : { wanted_quantity: null, wanted_budget: formatDecimal(wanted.amount) };
}

function encodeChild(child: PlannedChild) {
  return {
    venue: child.venue,
    side: child.side,
    price: counted(child.price, child.tick),
    quantity: counted(child.qty, child.step),
    time_in_force: child.timeInForce,
    takes: counted(child.takes, child.step),
    worst_level: text(child.worstLevel),
    expected: encodeAmounts(child.expected),
    locks: text(child.locks),
  };
}

function encodeVenue(view: VenueView, qty: (lots: Lots) => string) {
  return {
    venue: view.venue,
    used: view.used,
    reason: view.reason,
    detail: view.detail,
    quantity: qty(view.qty),
    taker_rate: formatDecimal(view.takerRate),
    maker_rate: formatDecimal(view.makerRate),
    routing_rate: formatDecimal(view.routingRate),
    alone: view.alone && {
      fits: qty(view.alone.fits),
      takes: qty(view.alone.takes),
      binding: view.alone.binding,
      expected: encodeAmounts(view.alone.expected),
    },
    book: view.book && {
      seq: view.book.seq,
      at: view.book.at,
      age_ms: view.book.ageMs,
      best_bid: text(view.book.bestBid),
      best_ask: text(view.book.bestAsk),
    },
  };
}

const encodeAmounts = (amounts: Amounts) => ({
  notional: formatDecimal(amounts.notional),
  fee: formatDecimal(amounts.fee),
  routing_fee: formatDecimal(amounts.routingFee),
  total: formatDecimal(amounts.total),
  average_price: text(amounts.averagePrice),
  all_in_price: text(amounts.allInPrice),
  cost_bps: text(amounts.costBps),
});
