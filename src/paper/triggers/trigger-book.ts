import type { Money } from '../../domain/ids.ts';
import type { OrderTrigger, TriggerBy } from '../../ports/exchange.ts';

/** An order that waits for a price of its market. */
export type Watch = Readonly<{ uid: string; orderId: string; trigger: OrderTrigger }>;

export const TRIGGER_SOURCES = ['last', 'mark', 'index'] as const satisfies readonly TriggerBy[];

/**
 * What waits in one market, by the price that it waits for and the way in which that price has to move; the nearest
 * first, so that a price that reaches nobody costs one comparison.
 */
export class TriggerBook {
  readonly #queues = new Map<string, Watch[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  watches(by: TriggerBy): boolean {
    return this.#queue(by, 'rise').length > 0 || this.#queue(by, 'fall').length > 0;
  }

  add(watch: Watch): void {
    const { by, direction, price } = watch.trigger;
    const queue = this.#queue(by, direction);
    queue.splice(placeOf(queue, direction, price), 0, watch);
    this.#size += 1;
  }

  remove(watch: Watch): void {
    const queue = this.#queue(watch.trigger.by, watch.trigger.direction);
    const index = queue.indexOf(watch);
    if (index < 0) return;
    queue.splice(index, 1);
    this.#size -= 1;
  }

  /** Everything that a price reaches, nearest first, among equals in their order of time. It stays until removed. */
  reached(by: TriggerBy, price: Money): readonly Watch[] {
    return [...reachedOf(this.#queue(by, 'rise'), price), ...reachedOf(this.#queue(by, 'fall'), price)];
  }

  #queue(by: TriggerBy, direction: OrderTrigger['direction']): Watch[] {
    const key = `${by} ${direction}`;
    let queue = this.#queues.get(key);
    if (queue === undefined) this.#queues.set(key, (queue = []));
    return queue;
  }
}

function reachedOf(queue: readonly Watch[], price: Money): readonly Watch[] {
  const count = queue.findIndex(({ trigger }) => !isReached(trigger, price));
  return queue.slice(0, count < 0 ? queue.length : count);
}

export const isReached = (trigger: OrderTrigger, price: Money): boolean =>
  trigger.direction === 'rise' ? price >= trigger.price : price <= trigger.price;

/** Behind all that are at least as near. */
function placeOf(queue: readonly Watch[], direction: OrderTrigger['direction'], price: Money): number {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = (queue[middle] as Watch).trigger.price;
    if (direction === 'rise' ? other <= price : other >= price) low = middle + 1;
    else high = middle;
  }
  return low;
}
