import { ok, type Result } from '../../domain/result.ts';
import type { ExchangeRefusal, SpreadExecution, SpreadFilter, SpreadOrder, SpreadRef } from '../../ports/exchange.ts';
import { refuse } from '../rules/refusal.ts';
import { accountOf, type PaperState, spreadClientKey, type SpreadFacts } from '../state/state.ts';

/** A working order by the exchange's id where given, else by the client's; or why it is not there. */
export function findSpread(state: PaperState, uid: string, ref: SpreadRef): Result<SpreadFacts, ExchangeRefusal> {
  const named = ref.orderId ?? ref.clientOrderId ?? '';
  const orderId = ref.orderId ?? state.clientIds.get(spreadClientKey(uid, named)) ?? '';
  const facts = accountOf(state.accounts, uid).spreads.get(orderId);
  if (facts !== undefined && (ref.symbol === null || facts.order.symbol === ref.symbol)) return ok(facts);
  const stub = state.closed.get(orderId);
  const isOther = stub === undefined || stub.uid !== uid || !stub.instrument.startsWith('spread:');
  return isOther
    ? refuse('ORDER_NOT_FOUND', `no order ${named}`)
    : refuse('ORDER_ALREADY_FINAL', stub.reason ?? 'closed');
}

/** One criterion counts: orderId, clientOrderId, symbol, base. */
export function suitsSpread(
  one: Pick<SpreadOrder | SpreadExecution, 'orderId' | 'clientOrderId' | 'symbol' | 'base'>,
  filter: SpreadFilter,
): boolean {
  if (filter.orderId !== null) return one.orderId === filter.orderId;
  if (filter.clientOrderId !== null) return one.clientOrderId === filter.clientOrderId;
  if (filter.symbol !== null) return one.symbol === filter.symbol;
  return filter.base === null || one.base === filter.base;
}
