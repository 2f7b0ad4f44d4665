import type { RoutedVenue, RoutingDecision } from '../../contract/orders.ts';
import { isoTime } from '../../contract/time.ts';
import { formatDecimal, roundTo, ZERO } from '../../domain/decimal.ts';
import type { Lots, Money } from '../../domain/ids.ts';
import type { Decision, Unrouted, VenueView } from '../../routing/plan.ts';

/** Percent values are shown to this many digits. */
const PERCENT_SCALE = 6;

const qty = (decision: Decision, lots: Lots): Money => (BigInt(lots) * decision.step) as Money;
const percent = (fraction: Money): Money => roundTo((fraction * 100n) as Money, PERCENT_SCALE, 'up');
const bpsToPercent = (bps: Money | null): Money | null =>
  bps === null ? null : roundTo((bps / 100n) as Money, PERCENT_SCALE, 'up');

/** What a venue's reason means, for people. */
const EXPLAINED: Readonly<Record<string, string>> = {
  USED: 'Used: its levels are among the cheapest, fees included.',
  NOT_ALLOWED: 'The order names other venues.',
  EXCLUDED: 'Left out by settings or state',
  NOT_LISTED: 'The venue does not list the instrument.',
  NO_BOOK: 'No order book is known.',
  BOOK_INVALID: 'Its order book is stale or being repaired.',
  PRICE_OUT_OF_RANGE: 'The venue has no price that honours the limit.',
  WOULD_TAKE: 'A post-only order would trade at once there.',
  CANNOT_REST: 'Nothing may rest there.',
  NO_LIQUIDITY: 'Its book has nothing inside the price bound.',
  NO_BALANCE: 'The balance there covers nothing of this order.',
  CAPPED: 'The order gives it no share.',
  BELOW_MINIMUM: 'Its share would be below its smallest order.',
  CANNOT_FILL_WHOLE: 'All or nothing, and it cannot fill all.',
  MORE_EXPENSIVE: 'More expensive than what was chosen, fees included.',
  FITS_LESS: 'It can take less of the order than the venue that was chosen.',
};

function venueView(decision: Decision, view: VenueView): RoutedVenue {
  const { alone, book } = view;
  return {
    venue: view.venue,
    used: view.used,
    reason: view.reason,
    explanation: `${EXPLAINED[view.reason] ?? view.reason}${view.detail === null ? '' : ` (${view.detail})`}`,
    quantity: qty(decision, view.qty),
    best_bid: book?.bestBid ?? null,
    best_ask: book?.bestAsk ?? null,
    fillable_quantity: alone === null ? null : qty(decision, alone.takes),
    affordable_quantity: alone === null ? null : qty(decision, alone.fits),
    estimated_cost: bpsToPercent(alone?.expected.costBps ?? null),
    fee_rate: percent((view.takerRate + view.routingRate) as Money),
    book_age_ms: book?.ageMs ?? null,
  };
}

/** The router's decision as the API prints it. */
export function decisionView(decision: Decision): RoutingDecision {
  const split: Record<string, Money> = {};
  for (const view of decision.venues) if (view.used) split[view.venue] = qty(decision, view.qty);
  return {
    decided_at: isoTime(decision.at),
    strategy: decision.strategy === 'single' ? 'smart' : decision.strategy,
    arrival_price: decision.mid,
    protection_price: decision.worstPrice,
    venues: decision.venues.map((view) => venueView(decision, view)),
    split,
    unrouted_quantity: decision.unrouted === null ? ZERO : qty(decision, decision.unrouted.qty),
    expected_average_price: decision.expected.averagePrice,
    expected_cost: bpsToPercent(decision.expected.costBps),
    explanation: explain(decision, split),
  };
}

/** In base quantity, or of a budget in quote. */
const leftOver = (decision: Decision, { qty: lots, budget }: Unrouted): Money =>
  decision.wanted.type === 'budget' ? budget : qty(decision, lots);

function explain(decision: Decision, split: Readonly<Record<string, Money>>): string {
  const parts = Object.entries(split).map(([venue, amount]) => `${formatDecimal(amount)} at ${venue}`);
  if (parts.length === 0) return `Nothing can be placed: ${decision.unrouted?.reason ?? 'no venue'}.`;
  const { savings, unrouted } = decision;
  const saved =
    savings === null || savings.amount <= 0n
      ? ''
      : ` It is ${formatDecimal(roundTo(savings.amount, 8, 'down'))} better than ${savings.against} alone.`;
  const left =
    unrouted === null ? '' : ` ${formatDecimal(leftOver(decision, unrouted))} is placed nowhere: ${unrouted.reason}.`;
  return `${parts.join(', ')}: the least all-in cost of all splits.${saved}${left}`;
}
