import type { ChildOrderView, ExecutionReport, Order, OrderDetail, RoutingDecision } from '../../contract/orders.ts';
import { isoTime } from '../../contract/time.ts';
import { subtract, ZERO } from '../../domain/decimal.ts';
import { type AssetId, splitInstrumentId, type VenueId } from '../../domain/ids.ts';
import { decodeText } from '../../kernel/codec.ts';
import type { ChildRecord, ExecutionRecord, OrderHistory, OrderRecord } from '../../ports/records.ts';
import type { RoutePlan } from '../../routing/plan.ts';
import { type Charges, executionFees, summedFees } from './charges.ts';
import { average, childStatus, percentOf, shownDecision } from './order-view.ts';

/** Orders and executions out of the records, as `order-view.ts` shows those in memory. */
export function recordedOrder(record: OrderRecord): Order {
  const { category, symbol } = splitInstrumentId(record.instrument);
  const { qty, quote, children } = record;
  return {
    id: record.id,
    client_order_id: record.clientOrderId,
    source: 'okd',
    symbol,
    category,
    side: record.side,
    type: record.type as Order['type'],
    time_in_force: record.timeInForce,
    status: record.status,
    certainty: record.certainty,
    reason: record.reason,
    quantity: qty,
    quote_quantity: record.quoteQty,
    price: record.price,
    max_slippage: percentOf(record.maxSlippage),
    reduce_only: record.reduceOnly,
    filled_quantity: record.cumQty,
    remaining_quantity: record.closedAt !== null ? ZERO : qty === null ? null : subtract(qty, record.cumQty),
    average_price: average(record.cumNotional, record.cumQty),
    fees: summedFees(children.map((child) => chargesOn(child, quote))),
    late_fill: record.lateFill,
    children: children.map((child) => childView(child, quote)),
    routing_decision: record.decision === null ? null : recordedDecision(record.decision),
    created_at: isoTime(record.createdAt),
    updated_at: isoTime(record.updatedAt),
  };
}

const chargesOn = ({ venue, charged, venueFees }: ChildRecord, quote: AssetId): Charges => ({
  venue,
  charged: { asset: quote, amount: charged },
  carried: venueFees,
});

function childView(child: ChildRecord, quote: AssetId): ChildOrderView {
  return {
    id: child.id,
    venue: child.venue,
    venue_order_id: child.venueOrderId,
    status: childStatus(child.status, child.cumQty),
    in_flight: child.inFlight,
    certainty: child.certainty,
    price: child.price,
    quantity: child.qty,
    filled_quantity: child.cumQty,
    average_price: average(child.cumNotional, child.cumQty),
    fees: summedFees([chargesOn(child, quote)]),
    reason: child.reason,
    late_fill: child.lateFill,
    created_at: isoTime(child.createdAt),
    updated_at: isoTime(child.updatedAt),
  };
}

/** Which venues the order named is told by those that it did not allow. */
function recordedDecision(text: string): RoutingDecision {
  const plan = decodeText(text) as RoutePlan;
  const allowed = plan.venues.filter(({ reason }) => reason !== 'NOT_ALLOWED').map(({ venue }): VenueId => venue);
  return shownDecision(plan, allowed.length === plan.venues.length ? null : allowed);
}

export function recordedExecution(record: ExecutionRecord): ExecutionReport {
  const { category, symbol } = splitInstrumentId(record.instrument);
  return {
    id: record.execId,
    order_id: record.order,
    child_id: record.child,
    client_order_id: record.clientOrderId,
    venue: record.venue,
    symbol,
    category,
    side: record.side,
    price: record.price,
    quantity: record.qty,
    notional: record.notional,
    fees: executionFees({ venue: record.venue, charged: record.charged, carried: [record.venueFee] }),
    liquidity: record.liquidity,
    executed_at: isoTime(record.executedAt),
  };
}

export const recordedDetail = ({ order, executions, events }: OrderHistory): OrderDetail => ({
  ...recordedOrder(order),
  executions: executions.map(recordedExecution),
  events: events.map(({ at, type, child, text }) => ({ at: isoTime(at), type, child_id: child, text })),
});
