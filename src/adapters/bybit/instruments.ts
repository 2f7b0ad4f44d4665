import type { FuturesInstrument, SpotInstrument } from '@okd/bybit';
import { money, ONE } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import type { ListingTerms } from '../../domain/instrument.ts';
import type { VenueInstrument } from '../../ports/venue-access.ts';
import { amount, BYBIT } from './words.ts';

/** Instruments as Bybit lists them (docs/v5/market/instrument). Null where a row lacks what trading needs. */

/** Spot names no highest price: one that no instrument reaches, and that still counts exactly in ticks. */
const SPOT_TICKS = 10n ** 12n;

export function spotInstrument(row: SpotInstrument): VenueInstrument | null {
  const { lotSizeFilter: lots } = row;
  const tick = amount(row.priceFilter.tickSize);
  const step = amount(lots.basePrecision);
  const limit = amount(lots.maxLimitOrderQty) ?? amount(lots.maxOrderQty);
  const market = amount(lots.maxMarketOrderQty) ?? limit;
  if (tick === null || step === null || limit === null || market === null) return null;
  const terms: ListingTerms = {
    venue: BYBIT,
    tick,
    step,
    minQty: step,
    maxLimitQty: limit,
    maxMarketQty: market,
    minPrice: tick,
    maxPrice: (tick * SPOT_TICKS) as Money,
    minNotional: amount(lots.minOrderAmt) ?? money('0'),
    maxLeverage: null,
    priceBand: amount(row.riskParameters?.priceLimitRatioX),
  };
  return named('spot', row, row.quoteCoin, terms);
}

export function linearInstrument(row: FuturesInstrument): VenueInstrument | null {
  const { lotSizeFilter: lots, priceFilter, leverageFilter } = row;
  const tick = amount(priceFilter.tickSize);
  const step = amount(lots.qtyStep);
  const min = amount(lots.minOrderQty);
  const limit = amount(lots.maxOrderQty);
  const minPrice = amount(priceFilter.minPrice);
  const maxPrice = amount(priceFilter.maxPrice);
  if (tick === null || step === null || min === null || limit === null || minPrice === null || maxPrice === null)
    return null;
  const terms: ListingTerms = {
    venue: BYBIT,
    tick,
    step,
    minQty: min,
    maxLimitQty: limit,
    maxMarketQty: amount(lots.maxMktOrderQty) ?? limit,
    minPrice,
    maxPrice,
    minNotional: amount(lots.minNotionalValue) ?? money('0'),
    maxLeverage: amount(leverageFilter.maxLeverage) ?? ONE,
    priceBand: amount(row.riskParameters?.priceLimitRatioX),
  };
  return named('linear', row, row.settleCoin, terms);
}

const named = (
  category: 'spot' | 'linear',
  row: Readonly<{ symbol: string; baseCoin: string; quoteCoin: string; status: unknown }>,
  settle: string,
  terms: ListingTerms,
): VenueInstrument => ({
  category,
  symbol: row.symbol,
  base: row.baseCoin as AssetId,
  quote: row.quoteCoin as AssetId,
  settle: settle as AssetId,
  terms,
  trading: row.status === 'Trading',
});
