import { add, ZERO } from '../../domain/decimal.ts';
import type { AssetId, Money, UnixMs } from '../../domain/ids.ts';
import { splitInstrumentId } from '../../domain/ids.ts';
import { invariant, unreachable } from '../../domain/result.ts';
import { applyChange, type Change } from './changes.ts';
import type { PaperEvent } from './events.ts';
import {
  accountOf,
  clientKey,
  coinOf,
  newAccount,
  type OrderFacts,
  type PaperState,
  positionOf,
  SYNTHETIC,
} from './state.ts';
import { tradeChanges } from './trade.ts';

type EventOf<T extends PaperEvent['type']> = Extract<PaperEvent, { type: T }>;

/**
 * Brings one event into the state and says what it changed. The only code that runs in a replay: it adds and sets,
 * and decides nothing.
 */
export function applyEvent(state: PaperState, event: PaperEvent): readonly Change[] {
  if ('at' in event) state.at = event.at;
  const changes = changesOf(state, event);
  for (const change of changes) applyChange(accountOf(state.accounts, change.uid), change);
  if (event.type === 'traded') collectFees(state, event);
  return changes;
}

function changesOf(state: PaperState, event: PaperEvent): readonly Change[] {
  switch (event.type) {
    case 'opened':
      open(state, event);
      return [];
    case 'started':
      state.run = event.run;
      return [];
    case 'reserved':
      state.ids = event.ids;
      state.seq = event.seq;
      return [];
    case 'deposited':
      return deposit(state, event);
    case 'accepted':
      return accept(state, event);
    case 'rested':
      state.priority = event.priority;
      return [{ type: 'order', uid: event.uid, facts: { ...openOrder(state, event), priority: event.priority } }];
    case 'amended':
      return amend(state, event);
    case 'closed':
      return close(state, event);
    case 'traded':
      state.marks.set(event.instrument, { index: event.index, last: event.price });
      return tradeChanges(state, event);
    case 'leverage_set': {
      const position = positionOf(accountOf(state.accounts, event.uid), event.instrument);
      const facts = { ...position, leverage: event.leverage, updatedAt: event.at };
      return [{ type: 'position', uid: event.uid, instrument: event.instrument, facts }];
    }
    case 'clock':
      return [];
    case 'marked':
      state.marks.set(event.instrument, { index: event.index, last: event.last });
      return [];
    default:
      return unreachable(event);
  }
}

/** Everything starts again, with a synthetic account that has nothing (it may owe); counters go on, so that no id is used twice. */
function open(state: PaperState, event: EventOf<'opened'>): void {
  state.idBase = event.idBase;
  for (const map of [state.accounts, state.deposits, state.fees, state.marks, state.closed, state.clientIds])
    map.clear();
  state.accounts.set(SYNTHETIC, newAccount(SYNTHETIC));
}

function deposit(state: PaperState, event: EventOf<'deposited'>): readonly Change[] {
  const { uid, asset, amount } = event;
  let account = state.accounts.get(uid);
  if (account === undefined) state.accounts.set(uid, (account = newAccount(uid)));
  addTo(state.deposits, asset, amount);
  const coin = coinOf(account, asset);
  return [{ type: 'coin', uid, asset, facts: { ...coin, wallet: add(coin.wallet, amount) } }];
}

function accept(state: PaperState, event: EventOf<'accepted'>): readonly Change[] {
  const { uid, order, held, heldAsset } = event;
  const { category } = splitInstrumentId(order.instrument);
  if (order.clientOrderId !== null) state.clientIds.set(clientKey(uid, category, order.clientOrderId), order.orderId);
  const facts: OrderFacts = {
    order: {
      ...order,
      status: 'new',
      closeReason: null,
      cumQty: ZERO,
      cumNotional: ZERO,
      fees: new Map(),
      leavesQty: order.qty,
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
  const order = { ...before.order, price, boundPrice: price, qty, leavesQty, updatedAt: at };
  const more = (held - before.held) as Money;
  return [
    { type: 'order', uid, facts: { ...before, order, held } },
    ...lockedChange(state, uid, before.heldAsset, more),
  ];
}

function close(state: PaperState, event: EventOf<'closed'>): readonly Change[] {
  const { uid, orderId, status, reason, at } = event;
  const before = openOrder(state, event);
  const order = { ...before.order, status, closeReason: reason, leavesQty: ZERO, updatedAt: at };
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

export function addTo(sums: Map<AssetId, Money>, asset: AssetId, amount: Money): void {
  sums.set(asset, add(sums.get(asset) ?? ZERO, amount));
}

function collectFees(state: PaperState, event: EventOf<'traded'>): void {
  addTo(state.fees, event.taker.feeAsset, event.taker.fee);
  addTo(state.fees, event.maker.feeAsset, event.maker.fee);
}
