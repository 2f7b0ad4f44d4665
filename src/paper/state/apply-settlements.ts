import { ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import type {
  ClosedPnlRecord,
  DeliveryRecord,
  ExchangeExecution,
  LedgerRecord,
  SettlementRecord,
} from '../../ports/exchange.ts';
import type { DeliveredRow } from './cash-events.ts';
import { executionOf } from './cash-execution.ts';
import type { Change } from './changes.ts';
import type { EventOf } from './events.ts';
import { ledgerLine } from './ledger-line.ts';
import { accountOf, INSURANCE, isHouse, type PaperState, type PositionFacts, positionOf } from './state.ts';
import { Wallets } from './wallets.ts';

type Delivered = EventOf<'delivered'>;

/** Every position is closed; fees are the exchange's, and what rounding leaves is the insurance fund's. */
export function delivered(state: PaperState, event: Delivered): readonly Change[] {
  const { settle, residue, instrument } = event;
  const wallets = new Wallets(state);
  const changes: Change[] = [];
  for (const row of event.rows) {
    const { uid, cash, fee } = row;
    const gained = (row.realised - fee) as Money;
    const balance = wallets.move(uid, settle, (cash - fee) as Money, gained);
    state.fees.set(settle, ((state.fees.get(settle) ?? 0n) + fee) as Money);
    const before = positionOf(accountOf(state.accounts, uid), instrument, row.idx);
    changes.push({ type: 'position', uid, facts: flatAfter(before, event, gained) });
    if (isHouse(uid)) continue;
    changes.push({ type: 'execution', uid, execution: deliveryExecution(event, row) });
    changes.push({ type: 'record', uid, record: ledgerOf(state, event, row, balance) });
    changes.push({ type: 'record', uid, record: deliveryRecord(event, row) });
    if (event.strike === null) changes.push({ type: 'record', uid, record: closedRecord(event, row, before) });
  }
  if (residue !== 0n) wallets.move(INSURANCE, settle, residue, ZERO);
  return [...changes, ...wallets.changes()];
}

const flatAfter = (before: PositionFacts, { due, seq }: Delivered, gained: Money): PositionFacts => ({
  ...before,
  size: ZERO,
  cost: ZERO,
  settled: ZERO,
  openFees: ZERO,
  extraMargin: ZERO,
  currentRealised: (before.currentRealised + gained) as Money,
  totalRealised: (before.totalRealised + gained) as Money,
  updatedAt: due,
  seq,
});

/** What is delivered is sold by whoever is long. */
const closingSide = ({ size }: { readonly size: Money }) => (size > 0n ? 'sell' : 'buy');
const absolute = (size: Money): Money => (size < 0n ? -size : size) as Money;

const deliveryExecution = (event: Delivered, row: DeliveredRow): ExchangeExecution => ({
  ...executionOf(event, row),
  createdBy: 'settle',
  kind: event.kind,
  side: closingSide(row),
  price: event.price,
  notional: row.value,
  fee: row.fee,
  feeRate: row.feeRate,
  closedQty: absolute(row.size),
  realisedPnl: row.realised,
  markPrice: event.mark,
});

const ledgerOf = (state: PaperState, event: Delivered, row: DeliveredRow, balance: Money) =>
  ({
    ...ledgerLine(state, row.uid, event.settle, balance),
    at: event.due,
    type: event.kind === 'delivery' ? 'delivery' : 'settlement',
    instrument: event.instrument,
    side: closingSide(row),
    qty: absolute(row.size),
    price: event.price,
    fee: row.fee,
    feeRate: row.feeRate,
    cashFlow: row.cash,
    change: (row.cash - row.fee) as Money,
    tradeId: row.execId,
    orderId: row.orderId,
  }) as const;

const deliveryRecord = (event: Delivered, row: DeliveredRow): DeliveryRecord => ({
  kind: 'delivery',
  at: event.due,
  instrument: event.instrument,
  side: closingSide(row),
  position: absolute(row.size),
  entryPrice: row.entryPrice,
  deliveryPrice: event.price,
  strike: event.strike,
  fee: row.fee,
  pnl: row.realised,
});

const closedRecord = (event: Delivered, row: DeliveredRow, before: PositionFacts): ClosedPnlRecord => ({
  kind: 'closed_pnl',
  at: event.due,
  instrument: event.instrument,
  orderId: row.orderId,
  side: closingSide(row),
  orderType: 'market',
  createdBy: 'settle',
  execution: event.kind,
  orderQty: absolute(row.size),
  orderPrice: event.price,
  closedQty: absolute(row.size),
  entryValue: row.entryValue,
  exitValue: row.value,
  openFee: row.openFee,
  closeFee: row.fee,
  pnl: (row.realised - row.openFee - row.fee) as Money,
  leverage: before.leverage,
  createdAt: event.due,
});

/** The profit at mark moves into the wallet and into the cost: the position is worth what it was. */
export function sessionSettled(state: PaperState, event: EventOf<'session_settled'>): readonly Change[] {
  const { settle, instrument, due, mark, seq } = event;
  const wallets = new Wallets(state);
  const changes: Change[] = [];
  for (const { uid, idx, size, cost, cash, entryPrice, execId, orderId } of event.rows) {
    const balance = wallets.move(uid, settle, cash, cash);
    const before = positionOf(accountOf(state.accounts, uid), instrument, idx);
    const facts = {
      ...before,
      cost,
      settled: (before.settled + cash) as Money,
      currentRealised: (before.currentRealised + cash) as Money,
      totalRealised: (before.totalRealised + cash) as Money,
      updatedAt: due,
      seq,
    };
    changes.push({ type: 'position', uid, facts });
    if (isHouse(uid)) continue;
    const side = size > 0n ? 'buy' : 'sell';
    const line: LedgerRecord = {
      ...ledgerLine(state, uid, settle, balance),
      ...{ at: due, type: 'settlement', instrument, side, qty: absolute(size), size, price: mark },
      ...{ cashFlow: cash, change: cash, tradeId: execId, orderId },
    };
    const record: SettlementRecord = {
      kind: 'settlement', at: due, instrument, side, size, sessionAvgPrice: entryPrice, markPrice: mark, pnl: cash,
    }; // biome-ignore format: a row
    changes.push({ type: 'record', uid, record: line }, { type: 'record', uid, record });
  }
  return [...changes, ...wallets.changes()];
}
