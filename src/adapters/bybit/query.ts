import type { Bybit, Execution as WireExecution, Listing as Rows, Order as WireOrder, Page } from '@okd/bybit';
import type { BybitError, Result as WireResult } from '@okd/bybit';
import { describeError } from '@okd/bybit';
import type { UnixMs } from '../../domain/ids.ts';
import type { OrderRef, QueryAnswer, VenueExecution, VenueOrder } from '../../ports/venue.ts';
import type { Listings } from './listings.ts';
import { executionOf, orderOf } from './map.ts';
import { type Traded, tradedOf } from './words.ts';

type Found = VenueOrder | 'none' | Readonly<{ unavailable: string }>;

/**
 * Asks Bybit what became of an order, by the id that we gave it. Absence on one endpoint is no evidence: closed orders
 * leave `realtime` at a restart, `history` lags (docs/v5/order/open-order), so all three have to answer.
 */
export async function queryOrder(bybit: Bybit, listings: Listings, ref: OrderRef, now: UnixMs): Promise<QueryAnswer> {
  const traded = tradedOf(ref.instrument);
  if (traded === null) return { type: 'unavailable', reason: `${ref.instrument} is not traded here` };
  const { category, symbol } = traded;
  const params = { category, symbol, orderLinkId: ref.clientOrderId };
  const lane = { lane: 'query' } as const;
  let order = first(category, await bybit.orders.realtime(params, lane));
  if (order === 'none') order = first(category, await bybit.orders.history(params, lane));
  if (typeof order === 'object' && 'unavailable' in order) return { type: 'unavailable', reason: order.unavailable };
  const executions = await bybit.executions.ofOrder({ category, symbol, orderLinkId: ref.clientOrderId }, lane);
  const fills = readFills(category, executions, listings, ref);
  if ('unavailable' in fills) return { type: 'unavailable', reason: fills.unavailable };
  if (order === 'none') {
    // Fills of an order that no list shows: it exists; its own row has to come first.
    if (fills.rows.length > 0) return { type: 'unavailable', reason: 'executions without their order' };
    return { type: 'absent', asOf: now };
  }
  return { type: 'found', order, executions: fills.rows };
}

function first(category: Traded, page: WireResult<Page<WireOrder>, BybitError>): Found {
  if (!page.ok) return { unavailable: describeError(page.error) };
  if (page.value.unreadable.length > 0) return { unavailable: 'a row could not be read' };
  const row = page.value.rows[0];
  if (row === undefined) return 'none';
  return orderOf(category, row) ?? { unavailable: 'the order could not be read' };
}

type Fills = Readonly<{ rows: readonly VenueExecution[] }> | Readonly<{ unavailable: string }>;

function readFills(
  category: Traded,
  listed: WireResult<Rows<WireExecution>, BybitError>,
  listings: Listings,
  ref: OrderRef,
): Fills {
  if (!listed.ok) return { unavailable: describeError(listed.error) };
  if (listed.value.unreadable.length > 0) return { unavailable: 'an execution could not be read' };
  const rows: VenueExecution[] = [];
  for (const row of listed.value.rows) {
    const execution = executionOf(category, row, listings.coins(ref.instrument));
    if (execution === null) return { unavailable: `execution ${row.execId} could not be read` };
    if (execution !== 'cash') rows.push(execution);
  }
  return { rows };
}
