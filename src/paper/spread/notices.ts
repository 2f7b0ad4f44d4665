import type {
  ExchangeExecution,
  ExchangeOrder,
  SpreadExecution,
  SpreadOrder,
  SpreadPrivateEvent,
} from '../../ports/exchange.ts';
import type { Decision } from '../desk/decision.ts';
import { accountOf, isHouse } from '../state/state.ts';

/** What one decision did to the orders of combos: executions first, then the orders as it left them. */
export function spreadNotices(decision: Decision): readonly SpreadPrivateEvent[] {
  const orders = new Map<string, { uid: string; order: SpreadOrder }>();
  const executions = new Map<string, SpreadExecution[]>();
  const legOrders = new Map<string, ExchangeOrder>();
  const legExecutions = new Map<string, ExchangeExecution>();
  for (const change of decision.changes) {
    if (isHouse(change.uid)) continue;
    if (change.type === 'order') legOrders.set(change.facts.order.orderId, change.facts.order);
    else if (change.type === 'execution') legExecutions.set(change.execution.execId, change.execution);
    else if (change.type === 'spread_order') {
      orders.set(change.facts.order.orderId, { uid: change.uid, order: change.facts.order });
    } else if (change.type === 'spread_execution') {
      const list = executions.get(change.uid);
      if (list === undefined) executions.set(change.uid, [change.execution]);
      else list.push(change.execution);
    }
  }
  const { at } = decision;
  const legOf = (uid: string, orderId: string): readonly ExchangeOrder[] => {
    const leg = legOrders.get(orderId) ?? accountOf(decision.desk.state.accounts, uid).open.get(orderId)?.order;
    return leg === undefined ? [] : [leg];
  };
  const fills = (execution: SpreadExecution): readonly ExchangeExecution[] =>
    execution.legs.flatMap(({ execId }) => legExecutions.get(execId) ?? []);
  return [
    ...[...executions].map(([uid, list]): SpreadPrivateEvent => {
      return {
        uid,
        at,
        type: 'execution',
        executions: list.map((execution) => ({ execution, legs: fills(execution) })),
      };
    }),
    ...[...Map.groupBy(orders.values(), ({ uid }) => uid)].map(([uid, list]): SpreadPrivateEvent => {
      const rows = list.map(({ order }) => ({
        order,
        legs: [...legOf(uid, order.far.orderId), ...legOf(uid, order.near.orderId)],
      }));
      return { uid, at, type: 'order', orders: rows };
    }),
  ];
}
