import type { Money, Side } from '../../domain/ids.ts';
import { priceOf } from '../../domain/instrument.ts';
import { type LegPrices, legPrices, type SpreadLeg } from '../formulas/spread.ts';
import { bandLimit } from '../rules/band.ts';
import type { Market } from '../tape/market.ts';
import type { SpreadMarket } from './spread-market.ts';

/**
 * Prices at which both legs trade when the combo trades at a price: each may be no worse than what an order of its own
 * could have, on either side. Null: there are none.
 */
export const tradedAt = (market: SpreadMarket, price: Money): LegPrices | null =>
  legPrices(price, legOf(market.far, 'both'), legOf(market.near, 'both'));

/**
 * Prices of the legs of an order, as things stand. An order may lie so far away that it cannot trade, as others may;
 * null where a leg would have to be bought above, or sold below, its band.
 */
export function orderedAt(market: SpreadMarket, side: Side, price: Money): LegPrices | null {
  const traded = tradedAt(market, price);
  if (traded !== null) return traded;
  const [far, near] = side === 'buy' ? (['buy', 'sell'] as const) : (['sell', 'buy'] as const);
  return legPrices(price, legOf(market.far, far), legOf(market.near, near));
}

function legOf(market: Market, bounds: Side | 'both'): SpreadLeg {
  const { listing } = market.instrument;
  const lowest = bounds === 'buy' ? listing.minPrice : bandLimit(market, 'sell');
  const highest = bounds === 'sell' ? listing.maxPrice : bandLimit(market, 'buy');
  return {
    mark: market.mark(),
    tick: listing.tick,
    lowest: priceOf(listing, lowest),
    highest: priceOf(listing, highest),
  };
}
