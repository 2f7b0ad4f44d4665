import { formatDecimal, ZERO } from '../../../domain/decimal.ts';
import type { ExchangeExecution, ExchangeInstrument } from '../../../ports/exchange.ts';
import { CREATED_BY, EXEC_TYPES, orderTypeWord, sideWord, stopKindWord } from '../words.ts';

/** What both forms of an execution have. Its numbers come without trailing zeros, on derivatives too. */
function common(execution: ExchangeExecution, instrument: ExchangeInstrument) {
  const spot = instrument.category === 'spot';
  const funding = execution.kind === 'funding';
  const { option } = execution;
  return {
    symbol: instrument.symbol,
    orderId: execution.orderId,
    orderLinkId: execution.clientOrderId ?? '',
    side: sideWord(execution.side),
    orderPrice: formatDecimal(execution.orderPrice),
    orderQty: formatDecimal(execution.orderQty),
    leavesQty: formatDecimal(execution.leavesQty),
    orderType: funding ? 'UNKNOWN' : orderTypeWord(execution.orderType),
    stopOrderType: stopKindWord(execution.stopKind, spot),
    execFee: formatDecimal(execution.fee),
    execId: execution.execId,
    execPrice: formatDecimal(execution.price),
    execQty: formatDecimal(execution.qty),
    execType: EXEC_TYPES[execution.kind],
    execValue: formatDecimal(execution.notional),
    execTime: String(execution.at),
    isMaker: execution.liquidity === 'maker',
    feeRate: formatDecimal(execution.feeRate),
    feeCurrency: execution.feeAsset,
    tradeIv: option === null ? '' : formatDecimal(option.tradeIv),
    markIv: option === null ? '' : formatDecimal(option.markIv),
    markPrice: execution.markPrice === ZERO ? '' : formatDecimal(execution.markPrice),
    indexPrice: execution.indexPrice === ZERO ? '' : formatDecimal(execution.indexPrice),
    underlyingPrice: option === null ? '' : formatDecimal(option.underlyingPrice),
    blockTradeId: '',
    closedSize: spot ? '' : formatDecimal(execution.closedQty),
    seq: execution.seq,
  };
}

/** Row of GET /v5/execution/list (V5 docs, "Get Trade History"). */
export const executionRow = (execution: ExchangeExecution, instrument: ExchangeInstrument) => ({
  ...common(execution, instrument),
  extraFees: '',
});

/** Row of the private topic `execution`. */
export const executionPush = (execution: ExchangeExecution, instrument: ExchangeInstrument) => ({
  category: instrument.category,
  ...common(execution, instrument),
  ...(instrument.category === 'spot' ? {} : { createType: CREATED_BY[execution.createdBy] }),
  isLeverage: instrument.category === 'spot' ? (execution.leverage ? '1' : '0') : '',
  execPnl: formatDecimal(execution.realisedPnl),
  marketUnit: '',
  extraFees: [],
});
