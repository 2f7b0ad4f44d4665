import type {
  AccountId,
  AssetId,
  ClientOrderId,
  ExecId,
  InstrumentId,
  OrderId,
  Side,
  UnixMs,
  VenueId,
  VenueOrderId,
} from '../../../../domain/ids.ts';
import type { Certainty, InFlight, Liquidity, OrderStatus, TimeInForce } from '../../../../domain/order.ts';
import type { ChildRecord, ExecutionRecord, OrderRecord, ShownStatus } from '../../../../ports/records.ts';
import { amountOf, amountOrNull, amountsOf } from '../amounts.ts';
import type { ChildRow, ExecutionRow, OrderRow } from '../tables.ts';

/** Rows in the words of the port. */
export function orderRecord(row: OrderRow, children: readonly ChildRecord[], decision: string | null): OrderRecord {
  return {
    account: row.account as AccountId,
    seq: row.seq,
    id: row.id as OrderId,
    clientOrderId: row.client_order_id,
    instrument: row.instrument as InstrumentId,
    side: row.side as Side,
    type: row.type,
    timeInForce: row.time_in_force as TimeInForce,
    reduceOnly: row.reduce_only === 1,
    qty: amountOrNull(row.qty),
    quoteQty: amountOrNull(row.quote_qty),
    price: amountOrNull(row.price),
    maxSlippage: amountOrNull(row.max_slippage),
    base: row.base as AssetId,
    quote: row.quote as AssetId,
    arrival: amountOrNull(row.arrival),
    worstPrice: amountOrNull(row.worst_price),
    status: row.status as ShownStatus,
    certainty: row.certainty as Certainty,
    reason: row.reason,
    cumQty: amountOf(row.cum_qty),
    cumNotional: amountOf(row.cum_notional),
    lateFill: row.late_fill === 1,
    cancelRequested: row.cancel_requested === 1,
    createdAt: row.created_at as UnixMs,
    updatedAt: row.updated_at as UnixMs,
    closedAt: row.closed_at as UnixMs | null,
    children,
    decision,
  };
}

export function childRecord(row: ChildRow): ChildRecord {
  return {
    id: row.id as ClientOrderId,
    round: row.round,
    venue: row.venue as VenueId,
    venueOrderId: row.venue_order_id as VenueOrderId | null,
    price: amountOf(row.price),
    qty: amountOf(row.qty),
    timeInForce: row.time_in_force as TimeInForce,
    status: row.status as OrderStatus,
    inFlight: row.in_flight as InFlight,
    certainty: row.certainty as Certainty,
    reason: row.reason,
    cumQty: amountOf(row.cum_qty),
    cumNotional: amountOf(row.cum_notional),
    venueFees: [...amountsOf(row.venue_fees)].map(([asset, amount]) => ({ asset, amount })),
    charged: amountOf(row.charged),
    chargedDue: amountOf(row.charged_due),
    lateFill: row.late_fill === 1,
    createdAt: row.created_at as UnixMs,
    updatedAt: row.updated_at as UnixMs,
    acceptedAt: row.accepted_at as UnixMs | null,
  };
}

/** An execution with what its order lends it. */
export type JoinedExecutionRow = ExecutionRow & Readonly<{ order_id: string; client_order_id: string | null }>;

export function executionRecord(row: JoinedExecutionRow): ExecutionRecord {
  return {
    account: row.account as AccountId,
    execId: row.exec_id as ExecId,
    order: row.order_id as OrderId,
    clientOrderId: row.client_order_id,
    child: row.child as ClientOrderId,
    venue: row.venue as VenueId,
    instrument: row.instrument as InstrumentId,
    side: row.side as Side,
    price: amountOf(row.price),
    qty: amountOf(row.qty),
    notional: amountOf(row.notional),
    liquidity: row.liquidity as Liquidity,
    venueFee: { asset: row.venue_fee_asset as AssetId, amount: amountOf(row.venue_fee) },
    charged: { asset: row.charged_asset as AssetId, amount: amountOf(row.charged) },
    chargedDue: amountOf(row.charged_due),
    late: row.late === 1,
    executedAt: row.executed_at as UnixMs,
    bookedAt: row.booked_at as UnixMs,
  };
}
