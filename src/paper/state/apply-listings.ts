import { instrumentId } from '../../domain/ids.ts';
import { unreachable } from '../../domain/result.ts';
import type { ListingEvent } from './listing-events.ts';
import type { PaperState } from './state.ts';

export function applyListingEvent(state: PaperState, event: ListingEvent): void {
  switch (event.type) {
    case 'listed': {
      const { terms, series, at } = event;
      state.listings.set(instrumentId(terms.category, terms.symbol), { terms, series, at });
      return;
    }
    case 'status_set':
      state.statuses.set(event.instrument, event.status);
      return;
    case 'delisted':
      state.listings.delete(event.instrument);
      state.statuses.delete(event.instrument);
      state.marks.delete(event.instrument);
      return;
    default:
      unreachable(event);
  }
}
