import type { Lots, Side, Ticks } from '../../domain/ids.ts';
import { opposite } from '../../domain/ids.ts';
import type { SelfTradePrevention, TimeInForce } from '../../domain/order.ts';
import { invariant } from '../../domain/result.ts';
import type { CancelReason, Matcher, MatchingEvent } from '../../matching/index.ts';
import type { ExchangeLevel } from '../../ports/exchange.ts';
import { LevelBook } from './level-book.ts';

/** Whose an order is; null: the synthetic account's. */
export type Owner = Readonly<{ uid: string; orderId: string }> | null;

/** An order in the book. */
export type Resting = {
  readonly id: number;
  readonly owner: Owner;
  readonly side: Side;
  price: Ticks;
  leaves: Lots;
  /** What the engine counts as filled of it. */
  filled: Lots;
};

export type NewOrder = Readonly<{
  owner: Owner;
  /** Number of its account; orders of one number can be kept from trading with each other. */
  account: number;
  side: Side;
  price: Ticks;
  qty: Lots;
  timeInForce: TimeInForce;
  selfTrade: SelfTradePrevention;
}>;

export type Fill = Readonly<{ maker: Owner; makerSide: Side; price: Ticks; qty: Lots; makerLeaves: Lots }>;

/** What became of an order that arrived (or was amended), and of those that it met. */
export type Outcome = Readonly<{
  id: number;
  fills: readonly Fill[];
  /** Resting orders that self-trade prevention removed. */
  removed: readonly Resting[];
  leaves: Lots;
  /** Why what was left did not rest; null where it rests, or nothing was left. */
  ended: CancelReason | null;
}>;

/** Levels that changed since the last look, as they are now. */
export type LevelChanges = Readonly<{ bids: readonly ExchangeLevel[]; asks: readonly ExchangeLevel[] }>;

/** One instrument's book: the matching engine, who owns what in it, and its levels. */
export class OrderBook {
  readonly levels = new LevelBook();
  readonly #engine: Pick<Matcher, 'execute'>;
  readonly #resting = new Map<number, Resting>();
  readonly #byOrderId = new Map<string, number>();
  /** Ids at each price in their order of time, as the engine has them. */
  readonly #queues: Readonly<Record<Side, Map<Ticks, Set<number>>>> = { buy: new Map(), sell: new Map() };
  readonly #changed: Readonly<Record<Side, Set<Ticks>>> = { buy: new Set(), sell: new Set() };
  #nextId = 1;

  constructor(engine: Pick<Matcher, 'execute'>) {
    this.#engine = engine;
  }

  submit(order: NewOrder): Outcome {
    const { owner, side, price, qty, ...rest } = order;
    const id = this.#nextId++;
    const events = this.#engine.execute({ type: 'submit', id, side, price, qty, ...rest });
    return this.#digest({ id, owner, side, price, leaves: qty, filled: 0 as Lots }, events);
  }

  /** `leaves` is what shall be open afterwards. Fewer at the same price keep their place in the queue. */
  amend(id: number, price: Ticks, leaves: Lots): Outcome & Readonly<{ keptPlace: boolean }> {
    const order = this.#resting.get(id);
    invariant(order !== undefined, 'an order to amend is in the book');
    if (order.price === price && order.leaves === leaves) {
      return { id, fills: [], removed: [], leaves, ended: null, keptPlace: true };
    }
    const qty = (order.filled + leaves) as Lots;
    const events = this.#engine.execute({ type: 'amend', id, price, qty });
    const keptPlace = events[0]?.type === 'reduced';
    if (keptPlace) {
      this.#take(order, (order.leaves - leaves) as Lots);
      return { id, fills: [], removed: [], leaves, ended: null, keptPlace };
    }
    this.#take(order, order.leaves);
    this.#forget(order);
    return { ...this.#digest({ ...order, price, leaves }, events), keptPlace };
  }

  /** Takes an order out; what was left of it, or null when it is not there. */
  cancel(id: number): Resting | null {
    if (!this.#resting.has(id)) return null;
    this.#engine.execute({ type: 'cancel', id });
    return this.#remove(id);
  }

  order(id: number): Resting | null {
    return this.#resting.get(id) ?? null;
  }

  /** Number in this book of a client's order. */
  idOf(orderId: string): number | null {
    return this.#byOrderId.get(orderId) ?? null;
  }

  /** What rests at a price, first in, first out. */
  queue(side: Side, price: Ticks): readonly Resting[] {
    return Array.from(this.#queues[side].get(price) ?? [], (id) => this.#resting.get(id) as Resting);
  }

  get size(): number {
    return this.#resting.size;
  }

  ids(): readonly number[] {
    return [...this.#resting.keys()];
  }

  /** Null when no level changed since the last call. */
  takeChanges(): LevelChanges | null {
    const { buy, sell } = this.#changed;
    if (buy.size + sell.size === 0) return null;
    const rows = (side: Side): ExchangeLevel[] => {
      const sign = side === 'buy' ? -1 : 1;
      const prices = [...this.#changed[side]].sort((a, b) => sign * (a - b));
      return prices.map((price) => ({ price, qty: this.levels.qty(side, price) }));
    };
    const changes = { bids: rows('buy'), asks: rows('sell') };
    buy.clear();
    sell.clear();
    return changes;
  }

  /** Follows the engine's events for one order that arrived. */
  #digest(order: Resting, events: readonly MatchingEvent[]): Outcome {
    const fills: Fill[] = [];
    const removed: Resting[] = [];
    let ended: CancelReason | null = null;
    for (const event of events) {
      if (event.type === 'rejected') invariant(false, `the engine refused an order that was checked: ${event.reason}`);
      if (event.type === 'traded') {
        order.leaves = (order.leaves - event.qty) as Lots;
        order.filled = (order.filled + event.qty) as Lots;
        fills.push(this.#fill(event.makerId, event.price, event.qty));
      }
      if (event.type !== 'canceled') continue;
      if (event.id === order.id) ended = event.reason;
      else removed.push(this.#remove(event.id));
    }
    if (ended === null && order.leaves > 0) this.#rest(order);
    return { id: order.id, fills, removed, leaves: order.leaves, ended };
  }

  #fill(makerId: number, price: Ticks, qty: Lots): Fill {
    const maker = this.#resting.get(makerId);
    invariant(maker !== undefined, 'a maker is in the book');
    maker.filled = (maker.filled + qty) as Lots;
    this.#take(maker, qty);
    if (maker.leaves === 0) this.#forget(maker);
    return { maker: maker.owner, makerSide: maker.side, price, qty, makerLeaves: maker.leaves };
  }

  #remove(id: number): Resting {
    const order = this.#resting.get(id);
    invariant(order !== undefined, 'an order that is removed was in the book');
    const left = { ...order };
    this.#take(order, order.leaves);
    this.#forget(order);
    return left;
  }

  #rest(order: Resting): void {
    this.#resting.set(order.id, order);
    const queues = this.#queues[order.side];
    const queue = queues.get(order.price);
    if (queue === undefined) queues.set(order.price, new Set([order.id]));
    else queue.add(order.id);
    if (order.owner !== null) this.#byOrderId.set(order.owner.orderId, order.id);
    this.#setLevel(order.side, order.price, order.leaves);
  }

  #take(order: Resting, qty: Lots): void {
    order.leaves = (order.leaves - qty) as Lots;
    this.#setLevel(order.side, order.price, -qty as Lots);
  }

  #forget(order: Resting): void {
    this.#resting.delete(order.id);
    const queue = this.#queues[order.side].get(order.price);
    if (queue?.delete(order.id) === true && queue.size === 0) this.#queues[order.side].delete(order.price);
    if (order.owner !== null) this.#byOrderId.delete(order.owner.orderId);
  }

  #setLevel(side: Side, price: Ticks, more: Lots): void {
    this.levels.set(side, price, (this.levels.qty(side, price) + more) as Lots);
    this.#changed[side].add(price);
  }
}

/** Best price that an order of this side would meet. */
export const touchFor = (book: OrderBook, side: Side): Ticks | null => book.levels.best(opposite(side))?.price ?? null;
