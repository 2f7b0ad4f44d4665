import type { ExchangeOrder, OrderTerms, PlaceOrder } from '../../ports/exchange.ts';
import { settingsOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { Decision } from './decision.ts';
import type { Hold } from './funds.ts';

/** Everything of an order that its acceptance does not fix by itself. */
export type NewTerms = Omit<OrderTerms, 'orderId' | 'instrument' | 'smpGroup' | 'lastPriceOnCreate' | 'createdAt'>;

/** What of a client's order goes into its terms as it came. */
export const asAsked = (order: PlaceOrder) =>
  ({
    clientOrderId: order.clientOrderId,
    side: order.side,
    type: order.type,
    qtyIn: order.qtyIn,
    timeInForce: order.type === 'market' ? 'ioc' : order.timeInForce,
    reduceOnly: order.reduceOnly,
    slippage: order.slippage,
    selfTrade: order.selfTrade,
    positionIdx: order.positionIdx,
    leverage: order.leverage,
    closeOnTrigger: order.closeOnTrigger,
    exits: order.exits,
    bbo: order.bbo,
    iv: order.iv,
    mmp: order.mmp,
    parent: null,
    ocoOrderId: null,
    trailing: null,
  }) satisfies Partial<NewTerms>;

/** Takes an order in under a new id. `waits`: it is in no book until it is triggered. */
export function accept(
  decision: Decision,
  uid: string,
  market: Market,
  terms: NewTerms,
  made: Readonly<{ waits: boolean; hold: Hold }>,
): string {
  const { desk, at } = decision;
  const orderId = desk.counters.id(market.instrument.category);
  decision.arrived.add(orderId);
  decision.emit({
    type: 'accepted',
    uid,
    waits: made.waits,
    held: made.hold.amount,
    heldAsset: made.hold.asset,
    order: {
      ...terms,
      orderId,
      instrument: market.id,
      smpGroup: settingsOf(desk.state, uid).smpGroup,
      lastPriceOnCreate: market.last,
      createdAt: at,
    },
  });
  decision.touch(uid, market);
  return orderId;
}

export const isWaiting = (order: Pick<ExchangeOrder, 'status'>): boolean => order.status === 'untriggered';
