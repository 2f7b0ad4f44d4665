import { money } from '../../domain/decimal.ts';
import { INTERNAL_VENUE, type VenueId } from '../../domain/ids.ts';
import type { OrderSettings } from '../../oms/context.ts';

/**
 * Settings of a fresh account, as the API documents them: `default_venue` okd_internal, `smart_routing` on, Bybit from
 * 100 USDT and while its spread is at most 0.1 %, large from 10,000 USDT; slippage 1 %, price collar 10 %, and
 * `prefer_internal_bps` 1.
 */
export const defaultSettings = (external: VenueId): OrderSettings => ({
  maxSlippage: money('0.01'),
  priceCollar: money('0.1'),
  maxOrderNotional: null,
  preferInternal: money('1'),
  routing: {
    only: null,
    defaultVenue: INTERNAL_VENUE,
    smart: true,
    largeOrders: { venue: external, minNotional: money('10000') },
    thresholds: [{ venue: external, minNotional: money('100'), maxSpread: money('0.001') }],
  },
});
