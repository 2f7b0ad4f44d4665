import { ZERO } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import type { PaperState } from './state.ts';

/** A line of a ledger with its number, and nothing else in it. */
export function ledgerLine(state: PaperState, uid: string, asset: AssetId, balance: Money) {
  state.records += 1;
  return {
    kind: 'ledger',
    id: `${uid}_${asset}_${state.records}`,
    asset,
    instrument: null,
    side: null,
    qty: ZERO,
    size: ZERO,
    price: ZERO,
    funding: ZERO,
    fee: ZERO,
    feeRate: ZERO,
    cashFlow: ZERO,
    balance,
    tradeId: '',
    orderId: '',
    clientOrderId: null,
  } as const;
}
