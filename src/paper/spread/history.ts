import type { UnixMs } from '../../domain/ids.ts';
import {
  isOpenSpread,
  type SpreadExecution,
  type SpreadFilter,
  type SpreadOrder,
  type TimeRange,
} from '../../ports/exchange.ts';
import type { Change } from '../state/changes.ts';
import { suitsSpread } from './find.ts';

const DAY_MS = 86_400_000;
const SWEEP_EVERY = 1000;

/** Orders and executions of combos of one account, as the queries show them. */
export class SpreadHistory {
  /** By id, in the order of creation. */
  readonly #orders = new Map<string, SpreadOrder>();
  #executions: SpreadExecution[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  take(change: Change): void {
    if (change.type === 'spread_order') this.#putOrder(change.facts.order);
    if (change.type !== 'spread_execution') return;
    this.#executions.push(change.execution);
    if (this.#executions.length > this.#most + SWEEP_EVERY) this.#executions = this.#executions.slice(-this.#most);
  }

  #putOrder(order: SpreadOrder): void {
    this.#orders.set(order.orderId, order);
    if (this.#orders.size <= this.#most + SWEEP_EVERY) return;
    for (const [id, old] of this.#orders) {
      if (this.#orders.size <= this.#most) return;
      if (!isOpenSpread(old)) this.#orders.delete(id);
    }
  }

  /** Newest first. Canceled orders without a fill are shown for a day. */
  orders(filter: SpreadFilter & TimeRange, now: UnixMs): readonly SpreadOrder[] {
    return [...this.#orders.values()]
      .filter((order) => {
        const isShown = isOpenSpread(order) || order.cumQty > 0n || order.updatedAt > now - DAY_MS;
        return isShown && order.createdAt >= filter.from && order.createdAt <= filter.to && suitsSpread(order, filter);
      })
      .reverse();
  }

  /** Newest first. */
  executions(filter: SpreadFilter & TimeRange): readonly SpreadExecution[] {
    return this.#executions
      .filter((one) => one.at >= filter.from && one.at <= filter.to && suitsSpread(one, filter))
      .reverse();
  }

  /** Everything that is kept, oldest first. */
  all(): Readonly<{ spreadOrders: readonly SpreadOrder[]; spreadExecutions: readonly SpreadExecution[] }> {
    return { spreadOrders: [...this.#orders.values()], spreadExecutions: this.#executions };
  }
}
