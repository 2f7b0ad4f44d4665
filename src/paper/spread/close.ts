import { invariant } from '../../domain/result.ts';
import type { CloseReason, ExchangeOrder, OrderIds, SpreadOrder } from '../../ports/exchange.ts';
import type { Decision } from '../desk/decision.ts';
import { closeOrder } from '../desk/settle.ts';
import { accountOf } from '../state/state.ts';

/** A leg is in no book: it trades, changes and ends with the order of its combo. */
export const isLeg = (order: Pick<ExchangeOrder, 'createdBy'>): boolean => order.createdBy === 'future_spread';

/** Takes an order of a combo out of its book and ends it with both legs. */
export function closeSpread(decision: Decision, uid: string, order: SpreadOrder, reason: CloseReason): OrderIds {
  const { orderId, clientOrderId } = order;
  const market = decision.desk.spreads.get(order.symbol);
  const id = market?.book.idOf(orderId) ?? null;
  if (id !== null) market?.book.cancel(id);
  market?.working.delete(orderId);
  const status = reason === 'filled' ? 'filled' : 'canceled';
  decision.emit({ type: 'spread_closed', at: decision.at, uid, orderId, status, reason });
  for (const leg of [order.far, order.near]) {
    const owner = { uid, orderId: leg.orderId };
    const legMarket = decision.desk.markets.get(leg.instrument);
    if (legMarket !== undefined) closeOrder(decision, legMarket, owner, reason);
    else decision.emit({ type: 'closed', at: decision.at, ...owner, status, reason, smpOrderId: null });
  }
  return { orderId, clientOrderId };
}

/** Ends the combo that an order is a leg of. Nothing to do where it has ended already, with the other leg. */
export function closeSpreadOf(decision: Decision, uid: string, leg: ExchangeOrder, reason: CloseReason): OrderIds {
  const { orderId, clientOrderId, parent } = leg;
  const account = accountOf(decision.desk.state.accounts, uid);
  if (!account.open.has(orderId)) return { orderId, clientOrderId };
  const combo = account.spreads.get(parent?.orderId ?? '');
  invariant(combo !== undefined, `leg ${orderId} has its combo`);
  closeSpread(decision, uid, combo.order, reason);
  return { orderId, clientOrderId };
}
