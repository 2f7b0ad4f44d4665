import { money } from '../../domain/decimal.ts';
import { INTERNAL_VENUE, type VenueId } from '../../domain/ids.ts';
import type { OrderSettings } from '../../oms/context.ts';

const MAX_SLIPPAGE = money('0.01');
const PRICE_COLLAR = money('0.1');
const PREFER_INTERNAL_BPS = money('1');
const LARGE = money('10000');
const SMALLEST_EXTERNAL = money('100');
const MAX_SPREAD = money('0.001');

/**
 * Settings of a fresh account, as the API documents them: `default_venue` okd_internal, `smart_routing` on, Bybit from
 * 100 USDT and while its spread is at most 0.1 %, large from 10,000 USDT; slippage 1 %, price collar 10 %, and
 * `prefer_internal_bps` 1.
 */
export const defaultSettings = (external: VenueId): OrderSettings => ({
  maxSlippage: MAX_SLIPPAGE,
  priceCollar: PRICE_COLLAR,
  maxOrderNotional: null,
  preferInternal: PREFER_INTERNAL_BPS,
  routing: {
    only: null,
    defaultVenue: INTERNAL_VENUE,
    smart: true,
    largeOrders: { venue: external, minNotional: LARGE },
    thresholds: [{ venue: external, minNotional: SMALLEST_EXTERNAL, maxSpread: MAX_SPREAD }],
  },
});
