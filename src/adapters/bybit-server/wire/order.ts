import { formatDecimal, multiply, quotient, roundTo, ZERO } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import { type ExchangeInstrument, type ExchangeOrder, isOpenStatus, type TriggerBy } from '../../../ports/exchange.ts';
import { formatsOf, shownQuotient } from '../numbers.ts';
import {
  CREATED_BY,
  endingOf,
  orderTypeWord,
  sideWord,
  smpWord,
  statusWord,
  stopKindWord,
  timeInForceWord,
  triggerByWord,
} from '../words.ts';

/** Row of GET /v5/order/realtime (V5 docs, "Get Open & Closed Orders"). */
export function openOrderRow(order: ExchangeOrder, instrument: ExchangeInstrument) {
  const { category } = instrument;
  const spot = category === 'spot';
  const { price, qty, priceScale } = formatsOf(instrument);
  const leaves = isOpenStatus(order.status) ? order.leavesQty : ZERO;
  // A market order shows the internal limit that bounds it, never a fill price; while it waits it has none.
  const waits = order.status === 'untriggered' || order.status === 'deactivated';
  const shownPrice = order.price ?? (waits ? ZERO : order.boundPrice);
  const amount = (value: Money): string => (order.qtyIn === 'quote' ? formatDecimal(value) : qty(value));
  return {
    orderId: order.orderId,
    orderLinkId: order.clientOrderId ?? '',
    parentOrderLinkId: order.parent?.clientOrderId ?? '',
    blockTradeId: '',
    symbol: instrument.symbol,
    price: price(shownPrice),
    qty: amount(order.qty),
    side: sideWord(order.side),
    isLeverage: spot ? (order.leverage ? '1' : '0') : '',
    positionIdx: order.positionIdx,
    orderStatus: statusWord(order, category),
    ...(spot ? {} : { createType: CREATED_BY[order.createdBy] }),
    ...endingOf(order),
    avgPrice: order.cumQty === ZERO ? (spot ? '' : '0') : averagePrice(order, instrument, priceScale),
    leavesQty: amount(leaves),
    leavesValue: formatDecimal(order.qtyIn === 'quote' ? leaves : valueOf(instrument, leaves, shownPrice)),
    cumExecQty: qty(order.cumQty),
    cumExecValue: formatDecimal(order.cumNotional),
    cumExecFee: formatDecimal(sumOf(order.fees.values())),
    timeInForce: order.type === 'market' ? 'IOC' : timeInForceWord(order.timeInForce),
    orderType: orderTypeWord(order.type),
    stopOrderType: stopKindWord(order.stopKind, spot),
    orderIv: order.iv === null ? '' : formatDecimal(order.iv),
    marketUnit: spot && order.type === 'market' ? (order.qtyIn === 'quote' ? 'quoteCoin' : 'baseCoin') : '',
    ...conditionsRow(order, instrument),
    lastPriceOnCreated: spot ? '' : price(order.lastPriceOnCreate),
    ...(spot ? { basePrice: price(order.lastPriceOnCreate), ocoTriggerBy: ocoWord(order) } : {}),
    reduceOnly: order.reduceOnly,
    closeOnTrigger: order.closeOnTrigger,
    smpType: smpWord(order.selfTrade),
    smpGroup: order.smpGroup,
    smpOrderId: order.smpOrderId ?? '',
    placeType: category === 'option' ? (order.iv === null ? 'price' : 'iv') : '',
    createdTime: String(order.createdAt),
    updatedTime: String(order.updatedAt),
    cumFeeDetail: Object.fromEntries([...order.fees].map(([asset, fee]) => [asset, formatDecimal(fee)])),
  };
}

/** What an order waits for, and the ways out that it brings along. */
function conditionsRow(order: ExchangeOrder, instrument: ExchangeInstrument) {
  const spot = instrument.category === 'spot';
  const { price } = formatsOf(instrument);
  const unknown = spot ? '' : 'UNKNOWN';
  const priceWord = (value: Money | null | undefined): string =>
    value === null || value === undefined ? (spot ? '' : price(ZERO)) : price(value);
  const byWord = (by: TriggerBy | undefined): string => (by === undefined || spot ? unknown : triggerByWord(by));
  const takeProfit = order.exits?.takeProfit ?? null;
  const stopLoss = order.exits?.stopLoss ?? null;
  const limitWord = (value: Money | null | undefined): string =>
    value === null || value === undefined ? '' : price(value);
  const { trigger, trailing } = order;
  return {
    triggerPrice: priceWord(trigger?.price ?? trailing?.activePrice),
    takeProfit: priceWord(takeProfit?.price),
    stopLoss: priceWord(stopLoss?.price),
    tpTriggerBy: byWord(takeProfit?.by),
    slTriggerBy: byWord(stopLoss?.by),
    triggerDirection: trigger === null || spot ? 0 : trigger.direction === 'rise' ? 1 : 2,
    triggerBy: byWord(trailing === null ? trigger?.by : 'last'),
    tpslMode: modeWord(order),
    tpLimitPrice: limitWord(takeProfit?.limitPrice),
    slLimitPrice: limitWord(stopLoss?.limitPrice),
  };
}

/** Of an order with ways out, and of those ways themselves. */
function modeWord({ exits, stopKind }: ExchangeOrder): string {
  if (stopKind === 'partial_take_profit' || stopKind === 'partial_stop_loss') return 'Partial';
  if (stopKind === 'take_profit' || stopKind === 'stop_loss') return 'Full';
  if (exits === null || (exits.takeProfit === null && exits.stopLoss === null)) return '';
  return exits.mode === 'full' ? 'Full' : 'Partial';
}

const OCO_WORDS = { take_profit: 'OcoTriggerByTp', stop_loss: 'OcoTriggerBySl' } as const;
const ocoWord = ({ ocoTriggeredBy: by }: ExchangeOrder): string =>
  by === null ? 'OcoTriggerByUnknown' : OCO_WORDS[by];

const isInverse = ({ contract }: ExchangeInstrument): boolean => contract?.valuation === 'inverse';

/** Inverse contracts are worth quantity ÷ price, so their average is quantity ÷ value. */
const averagePrice = (order: ExchangeOrder, instrument: ExchangeInstrument, scale: number): string =>
  isInverse(instrument)
    ? shownQuotient(order.cumQty, order.cumNotional, scale)
    : shownQuotient(order.cumNotional, order.cumQty, scale);

const valueOf = (instrument: ExchangeInstrument, qty: Money, price: Money): Money => {
  if (!isInverse(instrument)) return multiply(qty, price, 'half_even');
  return price === ZERO ? ZERO : roundTo(quotient(qty, price, 'half_even'), 8, 'half_even');
};

const slippageRow = ({ slippage }: ExchangeOrder) => {
  if (slippage === null) return { slippageToleranceType: 'UNKNOWN', slippageTolerance: '' };
  return 'ticks' in slippage
    ? { slippageToleranceType: 'TickSize', slippageTolerance: String(slippage.ticks) }
    : { slippageToleranceType: 'Percent', slippageTolerance: formatDecimal((slippage.fraction * 100n) as Money) };
};

/** Row of GET /v5/order/history ("Get Order History"). */
export const closedOrderRow = (order: ExchangeOrder, instrument: ExchangeInstrument) => ({
  ...openOrderRow(order, instrument),
  ...slippageRow(order),
  extraFees: '',
  rpiTakerAccess: false,
  rpiMatchedQty: '0',
});

/** Row of the private topic `order`. */
export const orderPush = (order: ExchangeOrder, instrument: ExchangeInstrument) => ({
  category: instrument.category,
  ...openOrderRow(order, instrument),
  ...slippageRow(order),
  closedPnl: formatDecimal(order.closedPnl),
  feeCurrency: '',
  rpiTakerAccess: false,
  rpiMatchedQty: '0',
});

function sumOf(amounts: Iterable<Money>): Money {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total as Money;
}
