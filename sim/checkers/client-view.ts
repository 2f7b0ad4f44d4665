import { money } from '../../src/domain/decimal.ts';
import type { ShownOrder, Sight } from '../world/trader.ts';
import type { Verdicts } from './verdicts.ts';

const FINAL = new Set(['filled', 'canceled', 'rejected', 'expired']);
type Seen = Readonly<{ seenAtMs: number; order: ShownOrder }>;

/**
 * V13: what a client is shown of an order never goes back, over all restarts. Two answers are compared only if the
 * second was asked for after the first had arrived: others may have overtaken each other.
 */
export class ClientView {
  readonly #verdicts: Verdicts;
  readonly #furthest = new Map<string, Seen>();

  constructor(verdicts: Verdicts) {
    this.#verdicts = verdicts;
  }

  saw({ askedAtMs, seenAtMs, order }: Sight): void {
    const before = this.#furthest.get(order.id);
    if (before === undefined) return void this.#furthest.set(order.id, { seenAtMs, order });
    if (before.seenAtMs > askedAtMs) return;
    const filled = money(order.filled_quantity) >= money(before.order.filled_quantity);
    const stays = !FINAL.has(before.order.status) || before.order.status === order.status;
    const same = before.order.client_order_id === order.client_order_id;
    this.#verdicts.expect('V13', order.id, filled && stays && same, () => {
      return `was ${words(before.order)}, is ${words(order)}`;
    });
    this.#furthest.set(order.id, { seenAtMs, order });
  }

  /** The last that clients saw of each order. */
  last(): ReadonlyMap<string, Seen> {
    return this.#furthest;
  }
}

const words = ({ status, filled_quantity, client_order_id }: ShownOrder): string =>
  `${status} ${filled_quantity} (${client_order_id})`;
