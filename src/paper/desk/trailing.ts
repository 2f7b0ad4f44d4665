import type { InstrumentId, Money } from '../../domain/ids.ts';
import { accountOf } from '../state/state.ts';
import type { Decision } from './decision.ts';

/**
 * Trailing stops follow a last price that is better than all before: a long's upwards, a short's downwards. Each new
 * best is written down, so that a restart knows it; a price that wanders makes few of them.
 */
export function followPrice(decision: Decision, id: InstrumentId, price: Money): void {
  const { triggers, state } = decision.desk;
  for (const [orderId, uid] of [...triggers.trailing(id)]) {
    const order = accountOf(state.accounts, uid).open.get(orderId)?.order;
    const extreme = order?.trailing?.extreme ?? null;
    if (order === undefined || order.trailing === null || extreme === null) continue;
    if (order.side === 'sell' ? price <= extreme : price >= extreme) continue;
    const trailing = { ...order.trailing, extreme: price };
    decision.unheard.add(orderId);
    const kept = { trigger: null, exits: null, ocoOrderId: null } as const;
    decision.emit({ type: 'conditions_set', at: decision.at, uid, orderId, trailing, ...kept });
  }
}
