import type { InstrumentId, UnixMs } from '../../domain/ids.ts';
import type { ExchangeInstrument } from '../../ports/exchange.ts';
import type { InstrumentTerms } from '../config/terms.ts';

/** What happens to instruments while the exchange runs; those of the configuration are there without an event. */
export type ListingEvent = Readonly<
  /** A new one, or new terms of one that is there. `series`: the one of the configuration; null: by hand. */
  | { type: 'listed'; at: UnixMs; terms: InstrumentTerms; series: string | null }
  | { type: 'status_set'; at: UnixMs; instrument: InstrumentId; status: ExchangeInstrument['status'] }
  /** It is gone for good: nobody holds anything of it, and it is not shown any more. */
  | { type: 'delisted'; at: UnixMs; instrument: InstrumentId }
>;
