import type { Lots, Side, Ticks } from '../domain/ids.ts';
import type { SelfTradePrevention, TimeInForce } from '../domain/order.ts';

/**
 * What a book is told. Ids and accounts are numbers that the caller gives: integers up to 2^53-1, an id at least 1.
 * A book knows the orders that rest in it and no others: that no id is ever used twice is the caller's to see to.
 */
export type Command = Readonly<
  | {
      type: 'submit';
      id: number;
      account: number;
      side: Side;
      /** Worst acceptable price; null is a market order without a bound (`ioc` or `fok`). */
      price: Ticks | null;
      qty: Lots;
      timeInForce: TimeInForce;
      /** Counts when this order arrives (or is amended) and meets its own account: the resting order's setting does not. */
      selfTrade: SelfTradePrevention;
    }
  | { type: 'cancel'; id: number }
  /** Null leaves as it is. `qty` is the whole quantity of the order, what was filled included. */
  | { type: 'amend'; id: number; price: Ticks | null; qty: Lots | null }
  | { type: 'cancel_all'; account: number }
>;

/** An order in the book. */
export type RestingOrder = Readonly<{
  id: number;
  account: number;
  side: Side;
  price: Ticks;
  /** Whole quantity, what was filled included. */
  qty: Lots;
  leavesQty: Lots;
  timeInForce: 'gtc' | 'post_only';
  selfTrade: SelfTradePrevention;
  /** Time priority: rises by one with every order that enters a queue, new or amended. */
  arrival: number;
}>;

/** Quantity at one price, all orders together. */
export type DepthLevel = Readonly<{ price: Ticks; qty: Lots }>;
/** Bids fall, asks rise, best first. */
export type Depth = Readonly<{ bids: readonly DepthLevel[]; asks: readonly DepthLevel[] }>;
