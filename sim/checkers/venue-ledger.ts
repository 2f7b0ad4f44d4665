import type { ExchangeExecution, ExchangeOrder, PrivateEvent } from '../../src/ports/exchange.ts';
import type { GroundTruth } from '../../src/paper/index.ts';

export type TrueOrder = Readonly<{ uid: string; order: ExchangeOrder }>;
export type TrueExecution = Readonly<{ uid: string; execution: ExchangeExecution }>;

/** Everything that ever became true at the venue, over all lives of its process. The gateway never sees it. */
export class VenueLedger {
  readonly orders = new Map<string, TrueOrder>();
  /** Venue order ids by our own id. */
  readonly byLink = new Map<string, Set<string>>();
  readonly executions = new Map<string, TrueExecution>();
  readonly #listeners: ((order: TrueOrder) => void)[] = [];

  onOrder(listener: (order: TrueOrder) => void): void {
    this.#listeners.push(listener);
  }

  heard(event: PrivateEvent): void {
    if (event.type === 'order') for (const order of event.orders) this.#order(event.uid, order);
    if (event.type === 'execution') for (const one of event.executions) this.#execution(event.uid, one);
  }

  /** What a fresh life of the exchange found on its disk: it may not have told it before it died. */
  absorb(truth: GroundTruth): void {
    for (const { uid, synthetic, orders, executions } of truth.accounts) {
      if (synthetic) continue;
      for (const order of orders) this.#order(uid, order);
      for (const one of executions) this.#execution(uid, one);
    }
  }

  #order(uid: string, order: ExchangeOrder): void {
    const one = { uid, order };
    this.orders.set(order.orderId, one);
    if (order.clientOrderId !== null) {
      const ids = this.byLink.get(order.clientOrderId) ?? new Set();
      ids.add(order.orderId);
      this.byLink.set(order.clientOrderId, ids);
    }
    for (const listener of this.#listeners) listener(one);
  }

  #execution(uid: string, execution: ExchangeExecution): void {
    if (execution.kind === 'trade') this.executions.set(execution.execId, { uid, execution });
  }

  /** The venue's order under our id. */
  find(link: string): ExchangeOrder | null {
    const [id] = this.byLink.get(link) ?? [];
    return id === undefined ? null : (this.orders.get(id)?.order ?? null);
  }
}

export const isOpen = (order: ExchangeOrder): boolean => order.status === 'new' || order.status === 'partially_filled';
