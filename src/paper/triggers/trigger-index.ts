import type { InstrumentId, Money } from '../../domain/ids.ts';
import type { ExchangeOrder, OrderTrigger } from '../../ports/exchange.ts';
import type { PaperState } from '../state/state.ts';
import { TriggerBook, type Watch } from './trigger-book.ts';

/**
 * All orders that wait for a price, by market. It holds nothing that the orders themselves do not say: it follows every
 * change of theirs, and after a restart it is made from the state.
 */
export class TriggerIndex {
  readonly #books = new Map<InstrumentId, TriggerBook>();
  readonly #watches = new Map<string, Readonly<{ watch: Watch; book: TriggerBook }>>();
  /** Active trailing stops by market: each new last price may move them. */
  readonly #trailing = new Map<InstrumentId, Map<string, string>>();

  static of(state: PaperState): TriggerIndex {
    const index = new TriggerIndex();
    for (const [uid, account] of state.accounts) {
      for (const { order } of account.open.values()) index.observe(uid, order);
    }
    return index;
  }

  /** Markets in which somebody waits. */
  get books(): ReadonlyMap<InstrumentId, TriggerBook> {
    return this.#books;
  }

  /** Order id → uid of the trailing stops that follow the price. */
  trailing(id: InstrumentId): ReadonlyMap<string, string> {
    return this.#trailing.get(id) ?? NONE;
  }

  observe(uid: string, order: ExchangeOrder): void {
    const trigger = order.status === 'untriggered' ? triggerOf(order) : null;
    const known = this.#watches.get(order.orderId);
    if (known === undefined && trigger === null) return;
    if (known !== undefined && trigger !== null && isSame(known.watch.trigger, trigger)) return;
    if (known !== undefined) this.#forget(order, known);
    if (trigger !== null) this.#watch(uid, order, trigger);
  }

  clear(): void {
    this.#books.clear();
    this.#watches.clear();
    this.#trailing.clear();
  }

  #watch(uid: string, order: ExchangeOrder, trigger: OrderTrigger): void {
    const { orderId, instrument } = order;
    let book = this.#books.get(instrument);
    if (book === undefined) this.#books.set(instrument, (book = new TriggerBook()));
    const watch = { uid, orderId, trigger };
    book.add(watch);
    this.#watches.set(orderId, { watch, book });
    if (order.trailing === null || order.trailing.extreme === null) return;
    let trailing = this.#trailing.get(instrument);
    if (trailing === undefined) this.#trailing.set(instrument, (trailing = new Map()));
    trailing.set(orderId, uid);
  }

  #forget(order: ExchangeOrder, known: Readonly<{ watch: Watch; book: TriggerBook }>): void {
    const { orderId, instrument } = order;
    known.book.remove(known.watch);
    this.#watches.delete(orderId);
    if (known.book.size === 0) this.#books.delete(instrument);
    const trailing = this.#trailing.get(instrument);
    trailing?.delete(orderId);
    if (trailing?.size === 0) this.#trailing.delete(instrument);
  }
}

const NONE: ReadonlyMap<string, string> = new Map();

const isSame = (a: OrderTrigger, b: OrderTrigger): boolean =>
  a.price === b.price && a.by === b.by && a.direction === b.direction;

/**
 * What an order waits for: its trigger, or, of a trailing stop, first the price that it becomes active at and then the
 * one at its distance behind the best since.
 */
export function triggerOf(order: Pick<ExchangeOrder, 'side' | 'trigger' | 'trailing'>): OrderTrigger | null {
  const { trailing } = order;
  if (trailing === null) return order.trigger;
  const closesLong = order.side === 'sell';
  if (trailing.extreme === null) {
    if (trailing.activePrice === null) return null;
    return { price: trailing.activePrice, direction: closesLong ? 'rise' : 'fall', by: 'last' };
  }
  const { extreme, distance } = trailing;
  return closesLong
    ? { price: (extreme - distance) as Money, direction: 'fall', by: 'last' }
    : { price: (extreme + distance) as Money, direction: 'rise', by: 'last' };
}
