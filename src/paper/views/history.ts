import type { Category, UnixMs } from '../../domain/ids.ts';
import type { ExchangeExecution, ExchangeOrder } from '../../ports/exchange.ts';
import { isClosed } from '../state/changes.ts';

const DAY_MS = 86_400_000;
/** Closed orders that the order query still shows; a restart empties it (as Bybit's does). */
const RECENT = 500;
const SWEEP_EVERY = 1000;

/** Orders and executions of one account in one category, as the queries show them. */
export class History {
  /** By id, in the order of creation. */
  readonly #orders = new Map<string, ExchangeOrder>();
  #executions: ExchangeExecution[] = [];
  #recent: string[] = [];
  #sinceSweep = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  putOrder(order: ExchangeOrder, recovering: boolean): void {
    this.#orders.set(order.orderId, order);
    if (!isClosed(order)) return;
    if (!recovering) {
      this.#recent.push(order.orderId);
      if (this.#recent.length >= 2 * RECENT) this.#recent = this.#recent.slice(-RECENT);
    }
    this.#sinceSweep += 1;
    if (this.#sinceSweep >= SWEEP_EVERY) this.#sweep(order.updatedAt);
  }

  putExecution(execution: ExchangeExecution): void {
    this.#executions.push(execution);
    if (this.#executions.length > this.#most + SWEEP_EVERY) this.#executions = this.#executions.slice(-this.#most);
  }

  /** The last closed orders, newest first. */
  recentlyClosed(): readonly ExchangeOrder[] {
    const orders: ExchangeOrder[] = [];
    for (const id of this.#recent.slice(-RECENT)) {
      const order = this.#orders.get(id);
      if (order !== undefined) orders.push(order);
    }
    return orders.reverse();
  }

  forgetRecent(): void {
    this.#recent = [];
  }

  /** Newest first. Closed orders without a fill are shown for 24 hours, those with one as long as they are kept. */
  orders(now: UnixMs): readonly ExchangeOrder[] {
    return [...this.#orders.values()].filter((order) => isShown(order, now)).reverse();
  }

  /** Newest first. */
  executions(): readonly ExchangeExecution[] {
    return this.#executions.slice(-this.#most).reverse();
  }

  /** Everything that is kept, oldest first. */
  all(): Readonly<{ orders: readonly ExchangeOrder[]; executions: readonly ExchangeExecution[] }> {
    return { orders: [...this.#orders.values()], executions: this.#executions };
  }

  #sweep(now: UnixMs): void {
    this.#sinceSweep = 0;
    let surplus = this.#orders.size - this.#most;
    for (const [id, order] of this.#orders) {
      if (!isClosed(order)) continue;
      if (surplus <= 0 && isShown(order, now)) continue;
      this.#orders.delete(id);
      surplus -= 1;
    }
  }
}

const isShown = (order: ExchangeOrder, now: UnixMs): boolean =>
  !isClosed(order) || order.cumQty > 0n || order.updatedAt > now - DAY_MS;

export const historyKey = (uid: string, category: Category): string => `${uid}/${category}`;
