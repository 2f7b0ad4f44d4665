import { oneOf, orNull } from './schema.ts';

/** Bybit's words (docs/v5/enum). A word that is not listed arrives as `{ unrecognised }`, never as another one. */

export type Category = 'spot' | 'linear' | 'inverse' | 'option';
export const CATEGORIES: readonly Category[] = ['spot', 'linear', 'inverse', 'option'];

export const category = oneOf('category', CATEGORIES);

export type OrderSide = 'Buy' | 'Sell';
export const side = oneOf('side', ['Buy', 'Sell']);
export const sideOrNull = orNull(side);

export type OrderType = 'Market' | 'Limit';
/** `UNKNOWN` stands on funding executions; the block trade forms in order history. */
export const orderType = oneOf('orderType', [
  'Market',
  'Limit',
  'UNKNOWN',
  'Block trade Roll Back',
  'Block trade-Limit',
]);

export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'PostOnly' | 'RPI';
export const timeInForce = oneOf('timeInForce', ['GTC', 'IOC', 'FOK', 'PostOnly', 'RPI']);

export const orderStatus = oneOf('orderStatus', [
  'New',
  'PartiallyFilled',
  'Untriggered',
  'Rejected',
  'PartiallyFilledCanceled',
  'Filled',
  'Cancelled',
  'Triggered',
  'Deactivated',
]);

export const createType = oneOf('createType', [
  'CreateByUser',
  'CreateByFutureSpread',
  'CreateByAdminClosing',
  'CreateBySettle',
  'CreateByStopOrder',
  'CreateByTakeProfit',
  'CreateByPartialTakeProfit',
  'CreateByStopLoss',
  'CreateByPartialStopLoss',
  'CreateByTrailingStop',
  'CreateByTrailingProfit',
  'CreateByLiq',
  'CreateByTakeOver_PassThrough',
  'CreateByAdl_PassThrough',
  'CreateByBlock_PassThrough',
  'CreateByBlockTradeMovePosition_PassThrough',
  'CreateByChaseOrder',
  'CreateByFGridBot',
  'CloseByFGridBot',
  'CreateByTWAP',
  'CreateByMartingaleBot',
  'CloseByMartingaleBot',
  'CreateByIceBerg',
  'CreateByBboOrder',
  'CreateByClosing',
  'CreateByTVSignal',
  'CreateByMmRateClose',
  'CreateByArbitrage',
  'CreateByDdh',
  'UNKNOWN',
]);

export const cancelType = oneOf('cancelType', [
  'UNKNOWN',
  'CancelByUser',
  'CancelByReduceOnly',
  'CancelByPrepareLiq',
  'CancelAllBeforeLiq',
  'CancelByPrepareAdl',
  'CancelAllBeforeAdl',
  'CancelByAdmin',
  'CancelBySettle',
  'CancelByTpSlTsClear',
  'CancelBySmp',
  'CancelByDCP',
  'CancelByRebalance',
  'CancelByOCOTpCanceledBySlTriggered',
  'CancelByOCOSlCanceledByTpTriggered',
  'CancelByCannotAffordOrderCost',
  'CancelByPmTrialMmOverEquity',
  'CancelByAccountBlocking',
  'CancelByDelivery',
  'CancelByMmpTriggered',
  'CancelByCrossSelfMuch',
  'CancelByCrossReachMaxTradeNum',
]);

export const stopOrderType = oneOf('stopOrderType', [
  'UNKNOWN',
  'TakeProfit',
  'StopLoss',
  'TrailingStop',
  'Stop',
  'PartialTakeProfit',
  'PartialStopLoss',
  'tpslOrder',
  'OcoOrder',
  'BidirectionalTpslOrder',
  'MmRateClose',
]);

export const execType = oneOf('execType', [
  'Trade',
  'AdlTrade',
  'Funding',
  'BustTrade',
  'Delivery',
  'Settle',
  'BlockTrade',
  'MovePosition',
  'FutureSpread',
  'CorporateAction',
  'UNKNOWN',
]);

/** Execution types whose `execQty` changes the position. Funding rows carry the position's size and change nothing. */
export const QTY_CHANGING_EXEC_TYPES: ReadonlySet<string> = new Set([
  'Trade',
  'AdlTrade',
  'BustTrade',
  'Delivery',
  'Settle',
  'BlockTrade',
  'MovePosition',
  'FutureSpread',
]);

export const rejectReason = oneOf('rejectReason', [
  'EC_NoError',
  'EC_Others',
  'EC_UnknownMessageType',
  'EC_MissingClOrdID',
  'EC_MissingOrigClOrdID',
  'EC_ClOrdIDOrigClOrdIDAreTheSame',
  'EC_DuplicatedClOrdID',
  'EC_OrigClOrdIDDoesNotExist',
  'EC_TooLateToCancel',
  'EC_UnknownOrderType',
  'EC_UnknownSide',
  'EC_UnknownTimeInForce',
  'EC_WronglyRouted',
  'EC_MarketOrderPriceIsNotZero',
  'EC_LimitOrderInvalidPrice',
  'EC_NoEnoughQtyToFill',
  'EC_NoImmediateQtyToFill',
  'EC_PerCancelRequest',
  'EC_MarketOrderCannotBePostOnly',
  'EC_PostOnlyWillTakeLiquidity',
  'EC_CancelReplaceOrder',
  'EC_InvalidSymbolStatus',
  'EC_CancelForNoFullFill',
  'EC_BySelfMatch',
  'EC_InCallAuctionStatus',
  'EC_QtyCannotBeZero',
  'EC_MarketOrderNoSupportTIF',
  'EC_ReachMaxTradeNum',
  'EC_InvalidPriceScale',
  'EC_BitIndexInvalid',
  'EC_StopBySelfMatch',
  'EC_InvalidSmpType',
  'EC_CancelByMMP',
  'EC_InvalidUserType',
  'EC_InvalidMirrorOid',
  'EC_InvalidMirrorUid',
  'EC_EcInvalidQty',
  'EC_InvalidAmount',
  'EC_LoadOrderCancel',
  'EC_MarketQuoteNoSuppSell',
  'EC_DisorderOrderID',
  'EC_InvalidBaseValue',
  'EC_LoadOrderCanMatch',
  'EC_SecurityStatusFail',
  'EC_ReachRiskPriceLimit',
  'EC_OrderNotExist',
  'EC_CancelByOrderValueZero',
  'EC_CancelByMatchValueZero',
  'EC_ReachMarketPriceLimit',
]);

export const smpType = oneOf('smpType', ['None', 'CancelMaker', 'CancelTaker', 'CancelBoth']);
export const positionStatus = oneOf('positionStatus', ['Normal', 'Liq', 'Adl']);
export const tickDirection = oneOf('tickDirection', ['PlusTick', 'ZeroPlusTick', 'MinusTick', 'ZeroMinusTick']);
export const instrumentStatus = oneOf('status', ['PreLaunch', 'Trading', 'Delivering', 'Closed']);
export const contractType = oneOf('contractType', [
  'InversePerpetual',
  'LinearPerpetual',
  'LinearFutures',
  'InverseFutures',
]);
export const marginMode = oneOf('marginMode', ['ISOLATED_MARGIN', 'REGULAR_MARGIN', 'PORTFOLIO_MARGIN']);
export const auctionPhase = oneOf('auctionPhase', [
  'NotStarted',
  'Finished',
  'CallAuction',
  'CallAuctionNoCancel',
  'CrossMatching',
  'ContinuousTrading',
]);
