import { absolute, ZERO } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import type { ExchangeOrder, PositionIdx } from '../../ports/exchange.ts';
import { accountOf, positionOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { Decision, Filled } from './decision.ts';
import { isPartialExit, isWholeExit } from './exit-kinds.ts';
import { addExit, type ExitOf, exitsOf, pairWith, resize } from './exit-orders.ts';
import { type ExitSide, exitTrigger } from './exit-terms.ts';
import { closeOrder } from './settle.ts';
import { attachSpotExits } from './spot-exits.ts';
import { NO_HOLD } from './waiting.ts';

/** Most partial ways out of one position. */
export const MOST_PARTIAL = 20;

export const EXIT_SIDES = ['take_profit', 'stop_loss'] as const satisfies readonly ExitSide[];
export const entrySide = (size: Money): Side => (size > 0n ? 'buy' : 'sell');

/** Gives the orders that filled in this decision the ways out that they brought along. True when there were any. */
export function attachExits(decision: Decision): boolean {
  const filled = decision.takeFilled();
  for (const [orderId, fill] of filled) {
    const market = decision.desk.markets.get(fill.order.instrument);
    if (market === undefined) continue;
    if (market.instrument.contract === null) attachSpotExits(decision, fill.uid, market, fill.order);
    else attach(decision, market, orderId, fill);
  }
  return filled.size > 0;
}

function attach(decision: Decision, market: Market, orderId: string, fill: Filled): void {
  const { uid, order, opened } = fill;
  const { exits, positionIdx: idx, clientOrderId } = order;
  const { size } = positionOf(accountOf(decision.desk.state.accounts, uid), market.id, idx);
  if (exits === null || opened <= 0n || size === 0n || entrySide(size) !== order.side) return;
  const of: ExitOf = { uid, market, idx, entry: order.side, parent: { orderId, clientOrderId } };
  if (exits.mode === 'partial') return attachPartial(decision, of, orderId, order, opened);
  for (const which of EXIT_SIDES) {
    const terms = which === 'take_profit' ? exits.takeProfit : exits.stopLoss;
    if (terms !== null) setWhole(decision, of, which, terms, absolute(size));
  }
}

/** Sets the one take profit (stop loss) of a whole position; what was set before makes way for it. */
export function setWhole(
  decision: Decision,
  of: ExitOf,
  which: ExitSide,
  terms: NonNullable<NonNullable<ExchangeOrder['exits']>['takeProfit']>,
  qty: Money,
): void {
  const before = exitsOf(decision, of.uid, of.market, of.idx).find((order) => order.stopKind === which);
  if (before === undefined) {
    addExit(decision, of, which, terms, { kind: which, qty, oco: null, hold: NO_HOLD });
    return;
  }
  const trigger = exitTrigger(which, of.entry, terms);
  const kept = { trailing: null, exits: null, ocoOrderId: null } as const;
  const { orderId } = before;
  decision.emit({ type: 'conditions_set', at: decision.at, uid: of.uid, orderId, trigger, ...kept });
  decision.touch(of.uid, of.market);
}

/** What one order filled has one pair, which grows with its fills. */
function attachPartial(decision: Decision, of: ExitOf, orderId: string, order: ExchangeOrder, opened: Money): void {
  const { exits } = order;
  if (exits === null) return;
  const all = exitsOf(decision, of.uid, of.market, of.idx).filter(isPartialExit);
  const grown = all.filter((one) => one.parent?.orderId === orderId);
  for (const one of grown) resize(decision, of.uid, one, (one.qty + opened) as Money, ZERO);
  const wanted = Number(exits.takeProfit !== null) + Number(exits.stopLoss !== null);
  if (grown.length > 0 || all.length + wanted > MOST_PARTIAL) return;
  addPartial(decision, of, exits, opened);
}

/** A take profit, a stop loss, or both as a pair of which one ends the other. */
export function addPartial(
  decision: Decision,
  of: ExitOf,
  exits: Pick<NonNullable<ExchangeOrder['exits']>, 'takeProfit' | 'stopLoss'>,
  qty: Money,
): void {
  let first: string | null = null;
  for (const which of EXIT_SIDES) {
    const terms = which === 'take_profit' ? exits.takeProfit : exits.stopLoss;
    if (terms === null) continue;
    const made = { kind: `partial_${which}`, qty, oco: first, hold: NO_HOLD } as const;
    const id = addExit(decision, of, which, terms, made);
    if (first !== null) pairWith(decision, of.uid, first, id);
    first = id;
  }
}

/** Keeps the ways out of a contract's positions to what they are of: none without one, none larger than it. */
export function syncExits(decision: Decision, uid: string, market: Market): void {
  if (!decision.desk.triggers.books.has(market.id)) return;
  const account = accountOf(decision.desk.state.accounts, uid);
  const orders = new Map<PositionIdx, readonly ExchangeOrder[]>();
  for (const { order } of account.open.values()) {
    const idx = order.positionIdx;
    if (order.instrument === market.id && order.stopKind !== null && !orders.has(idx)) {
      orders.set(idx, exitsOf(decision, uid, market, idx));
    }
  }
  for (const [idx, exits] of orders) {
    const { size } = positionOf(account, market.id, idx);
    for (const order of exits) {
      if (size === 0n || entrySide(size) === order.side) {
        closeOrder(decision, market, { uid, orderId: order.orderId }, 'exits_cleared');
      } else if (isWholeExit(order) && order.qty !== absolute(size)) {
        resize(decision, uid, order, absolute(size), ZERO);
      }
    }
  }
}
