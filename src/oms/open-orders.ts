import { type InstrumentId, type Money, type UnixMs, type VenueId, INTERNAL_VENUE } from '../domain/ids.ts';
import { type ChildOrder, isFinal, leavesQty } from '../domain/order.ts';
import type { Child } from './child.ts';

/** What of an account rests on one book: leaves by price. */
export type RestingLevels = Readonly<{ buy: ReadonlyMap<Money, Money>; sell: ReadonlyMap<Money, Money> }>;
type Levels = { readonly buy: Map<Money, Money>; readonly sell: Map<Money, Money> };

/**
 * Views of the open children that every new order asks for, kept up to date with each event: a decision must not walk
 * over all open orders. Derived from the state, so it is in no journal.
 */
export class OpenOrders {
  readonly #resting = new Map<string, Levels>();
  /** At other venues: sent, and not accepted as far as we know. Few, because answers come soon. */
  readonly #unaccepted = new Set<Child>();
  /** At other venues: accepted, oldest first on the venue's clock. Those that have ended stay until it is swept. */
  #accepted: Child[] = [];
  #acceptedOpen = 0;

  opened(child: Child): void {
    if (child.order.venue !== INTERNAL_VENUE) this.#unaccepted.add(child);
  }

  /** `before` is what `child.order` was until its last event. */
  changed(child: Child, before: ChildOrder): void {
    const { order } = child;
    this.#rest(before, -restingQty(before));
    this.#rest(order, restingQty(order));
    if (order.venue === INTERNAL_VENUE) return;
    if (before.acceptedAt === null && order.acceptedAt !== null) {
      this.#unaccepted.delete(child);
      if (!isFinal(order.status)) this.#insert(child, order.acceptedAt);
    } else if (isFinal(order.status) && !isFinal(before.status)) {
      if (!this.#unaccepted.delete(child)) this.#ended();
    }
  }

  /** The account's working orders on a book; null where it has none. */
  resting(venue: VenueId, instrument: InstrumentId): RestingLevels | null {
    return this.#resting.get(keyOf(venue, instrument)) ?? null;
  }

  /** Children at other venues that a balance of `at` cannot have counted: not accepted by then, and not ended. */
  *uncountedSince(at: UnixMs): Generator<Child> {
    yield* this.#unaccepted;
    for (let i = this.#accepted.length - 1; i >= 0; i--) {
      const child = this.#accepted[i] as Child;
      if ((child.order.acceptedAt as UnixMs) < at) return;
      if (!isFinal(child.order.status)) yield child;
    }
  }

  #rest(order: ChildOrder, qty: bigint): void {
    if (qty === 0n) return;
    const key = keyOf(order.venue, order.instrument);
    let levels = this.#resting.get(key);
    if (levels === undefined) {
      levels = { buy: new Map(), sell: new Map() };
      this.#resting.set(key, levels);
    }
    const side = levels[order.side];
    const left = (side.get(order.price) ?? 0n) + qty;
    if (left === 0n) side.delete(order.price);
    else side.set(order.price, left as Money);
  }

  /** Reports come nearly in order, so its place is at the end or close to it. */
  #insert(child: Child, acceptedAt: UnixMs): void {
    const sorted = this.#accepted;
    let at = sorted.length;
    while (at > 0 && ((sorted[at - 1] as Child).order.acceptedAt as UnixMs) > acceptedAt) at -= 1;
    sorted.splice(at, 0, child);
    this.#acceptedOpen += 1;
  }

  #ended(): void {
    this.#acceptedOpen -= 1;
    if (this.#accepted.length < 2 * this.#acceptedOpen + 64) return;
    this.#accepted = this.#accepted.filter(({ order }) => !isFinal(order.status));
  }
}

const keyOf = (venue: VenueId, instrument: InstrumentId): string => `${venue} ${instrument}`;
const restingQty = (order: ChildOrder): bigint => (order.status === 'working' ? leavesQty(order) : 0n);
