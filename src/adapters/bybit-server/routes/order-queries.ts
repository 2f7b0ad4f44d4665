import type { InstrumentId, UnixMs } from '../../../domain/ids.ts';
import { err, invariant, ok } from '../../../domain/result.ts';
import { type Exchange, type ExchangeInstrument, type ExchangeOrder, isOpenStatus } from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { CATEGORIES, category, instant, optional, pageSize, text, whole, withDefault } from '../params/fields.ts';
import { page, weekWindow } from '../params/paging.ts';
import { missingParam, refused } from '../refusals.ts';
import { accountRoute, type Route } from '../route.ts';
import { executionRow } from '../wire/execution.ts';
import { closedOrderRow, openOrderRow } from '../wire/order.ts';
import { EXEC_TYPES, statusWord } from '../words.ts';
import { kindsOf, orderFilter } from './find.ts';

const QUERY = {
  category: category(...CATEGORIES),
  symbol: optional(text),
  baseCoin: optional(text),
  settleCoin: optional(text),
  orderId: optional(text),
  orderLinkId: optional(text),
  cursor: optional(text),
} as const;

const DAY_MS = 24 * 3_600_000;
const SETTLE_ON_SPOT = refused(10001, 'params error: settle_coin not support');
const FINAL_STATUSES = new Set(['Filled', 'Cancelled', 'PartiallyFilledCanceled', 'Rejected', 'Deactivated']);
const NOT_FINAL = refused(181017, 'OrderStatus must be final status');
const THE_BEGINNING = 0 as UnixMs;

function listed(exchange: Exchange, id: InstrumentId): ExchangeInstrument {
  const instrument = exchange.instrument(id);
  invariant(instrument !== null, `${id} has orders and is not listed`);
  return instrument;
}

const orderPlace = (order: ExchangeOrder) => ({ at: order.createdAt, id: order.orderId });

const realtime = accountRoute(
  {
    method: 'GET',
    path: '/v5/order/realtime',
    permission: 'orders',
    limit: sameLimit('order.realtime', 50),
    params: {
      ...QUERY,
      openOnly: withDefault(whole(0, 2), 0),
      orderFilter: optional(text),
      limit: pageSize(50, 20),
    },
  },
  (params, { exchange, uid }) => {
    const byId = params.orderId !== null || params.orderLinkId !== null;
    const isNamed = byId || params.symbol !== null || params.baseCoin !== null || params.settleCoin !== null;
    if (params.category === 'linear' && !isNamed) return err(missingParam('symbol or settleCoin or baseCoin'));
    if (params.category === 'spot' && params.settleCoin !== null) return err(SETTLE_ON_SPOT);
    const filter = orderFilter(exchange, params);
    if (!filter.ok) return filter;
    const found: ExchangeOrder[] = [];
    const asked = { ...filter.value, kinds: kindsOf(params.orderFilter) };
    // By id both open and recently closed orders are found, whatever `openOnly` says.
    if (byId || params.openOnly === 0) found.push(...exchange.orders(uid, { ...asked, recentlyClosed: false }));
    if (byId || params.openOnly !== 0) found.push(...exchange.orders(uid, { ...asked, recentlyClosed: true }));
    const cut = page(unique(found), params.limit, params.cursor, orderPlace);
    if (!cut.ok) return cut;
    return ok({
      list: cut.value.rows.map((order) => openOrderRow(order, listed(exchange, order.instrument))),
      nextPageCursor: cut.value.nextPageCursor,
      category: params.category,
    });
  },
);

/** An order that closes between the two lists would be in both. */
function unique(orders: readonly ExchangeOrder[]): readonly ExchangeOrder[] {
  const byId = new Map(orders.map((order) => [order.orderId, order]));
  return byId.size === orders.length ? orders : [...byId.values()];
}

const history = accountRoute(
  {
    method: 'GET',
    path: '/v5/order/history',
    permission: 'orders',
    limit: sameLimit('order.history', 50),
    params: {
      ...QUERY,
      orderFilter: optional(text),
      orderStatus: optional(text),
      startTime: instant,
      endTime: instant,
      limit: pageSize(50, 20),
    },
  },
  (params, { exchange, uid, now }) => {
    if (params.category === 'spot' && params.settleCoin !== null) return err(SETTLE_ON_SPOT);
    const filter = orderFilter(exchange, params);
    if (!filter.ok) return filter;
    const window = weekWindow(params.startTime, params.endTime, now);
    if (!window.ok) return window;
    if (params.orderStatus !== null && !FINAL_STATUSES.has(params.orderStatus)) return err(NOT_FINAL);
    const kinds = kindsOf(params.orderFilter);
    const found = exchange.orderHistory(uid, { ...filter.value, ...window.value, kinds });
    const kept = found.filter(
      (order) =>
        isKept(order, now) &&
        (params.orderStatus === null || statusWord(order, params.category) === params.orderStatus),
    );
    const cut = page(kept, params.limit, params.cursor, orderPlace);
    if (!cut.ok) return cut;
    return ok({
      list: cut.value.rows.map((order) => closedOrderRow(order, listed(exchange, order.instrument))),
      nextPageCursor: cut.value.nextPageCursor,
      category: params.category,
    });
  },
);

/** History knows final orders only, and those that never traded for one day. */
const isKept = (order: ExchangeOrder, now: UnixMs): boolean =>
  !isOpenStatus(order.status) && (order.cumQty > 0n || order.updatedAt >= now - DAY_MS);

const executions = accountRoute(
  {
    method: 'GET',
    path: '/v5/execution/list',
    permission: 'orders',
    limit: sameLimit('execution.list', 50),
    params: { ...QUERY, startTime: instant, endTime: instant, execType: optional(text), limit: pageSize(100, 50) },
  },
  (params, { exchange, uid, now }) => {
    const filter = orderFilter(exchange, params);
    if (!filter.ok) return filter;
    // By order id every other filter is ignored, the window too.
    const byId = params.orderId !== null || params.orderLinkId !== null;
    const window = byId ? ok({ from: THE_BEGINNING, to: now }) : weekWindow(params.startTime, params.endTime, now);
    if (!window.ok) return window;
    const found = exchange
      .executions(uid, { ...filter.value, ...window.value })
      .filter((one) => byId || params.execType === null || EXEC_TYPES[one.kind] === params.execType);
    const cut = page(found, params.limit, params.cursor, (one) => ({ at: one.at, id: one.execId }));
    if (!cut.ok) return cut;
    return ok({
      nextPageCursor: cut.value.nextPageCursor,
      category: params.category,
      list: cut.value.rows.map((one) => executionRow(one, listed(exchange, one.instrument))),
    });
  },
);

export const ORDER_QUERY_ROUTES: readonly Route[] = [realtime, history, executions];
