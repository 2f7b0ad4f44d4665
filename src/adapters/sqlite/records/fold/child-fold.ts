import { ZERO } from '../../../../domain/decimal.ts';
import type { Money } from '../../../../domain/ids.ts';
import { applyChildEvent, bookExecution, type ChildOrder, type Execution, isFinal } from '../../../../domain/order.ts';
import { invariant } from '../../../../domain/result.ts';
import type { AccountEvent, Booking } from '../../../../oms/events.ts';
import type { Contra, LedgerCause } from '../../../../ports/records.ts';
import { textOf } from '../amounts.ts';
import type { ExecutionRow } from '../tables.ts';
import type { Ledger } from './ledger.ts';
import type { ChildFile, OrderFile } from './order-file.ts';

type ChildFact = Extract<AccountEvent, { type: 'child' }>;

/** The other side of each posting that a child's event may carry. */
const CONTRA = {
  deposit: 'external',
  withdrawal: 'external',
  hold: 'self',
  release: 'self',
  trade: 'clearing',
  fee: 'platform',
  routing_fee: 'platform',
} as const satisfies Record<LedgerCause, Contra>;

/** One event of one child: its life, what it charged, the money that it moved. Returns the execution that it was. */
export function foldChildEvent(
  ledger: Ledger,
  file: OrderFile,
  child: ChildFile,
  seq: number,
  fact: ChildFact,
): ExecutionRow | null {
  const { event, booking } = fact;
  const late = isFinal(child.order.status) || file.row.closed_at !== null;
  const row = event.type === 'traded' ? executionRow(file, child, seq, event.execution, event.at, booking, late) : null;
  if (event.type === 'traded') noteTrade(file, child, event.execution);
  child.order = nextOrder(child.order, fact);
  child.changed = true;
  file.row = { ...file.row, updated_at: child.order.updatedAt };
  file.changed = true;
  if (booking !== undefined) book(ledger, file, child, seq, fact, booking);
  return row;
}

function noteTrade(file: OrderFile, child: ChildFile, { fee, feeAsset }: Execution): void {
  if (fee !== 0n) child.venueFees.set(feeAsset, ((child.venueFees.get(feeAsset) ?? ZERO) + fee) as Money);
  if (isFinal(child.order.status)) child.lateFill = true;
  if (file.row.closed_at !== null) file.row = { ...file.row, late_fill: 1 };
}

function nextOrder(order: ChildOrder, { event, beyondOrder }: ChildFact): ChildOrder {
  if (beyondOrder === true && event.type === 'traded') return bookExecution(order, event.execution, event.at);
  const next = applyChildEvent(order, event);
  invariant(next.ok, `journalled transition is legal: ${event.type} on ${order.status}`);
  return next.value;
}

function book(
  ledger: Ledger,
  { row }: OrderFile,
  child: ChildFile,
  seq: number,
  { event }: ChildFact,
  booking: Booking,
): void {
  const exec_id = event.type === 'traded' ? event.execution.execId : null;
  const origin = { seq, at: event.at, order_seq: row.seq, child: child.order.clientOrderId, exec_id };
  for (const posting of booking.postings) ledger.post(origin, { ...posting, contra: CONTRA[posting.cause] });
  const due = booking.feeDue?.amount ?? ZERO;
  child.charged = (child.charged + chargedBy(booking)) as Money;
  child.chargedDue = (child.chargedDue + due) as Money;
}

/** What we took, or are owed, for one fill. */
const chargedBy = ({ fee, feeDue }: Booking): Money => ((fee?.amount ?? ZERO) + (feeDue?.amount ?? ZERO)) as Money;

function executionRow(
  { row }: OrderFile,
  { order }: ChildFile,
  seq: number,
  execution: Execution,
  bookedAt: number,
  booking: Booking | undefined,
  late: boolean,
): ExecutionRow {
  return {
    account: row.account,
    seq,
    exec_id: execution.execId,
    order_seq: row.seq,
    child: order.clientOrderId,
    venue: order.venue,
    instrument: order.instrument,
    category: row.category,
    side: order.side,
    price: textOf(execution.price),
    qty: textOf(execution.qty),
    notional: textOf(execution.notional),
    liquidity: execution.liquidity,
    venue_fee: textOf(execution.fee),
    venue_fee_asset: execution.feeAsset,
    charged: textOf(booking === undefined ? ZERO : chargedBy(booking)),
    charged_asset: row.quote,
    charged_due: textOf(booking?.feeDue?.amount ?? ZERO),
    late: late ? 1 : 0,
    executed_at: execution.at,
    booked_at: bookedAt,
  };
}
