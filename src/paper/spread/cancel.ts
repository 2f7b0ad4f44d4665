import { ok, type Result } from '../../domain/result.ts';
import type { ExchangeRefusal, OrderIds, SpreadRef } from '../../ports/exchange.ts';
import type { Decision } from '../desk/decision.ts';
import { accountOf } from '../state/state.ts';
import { closeSpread } from './close.ts';
import { findSpread } from './find.ts';

export function cancelSpread(decision: Decision, uid: string, ref: SpreadRef): Result<OrderIds, ExchangeRefusal> {
  const found = findSpread(decision.desk.state, uid, ref);
  return found.ok ? ok(closeSpread(decision, uid, found.value.order, 'by_user')) : found;
}

/** Oldest first; `symbol` null: of all combos. */
export function cancelAllSpreads(decision: Decision, uid: string, symbol: string | null): readonly OrderIds[] {
  return [...accountOf(decision.desk.state.accounts, uid).spreads.values()]
    .filter(({ order }) => symbol === null || order.symbol === symbol)
    .map(({ order }) => closeSpread(decision, uid, order, 'by_user'));
}
