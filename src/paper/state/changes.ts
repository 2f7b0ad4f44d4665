import type { AssetId, InstrumentId } from '../../domain/ids.ts';
import type { ExchangeExecution, ExchangeOrder } from '../../ports/exchange.ts';
import type { AccountFacts, CoinFacts, OrderFacts, PositionFacts } from './state.ts';

/** What an event changed, as new values: shared by the decisions' state, the queries' state and the private events. */
export type Change = Readonly<{ uid: string }> &
  Readonly<
    | { type: 'coin'; asset: AssetId; facts: CoinFacts }
    | { type: 'position'; instrument: InstrumentId; facts: PositionFacts }
    | { type: 'order'; facts: OrderFacts }
    | { type: 'execution'; execution: ExchangeExecution }
  >;

export const isClosed = (order: ExchangeOrder): boolean =>
  order.status !== 'new' && order.status !== 'partially_filled';

/** Sets what changed; a closed order leaves the working ones. */
export function applyChange(account: AccountFacts, change: Change): void {
  switch (change.type) {
    case 'coin':
      account.coins.set(change.asset, change.facts);
      return;
    case 'position':
      account.positions.set(change.instrument, change.facts);
      return;
    case 'order': {
      const { order } = change.facts;
      if (isClosed(order)) account.open.delete(order.orderId);
      else account.open.set(order.orderId, change.facts);
      return;
    }
    case 'execution':
      return;
  }
}
