import { quotient, ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { priceOf } from '../../domain/instrument.ts';
import type { Market } from '../tape/market.ts';

/**
 * How far the book stands from the index, as a fraction of it: (max(0, bid − index) − max(0, index − ask)) ÷ index
 * (Bybit help centre, "Introduction to Funding Rate"), with the touch for the impact prices: the agents' touch is deep.
 * Zero where the book is not a market: a few clients' orders would make it anything.
 */
export function premiumIndex(market: Market): Money {
  if (market.reference === null && !market.replayed) return ZERO;
  const { levels } = market.book;
  const { listing } = market.instrument;
  const bid = levels.best('buy');
  const ask = levels.best('sell');
  const index = market.index();
  const above = bid === null ? 0n : priceOf(listing, bid.price) - index;
  const below = ask === null ? 0n : index - priceOf(listing, ask.price);
  const apart = (above > 0n ? above : 0n) - (below > 0n ? below : 0n);
  return quotient(apart as Money, index, 'half_even');
}
