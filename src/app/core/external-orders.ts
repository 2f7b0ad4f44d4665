import type { Order, OrderListFilter } from '../../contract/orders.ts';
import { isoTime } from '../../contract/time.ts';
import { subtract, ZERO } from '../../domain/decimal.ts';
import { splitInstrumentId } from '../../domain/ids.ts';
import type { VenueOrder } from '../../ports/venue.ts';
import type { Desk } from './desk.ts';

/** Orders that work on the other venue and that this account does not know as its own. Empty when it cannot be asked. */
export async function externalOrderViews(desk: Desk, filter: OrderListFilter): Promise<readonly Order[]> {
  if (desk.connection === null || filter.status === 'final') return [];
  const open = await desk.connection.venue.openOrders();
  if (!open.ok) return [];
  return open.value.rows
    .filter(({ clientOrderId }) => clientOrderId === null || !desk.state.children.has(clientOrderId))
    .filter((order) => filter.instrument === null || order.instrument === filter.instrument)
    .map(view);
}

function view(order: VenueOrder): Order {
  const { category, symbol } = splitInstrumentId(order.instrument);
  return {
    id: order.venueOrderId,
    client_order_id: order.clientOrderId,
    source: 'external',
    symbol,
    category,
    side: order.side,
    type: 'limit',
    time_in_force: 'gtc',
    status: order.cumQty > 0n ? 'partially_filled' : 'working',
    certainty: 'confirmed',
    reason: null,
    quantity: order.qty,
    quote_quantity: null,
    price: order.price,
    max_slippage: null,
    reduce_only: false,
    filled_quantity: order.cumQty,
    remaining_quantity: order.cumQty > order.qty ? ZERO : subtract(order.qty, order.cumQty),
    average_price: null,
    fees: [],
    late_fill: false,
    children: [],
    routing_decision: null,
    created_at: isoTime(order.createdAt),
    updated_at: isoTime(order.updatedAt),
  };
}
