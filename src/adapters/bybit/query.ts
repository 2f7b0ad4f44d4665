import type { Bybit, Execution as WireExecution, Listing as Rows, Order as WireOrder, Page } from '@okd/bybit';
import type { BybitError, Result as WireResult } from '@okd/bybit';
import { describeError } from '@okd/bybit';
import type { UnixMs } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { OrderRef, QueryAnswer, VenueExecution, VenueOrder } from '../../ports/venue.ts';
import type { Listings } from './listings.ts';
import { executionOf, orderOf } from './map.ts';
import { type Traded, tradedOf } from './words.ts';

/** The order that is asked about, in Bybit's ids; `orderId` is null until Bybit has told it. */
type Asked = Readonly<{ category: Traded; symbol: string; orderLinkId: string; orderId: string | null }>;

/**
 * Asks Bybit what became of an order, by the id that we gave it. Absence on one endpoint is no evidence: closed orders
 * leave `realtime` at a restart, `history` lags (docs/v5/order/open-order), so all three have to answer. An answer that
 * speaks of another order than the one that was asked for says nothing: neither what became of ours nor that it is not
 * there.
 */
export async function queryOrder(bybit: Bybit, listings: Listings, ref: OrderRef, now: UnixMs): Promise<QueryAnswer> {
  const traded = tradedOf(ref.instrument);
  if (traded === null) return unavailable(`${ref.instrument} is not traded here`);
  const params = { ...traded, orderLinkId: ref.clientOrderId as string };
  const asked: Asked = { ...params, orderId: ref.venueOrderId };
  const lane = { lane: 'query' } as const;
  let found = theOrder(asked, await bybit.orders.realtime(params, lane));
  if (found.ok && found.value === null) found = theOrder(asked, await bybit.orders.history(params, lane));
  if (!found.ok) return unavailable(found.error);
  const order = found.value;
  const orderId = order?.venueOrderId ?? asked.orderId;
  const fills = itsExecutions({ ...asked, orderId }, await bybit.executions.ofOrder(params, lane), listings, ref);
  if (!fills.ok) return unavailable(fills.error);
  if (order !== null) return { type: 'found', order, executions: fills.value };
  // Fills of an order that no list shows: it exists; its own row has to come first.
  return fills.value.length > 0 ? unavailable('executions without their order') : { type: 'absent', asOf: now };
}

const unavailable = (reason: string): QueryAnswer => ({ type: 'unavailable', reason });

/** By both ids; a row without our id counts only where Bybit's own names it. */
function isOf(
  { symbol, orderLinkId, orderId }: Asked,
  row: Readonly<{ symbol: string; orderId: string; orderLinkId: string | null }>,
): boolean {
  if (row.symbol !== symbol || (orderId !== null && row.orderId !== orderId)) return false;
  const unnamed = row.orderLinkId === null || row.orderLinkId === '';
  return unnamed ? orderId !== null : row.orderLinkId === orderLinkId;
}

/** The one order of a page; null where the page is empty. */
function theOrder(asked: Asked, page: WireResult<Page<WireOrder>, BybitError>): Result<VenueOrder | null, string> {
  if (!page.ok) return err(describeError(page.error));
  const { rows, unreadable } = page.value;
  if (unreadable.length > 0) return err('a row could not be read');
  const [row] = rows;
  if (row === undefined) return ok(null);
  const stranger = rows.find((one) => !isOf(asked, one) || one.orderId !== row.orderId);
  if (stranger !== undefined) return err(`answered with another order: ${stranger.orderId}`);
  const order = orderOf(asked.category, row);
  return order === null ? err('the order could not be read') : ok(order);
}

function itsExecutions(
  asked: Asked,
  listed: WireResult<Rows<WireExecution>, BybitError>,
  listings: Listings,
  ref: OrderRef,
): Result<readonly VenueExecution[], string> {
  if (!listed.ok) return err(describeError(listed.error));
  if (listed.value.unreadable.length > 0) return err('an execution could not be read');
  const fills: VenueExecution[] = [];
  for (const row of listed.value.rows) {
    if (!isOf(asked, row)) return err(`answered with an execution of another order: ${row.execId}`);
    const execution = executionOf(asked.category, row, listings.coins(ref.instrument));
    if (execution === null) return err(`execution ${row.execId} could not be read`);
    if (execution !== 'cash') fills.push(execution);
  }
  return ok(fills);
}
