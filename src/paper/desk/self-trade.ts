import type { Side } from '../../domain/ids.ts';
import type { Owner } from '../book/order-book.ts';
import { accountOf, type OrderFacts, type PaperState, settingsOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { Decision } from './decision.ts';
import { byPriority } from './priority.ts';

/** The accounts whose orders self-trade prevention takes for one's own: those of the same group, or the account alone. */
export function guardedUids(state: PaperState, uid: string): readonly string[] {
  const { smpGroup } = settingsOf(state, uid);
  if (smpGroup === 0) return [uid];
  return [...state.accounts.keys()].filter((other) => settingsOf(state, other).smpGroup === smpGroup);
}

/** The resting order that a taker met when self-trade prevention ended it; it is still in the book. */
export function metBySelf(decision: Decision, market: Market, taker: NonNullable<Owner>, side: Side): string | null {
  const { state } = decision.desk;
  let first: OrderFacts | null = null;
  for (const uid of guardedUids(state, taker.uid)) {
    for (const facts of accountOf(state.accounts, uid).open.values()) {
      const { order } = facts;
      if (order.instrument !== market.id || order.side === side || order.status === 'untriggered') continue;
      if (first === null || byPriority(facts, first) < 0) first = facts;
    }
  }
  return first?.order.orderId ?? null;
}
