import type { ErrorCode } from '../../../contract/errors.ts';
import { id, strict } from '../../../contract/fields.ts';
import { orderBody } from '../../../contract/order-body.ts';
import {
  cancelAllQuery,
  cancelAllReport,
  type ExecutionListFilter,
  executionListQuery,
  executionPage,
  type ListFilter,
  type OrderListFilter,
  order,
  orderDetail,
  orderListQuery,
  orderPage,
  orderPreview,
} from '../../../contract/orders.ts';
import { instrumentId, type OrderId } from '../../../domain/ids.ts';
import { ANY_ROLE, accountRoute, created, type Route, reply, STOPPING, TRADING } from '../route.ts';

const family = 'Orders';
const orderParams = strict({ id: id<OrderId>('id of the order') });
const EXAMPLE = {
  symbol: 'BTCUSDT',
  side: 'buy',
  type: 'limit',
  quantity: '0.01',
  price: '60000',
  routing: { strategy: 'smart' },
};

/** What can be wrong with an order beyond its form. */
// biome-ignore format: a table
const ORDER_ERRORS: readonly ErrorCode[] = [
  'NOT_SUPPORTED', 'INSTRUMENT_NOT_FOUND', 'INSTRUMENT_NOT_TRADING', 'INSUFFICIENT_BALANCE', 'RISK_LIMIT_EXCEEDED',
  'STOP_LOSS_REQUIRED', 'PRICE_COLLAR', 'NO_REFERENCE_PRICE', 'NO_ELIGIBLE_VENUE', 'INSUFFICIENT_LIQUIDITY', 'KILL_SWITCH_ACTIVE',
  'OFF_TICK', 'OFF_STEP', 'PRICE_OUT_OF_RANGE', 'QTY_OUT_OF_RANGE', 'BELOW_MIN_NOTIONAL', 'TOO_MANY_ORDERS', 'REDUCE_ONLY',
  'POST_ONLY_WOULD_TAKE', 'VENUE_UNAVAILABLE', 'JOURNAL_UNAVAILABLE', 'NOT_READY',
];

export const submitOrder = accountRoute({
  policy: TRADING,
  method: 'POST',
  path: '/api/trading/order',
  operation: 'submitOrder',
  family,
  summary:
    'Places an order. Answered when it is durable, not when it is filled; 200 repeats the first answer of an Idempotency-Key.',
  statuses: [201, 200],
  answer: order,
  errors: ['DUPLICATE_CLIENT_ORDER_ID', 'IDEMPOTENCY_KEY_REUSED', 'RECORDS_UNAVAILABLE', ...ORDER_ERRORS],
  budget: 'write',
  creates: true,
  example: { body: EXAMPLE },
  body: orderBody,
  handle: async ({ body }, { deps, caller, idempotency }) =>
    created(await deps.service.orders.submit(caller, body, idempotency)),
});

const previewOrder = accountRoute({
  policy: ANY_ROLE,
  method: 'POST',
  path: '/api/trading/orders/preview',
  operation: 'previewOrder',
  family,
  summary: 'The routing decision, the expected cost and the verdict of the risk checks for an order. Nothing is sent.',
  statuses: [200],
  answer: orderPreview,
  errors: ORDER_ERRORS,
  budget: 'read',
  example: { body: EXAMPLE },
  body: orderBody,
  handle: async ({ body }, { deps, caller }) => reply(await deps.service.orders.preview(caller, body)),
});

const listOrders = accountRoute({
  policy: ANY_ROLE,
  method: 'GET',
  path: '/api/trading/orders',
  operation: 'listOrders',
  family,
  summary: 'Orders of the account, newest first. include_bybit adds those placed on Bybit by other means.',
  statuses: [200],
  answer: orderPage,
  errors: ['RECORDS_UNAVAILABLE'],
  budget: 'read',
  example: { query: 'status=open&include_bybit=true' },
  query: orderListQuery,
  handle: async ({ query }, { deps, caller }) => {
    const filter: OrderListFilter = {
      ...listFilter(query),
      status: query.status,
      clientOrderId: query.client_order_id,
      includeBybit: query.include_bybit ?? false,
    };
    return reply(await deps.service.orders.list(caller, filter), (page) => pageView('orders', page));
  },
});

const getOrder = accountRoute({
  policy: ANY_ROLE,
  method: 'GET',
  path: '/api/trading/orders/{id}',
  operation: 'getOrder',
  family,
  summary: 'One order with its children, executions and events.',
  statuses: [200],
  answer: orderDetail,
  errors: ['ORDER_NOT_FOUND', 'RECORDS_UNAVAILABLE'],
  budget: 'read',
  params: orderParams,
  handle: async ({ params }, { deps, caller }) => reply(await deps.service.orders.get(caller, params.id)),
});

export const cancelOrder = accountRoute({
  policy: STOPPING,
  method: 'DELETE',
  path: '/api/trading/orders/{id}',
  operation: 'cancelOrder',
  family,
  summary: 'Asks to cancel an order. The venue decides: a fill may still win.',
  statuses: [200],
  answer: order,
  errors: ['ORDER_NOT_FOUND', 'ORDER_ALREADY_FINAL', 'RECORDS_UNAVAILABLE'],
  budget: 'cancel',
  params: orderParams,
  handle: async ({ params }, { deps, caller }) => reply(await deps.service.orders.cancel(caller, params.id)),
});

const cancelAll = accountRoute({
  policy: STOPPING,
  method: 'DELETE',
  path: '/api/trading/orders',
  operation: 'cancelAllOrders',
  family,
  summary: 'Asks to cancel all open orders of the account, or those of one symbol.',
  statuses: [200],
  answer: cancelAllReport,
  errors: ['INSTRUMENT_NOT_FOUND'],
  budget: 'cancel',
  example: { query: 'symbol=BTCUSDT' },
  query: cancelAllQuery,
  handle: async ({ query }, { deps, caller }) => {
    const instrument = query.symbol === null ? null : instrumentId(query.category ?? 'spot', query.symbol);
    return reply(await deps.service.orders.cancelAll(caller, instrument));
  },
});

const listExecutions = accountRoute({
  policy: ANY_ROLE,
  method: 'GET',
  path: '/api/trading/executions',
  operation: 'listExecutions',
  family,
  summary: 'Executions of the account on both venues, newest first.',
  statuses: [200],
  answer: executionPage,
  errors: ['RECORDS_UNAVAILABLE'],
  budget: 'read',
  example: { query: 'symbol=BTCUSDT&limit=50' },
  query: executionListQuery,
  handle: async ({ query }, { deps, caller }) => {
    const filter: ExecutionListFilter = { ...listFilter(query), orderId: query.order_id };
    return reply(await deps.service.orders.executions(caller, filter), (page) => pageView('executions', page));
  },
});

type ListQuery = Readonly<
  { symbol: string | null } & Omit<ListFilter, 'instrument' | 'limit'> & { limit: number | null }
>;

/** A symbol alone means spot, as everywhere; a category alone filters by it. */
function listFilter(query: ListQuery): ListFilter {
  const { symbol, category, from, to, limit, cursor } = query;
  const instrument = symbol === null ? null : instrumentId(category ?? 'spot', symbol);
  return { instrument, category, from, to, limit: limit ?? 100, cursor };
}

function pageView<T>(
  name: string,
  page: Readonly<{ items: readonly T[]; nextCursor: string | null; stale: boolean }>,
): object {
  return { [name]: page.items, next_cursor: page.nextCursor, ...(page.stale ? { stale: true } : {}) };
}

export const orderRoutes: readonly Route[] = [
  submitOrder,
  previewOrder,
  listOrders,
  getOrder,
  cancelOrder,
  cancelAll,
  listExecutions,
];
