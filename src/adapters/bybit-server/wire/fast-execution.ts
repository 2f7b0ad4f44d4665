import { formatDecimal } from '../../../domain/decimal.ts';
import type { ExchangeExecution, ExchangeInstrument } from '../../../ports/exchange.ts';
import { sideWord } from '../words.ts';

/** Row of the private topic `execution.fast`: a maker's own id is not told (V5 docs, "Fast Execution"). */
export const fastExecutionPush = (execution: ExchangeExecution, instrument: ExchangeInstrument) => ({
  category: instrument.category,
  symbol: instrument.symbol,
  execId: execution.execId,
  execPrice: formatDecimal(execution.price),
  execQty: formatDecimal(execution.qty),
  orderId: execution.orderId,
  isMaker: execution.liquidity === 'maker',
  orderLinkId: execution.liquidity === 'maker' ? '' : (execution.clientOrderId ?? ''),
  side: sideWord(execution.side),
  execTime: String(execution.at),
  seq: execution.seq,
});
