import { type AssetId, INTERNAL_VENUE, type InstrumentId, instrumentId } from '../../domain/ids.ts';
import { DEFAULT_ASSET_SCALE, type Instrument, instrument, type Listing, listing } from '../../domain/instrument.ts';
import { type InstrumentTermsRecord, listedAs } from '../../oms/registry-terms.ts';
import type { Log } from '../../ports/log.ts';
import type { VenueInstrument } from '../../ports/venue-access.ts';

type Coins = Readonly<{
  category: Instrument['category'];
  symbol: string;
  base: AssetId;
  quote: AssetId;
  settle: AssetId;
}>;

/** Every instrument that some venue lists, joined over the venues. */
export class Instruments {
  readonly #log: Log;
  readonly #internal = new Map<InstrumentId, { coins: Coins; listing: Listing }>();
  readonly #external = new Map<InstrumentId, { coins: Coins; listing: Listing; trading: boolean }>();
  #joined = new Map<InstrumentId, Instrument>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** A listing of our own: its terms never change, because a book's journal counts in them. */
  listInternally(record: InstrumentTermsRecord): void {
    const listed = listedAs(record);
    if (!listed.ok) return this.#log.error('internal_listing_refused', { symbol: record.symbol, ...listed.error });
    this.#internal.set(instrumentId(record.category, record.symbol), { coins: record, listing: listed.value });
    this.#join();
  }

  /** The other venue's instruments as it lists them now; what is gone from its list is gone from here. */
  refresh(rows: readonly VenueInstrument[]): void {
    this.#external.clear();
    for (const row of rows) {
      const listed = listing(row.terms);
      if (!listed.ok)
        this.#log.warn('listing_refused', { symbol: row.symbol, category: row.category, ...listed.error });
      else
        this.#external.set(instrumentId(row.category, row.symbol), {
          coins: row,
          listing: listed.value,
          trading: row.trading,
        });
    }
    this.#join();
  }

  #join(): void {
    const joined = new Map<InstrumentId, Instrument>();
    for (const id of new Set([...this.#internal.keys(), ...this.#external.keys()])) {
      const internal = this.#internal.get(id);
      const external = this.#external.get(id);
      const coins = internal?.coins ?? external?.coins;
      if (coins === undefined) continue;
      const listings = [internal?.listing, external?.listing].filter((one) => one !== undefined);
      const result = instrument({ ...coins, listings });
      // A grid that cannot be exact over both venues leaves the instrument with ours alone.
      const alone =
        result.ok || internal === undefined ? result : instrument({ ...coins, listings: [internal.listing] });
      if (!result.ok) this.#log.warn('instrument_not_joined', { instrument: id, ...result.error });
      if (alone.ok) joined.set(id, alone.value);
    }
    this.#joined = joined;
  }

  get(id: InstrumentId): Instrument | null {
    return this.#joined.get(id) ?? null;
  }

  all(): readonly Instrument[] {
    return [...this.#joined.values()];
  }

  /** On the internal venue. */
  internal(): readonly Instrument[] {
    return this.all().filter((one) => one.listings.has(INTERNAL_VENUE));
  }

  /** Open for trading at the other venue. */
  isTrading(id: InstrumentId): boolean {
    return this.#external.get(id)?.trading ?? false;
  }

  /** Base, quote or settle coin of some instrument. */
  knowsAsset(asset: AssetId): boolean {
    return this.all().some(({ base, quote, settle }) => base === asset || quote === asset || settle === asset);
  }

  scaleOf(_asset: AssetId): number {
    return DEFAULT_ASSET_SCALE;
  }
}
