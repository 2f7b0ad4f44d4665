import type { AssetId, Money } from '../domain/ids.ts';
import type {
  AccountSettings,
  ExchangeExecution,
  ExchangeOrder,
  SpreadExecution,
  SpreadOrder,
} from '../ports/exchange.ts';
import type { Release } from './outbox.ts';
import {
  type CoinFacts,
  INSURANCE,
  isHouse,
  type PaperState,
  type PositionFacts,
  type PositionKey,
} from './state/state.ts';
import type { Views } from './views/views.ts';

/** Everything that is true of the exchange now, durable or not yet: what oracles compare a client's beliefs with. */
export type GroundTruth = Readonly<{
  accounts: readonly AccountTruth[];
  /** Collected from, and (negative) given to, all accounts. */
  fees: ReadonlyMap<AssetId, Money>;
  deposits: ReadonlyMap<AssetId, Money>;
  /** What the insurance fund has. */
  insurance: ReadonlyMap<AssetId, Money>;
}>;

export type AccountTruth = Readonly<{
  uid: string;
  synthetic: boolean;
  coins: ReadonlyMap<AssetId, CoinFacts>;
  /** The funding account. */
  fund: ReadonlyMap<AssetId, Money>;
  positions: ReadonlyMap<PositionKey, PositionFacts>;
  settings: AccountSettings;
  /** Oldest first. */
  orders: readonly ExchangeOrder[];
  executions: readonly ExchangeExecution[];
  /** Of combos: their legs are among the others. */
  spreadOrders: readonly SpreadOrder[];
  spreadExecutions: readonly SpreadExecution[];
}>;

/** `pending`: what was decided and has not reached the views yet. */
export function groundTruth(state: PaperState, views: Views, pending: readonly Release[]): GroundTruth {
  const orders = new Map<string, Map<string, ExchangeOrder>>();
  const executions = new Map<string, ExchangeExecution[]>();
  const ordersOf = (uid: string): Map<string, ExchangeOrder> => getOr(orders, uid, () => new Map());
  const executionsOf = (uid: string): ExchangeExecution[] => getOr(executions, uid, () => []);
  for (const [key, history] of views.histories()) {
    const uid = key.slice(0, key.indexOf('/'));
    const all = history.all();
    for (const order of all.orders) ordersOf(uid).set(order.orderId, order);
    executionsOf(uid).push(...all.executions);
  }
  for (const change of pending.flatMap((release) => release.changes)) {
    if (change.type === 'order') ordersOf(change.uid).set(change.facts.order.orderId, change.facts.order);
    if (change.type === 'execution') executionsOf(change.uid).push(change.execution);
  }
  const accounts = [...state.accounts.values()].map((account) => ({
    uid: account.uid,
    synthetic: isHouse(account.uid),
    coins: new Map(account.coins),
    fund: new Map(account.fund),
    positions: new Map(account.positions),
    settings: account.settings.current,
    orders: [...ordersOf(account.uid).values()].sort((a, b) => a.createdAt - b.createdAt || byId(a.orderId, b.orderId)),
    ...spreadsOf(account.uid, views, pending),
    executions: [...executionsOf(account.uid)].sort((a, b) => a.at - b.at || a.seq - b.seq || byId(a.execId, b.execId)),
  }));
  const fund = state.accounts.get(INSURANCE)?.coins ?? new Map();
  const insurance = new Map([...fund].map(([asset, { wallet }]) => [asset, wallet]));
  return { accounts, fees: new Map(state.fees), deposits: new Map(state.deposits), insurance };
}

/** What the views keep, and after it what they do not show yet. */
function spreadsOf(uid: string, views: Views, pending: readonly Release[]) {
  const kept = views.spreads(uid).all();
  const orders = new Map(kept.spreadOrders.map((order) => [order.orderId, order]));
  const spreadExecutions = [...kept.spreadExecutions];
  for (const change of pending.flatMap((release) => release.changes)) {
    if (change.uid !== uid) continue;
    if (change.type === 'spread_order') orders.set(change.facts.order.orderId, change.facts.order);
    if (change.type === 'spread_execution') spreadExecutions.push(change.execution);
  }
  return { spreadOrders: [...orders.values()], spreadExecutions };
}

const byId = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
