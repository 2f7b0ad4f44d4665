import type { Money } from '../domain/ids.ts';
import { ok, type Result } from '../domain/result.ts';
import { sleep } from '../ports/clock.ts';
import type { CloseReason, ExchangeOrderRef, ExchangeRefusal, OrderIds, PlaceOrder } from '../ports/exchange.ts';
import type { ExchangeClock } from './clocks.ts';
import type { Core } from './core.ts';
import { cancelAll, fillOrder } from './desk/cancel.ts';
import { categoryOf, type Decision } from './desk/decision.ts';
import { findOpen } from './desk/find.ts';
import { placeOrder } from './desk/place.ts';
import type { ArrivalFault, Faults, FillFault, OrderOperation } from './faults.ts';
import { accountOf } from './state/state.ts';

type Parts = Readonly<{ core: Core; clock: ExchangeClock; faults: Faults }>;
type Answer = Promise<Result<OrderIds, ExchangeRefusal>>;
type Decide = (run: (decision: Decision) => Result<OrderIds, ExchangeRefusal>) => Answer;

/** Places an order; the faults that are due happen to it once it was accepted, each in a decision of its own. */
export async function placeDisturbed(parts: Parts, decide: Decide, uid: string, order: PlaceOrder): Answer {
  const subject = { uid, instrument: order.instrument };
  const ms = parts.faults.hold('order.create', subject);
  if (ms > 0) await sleep(parts.clock, ms);
  const due: { fault: ArrivalFault | null; orderId: string | null } = { fault: null, orderId: null };
  const rejection = (): CloseReason | null => {
    due.fault = parts.faults.arrival(subject);
    return due.fault?.type === 'reject' ? due.fault.reason : null;
  };
  // Its own decision follows at once, in the same turn: nothing comes between an order and what happens to it.
  const answer = decide((decision) => {
    const placed = placeOrder(decision, uid, order, rejection);
    if (placed.ok) due.orderId = placed.value.orderId;
    return placed;
  });
  if (due.orderId !== null && due.fault !== null) arrived(parts.core, uid, due.orderId, due.fault);
  return answer;
}

function arrived(core: Core, uid: string, orderId: string, fault: ArrivalFault): void {
  if (fault.type === 'fill') core.act((decision) => fillPart(decision, uid, orderId, fault));
  if (fault.type !== 'cancel') return;
  const { part, reason } = fault;
  if (part !== null) core.act((decision) => fillPart(decision, uid, orderId, { type: 'fill', part, pieces: 1 }));
  core.act((decision) => void cancelByVenue(decision, uid, orderId, reason));
}

/**
 * Faults between the receipt of a cancel or amendment and its processing. Resolves with the answer where the change
 * is to be acknowledged and never made.
 */
export async function disturbChange(
  parts: Parts,
  operation: OrderOperation,
  uid: string,
  ref: ExchangeOrderRef,
): Promise<Result<OrderIds, ExchangeRefusal> | null> {
  const { core, faults } = parts;
  const subject = { uid, instrument: ref.instrument };
  const ms = faults.hold(operation, subject);
  if (ms > 0) await sleep(parts.clock, ms);
  const found = findOpen(core.desk.state, uid, ref);
  const fault = found.ok ? faults.change(operation, subject) : null;
  if (!found.ok || fault === null) return null;
  const { orderId, clientOrderId } = found.value.order;
  if (fault.type === 'ignore') return ok({ orderId, clientOrderId });
  core.act((decision) => fillPart(decision, uid, orderId, fault));
  return null;
}

const PARTS = 1_000_000n;

/** Fills a part of what is left of an order, in pieces. Nothing where the order does not work any more. */
function fillPart(decision: Decision, uid: string, orderId: string, { part, pieces }: FillFault): void {
  const order = accountOf(decision.desk.state.accounts, uid).open.get(orderId)?.order;
  if (order === undefined) return;
  const all = part >= 1 ? order.leavesQty : (order.leavesQty * BigInt(Math.round(part * 1e6))) / PARTS;
  const piece = (all / BigInt(pieces)) as Money;
  for (let i = 1; i < pieces; i += 1) fillOrder(decision, uid, orderId, piece);
  const rest = (all - piece * BigInt(pieces - 1)) as Money;
  fillOrder(decision, uid, orderId, part >= 1 ? null : rest);
}

/** Ends a working order for a reason of the venue's; false when there is none. */
export function cancelByVenue(decision: Decision, uid: string, orderId: string, reason: CloseReason): boolean {
  const facts = accountOf(decision.desk.state.accounts, uid).open.get(orderId);
  if (facts === undefined) return false;
  const category = categoryOf(facts.order.instrument);
  const filter = { category, instrument: null, base: null, settle: null, orderId, clientOrderId: null };
  return cancelAll(decision, uid, filter, reason).length > 0;
}
