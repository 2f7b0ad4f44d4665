import type { Money } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { AmendOrder, ExchangeOrder, ExchangeRefusal, PlaceOrder } from '../../ports/exchange.ts';
import { refuse } from '../rules/refusal.ts';
import type { Market } from '../tape/market.ts';
import type { Decision } from './decision.ts';
import { isPartialExit, isWholeExit } from './exit-kinds.ts';
import { checkSize, checkTrigger, holdOf, NO_HOLD } from './waiting.ts';

/** Changes what an order waits for, and what it will be when its time has come. It moves nothing but its own hold. */
export function amendWaiting(
  decision: Decision,
  uid: string,
  market: Market,
  order: ExchangeOrder,
  change: AmendOrder,
): Result<void, ExchangeRefusal> {
  if (isWholeExit(order)) return refuse('EXITS_LOCKED', 'the take profit and stop loss of a position are set with it');
  const { trigger } = order;
  if (trigger === null) return refuse('NOT_SUPPORTED', 'it waits for no price');
  const moved = change.triggerPrice !== null || change.triggerBy !== null;
  const next = { price: change.triggerPrice ?? trigger.price, by: change.triggerBy ?? trigger.by };
  const direction = market.instrument.category === 'spot' && order.ocoOrderId === null ? null : trigger.direction;
  const checked = moved ? checkTrigger(market, { ...next, direction }) : ok(trigger);
  if (!checked.ok) return checked;
  const price = order.type === 'market' ? null : (change.price ?? order.price);
  const qty = change.qty ?? order.qty;
  const resized = price !== order.price || qty !== order.qty;
  if (!resized && checked.value.price === trigger.price && checked.value.by === trigger.by) {
    return refuse('NOT_MODIFIED', 'it waits for that already');
  }
  const asked: PlaceOrder = {
    ...order,
    price,
    qty,
    trigger: checked.value,
    filter: order.stopKind === 'tpsl' ? 'tpsl' : 'stop',
  };
  const size = checkSize(market, asked, checked.value.price);
  if (!size.ok) return size;
  const holds = decision.desk.state.accounts.get(uid)?.open.get(order.orderId)?.heldAsset !== null;
  const hold = holds ? holdOf(decision, uid, market, asked, checked.value.price, order.orderId) : ok(NO_HOLD);
  if (!hold.ok) return hold;
  const { at } = decision;
  const { orderId } = order;
  // Whoever changes one of two by itself has two orders from then on.
  const unbound = isPartialExit(order) && order.ocoOrderId !== null ? '' : null;
  if (moved || unbound !== null) {
    const kept = { trailing: null, exits: null, ocoOrderId: unbound } as const;
    decision.emit({ type: 'conditions_set', at, uid, orderId, trigger: checked.value, ...kept });
  }
  const bound = (price ?? checked.value.price) as Money;
  if (resized || holds || bound !== order.boundPrice) {
    decision.emit({ type: 'amended', at, uid, orderId, price: bound, qty, held: hold.value.amount });
  }
  decision.touch(uid, market);
  return ok(undefined);
}
