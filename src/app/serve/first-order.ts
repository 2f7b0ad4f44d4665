import { formatDecimal, money } from '../../domain/decimal.ts';
import { instrumentId, type Money } from '../../domain/ids.ts';
import { qtyOf } from '../../domain/instrument.ts';
import { judge } from '../../oms/accept.ts';
import type { OrderRequest } from '../../oms/events.ts';
import { findSplitQuantity } from '../../routing/find-split.ts';
import type { RoutePlan } from '../../routing/plan.ts';
import type { Desk } from '../core/desk.ts';
import type { Gateway } from '../core/gateway.ts';

/** A first order to try: a small round market buy of BTCUSDT that uses both venues on the books of now. */
export function findFirstOrder(gateway: Gateway, desk: Desk): string | null {
  const id = instrumentId('spot', 'BTCUSDT');
  const context = gateway.context(desk, id, EXAMPLE.side);
  if (context === null) return null;
  const at = gateway.clock.now();
  const preview = (qty: Money): RoutePlan | null => {
    const verdict = judge(desk.state, context, { ...EXAMPLE, instrument: id, qty }, at);
    return verdict.ok ? verdict.routed.plan : null;
  };
  const least = qtyOf(context.instrument.grid, 1 as never);
  const qty = findSplitQuantity(preview, least > money('0.01') ? least : money('0.01'), money('8'));
  if (qty === null) return null;
  // The line is pasted some time later, on books that have moved: twice as much outlasts more of that.
  const twice = (qty * 2n) as Money;
  return formatDecimal(isSplit(preview(twice)) ? twice : qty);
}

const isSplit = (plan: RoutePlan | null): boolean =>
  plan !== null && plan.unrouted === null && plan.venues.filter(({ used }) => used).length > 1;

const EXAMPLE: Omit<OrderRequest, 'instrument' | 'qty'> = {
  clientOrderId: null,
  side: 'buy',
  type: 'market',
  quoteQty: null,
  price: null,
  timeInForce: 'ioc',
  reduceOnly: false,
  selfTrade: 'cancel_taker',
  maxSlippage: null,
  routing: { strategy: 'smart', venues: null, caps: [], preferInternal: null },
};

/** The line that sends it, to be pasted as it is. */
export const curlLine = (url: string, quantity: string, dataOption: string): string =>
  `curl -X POST ${url}/api/trading/order -H "Authorization: Bearer $(./bin/okd token${dataOption})" ` +
  `-H 'Content-Type: application/json' -d '{"symbol":"BTCUSDT","side":"buy","type":"market","quantity":${quantity}}'`;
