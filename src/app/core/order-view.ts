import type { ChildOrderView, ExecutionReport, Order, OrderDetail } from '../../contract/orders.ts';
import { isoTime } from '../../contract/time.ts';
import { quotient, roundTo, subtract, ZERO } from '../../domain/decimal.ts';
import { type AssetId, INTERNAL_VENUE, type Money, splitInstrumentId } from '../../domain/ids.ts';
import type { Execution } from '../../domain/order.ts';
import { progressOf, statusOf } from '../../oms/progress.ts';
import type { Child } from '../../oms/child.ts';
import type { AccountState, Parent } from '../../oms/state.ts';
import { decisionView } from './decision-view.ts';

type Fee = Order['fees'][number];

/** Averages are shown to this many digits; executions carry the exact prices. */
const AVERAGE_SCALE = 12;

const average = (notional: Money, qty: Money): Money | null =>
  qty === 0n ? null : roundTo(quotient(notional, qty, 'half_even'), AVERAGE_SCALE, 'half_even');

/** Fees of some children, one line per coin and kind. `quoteOf`: coin in which internal and routing fees are taken. */
function feesOf(children: readonly Child[], quote: AssetId): Fee[] {
  const sums = new Map<string, Fee>();
  const add = (asset: AssetId, amount: Money, kind: Fee['kind']): void => {
    if (amount === 0n) return;
    const key = `${asset} ${kind}`;
    sums.set(key, { asset, kind, amount: ((sums.get(key)?.amount ?? ZERO) + amount) as Money });
  };
  for (const child of children) {
    add(quote, child.charged, child.order.venue === INTERNAL_VENUE ? 'venue' : 'routing');
    for (const { fee, feeAsset } of child.executions) add(feeAsset, fee, 'venue');
  }
  return [...sums.values()];
}

export function orderView(state: AccountState, parent: Parent): Order {
  const { quote } = parent.coins;
  const { request, closed } = parent;
  const progress = progressOf(state, parent);
  const children = state.childrenOf(parent);
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
    max_slippage: request.maxSlippage === null ? null : ((request.maxSlippage * 100n) as Money),
    reduce_only: request.reduceOnly,
    filled_quantity: progress.cumQty,
    remaining_quantity: closed !== null ? ZERO : request.qty === null ? null : subtract(request.qty, progress.cumQty),
    average_price: average(progress.cumNotional, progress.cumQty),
    fees: feesOf(children, quote),
    late_fill: parent.lateFill,
    children: children.map((child) => childView(child, parent, quote)),
    routing_decision: parent.decisions[0] === undefined ? null : decisionView(parent.decisions[0]),
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
    status: order.status === 'working' && order.cumQty > 0n ? 'partially_filled' : order.status,
    in_flight: order.inFlight,
    certainty: order.certainty,
    price: order.price,
    quantity: order.qty,
    filled_quantity: order.cumQty,
    average_price: average(order.cumNotional, order.cumQty),
    fees: feesOf([child], quote),
    reason: order.reason,
    late_fill: parent.lateFill && order.status !== 'filled' && order.cumQty > 0n,
    created_at: isoTime(order.createdAt),
    updated_at: isoTime(order.updatedAt),
  };
}

export function executionView(parent: Parent, child: Child, execution: Execution): ExecutionReport {
  const { category, symbol } = splitInstrumentId(child.order.instrument);
  const fees: Fee[] = execution.fee === 0n ? [] : [{ asset: execution.feeAsset, amount: execution.fee, kind: 'venue' }];
  return {
    id: execution.execId,
    order_id: parent.id,
    child_id: child.order.clientOrderId,
    client_order_id: parent.request.clientOrderId,
    venue: child.order.venue,
    symbol,
    category,
    side: child.order.side,
    price: execution.price,
    quantity: execution.qty,
    notional: execution.notional,
    fees,
    liquidity: execution.liquidity,
    executed_at: isoTime(execution.at),
  };
}

export function orderDetail(state: AccountState, parent: Parent): OrderDetail {
  const children = state.childrenOf(parent);
  const executions = children.flatMap((child) => child.executions.map((one) => executionView(parent, child, one)));
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
