import { add, subtract, ZERO } from '../../domain/decimal.ts';
import type { InstrumentId, Money } from '../../domain/ids.ts';
import { invariant, unreachable } from '../../domain/result.ts';
import type { SpreadExecution, SpreadOrder } from '../../ports/exchange.ts';
import type { Change } from './changes.ts';
import type { EventOf, SpreadEvent } from './events.ts';
import type { SpreadHalf, SpreadTradedEvent } from './spread-events.ts';
import { accountOf, type PaperState, spreadClientKey, type SpreadFacts } from './state.ts';

export function applySpreadEvent(state: PaperState, event: SpreadEvent): readonly Change[] {
  switch (event.type) {
    case 'spread_accepted':
      return accept(state, event);
    case 'spread_rested':
      state.priority = event.priority;
      return [changed(event.uid, { ...openSpread(state, event), priority: event.priority })];
    case 'spread_amended': {
      const { uid, price, qty, at } = event;
      const before = openSpread(state, event);
      const leavesQty = subtract(qty, before.order.cumQty);
      return [changed(uid, { ...before, order: { ...before.order, price, qty, leavesQty, updatedAt: at } })];
    }
    case 'spread_traded':
      state.spreadLasts.set(event.symbol, event.price);
      return [event.taker, event.maker].flatMap((half) => fill(state, event, half));
    case 'spread_closed':
      return close(state, event);
    default:
      return unreachable(event);
  }
}

const changed = (uid: string, facts: SpreadFacts): Change => ({ type: 'spread_order', uid, facts });

function accept(state: PaperState, { uid, order }: EventOf<'spread_accepted'>): readonly Change[] {
  if (order.clientOrderId !== null) state.clientIds.set(spreadClientKey(uid, order.clientOrderId), order.orderId);
  const rest = { status: 'new', closeReason: null, cumQty: ZERO, leavesQty: order.qty } as const;
  return [changed(uid, { order: { ...order, ...rest, updatedAt: order.createdAt }, priority: 0 })];
}

function fill(state: PaperState, event: SpreadTradedEvent, half: SpreadHalf): readonly Change[] {
  const { uid, orderId } = half;
  if (orderId === null) return [];
  // An account that trades with itself may do so with one order only once: both halves are read where they are.
  const before = openSpread(state, { uid, orderId });
  const order: SpreadOrder = {
    ...before.order,
    status: 'partially_filled',
    cumQty: add(before.order.cumQty, event.qty),
    leavesQty: subtract(before.order.leavesQty, event.qty),
    updatedAt: event.at,
  };
  return [
    { type: 'spread_execution', uid, execution: executionOf(order, event, half) },
    changed(uid, { ...before, order }),
  ];
}

const executionOf = (order: SpreadOrder, event: SpreadTradedEvent, half: SpreadHalf): SpreadExecution => ({
  execId: half.execId,
  orderId: order.orderId,
  clientOrderId: order.clientOrderId,
  symbol: event.symbol,
  base: order.base,
  side: half.side,
  orderType: order.type,
  orderPrice: order.price,
  orderQty: order.qty,
  leavesQty: order.leavesQty,
  price: event.price,
  qty: event.qty,
  liquidity: half.liquidity,
  legs: half.legs,
  at: event.at,
  seq: event.seq,
});

function close(state: PaperState, event: EventOf<'spread_closed'>): readonly Change[] {
  const { uid, orderId, status, reason, at } = event;
  const before = openSpread(state, event);
  const { clientOrderId, symbol } = before.order;
  const clientKey = clientOrderId === null ? null : spreadClientKey(uid, clientOrderId);
  const instrument = `spread:${symbol}` as InstrumentId;
  state.closed.set(orderId, { uid, orderId, clientKey, instrument, reason, closedAt: at });
  const order = { ...before.order, status, closeReason: reason, leavesQty: ZERO as Money, updatedAt: at };
  return [changed(uid, { order, priority: 0 })];
}

function openSpread(state: PaperState, { uid, orderId }: { uid: string; orderId: string }): SpreadFacts {
  const facts = accountOf(state.accounts, uid).spreads.get(orderId);
  invariant(facts !== undefined, `combo order ${orderId} is not open`);
  return facts;
}
