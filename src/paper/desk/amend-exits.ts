import { ok, type Result } from '../../domain/result.ts';
import type {
  AmendOrder,
  AttachedExits,
  ExchangeOrder,
  ExchangeRefusal,
  ExitChange,
  ExitTerms,
} from '../../ports/exchange.ts';
import { refuse } from '../rules/refusal.ts';
import type { Market } from '../tape/market.ts';
import type { Decision } from './decision.ts';
import { checkAttached } from './exit-terms.ts';

export const NO_EXITS: AttachedExits = { mode: 'full', takeProfit: null, stopLoss: null };

/** The ways out that an order is to have from now on; null where they stay as they are. */
export function changedExits(
  market: Market,
  order: ExchangeOrder,
  change: AmendOrder,
): Result<AttachedExits | null, ExchangeRefusal> {
  if (change.exits === null) return ok(null);
  if (order.cumQty > 0n) return refuse('EXITS_OF_PARTLY_FILLED', 'what it filled has its ways out already');
  const before = order.exits ?? NO_EXITS;
  const exits: AttachedExits = {
    mode: change.exits.mode ?? before.mode,
    takeProfit: changed(before.takeProfit, change.exits.takeProfit),
    stopLoss: changed(before.stopLoss, change.exits.stopLoss),
  };
  const price = change.price ?? order.price;
  const trigger =
    order.trigger === null ? null : { ...order.trigger, price: change.triggerPrice ?? order.trigger.price };
  const checked = checkAttached(market, { ...order, exits, price, trigger, filter: 'order' });
  if (!checked.ok) return checked;
  return ok(isSame(before, exits) ? null : exits);
}

function changed(before: ExitTerms | null, change: ExitChange | null): ExitTerms | null {
  if (change === null) return before;
  if (change === 'none') return null;
  const price = change.price ?? before?.price;
  if (price === undefined) return before;
  return {
    price,
    by: change.by ?? before?.by ?? 'last',
    limitPrice: change.limitPrice ?? before?.limitPrice ?? null,
  };
}

const isSame = (a: AttachedExits, b: AttachedExits): boolean =>
  a.mode === b.mode && isSameExit(a.takeProfit, b.takeProfit) && isSameExit(a.stopLoss, b.stopLoss);
const isSameExit = (a: ExitTerms | null, b: ExitTerms | null): boolean =>
  a?.price === b?.price && a?.by === b?.by && a?.limitPrice === b?.limitPrice;

export function setAttached(
  decision: Decision,
  uid: string,
  market: Market,
  { orderId }: ExchangeOrder,
  exits: AttachedExits,
): void {
  const kept = { trigger: null, trailing: null, ocoOrderId: null } as const;
  decision.emit({ type: 'conditions_set', at: decision.at, uid, orderId, exits, ...kept });
  decision.touch(uid, market);
}
