import { add, ZERO } from '../../domain/decimal.ts';
import type { AssetId, Money, UnixMs } from '../../domain/ids.ts';
import { splitInstrumentId } from '../../domain/ids.ts';
import { invariant, unreachable } from '../../domain/result.ts';
import type { ExchangeOrder } from '../../ports/exchange.ts';
import type { Change } from './changes.ts';
import type { EventOf, OrderEvent } from './events.ts';
import { accountOf, clientKey, coinOf, type OrderFacts, type PaperState } from './state.ts';

export function applyOrderEvent(state: PaperState, event: OrderEvent): readonly Change[] {
  switch (event.type) {
    case 'accepted':
      return accept(state, event);
    case 'rested':
      state.priority = event.priority;
      return [{ type: 'order', uid: event.uid, facts: { ...openOrder(state, event), priority: event.priority } }];
    case 'amended':
      return amend(state, event);
    case 'conditions_set':
      return [{ type: 'order', uid: event.uid, facts: conditioned(openOrder(state, event), event) }];
    case 'triggered':
      return trigger(state, event);
    case 'closed':
      return close(state, event);
    default:
      return unreachable(event);
  }
}

function accept(state: PaperState, event: EventOf<'accepted'>): readonly Change[] {
  const { uid, order, held, heldAsset } = event;
  const { category } = splitInstrumentId(order.instrument);
  if (order.clientOrderId !== null) state.clientIds.set(clientKey(uid, category, order.clientOrderId), order.orderId);
  const facts: OrderFacts = {
    order: {
      ...order,
      status: event.waits ? 'untriggered' : 'new',
      closeReason: null,
      cumQty: ZERO,
      cumNotional: ZERO,
      fees: new Map(),
      leavesQty: order.qty,
      closedPnl: ZERO,
      ocoTriggeredBy: null,
      smpOrderId: null,
      updatedAt: order.createdAt,
    },
    held,
    heldAsset,
    priority: 0,
  };
  return [{ type: 'order', uid, facts }, ...lockedChange(state, uid, heldAsset, held)];
}

function amend(state: PaperState, event: EventOf<'amended'>): readonly Change[] {
  const { uid, price, qty, held, at } = event;
  const before = openOrder(state, event);
  const leavesQty = (qty - before.order.cumQty) as Money;
  const shown = before.order.price === null ? null : price;
  const iv = event.iv === undefined ? before.order.iv : event.iv;
  const order = { ...before.order, price: shown, boundPrice: price, qty, leavesQty, iv, updatedAt: at };
  const more = (held - before.held) as Money;
  return [
    { type: 'order', uid, facts: { ...before, order, held } },
    ...lockedChange(state, uid, before.heldAsset, more),
  ];
}

function conditioned(before: OrderFacts, event: EventOf<'conditions_set'>): OrderFacts {
  const { order } = before;
  return {
    ...before,
    order: {
      ...order,
      trigger: event.trigger ?? order.trigger,
      trailing: event.trailing ?? order.trailing,
      exits: event.exits ?? order.exits,
      ocoOrderId: event.ocoOrderId ?? order.ocoOrderId,
      updatedAt: event.at,
    },
  };
}

/** The order goes live: what it waited for stays on it, for its owner to see. */
function trigger(state: PaperState, event: EventOf<'triggered'>): readonly Change[] {
  const { uid, boundPrice, qty, held, heldAsset, ocoTriggeredBy, at } = event;
  const before = openOrder(state, event);
  const order: ExchangeOrder = {
    ...before.order,
    status: 'new',
    boundPrice,
    qty,
    leavesQty: qty,
    ocoTriggeredBy,
    updatedAt: at,
  };
  return [
    { type: 'order', uid, facts: { ...before, order, held, heldAsset } },
    ...lockedChange(state, uid, before.heldAsset, -before.held as Money),
    ...lockedAfter(state, uid, before, { asset: heldAsset, amount: held }),
  ];
}

/** The second of two changes of locked coins: of the same coin both count. */
function lockedAfter(
  state: PaperState,
  uid: string,
  before: OrderFacts,
  now: Readonly<{ asset: AssetId | null; amount: Money }>,
): readonly Change[] {
  if (now.asset === null || now.amount === 0n) return [];
  const coin = coinOf(accountOf(state.accounts, uid), now.asset);
  const released = now.asset === before.heldAsset ? before.held : 0n;
  const locked = (coin.locked - released + now.amount) as Money;
  return [{ type: 'coin', uid, asset: now.asset, facts: { ...coin, locked } }];
}

function close(state: PaperState, event: EventOf<'closed'>): readonly Change[] {
  const { uid, orderId, status, reason, smpOrderId, at } = event;
  const before = openOrder(state, event);
  const order = { ...before.order, status, closeReason: reason, leavesQty: ZERO, smpOrderId, updatedAt: at };
  const { instrument, clientOrderId } = order;
  const { category } = splitInstrumentId(instrument);
  const key = clientOrderId === null ? null : clientKey(uid, category, clientOrderId);
  state.closed.set(orderId, { uid, orderId, clientKey: key, instrument, reason, closedAt: at });
  const released = -before.held as Money;
  return [
    { type: 'order', uid, facts: { ...before, order, held: ZERO, priority: 0 } },
    ...lockedChange(state, uid, before.heldAsset, released),
  ];
}

/** How many closed orders are remembered at the most, some megabytes. */
const MOST_CLOSED = 50_000;

/** Forgets closed orders from before `horizon`, and frees their client order ids unless those are taken for ever. */
export function forgetClosed(state: PaperState, horizon: UnixMs, freeClientIds: boolean): void {
  for (const [orderId, stub] of state.closed) {
    if (stub.closedAt >= horizon && state.closed.size <= MOST_CLOSED) return;
    state.closed.delete(orderId);
    if (freeClientIds && stub.clientKey !== null) state.clientIds.delete(stub.clientKey);
  }
}

const lockedChange = (state: PaperState, uid: string, asset: AssetId | null, more: Money): readonly Change[] => {
  if (asset === null || more === 0n) return [];
  const coin = coinOf(accountOf(state.accounts, uid), asset);
  return [{ type: 'coin', uid, asset, facts: { ...coin, locked: add(coin.locked, more) } }];
};

function openOrder(state: PaperState, event: { uid: string; orderId: string }): OrderFacts {
  const facts = accountOf(state.accounts, event.uid).open.get(event.orderId);
  invariant(facts !== undefined, `order ${event.orderId} is not open`);
  return facts;
}
