import type { Lots, Side, Ticks } from '../../domain/ids.ts';
import { toLots, toTicks } from '../../domain/instrument.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { type Resting, touchFor } from '../book/order-book.ts';
import type { Decision } from '../desk/decision.ts';
import { settle } from '../desk/settle.ts';
import type { Market } from '../tape/market.ts';
import { type HistoryError, historyError } from './history-error.ts';
import type { BookLine, HistoryRow } from './history-event.ts';

const NONE = 0 as Lots;

/** A level as the file has it now, and as it had it before. */
type Row = Readonly<{ side: Side; price: Ticks; qty: Lots; before: Lots }>;

/**
 * The recorded levels as orders of the synthetic account, in one queue with clients' orders. A level's quantity is what
 * the file last said of it, less what clients took since: their impact stays until the file speaks of that level again.
 * A level that grows does so behind those that wait there. One that shrinks was canceled: where recorded trades show
 * what was not canceled, all along the queue, each part by its share; without them from the end, so that nobody moves
 * forward for a reason that may have been another. A level that crosses a client's order trades with it, but only with
 * what is new in it: what the file repeats has traded already.
 */
export class ReplayedBook {
  readonly #market: Market;
  readonly #cancels: 'along_the_queue' | 'from_the_end';
  /** Our orders at each price, first in, first out. */
  readonly #levels: Readonly<Record<Side, Map<Ticks, number[]>>> = { buy: new Map(), sell: new Map() };
  /** What the file last said. */
  readonly #said: Readonly<Record<Side, Map<Ticks, Lots>>> = { buy: new Map(), sell: new Map() };
  /** What recorded trades took since the last line: a level of which that line says nothing was filled up again. */
  readonly #traded: Readonly<Record<Side, Map<Ticks, Lots>>> = { buy: new Map(), sell: new Map() };

  #begun = false;

  constructor(market: Market, cancels: 'along_the_queue' | 'from_the_end') {
    this.#market = market;
    this.#cancels = cancels;
  }

  apply(decision: Decision, line: BookLine): Result<void, HistoryError> {
    const rows = this.#rows(line);
    if (!rows.ok) return rows;
    const targets = [...rows.value, ...this.#unspoken(line, rows.value)];
    this.#traded.buy.clear();
    this.#traded.sell.clear();
    // What leaves goes first: between two lines the recorded book never crosses itself, so no level meets another.
    if (line.type === 'snapshot') for (const said of [this.#said.buy, this.#said.sell]) said.clear();
    for (const { side, price, qty } of rows.value) this.#say(side, price, qty);
    const grow: Row[] = [];
    for (const row of targets) if (this.#shrink(row)) grow.push(row);
    for (const row of grow) this.#grow(decision, row);
    if (!this.#begun) for (const { side, price } of grow) this.#letStandBehind(side, price);
    this.#begun = true;
    return ok(undefined);
  }

  /** A recorded trade took this of one of our orders. */
  traded(order: Resting, qty: Lots): void {
    const { side, price } = order;
    const ids = this.#levels[side].get(price) ?? [];
    this.#reduce(order.id, qty);
    if (this.#market.book.order(order.id) === null)
      this.#setIds(
        side,
        price,
        ids.filter((id) => id !== order.id),
      );
    const traded = this.#traded[side];
    traded.set(price, ((traded.get(price) ?? 0) + qty) as Lots);
  }

  /** Takes everything back. */
  clear(): void {
    for (const side of ['buy', 'sell'] as const) {
      for (const price of [...this.#levels[side].keys()]) this.#shrink({ side, price, qty: NONE, before: NONE });
    }
  }

  /** The book was emptied. */
  forget(): void {
    for (const maps of [this.#levels, this.#said, this.#traded]) {
      maps.buy.clear();
      maps.sell.clear();
    }
    this.#begun = false;
  }

  #rows(line: BookLine): Result<Row[], HistoryError> {
    const rows: Row[] = [];
    const { listing } = this.#market.instrument;
    const add = (side: Side, [price, qty]: HistoryRow): boolean => {
      const ticks = toTicks(listing, price);
      const lots = toLots(listing, qty);
      if (ticks.ok && lots.ok) rows.push(this.#row(side, ticks.value, lots.value));
      return ticks.ok && lots.ok;
    };
    const onGrid = line.bids.every((row) => add('buy', row)) && line.asks.every((row) => add('sell', row));
    if (onGrid) return ok(rows);
    return err(historyError('REPLAY_OFF_GRID', line.line, 'a price or quantity does not lie on the tick or step'));
  }

  /** What a line says of levels that it does not name: a snapshot that they are gone, a delta that they are as before. */
  #unspoken(line: BookLine, rows: readonly Row[]): Row[] {
    const spoken = { buy: new Set<Ticks>(), sell: new Set<Ticks>() };
    for (const row of rows) spoken[row.side].add(row.price);
    const isSnapshot = line.type === 'snapshot';
    return (['buy', 'sell'] as const).flatMap((side) => {
      const prices = isSnapshot ? this.#levels[side].keys() : this.#traded[side].keys();
      return [...prices]
        .filter((price) => !spoken[side].has(price))
        .map((price) => this.#row(side, price, isSnapshot ? NONE : this.#beforeTrades(side, price)));
    });
  }

  #row(side: Side, price: Ticks, qty: Lots): Row {
    return { side, price, qty, before: this.#said[side].get(price) ?? NONE };
  }

  #say(side: Side, price: Ticks, qty: Lots): void {
    if (qty > 0) this.#said[side].set(price, qty);
    else this.#said[side].delete(price);
  }

  #beforeTrades(side: Side, price: Ticks): Lots {
    return (this.#quantity(this.#levels[side].get(price) ?? []) + (this.#traded[side].get(price) ?? 0)) as Lots;
  }

  /** Brings a level down to its quantity; true when it has to grow instead. */
  #shrink({ side, price, qty }: Row): boolean {
    const { book } = this.#market;
    const ids = (this.#levels[side].get(price) ?? []).filter((id) => book.order(id) !== null);
    const there = this.#quantity(ids);
    const surplus = there - qty;
    if (surplus > 0) this.#cancel(ids, there, surplus);
    this.#setIds(
      side,
      price,
      ids.filter((id) => book.order(id) !== null),
    );
    return surplus < 0;
  }

  /** Cancels so much of one level. Shares are rounded down, what that leaves over comes from the end of the queue. */
  #cancel(ids: readonly number[], there: number, surplus: number): void {
    let left = surplus;
    if (this.#cancels === 'along_the_queue' && ids.length > 1) {
      for (const id of ids) {
        const share = Number((BigInt(this.#leaves(id)) * BigInt(surplus)) / BigInt(there));
        this.#reduce(id, share);
        left -= share;
      }
    }
    for (const id of ids.toReversed()) {
      const last = Math.min(left, this.#leaves(id));
      this.#reduce(id, last);
      left -= last;
    }
  }

  /** The last of our orders grows while nobody waits behind it, so that a queue has no more of ours than of others. */
  #grow(decision: Decision, { side, price, qty, before }: Row): void {
    const { book } = this.#market;
    const ids = this.#levels[side].get(price) ?? [];
    const missing = qty - this.#quantity(ids);
    const crosses = this.#crosses(side, price);
    if (crosses && this.#market.status !== 'trading') return;
    const more = (crosses ? Math.min(missing, qty - before) : missing) as Lots;
    if (more <= 0) return;
    const last = ids.at(-1);
    if (last !== undefined && book.queue(side, price).at(-1)?.id === last) {
      settle(decision, this.#market, null, side, book.amend(last, price, (this.#leaves(last) + more) as Lots));
      return;
    }
    const order = { owner: null, account: 0, side, price, qty: more, timeInForce: 'gtc', selfTrade: 'none' } as const;
    const outcome = book.submit(order);
    settle(decision, this.#market, null, side, outcome);
    if (outcome.leaves > 0) this.#levels[side].set(price, [...ids, outcome.id]);
  }

  /** Orders that were there before the history began (a restart brings them back) get no better place by that. */
  #letStandBehind(side: Side, price: Ticks): void {
    const { book } = this.#market;
    for (const { id, owner, leaves } of book.queue(side, price)) {
      if (owner === null) continue;
      book.amend(id, price, (leaves + 1) as Lots); // who grows goes to the end,
      book.amend(id, price, leaves); // who shrinks stays there
    }
  }

  /** Whether somebody waits there to trade: no recorded order does. */
  #crosses(side: Side, price: Ticks): boolean {
    const touch = touchFor(this.#market.book, side);
    return touch !== null && (side === 'buy' ? price >= touch : price <= touch);
  }

  #reduce(id: number, qty: number): void {
    if (qty === 0) return;
    const { book } = this.#market;
    const order = book.order(id);
    if (order === null) return;
    if (order.leaves > qty) book.amend(id, order.price, (order.leaves - qty) as Lots);
    else book.cancel(id);
  }

  #setIds(side: Side, price: Ticks, ids: number[]): void {
    if (ids.length > 0) this.#levels[side].set(price, ids);
    else this.#levels[side].delete(price);
  }

  #leaves(id: number): number {
    return this.#market.book.order(id)?.leaves ?? 0;
  }

  #quantity(ids: readonly number[]): number {
    return ids.reduce((sum, id) => sum + this.#leaves(id), 0);
  }
}
