import { formatDecimal, formatFixed, ONE } from '../../../domain/decimal.ts';
import type { ExchangeInstrument } from '../../../ports/exchange.ts';
import { formatsOf } from '../numbers.ts';

/** Funding is clamped to this per interval; also the ticker's `fundingCap`. */
export const FUNDING_CAP = '0.005';
/** `maxOrderAmt` is still sent and no longer checked by Bybit. */
const NO_LONGER_LOOKED_AT = '8000000';

/** Row of GET /v5/market/instruments-info (V5 docs, "Get Instruments Info"); `symbolId` counts the listings. */
export const instrumentRow = (instrument: ExchangeInstrument, symbolId: number) =>
  instrument.category === 'spot' ? spotRow(instrument, symbolId) : contractRow(instrument, symbolId);

const statusOf = (instrument: ExchangeInstrument) => (instrument.status === 'trading' ? 'Trading' : 'Closed');

const riskParametersOf = (instrument: ExchangeInstrument) => ({
  priceLimitRatioX: formatDecimal(instrument.priceLimitX),
  priceLimitRatioY: formatDecimal(instrument.priceLimitY),
});

function spotRow(instrument: ExchangeInstrument, symbolId: number) {
  const { listing } = instrument;
  const { lots } = formatsOf(instrument);
  return {
    symbolId,
    symbol: instrument.symbol,
    baseCoin: instrument.base,
    quoteCoin: instrument.quote,
    innovation: '0',
    status: statusOf(instrument),
    marginTrading: 'none',
    stTag: '0',
    lotSizeFilter: {
      basePrecision: formatDecimal(listing.step),
      quotePrecision: formatDecimal(instrument.quoteStep),
      minOrderQty: lots(listing.minQty),
      maxOrderQty: lots(listing.maxLimitQty),
      minOrderAmt: formatDecimal(listing.minNotional),
      maxOrderAmt: NO_LONGER_LOOKED_AT,
      maxLimitOrderQty: lots(listing.maxLimitQty),
      maxMarketOrderQty: lots(listing.maxMarketQty),
      postOnlyMaxLimitOrderSize: lots(instrument.postOnlyMaxQty),
    },
    priceFilter: { tickSize: formatDecimal(listing.tick) },
    riskParameters: riskParametersOf(instrument),
    symbolType: '',
  };
}

function contractRow(instrument: ExchangeInstrument, symbolId: number) {
  const { listing, contract } = instrument;
  const leverage = contract?.leverage ?? null;
  const { lots, ticks, priceScale } = formatsOf(instrument);
  const kind = instrument.category === 'inverse' ? 'Inverse' : 'Linear';
  return {
    symbol: instrument.symbol,
    symbolId,
    contractType: `${kind}${contract?.kind === 'perpetual' ? 'Perpetual' : 'Futures'}`,
    status: statusOf(instrument),
    baseCoin: instrument.base,
    quoteCoin: instrument.quote,
    launchTime: String(instrument.launchedAt),
    deliveryTime: '0',
    deliveryFeeRate: '',
    priceScale: String(priceScale),
    leverageFilter: {
      minLeverage: formatDecimal(leverage?.min ?? ONE),
      maxLeverage: formatFixed(leverage?.max ?? listing.maxLeverage ?? ONE, 2, 'down'),
      leverageStep: formatDecimal(leverage?.step ?? ONE),
    },
    priceFilter: {
      minPrice: ticks(listing.minPrice),
      maxPrice: ticks(listing.maxPrice),
      tickSize: formatDecimal(listing.tick),
    },
    lotSizeFilter: {
      maxOrderQty: lots(listing.maxLimitQty),
      minOrderQty: lots(listing.minQty),
      qtyStep: formatDecimal(listing.step),
      postOnlyMaxOrderQty: lots(instrument.postOnlyMaxQty),
      maxMktOrderQty: lots(listing.maxMarketQty),
      minNotionalValue: formatDecimal(listing.minNotional),
    },
    unifiedMarginTrade: true,
    fundingInterval: contract?.funding?.intervalMin ?? 0,
    settleCoin: instrument.settle,
    copyTrading: 'none',
    upperFundingRate: FUNDING_CAP,
    lowerFundingRate: `-${FUNDING_CAP}`,
    isPreListing: false,
    preListingInfo: null,
    riskParameters: riskParametersOf(instrument),
    symbolType: '',
  };
}
