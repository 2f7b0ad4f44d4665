import { ZERO } from '../domain/decimal.ts';
import { type AssetId, INTERNAL_VENUE, type Money } from '../domain/ids.ts';
import type { VenueContext } from './context.ts';
import type { AccountState } from './state.ts';

/**
 * What an order may still use of `asset` at a venue. On the internal venue the balance is ours and exact. Elsewhere it
 * is the venue's last word, less what we have claimed since: orders that it cannot have counted yet, and what later
 * fills took. Claims err on the side of using less; the venue itself has the last word.
 */
export function availableAt(state: AccountState, venue: VenueContext, asset: AssetId): Money {
  if (venue.venue === INTERNAL_VENUE) return state.balances.available(asset);
  const last = venue.balances.find((one) => one.asset === asset);
  if (last === undefined) return ZERO;
  const { free, at } = last;
  let claimed = 0n;
  for (const { order, reserve } of state.openOrders.uncountedSince(at)) {
    if (order.venue === venue.venue && reserve.asset === asset) claimed += reserve.amount;
  }
  for (let i = state.spent.length - 1; i >= 0; i--) {
    const spent = state.spent[i];
    if (spent === undefined || spent.at < at) continue;
    if (spent.venue === venue.venue && spent.asset === asset) claimed += spent.amount;
  }
  const rest = free - claimed;
  return (rest > 0n ? rest : 0n) as Money;
}
