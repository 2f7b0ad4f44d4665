import type { Lots, Side, Ticks } from '../../domain/ids.ts';
import { opposite } from '../../domain/ids.ts';
import { qtyOf } from '../../domain/instrument.ts';
import type { Resting } from '../book/order-book.ts';
import { fillOrder } from '../desk/cancel.ts';
import type { Decision } from '../desk/decision.ts';
import { settleFill } from '../desk/settle.ts';
import type { Market } from '../tape/market.ts';

/** A recorded trade on the grid of its market; `side` is who took. */
export type TradePrint = Readonly<{ side: Side; price: Ticks; qty: Lots }>;

/** What waits at the price of a trade: who decides which part of it reaches clients' orders. */
export type QueueAtPrice = (queue: readonly Resting[], qty: Lots, fill: (order: Resting, qty: Lots) => void) => void;

/**
 * Lets one recorded trade happen. Clients' orders at better prices than it are filled first, best price first, because
 * it went through them; at its own price the queue decides. All of them together get no more than was traded, each at
 * its own price, and what they did not get is printed at the recorded price: the tape's volume is the file's.
 */
export function playTrade(decision: Decision, market: Market, trade: TradePrint, queue: QueueAtPrice): void {
  const { book } = market;
  const side = opposite(trade.side);
  let left = trade.qty;
  const fill = (order: Resting, qty: Lots): void => {
    const lots = Math.min(left, qty, order.leaves) as Lots;
    if (order.owner === null || lots === 0) return;
    const { uid, orderId } = order.owner;
    if (fillOrder(decision, uid, orderId, qtyOf(market.instrument.listing, lots))) left = (left - lots) as Lots;
  };
  for (const price of pricesThrough(market, side, trade.price)) {
    for (const order of book.queue(side, price)) fill(order, left);
  }
  if (left > 0) queue(book.queue(side, trade.price), left, fill);
  if (left === 0) return;
  const rest = { maker: null, makerSide: side, price: trade.price, qty: left, makerLeaves: 0 as Lots };
  settleFill(decision, market, { taker: null, side: trade.side, fill: rest });
}

/** Levels of a side that a trade at this price went through, best first. */
function pricesThrough(market: Market, side: Side, price: Ticks): readonly Ticks[] {
  const prices: Ticks[] = [];
  for (const level of market.book.levels.side(side)) {
    if (side === 'buy' ? level.price <= price : level.price >= price) break;
    prices.push(level.price);
  }
  return prices;
}

/** Behind a recorded book: first in, first out, and what the recorded orders in the queue lose is gone. */
export const inQueue =
  (taken: (order: Resting, qty: Lots) => void): QueueAtPrice =>
  (queue, qty, fill) => {
    let left = qty;
    for (const order of queue) {
      const part = Math.min(left, order.leaves) as Lots;
      if (part === 0) return;
      if (order.owner === null) taken(order, part);
      else fill(order, part);
      left = (left - part) as Lots;
    }
  };
