import type { ChildOrderView, ExecutionReport, Order, OrderDetail, RoutingDecision } from '../../contract/orders.ts';
import { isoTime } from '../../contract/time.ts';
import { quotient, roundTo, subtract, ZERO } from '../../domain/decimal.ts';
import { type AssetId, INTERNAL_VENUE, type Money, splitInstrumentId, type VenueId } from '../../domain/ids.ts';
import type { Execution, OrderStatus } from '../../domain/order.ts';
import type { Child } from '../../oms/child.ts';
import { progressOf, statusOf } from '../../oms/progress.ts';
import type { AccountState, Parent } from '../../oms/state.ts';
import type { Decision } from '../../routing/plan.ts';
import { type Charges, chargesOf, executionFees, summedFees } from './charges.ts';
import { decisionView } from './decision-view.ts';

/** Averages are shown to this many digits; executions carry the exact prices. */
const AVERAGE_SCALE = 12;

export const average = (notional: Money, qty: Money): Money | null =>
  qty === 0n ? null : roundTo(quotient(notional, qty, 'half_even'), AVERAGE_SCALE, 'half_even');

/** A fraction as the percent that the API prints. */
export const percentOf = (fraction: Money | null): Money | null =>
  fraction === null ? null : ((fraction * 100n) as Money);

export const childStatus = (status: OrderStatus, cumQty: Money): ChildOrderView['status'] =>
  status === 'working' && cumQty > 0n ? 'partially_filled' : status;

/** The decision with the strategy in the client's words, where an order for one venue only is a strategy of its own. */
export function shownDecision(decision: Decision, allowed: readonly VenueId[] | null): RoutingDecision {
  const view = decisionView(decision);
  if (view.strategy !== 'smart' || allowed?.length !== 1) return view;
  return { ...view, strategy: allowed[0] === INTERNAL_VENUE ? 'internal_only' : 'bybit_only' };
}

const chargesOn = ({ order, charged, executions }: Child, quote: AssetId): Charges => ({
  venue: order.venue,
  charged: { asset: quote, amount: charged },
  carried: executions.map(({ fee, feeAsset }) => ({ asset: feeAsset, amount: fee })),
});

export function orderView(state: AccountState, parent: Parent): Order {
  const { quote } = parent.coins;
  const { request, closed } = parent;
  const progress = progressOf(state, parent);
  const children = state.childrenOf(parent);
  const [decision] = parent.decisions;
  const { category, symbol } = splitInstrumentId(request.instrument);
  return {
    id: parent.id,
    client_order_id: request.clientOrderId,
    source: 'okd',
    symbol,
    category,
    side: request.side,
    type: request.type,
    time_in_force: request.timeInForce,
    status: statusOf(parent, progress),
    certainty: progress.certainty,
    reason: closed?.reason ?? null,
    quantity: request.qty,
    quote_quantity: request.quoteQty,
    price: request.price,
    max_slippage: percentOf(request.maxSlippage),
    reduce_only: request.reduceOnly,
    filled_quantity: progress.cumQty,
    remaining_quantity: closed !== null ? ZERO : request.qty === null ? null : subtract(request.qty, progress.cumQty),
    average_price: average(progress.cumNotional, progress.cumQty),
    fees: summedFees(children.map((child) => chargesOn(child, quote))),
    late_fill: parent.lateFill,
    children: children.map((child) => childView(child, parent, quote)),
    routing_decision: decision === undefined ? null : shownDecision(decision, request.routing.venues),
    created_at: isoTime(parent.createdAt),
    updated_at: isoTime(parent.updatedAt),
  };
}

function childView(child: Child, parent: Parent, quote: AssetId): ChildOrderView {
  const { order } = child;
  return {
    id: order.clientOrderId,
    venue: order.venue,
    venue_order_id: order.venueOrderId,
    status: childStatus(order.status, order.cumQty),
    in_flight: order.inFlight,
    certainty: order.certainty,
    price: order.price,
    quantity: order.qty,
    filled_quantity: order.cumQty,
    average_price: average(order.cumNotional, order.cumQty),
    fees: summedFees([chargesOn(child, quote)]),
    reason: order.reason,
    late_fill: parent.lateFill && order.status !== 'filled' && order.cumQty > 0n,
    created_at: isoTime(order.createdAt),
    updated_at: isoTime(order.updatedAt),
  };
}

/** One execution by its place in its child; null where there is none. */
export function executionView(parent: Parent, child: Child, index: number): ExecutionReport | null {
  const execution = child.executions[index];
  const charge = chargesOf(child, parent.coins.quoteScale)[index];
  return execution === undefined || charge === undefined ? null : report(parent, child, execution, charge);
}

/** All executions of a child, in the order in which they were booked. */
export function executionViews(parent: Parent, child: Child): ExecutionReport[] {
  const charges = chargesOf(child, parent.coins.quoteScale);
  return child.executions.map((execution, index) => report(parent, child, execution, charges[index] ?? ZERO));
}

function report(parent: Parent, { order }: Child, execution: Execution, charge: Money): ExecutionReport {
  const { category, symbol } = splitInstrumentId(order.instrument);
  return {
    id: execution.execId,
    order_id: parent.id,
    child_id: order.clientOrderId,
    client_order_id: parent.request.clientOrderId,
    venue: order.venue,
    symbol,
    category,
    side: order.side,
    price: execution.price,
    quantity: execution.qty,
    notional: execution.notional,
    fees: executionFees({
      venue: order.venue,
      charged: { asset: parent.coins.quote, amount: charge },
      carried: [{ asset: execution.feeAsset, amount: execution.fee }],
    }),
    liquidity: execution.liquidity,
    executed_at: isoTime(execution.at),
  };
}

export function orderDetail(state: AccountState, parent: Parent): OrderDetail {
  const children = state.childrenOf(parent);
  const executions = children.flatMap((child) => executionViews(parent, child));
  const events = [
    { at: isoTime(parent.createdAt), type: 'accepted', child_id: null, text: 'Durable, checked and routed.' },
    ...children.flatMap((child) => childEvents(child)),
    ...(parent.closed === null
      ? []
      : [{ at: isoTime(parent.closed.at), type: parent.closed.status, child_id: null, text: parent.closed.reason }]),
  ];
  return {
    ...orderView(state, parent),
    executions,
    events: events.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at))),
  };
}

function childEvents({ order, executions }: Child): OrderDetail['events'] {
  const at = (type: string, time: typeof order.createdAt, text: string) => ({
    at: isoTime(time),
    type,
    child_id: order.clientOrderId,
    text,
  });
  return [
    at('planned', order.createdAt, `Intended for ${order.venue}.`),
    ...(order.acceptedAt === null ? [] : [at('working', order.acceptedAt, `Accepted by ${order.venue}.`)]),
    ...executions.map((one) => at('filled', one.at, `Execution ${one.execId}.`)),
    ...(order.reason === null || order.status === 'filled' ? [] : [at(order.status, order.updatedAt, order.reason)]),
  ];
}
