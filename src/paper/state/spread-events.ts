import type { Money, Side, UnixMs } from '../../domain/ids.ts';
import type { Liquidity } from '../../domain/order.ts';
import type { CloseReason, SpreadLegFill, SpreadTerms } from '../../ports/exchange.ts';

/**
 * What happens to orders of combos. Their legs are orders with events of their own, in the same decision: `accepted`,
 * `amended`, `traded`, `closed`.
 */
export type SpreadEvent = Readonly<
  | { type: 'spread_accepted'; uid: string; order: SpreadTerms }
  | { type: 'spread_rested'; uid: string; orderId: string; priority: number }
  | { type: 'spread_amended'; at: UnixMs; uid: string; orderId: string; price: Money; qty: Money }
  | SpreadTradedEvent
  | {
      type: 'spread_closed';
      at: UnixMs;
      uid: string;
      orderId: string;
      status: 'filled' | 'canceled';
      reason: CloseReason;
    }
>;

/** One match of combos; the trades of the legs are events before it. */
export type SpreadTradedEvent = Readonly<{
  type: 'spread_traded';
  at: UnixMs;
  symbol: string;
  seq: number;
  price: Money;
  qty: Money;
  taker: SpreadHalf;
  maker: SpreadHalf;
}>;

export type SpreadHalf = Readonly<{
  uid: string;
  /** Null for the exchange's own accounts. */
  orderId: string | null;
  execId: string;
  side: Side;
  liquidity: Liquidity;
  legs: readonly SpreadLegFill[];
}>;
