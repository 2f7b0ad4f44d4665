import type { Bybit, BybitError, Listing as Rows, Result as WireResult } from '@okd/bybit';
import type { Category, UnixMs } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Unavailable, VenueExecution, VenueList, VenueOrder } from '../../ports/venue.ts';
import type { Listings } from './listings.ts';
import { executionOf, orderOf } from './map.ts';
import { isPermission, unavailable } from './outcome.ts';
import type { Quarantine } from './quarantine.ts';
import { readClock } from './venue-clock.ts';
import { idOf, SETTLE_COINS, TRADED, type Traded } from './words.ts';

/** Executions are read again from this long before the end of the last complete reading: rows appear late. */
const OVERLAP_MS = 60_000;
/** How far back an unreadable row is read again. */
const HELD_BACK_MS = 3_600_000;

export type ListsOptions = Readonly<{
  bybit: Bybit;
  listings: Listings;
  quarantine: Quarantine;
  /** Categories that the key may trade: where it may not, it need not be able to read either. */
  canTrade: readonly Category[];
}>;

/** What Bybit lists of an account's orders and executions. Rows that cannot be read are told, the others passed on. */
export class AccountLists {
  readonly #options: ListsOptions;
  /** On Bybit's clock: executions up to then have all been passed on. */
  #readUntil = Number.POSITIVE_INFINITY;

  constructor(options: ListsOptions) {
    this.#options = options;
  }

  async openOrders(): Promise<Result<VenueList<VenueOrder>, Unavailable>> {
    const { bybit } = this.#options;
    const found = new Found<VenueOrder>(this.#options.quarantine, 'order list');
    const questions = [
      { category: 'spot' } as const,
      ...SETTLE_COINS.map((settleCoin) => ({ category: 'linear', settleCoin }) as const),
    ];
    for (const question of questions) {
      const { category } = question;
      const failure = found.add(await bybit.orders.allOpen(question), (row) => orderOf(category, row));
      if (failure !== null && !this.#isClosed(category, failure)) return err(unavailable(failure));
    }
    return ok(found);
  }

  /**
   * From `since`, which is a time of our own clock or of Bybit's: from the earlier of what both would call it, and never
   * from after the end of the last complete reading. So neither a difference of the clocks nor a step of ours leaves
   * a gap; at worst too much is read.
   */
  async executionsSince(since: UnixMs): Promise<Result<VenueList<VenueExecution>, Unavailable>> {
    const { bybit, listings } = this.#options;
    const { serverClock } = bybit;
    // Without the coins of an instrument a fee has no currency: such rows are not unreadable, only too early.
    if (!listings.areKnown) return err({ code: 'UNAVAILABLE', reason: 'the instruments are not known yet' });
    const failure = await readClock(bybit);
    if (failure !== null) return err(failure);
    const now = serverClock.now();
    const skew = serverClock.skewMs() ?? 0;
    const from = Math.min(since, since + skew, now, this.#readUntil - OVERLAP_MS);
    const found = new Found<VenueExecution>(this.#options.quarantine, 'execution list');
    for (const category of TRADED) {
      const listed = await bybit.executions.since({ category, since: from });
      const refused = found.add(listed, (row) => {
        const execution = executionOf(category, row, listings.coins(idOf(category, row.symbol)));
        return execution === 'cash' ? 'skip' : execution;
      });
      if (refused !== null && !this.#isClosed(category, refused)) return err(unavailable(refused));
    }
    // One row that stays unreadable must not make every reading longer than the one before.
    this.#readUntil = found.complete ? now : Math.max(Math.min(this.#readUntil, now), now - HELD_BACK_MS);
    found.rows.sort((a, b) => a.at - b.at);
    return ok(found);
  }

  /** A category that the key was never allowed to trade, and may not read: nothing of ours is there. */
  #isClosed(category: Traded, error: BybitError): boolean {
    return isPermission(error) && !this.#options.canTrade.includes(category);
  }
}

/** Rows of several lists together, as long as none of the lists failed. */
class Found<T> {
  readonly rows: T[] = [];
  complete = true;
  readonly #quarantine: Quarantine;
  readonly #topic: string;

  constructor(quarantine: Quarantine, topic: string) {
    this.#quarantine = quarantine;
    this.#topic = topic;
  }

  /** Returns why there is no list. */
  add<R>(listed: WireResult<Rows<R>, BybitError>, read: (row: R) => T | 'skip' | null): BybitError | null {
    if (!listed.ok) return listed.error;
    for (const { text } of listed.value.unreadable) this.#miss(text);
    for (const row of listed.value.rows) {
      const one = read(row);
      if (one === null) this.#miss(JSON.stringify(row));
      else if (one !== 'skip') this.rows.push(one);
    }
    return null;
  }

  #miss(text: string): void {
    this.complete = false;
    this.#quarantine.take(this.#topic, text);
  }
}
