import type { Bybit, BybitError } from '@okd/bybit';
import type { InstrumentId } from '../../domain/ids.ts';
import { type Listing, listing } from '../../domain/instrument.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Log } from '../../ports/log.ts';
import type { VenueInstrument } from '../../ports/venue-access.ts';
import { linearInstrument, spotInstrument } from './instruments.ts';
import type { Coins } from './map.ts';
import { idOf, type Traded } from './words.ts';

/** What the adapter knows of Bybit's instruments: terms as read last, by id. */
export class Listings {
  readonly #bybit: Bybit;
  readonly #log: Log;
  readonly #listed = new Map<InstrumentId, Listing>();
  /** Of everything that was ever listed: what is delisted has executions to be read still. */
  readonly #coins = new Map<InstrumentId, Coins>();

  constructor(bybit: Bybit, log: Log) {
    this.#bybit = bybit;
    this.#log = log;
  }

  /** Reads all categories to the end, or says why not; half a list is never taken. */
  async read(): Promise<Result<readonly VenueInstrument[], BybitError>> {
    const spot = await this.#bybit.market.allInstruments({ category: 'spot' });
    if (!spot.ok) return err(spot.error);
    const linear = await this.#bybit.market.allInstruments({ category: 'linear' });
    if (!linear.ok) return err(linear.error);
    const rows = [
      ...this.#readable('spot', spot.value.rows, spotInstrument),
      ...this.#readable('linear', linear.value.rows, linearInstrument),
    ];
    this.#listed.clear();
    for (const row of rows) {
      const { base, quote, settle } = row;
      const id = idOf(row.category as Traded, row.symbol);
      this.#coins.set(id, { base, quote, settle });
      const listed = listing(row.terms);
      if (listed.ok) this.#listed.set(id, listed.value);
    }
    return ok(rows);
  }

  /** Instruments that lack what trading needs are left out, and named in the log. */
  #readable<R extends Readonly<{ symbol: string }>>(
    category: Traded,
    rows: readonly R[],
    read: (row: R) => VenueInstrument | null,
  ): readonly VenueInstrument[] {
    const leftOut: string[] = [];
    const instruments = rows.flatMap((row) => {
      const one = read(row);
      if (one === null) leftOut.push(row.symbol);
      return one ?? [];
    });
    if (leftOut.length > 0) this.#log.warn('bybit_instruments_unreadable', { category, symbols: leftOut });
    return instruments;
  }

  /** Read once at least. */
  get areKnown(): boolean {
    return this.#coins.size > 0;
  }

  listing(id: InstrumentId): Listing | null {
    return this.#listed.get(id) ?? null;
  }

  coins(id: InstrumentId): Coins | null {
    return this.#coins.get(id) ?? null;
  }
}
