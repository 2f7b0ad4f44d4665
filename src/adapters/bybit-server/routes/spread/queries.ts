import type { AssetId, UnixMs } from '../../../../domain/ids.ts';
import { ok } from '../../../../domain/result.ts';
import { isOpenSpread, type SpreadFilter } from '../../../../ports/exchange.ts';
import { sameLimit } from '../../limits.ts';
import { instant, optional, pageSize, text } from '../../params/fields.ts';
import { page, weekWindow } from '../../params/paging.ts';
import { accountRoute, type Route } from '../../route.ts';
import { closedSpreadRow, openSpreadRow, spreadExecutionRow } from '../../wire/spread.ts';

const QUERY = {
  symbol: optional(text),
  orderId: optional(text),
  orderLinkId: optional(text),
  cursor: optional(text),
} as const;

type Asked = Readonly<{
  symbol: string | null;
  baseCoin?: string | null;
  orderId: string | null;
  orderLinkId: string | null;
}>;

const filterOf = ({ symbol, baseCoin, orderId, orderLinkId }: Asked): SpreadFilter => ({
  symbol,
  base: (baseCoin ?? null) as AssetId | null,
  orderId,
  clientOrderId: orderLinkId,
});

const realtime = accountRoute(
  {
    method: 'GET',
    path: '/v5/spread/order/realtime',
    permission: 'spread',
    limit: sameLimit('spread.realtime', 50),
    params: { ...QUERY, baseCoin: optional(text), limit: pageSize(50, 20) },
  },
  (params, { exchange: { spread }, uid }) => {
    const cut = page(spread.orders(uid, filterOf(params)), params.limit, params.cursor, (order) => ({
      at: order.createdAt,
      id: order.orderId,
    }));
    if (!cut.ok) return cut;
    return ok({ list: cut.value.rows.map(openSpreadRow), nextPageCursor: cut.value.nextPageCursor });
  },
);

/** Orders that have ended. */
const history = accountRoute(
  {
    method: 'GET',
    path: '/v5/spread/order/history',
    retMsg: 'Success',
    permission: 'spread',
    limit: sameLimit('spread.history', 50),
    params: { ...QUERY, baseCoin: optional(text), startTime: instant, endTime: instant, limit: pageSize(50, 20) },
  },
  (params, { exchange: { spread }, uid, now }) => {
    const window = weekWindow(params.startTime, params.endTime, now);
    if (!window.ok) return window;
    const ended = spread
      .orderHistory(uid, { ...filterOf(params), ...window.value })
      .filter((order) => !isOpenSpread(order));
    const cut = page(ended, params.limit, params.cursor, (order) => ({ at: order.createdAt, id: order.orderId }));
    if (!cut.ok) return cut;
    return ok({ nextPageCursor: cut.value.nextPageCursor, list: cut.value.rows.map(closedSpreadRow) });
  },
);

const THE_BEGINNING = 0 as UnixMs;

const executions = accountRoute(
  {
    method: 'GET',
    path: '/v5/spread/execution/list',
    retMsg: 'Success',
    permission: 'spread',
    limit: sameLimit('spread.executions', 50),
    params: { ...QUERY, startTime: instant, endTime: instant, limit: pageSize(50, 20) },
  },
  (params, { exchange: { spread }, uid, now }) => {
    const byId = params.orderId !== null || params.orderLinkId !== null;
    const window = byId ? ok({ from: THE_BEGINNING, to: now }) : weekWindow(params.startTime, params.endTime, now);
    if (!window.ok) return window;
    const found = spread.executions(uid, { ...filterOf(params), ...window.value });
    const cut = page(found, params.limit, params.cursor, (one) => ({ at: one.at, id: one.execId }));
    if (!cut.ok) return cut;
    return ok({ nextPageCursor: cut.value.nextPageCursor, list: cut.value.rows.map(spreadExecutionRow) });
  },
);

export const SPREAD_QUERY_ROUTES: readonly Route[] = [realtime, history, executions];
