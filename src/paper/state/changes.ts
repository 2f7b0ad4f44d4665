import type { AssetId, Money } from '../../domain/ids.ts';
import {
  type AccountRecord,
  type AccountSettings,
  type ExchangeExecution,
  type ExchangeOrder,
  isOpenSpread,
  isOpenStatus,
  type SpreadExecution,
} from '../../ports/exchange.ts';
import {
  type AccountFacts,
  type CoinFacts,
  type OrderFacts,
  type PositionFacts,
  positionKey,
  type SpreadFacts,
} from './state.ts';

/** What an event changed, as new values: shared by the decisions' state, the queries' state and the private events. */
export type Change = Readonly<{ uid: string }> &
  Readonly<
    | { type: 'coin'; asset: AssetId; facts: CoinFacts }
    | { type: 'fund'; asset: AssetId; amount: Money }
    | { type: 'position'; facts: PositionFacts }
    | { type: 'settings'; settings: AccountSettings }
    | { type: 'record'; record: AccountRecord }
    | { type: 'order'; facts: OrderFacts }
    | { type: 'execution'; execution: ExchangeExecution }
    | { type: 'spread_order'; facts: SpreadFacts }
    | { type: 'spread_execution'; execution: SpreadExecution }
  >;

export const isClosed = (order: ExchangeOrder): boolean => !isOpenStatus(order.status);

/** Sets what changed; a closed order leaves the working ones. */
export function applyChange(account: AccountFacts, change: Change): void {
  switch (change.type) {
    case 'coin':
      account.coins.set(change.asset, change.facts);
      return;
    case 'fund':
      account.fund.set(change.asset, change.amount);
      return;
    case 'position':
      account.positions.set(positionKey(change.facts.instrument, change.facts.idx), change.facts);
      return;
    case 'settings':
      account.settings.current = change.settings;
      return;
    case 'order': {
      const { order } = change.facts;
      if (isClosed(order)) account.open.delete(order.orderId);
      else account.open.set(order.orderId, change.facts);
      return;
    }
    case 'spread_order': {
      const { order } = change.facts;
      if (isOpenSpread(order)) account.spreads.set(order.orderId, change.facts);
      else account.spreads.delete(order.orderId);
      return;
    }
    case 'execution':
    case 'spread_execution':
    case 'record':
      return;
  }
}
