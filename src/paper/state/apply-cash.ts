import { ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { unreachable } from '../../domain/result.ts';
import type { ExchangeExecution, LedgerRecord } from '../../ports/exchange.ts';
import type { CashEvent, FundedRow } from './cash-events.ts';
import type { Change } from './changes.ts';
import type { EventOf } from './events.ts';
import { delivered, sessionSettled } from './apply-settlements.ts';
import { converted, lent } from './apply-loans.ts';
import { executionOf } from './cash-execution.ts';
import { ledgerLine } from './ledger-line.ts';
import { accountOf, INSURANCE, isHouse, type PaperState, positionOf } from './state.ts';
import { Wallets } from './wallets.ts';

export function applyCashEvent(state: PaperState, event: CashEvent): readonly Change[] {
  switch (event.type) {
    case 'cash_until':
      state.cashUntil = event.until;
      return [];
    case 'funded':
      return funded(state, event);
    case 'delivered':
      return delivered(state, event);
    case 'session_settled':
      return sessionSettled(state, event);
    case 'borrowed':
    case 'repaid':
      return lent(state, event);
    case 'converted':
      return converted(state, event);
    case 'margin_added':
    case 'auto_margin_set':
      return marginSet(state, event);
    default:
      return unreachable(event);
  }
}

/** Between all who hold the contract: what payers pay more than receivers get goes to the insurance fund. */
function funded(state: PaperState, event: EventOf<'funded'>): readonly Change[] {
  const { settle, residue, instrument } = event;
  const wallets = new Wallets(state);
  const changes: Change[] = [];
  for (const row of event.rows) {
    const { uid, idx, cash } = row;
    const balance = wallets.move(uid, settle, cash, cash);
    const before = positionOf(accountOf(state.accounts, uid), instrument, idx);
    const facts = {
      ...before,
      currentRealised: (before.currentRealised + cash) as Money,
      totalRealised: (before.totalRealised + cash) as Money,
      updatedAt: event.due,
      seq: event.seq,
    };
    changes.push({ type: 'position', uid, facts });
    if (isHouse(uid)) continue;
    changes.push({ type: 'execution', uid, execution: fundingExecution(event, row) });
    changes.push({ type: 'record', uid, record: fundingRecord(state, event, row, balance) });
  }
  if (residue !== 0n) wallets.move(INSURANCE, settle, residue, ZERO);
  return [...changes, ...wallets.changes()];
}

const fundingExecution = (event: EventOf<'funded'>, row: FundedRow): ExchangeExecution => ({
  ...executionOf(event, row),
  kind: 'funding',
  side: row.size > 0n ? 'buy' : 'sell',
  price: event.mark,
  notional: row.value,
  fee: -row.cash as Money,
  feeRate: event.rate,
  closedQty: ZERO,
  realisedPnl: ZERO,
  markPrice: event.mark,
});

const fundingRecord = (state: PaperState, event: EventOf<'funded'>, row: FundedRow, balance: Money): LedgerRecord => ({
  ...ledgerLine(state, row.uid, event.settle, balance),
  at: event.due,
  type: 'funding',
  instrument: event.instrument,
  side: row.size > 0n ? 'buy' : 'sell',
  qty: (row.size < 0n ? -row.size : row.size) as Money,
  size: row.size,
  price: event.mark,
  funding: row.cash,
  feeRate: event.rate,
  change: row.cash,
  tradeId: row.execId,
  orderId: row.orderId,
});

function marginSet(state: PaperState, event: EventOf<'margin_added'> | EventOf<'auto_margin_set'>): readonly Change[] {
  const { uid, instrument, positionIdx, at } = event;
  const before = positionOf(accountOf(state.accounts, uid), instrument, positionIdx);
  const change =
    event.type === 'margin_added'
      ? { extraMargin: (before.extraMargin + event.amount) as Money }
      : { autoAddMargin: event.on };
  return [{ type: 'position', uid, facts: { ...before, ...change, updatedAt: at } }];
}
