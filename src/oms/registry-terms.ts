import type { AssetId, Category, VenueId } from '../domain/ids.ts';
import { type Listing, type ListingError, type ListingTerms, listing } from '../domain/instrument.ts';
import type { Result } from '../domain/result.ts';
import type { VenueInstrument } from '../ports/venue-access.ts';

/** Terms of an internal listing as they are journalled. */
export type InstrumentTermsRecord = Readonly<{
  category: Category;
  symbol: string;
  base: AssetId;
  quote: AssetId;
  settle: AssetId;
  terms: ListingTerms;
}>;

/** The internal listing copies the other venue's, so that a child can go to either without losing a step. */
export const copyOf = (other: VenueInstrument, venue: VenueId): InstrumentTermsRecord => ({
  category: other.category,
  symbol: other.symbol,
  base: other.base,
  quote: other.quote,
  settle: other.settle,
  // The band belongs to the other venue's own protection; ours is the price collar.
  terms: { ...other.terms, venue, priceBand: null },
});

export const listedAs = (record: InstrumentTermsRecord): Result<Listing, ListingError> => listing(record.terms);
