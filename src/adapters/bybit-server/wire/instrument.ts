import { formatDecimal, formatFixed, ONE } from '../../../domain/decimal.ts';
import type { ExchangeInstrument } from '../../../ports/exchange.ts';
import { formatsOf } from '../numbers.ts';

/** `maxOrderAmt` is still sent and no longer checked by Bybit. */
const NO_LONGER_LOOKED_AT = '8000000';

/** Row of GET /v5/market/instruments-info (V5 docs, "Get Instruments Info"); `symbolId` counts the listings. */
export const instrumentRow = (instrument: ExchangeInstrument, symbolId: number) => {
  if (instrument.category === 'spot') return spotRow(instrument, symbolId);
  return instrument.category === 'option' ? optionRow(instrument) : contractRow(instrument, symbolId);
};

const STATUSES = { trading: 'Trading', delivering: 'Delivering', closed: 'Closed' } as const;
const statusOf = (instrument: ExchangeInstrument) => STATUSES[instrument.status];

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
    marginTrading: instrument.marginTrading ? 'utaOnly' : 'none',
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
  const { leverage = null, funding = null, delivery = null } = contract ?? {};
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
    deliveryTime: String(delivery?.at ?? 0),
    deliveryFeeRate: delivery === null ? '' : formatDecimal(delivery.feeRate),
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
    fundingInterval: funding?.intervalMin ?? 0,
    settleCoin: instrument.settle,
    copyTrading: 'none',
    upperFundingRate: funding === null ? '' : formatDecimal(funding.cap),
    lowerFundingRate: funding === null ? '' : `-${formatDecimal(funding.cap)}`,
    isPreListing: false,
    preListingInfo: null,
    riskParameters: riskParametersOf(instrument),
    symbolType: '',
  };
}

function optionRow(instrument: ExchangeInstrument) {
  const { listing, contract, symbol, base, settle } = instrument;
  const { lots, ticks } = formatsOf(instrument);
  return {
    symbol,
    status: statusOf(instrument),
    baseCoin: base,
    quoteCoin: instrument.quote,
    settleCoin: settle,
    optionsType: contract?.option?.type === 'put' ? 'Put' : 'Call',
    launchTime: String(instrument.launchedAt),
    deliveryTime: String(contract?.delivery?.at ?? 0),
    deliveryFeeRate: contract?.delivery ? formatDecimal(contract.delivery.feeRate) : '',
    priceFilter: {
      minPrice: ticks(listing.minPrice),
      maxPrice: ticks(listing.maxPrice),
      tickSize: formatDecimal(listing.tick),
    },
    lotSizeFilter: {
      maxOrderQty: lots(listing.maxLimitQty),
      minOrderQty: lots(listing.minQty),
      qtyStep: formatDecimal(listing.step),
    },
    displayName: displayName(symbol, base, settle),
  };
}

/** `BTC-27MAR26-70000-P-USDT` is shown as `BTCUSDT-27MAR26-70000-P`. */
const displayName = (symbol: string, base: string, settle: string): string =>
  symbol.endsWith(`-${settle}`) ? `${base}${settle}${symbol.slice(base.length, -settle.length - 1)}` : symbol;
