import type { ClientOrderId, UnixMs } from '../../domain/ids.ts';
import { invariant } from '../../domain/result.ts';
import type { OrderRef, VenueExecution, VenueOrder } from '../../ports/venue.ts';

/** An order as its book remembers it: what a query by client order id answers from. */
export type BookOrder = { view: VenueOrder; readonly account: number; readonly executions: VenueExecution[] };

/** Orders that have ended are forgotten beyond so many, and not before this long after their end. */
export const KEPT_ENDED = 10_000;
export const KEPT_FOR_MS = 120_000;

/**
 * The orders of one book: all that are open, and those that ended lately. Forgetting depends on the times of the
 * commands alone, so that a replay forgets the same. What might have been forgotten is told from what never was there.
 */
export class BookOrders {
  readonly #byId = new Map<ClientOrderId, BookOrder>();
  readonly #open = new Map<number, BookOrder>();
  /** In the order of their ends. What lies before `#head` is forgotten. */
  #ended: BookOrder[] = [];
  #head = 0;
  #forgottenUntil = -1;

  /** Takes a new order; `number` is the engine's name for it while it is open. */
  add(number: number, order: BookOrder): void {
    const { clientOrderId } = order.view;
    invariant(clientOrderId !== null, 'an order of our own book has an id of ours');
    this.#byId.set(clientOrderId, order);
    this.#open.set(number, order);
  }

  /** Open, or ended and still remembered. */
  find(id: ClientOrderId): BookOrder | null {
    return this.#byId.get(id) ?? null;
  }

  open(number: number): BookOrder {
    const order = this.#open.get(number);
    invariant(order !== undefined, `order ${number} is open`);
    return order;
  }

  end(number: number, status: 'filled' | 'canceled' | 'rejected', reason: string, at: UnixMs): void {
    const order = this.open(number);
    order.view = { ...order.view, status, reason, updatedAt: at };
    this.#open.delete(number);
    this.#ended.push(order);
  }

  /** Called after every command with its time. */
  forget(now: UnixMs): void {
    while (this.#ended.length - this.#head > KEPT_ENDED) {
      const oldest = this.#ended[this.#head];
      if (oldest === undefined || now - oldest.view.updatedAt <= KEPT_FOR_MS) break;
      this.#head += 1;
      this.#forgetOne(oldest);
    }
    if (this.#head < KEPT_ENDED) return;
    this.#ended = this.#ended.slice(this.#head);
    this.#head = 0;
  }

  #forgetOne({ view, executions }: BookOrder): void {
    if (view.clientOrderId !== null) this.#byId.delete(view.clientOrderId);
    // Wall clocks step: none of an order's times is surely its latest.
    this.#forgottenUntil = Math.max(this.#forgottenUntil, view.createdAt, view.updatedAt);
    for (const { at } of executions) this.#forgottenUntil = Math.max(this.#forgottenUntil, at);
  }

  /**
   * Whether an order that is not found here may have been forgotten: it had a number of this book once, or it is as old
   * as what was forgotten. Only where this is false does "not found" mean that the book never had it.
   */
  mayHaveForgotten({ venueOrderId, createdAt }: Pick<OrderRef, 'venueOrderId' | 'createdAt'>): boolean {
    return venueOrderId !== null || createdAt <= this.#forgottenUntil;
  }

  working(account: number): readonly VenueOrder[] {
    return [...this.#open.values()].filter((order) => order.account === account).map((order) => order.view);
  }

  /** Every execution of an account at or after `since`, oldest first; null where some may have been forgotten. */
  executionsSince(account: number, since: UnixMs): readonly VenueExecution[] | null {
    if (since <= this.#forgottenUntil) return null;
    const found: VenueExecution[] = [];
    for (const order of this.#byId.values()) {
      if (order.account === account) found.push(...order.executions.filter((execution) => execution.at >= since));
    }
    return found.sort((a, b) => a.at - b.at);
  }
}
