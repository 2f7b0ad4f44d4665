import { ZERO } from '../../../../domain/decimal.ts';
import type {
  AssetId,
  ClientOrderId,
  InstrumentId,
  Money,
  Side,
  UnixMs,
  VenueId,
  VenueOrderId,
} from '../../../../domain/ids.ts';
import type { Certainty, ChildOrder, InFlight, OrderStatus, TimeInForce } from '../../../../domain/order.ts';
import type { ShownStatus } from '../../../../ports/records.ts';
import { amountOf, amountOrNull, amountsOf, amountsText, textOf, textOrNull } from '../amounts.ts';
import type { ChildRow, OrderRow } from '../tables.ts';

/** A child while it is worked on: its life is the domain's, what hangs on it is ours. */
export type ChildFile = {
  readonly n: number;
  readonly round: number;
  order: ChildOrder;
  readonly venueFees: Map<AssetId, Money>;
  charged: Money;
  chargedDue: Money;
  lateFill: boolean;
  changed: boolean;
};

/** An order while it is worked on. What follows from its children is written when it is saved. */
export type OrderFile = { row: OrderRow; readonly children: ChildFile[]; changed: boolean };

type Planned = Readonly<{ id: ClientOrderId; venue: VenueId; price: Money; qty: Money; timeInForce: TimeInForce }>;

export function newChild({ row }: OrderFile, n: number, round: number, planned: Planned, at: UnixMs): ChildFile {
  const order: ChildOrder = {
    clientOrderId: planned.id,
    venueOrderId: null,
    venue: planned.venue,
    instrument: row.instrument as InstrumentId,
    side: row.side as Side,
    price: planned.price,
    timeInForce: planned.timeInForce,
    reduceOnly: row.reduce_only === 1,
    qty: planned.qty,
    cumQty: ZERO,
    cumNotional: ZERO,
    status: 'pending',
    inFlight: 'submit',
    certainty: 'confirmed',
    reason: null,
    wanted: null,
    createdAt: at,
    updatedAt: at,
    acceptedAt: null,
  };
  return { n, round, order, venueFees: new Map(), charged: ZERO, chargedDue: ZERO, lateFill: false, changed: true };
}

export function childRow({ row }: OrderFile, child: ChildFile): ChildRow {
  const { order } = child;
  return {
    account: row.account,
    order_seq: row.seq,
    n: child.n,
    id: order.clientOrderId,
    round: child.round,
    venue: order.venue,
    venue_order_id: order.venueOrderId,
    price: textOf(order.price),
    qty: textOf(order.qty),
    time_in_force: order.timeInForce,
    status: order.status,
    in_flight: order.inFlight,
    certainty: order.certainty,
    reason: order.reason,
    cum_qty: textOf(order.cumQty),
    cum_notional: textOf(order.cumNotional),
    wanted_price: textOrNull(order.wanted?.price ?? null),
    wanted_qty: textOrNull(order.wanted?.qty ?? null),
    venue_fees: amountsText(child.venueFees),
    charged: textOf(child.charged),
    charged_due: textOf(child.chargedDue),
    late_fill: child.lateFill ? 1 : 0,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    accepted_at: order.acceptedAt,
  };
}

/** The inverse of `childRow`. */
export function childFile(order: OrderRow, row: ChildRow): ChildFile {
  const price = amountOrNull(row.wanted_price);
  const qty = amountOrNull(row.wanted_qty);
  return {
    n: row.n,
    round: row.round,
    venueFees: amountsOf(row.venue_fees),
    charged: amountOf(row.charged),
    chargedDue: amountOf(row.charged_due),
    lateFill: row.late_fill === 1,
    changed: false,
    order: {
      clientOrderId: row.id as ClientOrderId,
      venueOrderId: row.venue_order_id as VenueOrderId | null,
      venue: row.venue as VenueId,
      instrument: order.instrument as InstrumentId,
      side: order.side as Side,
      price: amountOf(row.price),
      timeInForce: row.time_in_force as TimeInForce,
      reduceOnly: order.reduce_only === 1,
      qty: amountOf(row.qty),
      cumQty: amountOf(row.cum_qty),
      cumNotional: amountOf(row.cum_notional),
      status: row.status as OrderStatus,
      inFlight: row.in_flight as InFlight,
      certainty: row.certainty as Certainty,
      reason: row.reason,
      wanted: price === null || qty === null ? null : { price, qty },
      createdAt: row.created_at as UnixMs,
      updatedAt: row.updated_at as UnixMs,
      acceptedAt: row.accepted_at as UnixMs | null,
    },
  };
}

const DOUBT: readonly Certainty[] = ['confirmed', 'unknown', 'quarantined', 'unverifiable'];

/** The order's row as its children have it: sums, the worst certainty, and the status while it is open. */
export function orderRow({ row, children }: OrderFile): OrderRow {
  let cumQty = 0n;
  let cumNotional = 0n;
  let doubt = 0;
  let working = false;
  for (const { order } of children) {
    cumQty += order.cumQty;
    cumNotional += order.cumNotional;
    doubt = Math.max(doubt, DOUBT.indexOf(order.certainty));
    working ||= order.status === 'working';
  }
  const open: ShownStatus = cumQty > 0n ? 'partially_filled' : working ? 'working' : 'pending';
  return {
    ...row,
    status: row.closed_at === null ? open : row.status,
    certainty: DOUBT[doubt] as Certainty,
    cum_qty: textOf(cumQty as Money),
    cum_notional: textOf(cumNotional as Money),
  };
}
