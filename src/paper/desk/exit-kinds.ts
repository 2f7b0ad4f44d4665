import type { ExchangeOrder, StopKind } from '../../ports/exchange.ts';
import { accountOf } from '../state/state.ts';
import { triggerOf } from '../triggers/trigger-index.ts';
import { isWaiting } from './accept.ts';
import type { Decision } from './decision.ts';

/** Ways out of a position, which live and die with it. */
const OF_POSITION: ReadonlySet<StopKind | null> = new Set<StopKind>([
  'take_profit',
  'stop_loss',
  'partial_take_profit',
  'partial_stop_loss',
  'trailing_stop',
]);
/** Those whose quantity is the position's. */
const OF_WHOLE: ReadonlySet<StopKind | null> = new Set<StopKind>(['take_profit', 'stop_loss', 'trailing_stop']);

type Kind = Pick<ExchangeOrder, 'stopKind'>;

export const isExit = ({ stopKind }: Kind): boolean => OF_POSITION.has(stopKind);
export const isWholeExit = ({ stopKind }: Kind): boolean => OF_WHOLE.has(stopKind);
export const isPartialExit = (order: Kind): boolean => isExit(order) && !isWholeExit(order);

/** Which end of a pair an order is: a sale at a risen price and a purchase at a fallen one take a profit. */
export function sideOfExit(order: ExchangeOrder): 'take_profit' | 'stop_loss' | null {
  const trigger = triggerOf(order);
  if (trigger === null || order.stopKind === null) return null;
  return (order.side === 'sell') === (trigger.direction === 'rise') ? 'take_profit' : 'stop_loss';
}

/** The order that goes when this one is triggered or taken back; null when there is none, or it is gone. */
export function otherLeg(decision: Decision, uid: string, order: ExchangeOrder): ExchangeOrder | null {
  if (order.ocoOrderId === null) return null;
  const other = accountOf(decision.desk.state.accounts, uid).open.get(order.ocoOrderId)?.order;
  return other !== undefined && isWaiting(other) && other.ocoOrderId === order.orderId ? other : null;
}
