import { ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import type { FundedRow } from './cash-events.ts';
import type { EventOf } from './events.ts';

/** What executions have in common that no order made. */
export function executionOf(
  event: Pick<EventOf<'funded'>, 'instrument' | 'settle' | 'due' | 'seq' | 'index'>,
  { orderId, execId, idx, size }: Pick<FundedRow, 'orderId' | 'execId' | 'idx' | 'size'>,
) {
  const qty = (size < 0n ? -size : size) as Money;
  return {
    execId,
    orderId,
    clientOrderId: null,
    instrument: event.instrument,
    positionIdx: idx,
    orderType: 'unknown',
    orderPrice: ZERO,
    orderQty: ZERO,
    leavesQty: ZERO,
    createdBy: 'user',
    stopKind: null,
    leverage: false,
    qtyIn: 'base',
    qty,
    feeAsset: event.settle,
    liquidity: 'taker',
    indexPrice: event.index,
    option: null,
    at: event.due,
    seq: event.seq,
  } as const;
}
