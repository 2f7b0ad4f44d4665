import type { OrderFacts } from '../state/state.ts';

/** Whose turn in the book is first. */
export function byPriority(a: OrderFacts, b: OrderFacts): number {
  const apart = a.order.boundPrice - b.order.boundPrice;
  if (apart === 0n) return a.priority - b.priority;
  return apart > 0n === (a.order.side === 'sell') ? 1 : -1;
}
