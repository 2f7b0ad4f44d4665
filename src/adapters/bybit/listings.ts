import type { Bybit, BybitError } from '@okd/bybit';
import type { InstrumentId } from '../../domain/ids.ts';
import { type Listing, listing } from '../../domain/instrument.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { VenueInstrument } from '../../ports/venue-access.ts';
import { linearInstrument, spotInstrument } from './instruments.ts';
import type { Coins } from './map.ts';
import { idOf, type Traded } from './words.ts';

/** What the adapter knows of Bybit's instruments: terms as read last, by id. */
export class Listings {
  readonly #bybit: Bybit;
  readonly #known = new Map<InstrumentId, { listing: Listing; coins: Coins }>();

  constructor(bybit: Bybit) {
    this.#bybit = bybit;
  }

  /** Reads all categories to the end, or says why not; half a list is never taken. */
  async read(): Promise<Result<readonly VenueInstrument[], BybitError>> {
    const spot = await this.#bybit.market.allInstruments({ category: 'spot' });
    if (!spot.ok) return err(spot.error);
    const linear = await this.#bybit.market.allInstruments({ category: 'linear' });
    if (!linear.ok) return err(linear.error);
    const rows = [...spot.value.rows.map(spotInstrument), ...linear.value.rows.map(linearInstrument)].filter(
      (row) => row !== null,
    );
    this.#known.clear();
    for (const row of rows) {
      const listed = listing(row.terms);
      if (!listed.ok) continue;
      const { base, quote, settle } = row;
      this.#known.set(idOf(row.category as Traded, row.symbol), {
        listing: listed.value,
        coins: { base, quote, settle },
      });
    }
    return ok(rows);
  }

  listing(id: InstrumentId): Listing | null {
    return this.#known.get(id)?.listing ?? null;
  }

  coins(id: InstrumentId): Coins | null {
    return this.#known.get(id)?.coins ?? null;
  }
}
