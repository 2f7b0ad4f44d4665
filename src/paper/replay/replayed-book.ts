import type { Lots, Side, Ticks } from '../../domain/ids.ts';
import { toLots, toTicks } from '../../domain/instrument.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Decision } from '../desk/decision.ts';
import { settle } from '../desk/settle.ts';
import type { Market } from '../tape/market.ts';
import { type HistoryError, type HistoryLine, type HistoryRow, historyError } from './history-line.ts';

type Row = Readonly<{ side: Side; price: Ticks; qty: Lots }>;

/**
 * The recorded levels as orders of the synthetic account. A level's quantity is what the file last said of it, less
 * what clients took since: their impact stays until the file speaks of that level again. A level that grows gets
 * another order behind those that wait there; one that shrinks loses its newest first.
 */
export class ReplayedBook {
  readonly #market: Market;
  readonly #levels: Readonly<Record<Side, Map<Ticks, number[]>>> = { buy: new Map(), sell: new Map() };

  constructor(market: Market) {
    this.#market = market;
  }

  apply(decision: Decision, line: HistoryLine): Result<void, HistoryError> {
    const rows = this.#rows(line);
    if (!rows.ok) return rows;
    const targets = line.type === 'snapshot' ? [...this.#missing(rows.value), ...rows.value] : rows.value;
    // What leaves goes first: between two lines the recorded book never crosses itself, so no level meets another.
    const grow: Row[] = [];
    for (const row of targets) if (this.#shrink(row)) grow.push(row);
    for (const row of grow) this.#grow(decision, row);
    return ok(undefined);
  }

  /** Takes everything back. */
  clear(): void {
    for (const side of ['buy', 'sell'] as const) {
      for (const price of [...this.#levels[side].keys()]) this.#shrink({ side, price, qty: 0 as Lots });
    }
  }

  /** The book was emptied. */
  forget(): void {
    this.#levels.buy.clear();
    this.#levels.sell.clear();
  }

  #rows(line: HistoryLine): Result<Row[], HistoryError> {
    const rows: Row[] = [];
    const { listing } = this.#market.instrument;
    const add = (side: Side, [price, qty]: HistoryRow): boolean => {
      const ticks = toTicks(listing, price);
      const lots = toLots(listing, qty);
      if (ticks.ok && lots.ok) rows.push({ side, price: ticks.value, qty: lots.value });
      return ticks.ok && lots.ok;
    };
    const onGrid = line.bids.every((row) => add('buy', row)) && line.asks.every((row) => add('sell', row));
    if (onGrid) return ok(rows);
    return err(historyError('REPLAY_OFF_GRID', line.number, 'a price or quantity does not lie on the tick or step'));
  }

  /** Levels that a snapshot does not know. */
  #missing(rows: readonly Row[]): Row[] {
    const known = { buy: new Set<Ticks>(), sell: new Set<Ticks>() };
    for (const row of rows) known[row.side].add(row.price);
    return (['buy', 'sell'] as const).flatMap((side) =>
      [...this.#levels[side].keys()]
        .filter((price) => !known[side].has(price))
        .map((price) => ({ side, price, qty: 0 as Lots })),
    );
  }

  /** Brings a level down to its quantity; true when it has to grow instead. */
  #shrink({ side, price, qty }: Row): boolean {
    const { book } = this.#market;
    const ids = (this.#levels[side].get(price) ?? []).filter((id) => book.order(id) !== null);
    let surplus = this.#quantity(ids) - qty;
    while (surplus > 0) {
      const id = ids.at(-1) as number;
      const leaves = book.order(id)?.leaves ?? 0;
      if (leaves > surplus) book.amend(id, price, (leaves - surplus) as Lots);
      else {
        book.cancel(id);
        ids.pop();
      }
      surplus -= leaves;
    }
    if (ids.length > 0) this.#levels[side].set(price, ids);
    else this.#levels[side].delete(price);
    return surplus < 0 && qty > 0 && this.#quantity(ids) < qty;
  }

  #grow(decision: Decision, { side, price, qty }: Row): void {
    const ids = this.#levels[side].get(price) ?? [];
    const more = (qty - this.#quantity(ids)) as Lots;
    const order = { owner: null, account: 0, side, price, qty: more, timeInForce: 'gtc', selfTrade: 'none' } as const;
    const outcome = this.#market.book.submit(order);
    settle(decision, this.#market, null, side, outcome);
    if (outcome.leaves > 0) this.#levels[side].set(price, [...ids, outcome.id]);
  }

  #quantity(ids: readonly number[]): number {
    return ids.reduce((sum, id) => sum + (this.#market.book.order(id)?.leaves ?? 0), 0);
  }
}
