import { ok, type Result } from '../../domain/result.ts';
import type { ExchangeOrder, ExchangeOrderRef, ExchangeRefusal, OrderFilter } from '../../ports/exchange.ts';
import { refuse } from '../rules/refusal.ts';
import { accountOf, clientKey, type OrderFacts, type PaperState } from '../state/state.ts';
import { categoryOf } from './decision.ts';

/** A working order by the exchange's id where given, else by the client's; or why it is not there. */
export function findOpen(state: PaperState, uid: string, ref: ExchangeOrderRef): Result<OrderFacts, ExchangeRefusal> {
  const named = ref.orderId ?? ref.clientOrderId ?? '';
  const orderId = ref.orderId ?? state.clientIds.get(clientKey(uid, categoryOf(ref.instrument), named));
  if (orderId === undefined) return refuse('ORDER_NOT_FOUND', `no order ${named}`);
  const facts = accountOf(state.accounts, uid).open.get(orderId);
  if (facts !== undefined && facts.order.instrument === ref.instrument) return ok(facts);
  const stub = state.closed.get(orderId);
  if (stub === undefined || stub.uid !== uid || stub.instrument !== ref.instrument) {
    return refuse('ORDER_NOT_FOUND', `no order ${named} of ${ref.instrument}`);
  }
  return refuse('ORDER_ALREADY_FINAL', stub.reason ?? 'closed');
}

/** A waiting order is what it waits for; one that works is an order like others, whatever it was. */
export function isOfKind(order: ExchangeOrder, { kinds }: Pick<OrderFilter, 'kinds'>): boolean {
  if (kinds === undefined || kinds === null) return true;
  const works = order.status === 'new' || order.status === 'partially_filled';
  return kinds.includes(works ? null : order.stopKind);
}

/** `base` and `settle` are told by the instrument, which the caller knows. */
export function matches(
  order: Pick<ExchangeOrder, 'instrument' | 'orderId' | 'clientOrderId'>,
  filter: OrderFilter,
  coins: Readonly<{ base: string; settle: string }> | null,
): boolean {
  if (categoryOf(order.instrument) !== filter.category) return false;
  if (filter.orderId !== null) return order.orderId === filter.orderId;
  if (filter.clientOrderId !== null) return order.clientOrderId === filter.clientOrderId;
  if (filter.instrument !== null) return order.instrument === filter.instrument;
  if (filter.base !== null) return coins?.base === filter.base;
  return filter.settle === null || coins?.settle === filter.settle;
}
