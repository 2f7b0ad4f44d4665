import { formatDecimal, multiply, ZERO } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import type { ExchangeInstrument, ExchangeOrder } from '../../../ports/exchange.ts';
import { formatsOf, shownQuotient } from '../numbers.ts';
import { endingOf, orderTypeWord, sideWord, smpWord, statusWord, timeInForceWord } from '../words.ts';

/** Row of GET /v5/order/realtime (V5 docs, "Get Open & Closed Orders"). */
export function openOrderRow(order: ExchangeOrder, instrument: ExchangeInstrument) {
  const { category } = instrument;
  const spot = category === 'spot';
  const { price, qty, priceScale } = formatsOf(instrument);
  const open = order.status === 'new' || order.status === 'partially_filled';
  const leaves = open ? order.leavesQty : ZERO;
  // A market order shows the internal limit that bounds it, never a fill price.
  const shownPrice = order.price ?? order.boundPrice;
  const unknown = spot ? '' : 'UNKNOWN';
  const noPrice = spot ? '' : price(ZERO);
  return {
    orderId: order.orderId,
    orderLinkId: order.clientOrderId ?? '',
    parentOrderLinkId: '',
    blockTradeId: '',
    symbol: instrument.symbol,
    price: price(shownPrice),
    qty: order.qtyIn === 'quote' ? formatDecimal(order.qty) : qty(order.qty),
    side: sideWord(order.side),
    isLeverage: spot ? '0' : '',
    positionIdx: 0,
    orderStatus: statusWord(order, category),
    ...(spot ? {} : { createType: 'CreateByUser' }),
    ...endingOf(order),
    avgPrice: order.cumQty === ZERO ? (spot ? '' : '0') : shownQuotient(order.cumNotional, order.cumQty, priceScale),
    leavesQty: order.qtyIn === 'quote' ? formatDecimal(leaves) : qty(leaves),
    leavesValue: formatDecimal(order.qtyIn === 'quote' ? leaves : multiply(leaves, shownPrice, 'half_even')),
    cumExecQty: qty(order.cumQty),
    cumExecValue: formatDecimal(order.cumNotional),
    cumExecFee: formatDecimal(sumOf(order.fees.values())),
    timeInForce: order.type === 'market' ? 'IOC' : timeInForceWord(order.timeInForce),
    orderType: orderTypeWord(order.type),
    stopOrderType: unknown,
    orderIv: '',
    marketUnit: spot && order.type === 'market' ? (order.qtyIn === 'quote' ? 'quoteCoin' : 'baseCoin') : '',
    triggerPrice: noPrice,
    takeProfit: noPrice,
    stopLoss: noPrice,
    tpTriggerBy: unknown,
    slTriggerBy: unknown,
    triggerDirection: 0,
    triggerBy: unknown,
    lastPriceOnCreated: spot ? '' : price(order.lastPriceOnCreate),
    ...(spot ? { basePrice: price(order.lastPriceOnCreate), ocoTriggerBy: 'OcoTriggerByUnknown' } : {}),
    reduceOnly: order.reduceOnly,
    closeOnTrigger: false,
    smpType: smpWord(order.selfTrade),
    smpGroup: 0,
    smpOrderId: '',
    tpslMode: '',
    tpLimitPrice: '',
    slLimitPrice: '',
    placeType: '',
    createdTime: String(order.createdAt),
    updatedTime: String(order.updatedAt),
    cumFeeDetail: Object.fromEntries([...order.fees].map(([asset, fee]) => [asset, formatDecimal(fee)])),
  };
}

/** Row of GET /v5/order/history ("Get Order History"). */
export const closedOrderRow = (order: ExchangeOrder, instrument: ExchangeInstrument) => ({
  ...openOrderRow(order, instrument),
  slippageToleranceType: 'UNKNOWN',
  slippageTolerance: '',
  extraFees: '',
  rpiTakerAccess: false,
  rpiMatchedQty: '0',
});

/** Row of the private topic `order`. */
export const orderPush = (order: ExchangeOrder, instrument: ExchangeInstrument) => ({
  category: instrument.category,
  ...openOrderRow(order, instrument),
  slippageToleranceType: 'UNKNOWN',
  slippageTolerance: '',
  closedPnl: '0',
  feeCurrency: '',
  rpiTakerAccess: false,
  rpiMatchedQty: '0',
});

function sumOf(amounts: Iterable<Money>): Money {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total as Money;
}
