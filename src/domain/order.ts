import { ZERO } from './decimal.ts';
import type {
  AssetId,
  ClientOrderId,
  ExecId,
  InstrumentId,
  Money,
  Side,
  UnixMs,
  VenueId,
  VenueOrderId,
} from './ids.ts';
import { err, ok, type Result, unreachable } from './result.ts';

export type TimeInForce = 'gtc' | 'ioc' | 'fok' | 'post_only';
/** What to do when an account's order would trade with another order of its own. */
export type SelfTradePrevention = 'none' | 'cancel_maker' | 'cancel_taker' | 'cancel_both';
export type Liquidity = 'maker' | 'taker';

/** What the venue holds. `partially_filled` of the API is `working` with a fill. */
export type OrderStatus = 'pending' | 'working' | 'filled' | 'canceled' | 'rejected' | 'expired';
/** What we have asked and was not yet answered: an axis of its own, so that a refused cancel restores nothing. */
export type InFlight = 'none' | 'submit' | 'amend' | 'cancel';
/** How sure we are. An order is never final while this is not `confirmed`. */
export type Certainty = 'confirmed' | 'unknown' | 'quarantined' | 'unverifiable';

export const isFinal = (status: OrderStatus): boolean => status !== 'pending' && status !== 'working';

/** One execution as its venue reports it: the fact from which positions, fees and averages come. */
export type Execution = Readonly<{
  execId: ExecId;
  at: UnixMs;
  price: Money;
  qty: Money;
  /** Quote (settle) currency that changed hands, exact, before fees. */
  notional: Money;
  /** Positive is paid, negative is a rebate. */
  fee: Money;
  feeAsset: AssetId;
  liquidity: Liquidity;
}>;

/** A child order: one order at one venue. Prices and sizes in exact decimals: they outlive a change of tick size. */
export type ChildOrder = Readonly<{
  clientOrderId: ClientOrderId;
  venueOrderId: VenueOrderId | null;
  venue: VenueId;
  instrument: InstrumentId;
  side: Side;
  /** Worst acceptable price; a market child carries its protection here and is sent as an immediate limit. */
  price: Money;
  timeInForce: TimeInForce;
  reduceOnly: boolean;
  qty: Money;
  cumQty: Money;
  cumNotional: Money;
  status: OrderStatus;
  inFlight: InFlight;
  certainty: Certainty;
  /** Why it is final; null while it is not. */
  reason: string | null;
  /** The change that an amend in flight asks for. */
  wanted: Readonly<{ price: Money; qty: Money }> | null;
  createdAt: UnixMs;
  updatedAt: UnixMs;
  /** When the venue accepted it, on the venue's clock. */
  acceptedAt: UnixMs | null;
}>;

/** What happened to a child order. Past tense: facts, applied in order, replayed as they are. */
export type ChildEvent = Readonly<
  | { type: 'acknowledged'; at: UnixMs; venueOrderId: VenueOrderId | null } // received by the venue: no proof that it works
  | { type: 'accepted'; at: UnixMs; venueOrderId: VenueOrderId; venueAt: UnixMs } // proof: an order event, an execution or a query's answer
  | { type: 'traded'; at: UnixMs; execution: Execution }
  | { type: 'cancel_requested'; at: UnixMs }
  | { type: 'cancel_refused'; at: UnixMs; reason: string }
  | { type: 'amend_requested'; at: UnixMs; price: Money; qty: Money }
  | { type: 'amended'; at: UnixMs; price: Money; qty: Money }
  | { type: 'amend_refused'; at: UnixMs; reason: string }
  | { type: 'doubted'; at: UnixMs; reason: string } // the outcome of what is in flight is unknown
  | { type: 'quarantined'; at: UnixMs } // unknown for longer than a person should be left unaware
  | { type: 'unverifiable'; at: UnixMs } // past what the venue remembers: nobody can prove it any more
  | { type: 'confirmed'; at: UnixMs } // the venue answered: the doubt is over
  | { type: 'canceled'; at: UnixMs; reason: string }
  | { type: 'expired'; at: UnixMs; reason: string }
  | { type: 'rejected'; at: UnixMs; reason: string }
>;

/** Every legal pair, readable at a glance. A pair that is absent is an error, never ignored. */
const LEGAL = {
  pending: [
    'acknowledged', 'accepted', 'traded', 'cancel_requested', 'cancel_refused', 'amend_requested', 'amended',
    'amend_refused', 'doubted', 'quarantined', 'unverifiable', 'confirmed', 'canceled', 'expired', 'rejected',
  ],
  working: [
    'acknowledged', 'accepted', 'traded', 'cancel_requested', 'cancel_refused', 'amend_requested', 'amended', 'amend_refused',
    'doubted', 'quarantined', 'unverifiable', 'confirmed', 'canceled', 'expired',
  ],
  filled: ['acknowledged', 'accepted', 'cancel_refused', 'amend_refused', 'confirmed'], // an answer can arrive after the fill
  canceled: ['acknowledged', 'accepted', 'traded', 'cancel_refused', 'amend_refused', 'confirmed'], // a fill can lose the race to its cancel
  expired: ['acknowledged', 'accepted', 'traded', 'cancel_refused', 'amend_refused', 'confirmed'],
  rejected: ['acknowledged', 'accepted', 'traded', 'cancel_refused', 'amend_refused', 'confirmed'], // a venue that traded after all: booked, and an alarm
} as const satisfies Record<OrderStatus, readonly ChildEvent['type'][]>; // biome-ignore format: a table

export type TransitionError = Readonly<
  | { code: 'ILLEGAL_TRANSITION'; from: OrderStatus; event: ChildEvent['type'] }
  | { code: 'OVERFILL'; qty: Money; cumQty: Money }
>;

export const isLegal = (status: OrderStatus, event: ChildEvent['type']): boolean =>
  (LEGAL[status] as readonly ChildEvent['type'][]).includes(event);

export const leavesQty = (order: ChildOrder): Money =>
  (isFinal(order.status) || order.cumQty >= order.qty ? ZERO : order.qty - order.cumQty) as Money;

/**
 * Applies one event. The owner of the order drops executions whose id it has seen. An execution beyond the ordered
 * quantity is an error here: the caller raises an alarm, reconciles, and books it all the same (`bookExecution`),
 * because fills are facts.
 */
export function applyChildEvent(order: ChildOrder, event: ChildEvent): Result<ChildOrder, TransitionError> {
  if (!isLegal(order.status, event.type))
    return err({ code: 'ILLEGAL_TRANSITION', from: order.status, event: event.type });
  if (event.type === 'traded') {
    const cumQty = (order.cumQty + event.execution.qty) as Money;
    if (cumQty > order.qty) return err({ code: 'OVERFILL', qty: order.qty, cumQty });
    return ok(bookExecution(order, event.execution, event.at));
  }
  return ok({ ...order, ...change(order, event), updatedAt: event.at });
}

type Change = Partial<ChildOrder>;

/** An order that is cut down to what it has executed is filled: nothing more will come. */
const afterAmend = (order: ChildOrder, qty: Money): Change =>
  qty <= order.cumQty
    ? { status: 'filled', inFlight: 'none', certainty: 'confirmed', reason: 'FILLED' }
    : { inFlight: settled(order, 'amend') };

const settled = (order: ChildOrder, request: InFlight): InFlight =>
  order.inFlight === request ? 'none' : order.inFlight;

function change(order: ChildOrder, event: Exclude<ChildEvent, { type: 'traded' }>): Change {
  switch (event.type) {
    case 'acknowledged':
      return event.venueOrderId === null ? {} : { venueOrderId: event.venueOrderId };
    case 'accepted':
      return {
        venueOrderId: event.venueOrderId,
        acceptedAt: order.acceptedAt ?? event.venueAt,
        inFlight: settled(order, 'submit'),
        ...(order.status === 'pending' ? { status: 'working' as const } : {}),
      };
    case 'cancel_requested':
      return { inFlight: 'cancel' };
    case 'cancel_refused':
      return { inFlight: settled(order, 'cancel') };
    case 'amend_requested':
      return { inFlight: 'amend', wanted: { price: event.price, qty: event.qty } };
    case 'amended':
      return { wanted: null, price: event.price, qty: event.qty, ...afterAmend(order, event.qty) };
    case 'amend_refused':
      return { inFlight: settled(order, 'amend'), wanted: null };
    case 'doubted':
      return { certainty: order.certainty === 'confirmed' ? 'unknown' : order.certainty };
    case 'quarantined':
      return { certainty: 'quarantined' };
    case 'unverifiable':
      return { certainty: 'unverifiable' };
    case 'confirmed':
      return { certainty: 'confirmed' };
    case 'canceled':
    case 'expired':
    case 'rejected':
      return { status: event.type, reason: event.reason, inFlight: 'none', certainty: 'confirmed', wanted: null };
    default:
      return unreachable(event);
  }
}

/** Books an execution whatever the status and size say. */
export function bookExecution(order: ChildOrder, execution: Execution, at: UnixMs): ChildOrder {
  const cumQty = (order.cumQty + execution.qty) as Money;
  const complete = cumQty >= order.qty && !isFinal(order.status);
  return {
    ...order,
    cumQty,
    cumNotional: (order.cumNotional + execution.notional) as Money,
    status: complete ? 'filled' : order.status === 'pending' ? 'working' : order.status,
    inFlight: complete ? 'none' : settled(order, 'submit'),
    certainty: complete ? 'confirmed' : order.certainty,
    reason: complete ? 'FILLED' : order.reason,
    updatedAt: at,
  };
}
