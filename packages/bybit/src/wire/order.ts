import {
  cancelType,
  category,
  createType,
  execType,
  orderStatus,
  orderType,
  rejectReason,
  side,
  smpType,
  stopOrderType,
  timeInForce,
} from './enums.ts';
import type { Infer } from './schema.ts';
import { decimal, flag, integer, millis, name, object, orNull, record, rows, text } from './schema.ts';

/** Orders over REST and on the `order` topic (docs/v5/order, docs/v5/websocket/private/order). */

const maybeDecimal = orNull(decimal);
const maybeText = orNull(text);
const maybeFlag = orNull(flag);
const maybeInteger = orNull(integer);

/** Taxes and the like, where the venue charges them. */
const extraFees = orNull(
  rows(
    object({ feeCoin: maybeText, feeType: maybeText, subFeeType: maybeText, feeRate: maybeDecimal, fee: maybeDecimal }),
  ),
);

/**
 * Required is only what reconciliation cannot do without: a field that Bybit leaves out one day must not hide an
 * order. `avgPrice` is null or "0" while nothing is filled.
 */
const orderShape = {
  orderId: name,
  orderLinkId: maybeText,
  symbol: name,
  side,
  orderType,
  orderStatus,
  qty: decimal,
  cumExecQty: decimal,
  price: maybeDecimal,
  avgPrice: maybeDecimal,
  leavesQty: maybeDecimal,
  leavesValue: maybeDecimal,
  cumExecValue: maybeDecimal,
  /** For inverse and option; spot and linear: read `cumFeeDetail`. */
  cumExecFee: maybeDecimal,
  cumFeeDetail: orNull(record(decimal)),
  timeInForce: orNull(timeInForce),
  createType: orNull(createType),
  cancelType: orNull(cancelType),
  rejectReason: orNull(rejectReason),
  stopOrderType: orNull(stopOrderType),
  positionIdx: maybeInteger,
  reduceOnly: maybeFlag,
  closeOnTrigger: maybeFlag,
  isLeverage: maybeText,
  marketUnit: maybeText,
  orderIv: maybeDecimal,
  triggerPrice: maybeDecimal,
  triggerDirection: maybeInteger,
  triggerBy: maybeText,
  takeProfit: maybeDecimal,
  stopLoss: maybeDecimal,
  tpslMode: maybeText,
  ocoTriggerBy: maybeText,
  tpLimitPrice: maybeDecimal,
  slLimitPrice: maybeDecimal,
  tpTriggerBy: maybeText,
  slTriggerBy: maybeText,
  lastPriceOnCreated: maybeDecimal,
  basePrice: maybeDecimal,
  placeType: maybeText,
  smpType: orNull(smpType),
  smpGroup: maybeInteger,
  smpOrderId: maybeText,
  slippageToleranceType: maybeText,
  slippageTolerance: maybeDecimal,
  parentOrderLinkId: maybeText,
  blockTradeId: maybeText,
  rpiTakerAccess: maybeFlag,
  rpiMatchedQty: maybeDecimal,
  extraFees,
  createdTime: millis,
  updatedTime: millis,
};

export const order = object(orderShape);
export type Order = Infer<typeof order>;

/** One row of the `order` topics. */
export const orderPush = object({
  category,
  ...orderShape,
  closedPnl: maybeDecimal,
  feeCurrency: maybeText,
  brokerOrderPrice: maybeDecimal,
});
export type OrderPush = Infer<typeof orderPush>;

/** Answer to create, amend and cancel. That the id is there is judged with the outcome. */
export const orderIds = object({ orderId: maybeText, orderLinkId: maybeText });

export const cancelAllAck = object({
  list: rows(object({ orderId: name, orderLinkId: maybeText })),
  success: maybeText,
});
export type CancelAllAck = Infer<typeof cancelAllAck>;

const executionShape = {
  symbol: name,
  orderId: name,
  orderLinkId: maybeText,
  execId: name,
  execType,
  side,
  execPrice: decimal,
  /** On funding rows the size of the position: never add it up without looking at `execType`. */
  execQty: decimal,
  execTime: millis,
  execValue: maybeDecimal,
  /** Positive is a cost. */
  execFee: maybeDecimal,
  feeRate: maybeDecimal,
  feeCurrency: maybeText,
  isMaker: maybeFlag,
  orderPrice: maybeDecimal,
  orderQty: maybeDecimal,
  leavesQty: maybeDecimal,
  closedSize: maybeDecimal,
  createType: orNull(createType),
  orderType: orNull(orderType),
  stopOrderType: orNull(stopOrderType),
  tradeIv: maybeDecimal,
  markIv: maybeDecimal,
  markPrice: maybeDecimal,
  indexPrice: maybeDecimal,
  underlyingPrice: maybeDecimal,
  blockTradeId: maybeText,
  seq: maybeInteger,
  extraFees,
};

export const execution = object({ ...executionShape, execFeeV2: maybeDecimal });
export type Execution = Infer<typeof execution>;

/** One row of the `execution` topics. */
export const executionPush = object({
  category,
  ...executionShape,
  execPnl: maybeDecimal,
  isLeverage: maybeText,
  marketUnit: maybeText,
});
export type ExecutionPush = Infer<typeof executionPush>;
