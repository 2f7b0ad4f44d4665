import { formatDecimal, multiply } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import { splitInstrumentId } from '../../../domain/ids.ts';
import type {
  ExchangeExecution,
  ExchangeOrder,
  SpreadExecution,
  SpreadExecutionRows,
  SpreadOrder,
  SpreadOrderRows,
} from '../../../ports/exchange.ts';
import { shownQuotient } from '../numbers.ts';
import { CREATED_BY, EXEC_TYPES, endingOf, orderTypeWord, sideWord, statusWord, timeInForceWord } from '../words.ts';
import { spreadStatus } from './spread.ts';

const legCategory = (instrument: ExchangeOrder['instrument']): 'spot_leg' | 'future_leg' =>
  splitInstrumentId(instrument).category === 'spot' ? 'spot_leg' : 'future_leg';

/** Rows of the private topic `spread.order`: the combo's, then its legs'. */
export const spreadOrderPush = ({ order, legs }: SpreadOrderRows): readonly object[] => [
  comboRow(order),
  ...legs.map((leg) => legRow(order, leg)),
];

const comboRow = (order: SpreadOrder) => ({
  category: 'combination',
  symbol: order.symbol,
  parentOrderId: '',
  orderId: order.orderId,
  orderLinkId: order.clientOrderId ?? '',
  side: sideWord(order.side),
  orderStatus: spreadStatus(order),
  ...endingOf(order),
  timeInForce: timeInForceWord(order.timeInForce),
  price: formatDecimal(order.price),
  qty: formatDecimal(order.qty),
  avgPrice: '',
  leavesQty: formatDecimal(order.leavesQty),
  leavesValue: '',
  cumExecQty: formatDecimal(order.cumQty),
  cumExecValue: '',
  cumExecFee: '',
  orderType: orderTypeWord(order.type),
  isLeverage: '',
  createdTime: String(order.createdAt),
  updatedTime: String(order.updatedAt),
  feeCurrency: '',
  createType: CREATED_BY.user,
  closedPnl: '',
  cumFeeDetail: {},
});

function legRow(combo: SpreadOrder, leg: ExchangeOrder) {
  const { category, symbol } = splitInstrumentId(leg.instrument);
  const fees = [...leg.fees];
  return {
    category: legCategory(leg.instrument),
    symbol,
    parentOrderId: combo.orderId,
    orderId: leg.orderId,
    orderLinkId: '',
    side: sideWord(leg.side),
    orderStatus: statusWord(leg, category),
    ...endingOf(leg),
    timeInForce: timeInForceWord(leg.timeInForce),
    price: formatDecimal(leg.boundPrice),
    qty: formatDecimal(leg.qty),
    avgPrice: leg.cumQty === 0n ? '' : shownQuotient(leg.cumNotional, leg.cumQty, 8),
    leavesQty: formatDecimal(leg.leavesQty),
    leavesValue: formatDecimal(multiply(leg.leavesQty, leg.boundPrice, 'down')),
    cumExecQty: formatDecimal(leg.cumQty),
    cumExecValue: formatDecimal(leg.cumNotional),
    cumExecFee: formatDecimal(fees.reduce((sum, [, fee]) => sum + fee, 0n) as Money),
    orderType: orderTypeWord(leg.type),
    isLeverage: category === 'spot' ? '0' : '',
    createdTime: String(leg.createdAt),
    updatedTime: String(leg.updatedAt),
    feeCurrency: category === 'spot' ? (fees[0]?.[0] ?? '') : '',
    createType: CREATED_BY.future_spread,
    closedPnl: formatDecimal(leg.closedPnl),
    cumFeeDetail: Object.fromEntries(fees.map(([asset, fee]) => [asset, formatDecimal(fee)])),
  };
}

/** Messages of the private topic `spread.execution`, one after the other: the combo's, then one for each leg. */
export const spreadExecutionPushes = ({ execution, legs }: SpreadExecutionRows): readonly object[] => [
  comboExecution(execution),
  ...legs.map((leg) => legExecution(execution, leg)),
];

const comboExecution = (one: SpreadExecution) => ({
  category: 'combination',
  symbol: one.symbol,
  closedSize: '',
  execFee: '',
  execId: one.execId,
  parentExecId: '',
  execPrice: formatDecimal(one.price),
  execQty: formatDecimal(one.qty),
  execType: EXEC_TYPES.trade,
  execValue: '',
  feeRate: '',
  markPrice: '',
  leavesQty: formatDecimal(one.leavesQty),
  orderId: one.orderId,
  orderLinkId: one.clientOrderId ?? '',
  orderPrice: formatDecimal(one.orderPrice),
  orderQty: formatDecimal(one.orderQty),
  orderType: orderTypeWord(one.orderType),
  side: sideWord(one.side),
  execTime: String(one.at),
  isLeverage: '',
  isMaker: one.liquidity === 'maker',
  seq: one.seq,
  createType: CREATED_BY.user,
  execPnl: '',
});

/** A leg says what it paid: futures in `execFee`, pairs in `execFeeV2` with the coin of it. */
function legExecution(combo: SpreadExecution, leg: ExchangeExecution) {
  const { category, symbol } = splitInstrumentId(leg.instrument);
  const isSpot = category === 'spot';
  const fee = formatDecimal(leg.fee);
  return {
    category: legCategory(leg.instrument),
    symbol,
    closedSize: formatDecimal(leg.closedQty),
    execFee: isSpot ? '' : fee,
    ...(isSpot ? { execFeeV2: fee, feeCoin: leg.feeAsset } : {}),
    execId: leg.execId,
    parentExecId: combo.execId,
    execPrice: formatDecimal(leg.price),
    execQty: formatDecimal(leg.qty),
    execType: EXEC_TYPES[leg.kind],
    execValue: formatDecimal(leg.notional),
    feeRate: formatDecimal(leg.feeRate),
    markPrice: formatDecimal(leg.markPrice),
    leavesQty: formatDecimal(leg.leavesQty),
    orderId: '',
    orderLinkId: '',
    orderPrice: formatDecimal(leg.orderPrice),
    orderQty: formatDecimal(leg.orderQty),
    orderType: orderTypeWord(leg.orderType),
    side: sideWord(leg.side),
    execTime: String(leg.at),
    isLeverage: '0',
    isMaker: leg.liquidity === 'maker',
    seq: leg.seq,
    createType: CREATED_BY[leg.createdBy],
    execPnl: formatDecimal(leg.realisedPnl),
  };
}
