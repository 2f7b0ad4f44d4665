import type { Lots, Side, Ticks } from '../domain/ids.ts';
import type { CancelReason, RejectReason } from './codes.ts';

/**
 * What a command did, in order. Every accepted order ends with exactly one `canceled` or `done`, now or later.
 * Prices are ticks, quantities lots.
 */
export type MatchingEvent = Readonly<
  /** `price` is null for a market order without a bound. */
  | { type: 'accepted'; id: number; account: number; side: Side; price: Ticks | null; qty: Lots }
  /** A match at the maker's price. `tradeSeq` counts the trades of this book from 1 without a gap. */
  | {
      type: 'traded';
      tradeSeq: number;
      price: Ticks;
      qty: Lots;
      /** Side of the taker. */
      aggressor: Side;
      takerId: number;
      takerAccount: number;
      makerId: number;
      makerAccount: number;
    }
  /** Filled completely: nothing is left of the order. */
  | { type: 'done'; id: number; account: number }
  /** `leavesQty` is what was canceled. */
  | { type: 'canceled'; id: number; account: number; leavesQty: Lots; reason: CancelReason }
  /** The command was refused and changed nothing. `id` is the order's, or the account's for `cancel_all`. */
  | { type: 'rejected'; id: number; reason: RejectReason }
  /** Amended down in size only: kept its place in the queue. */
  | { type: 'reduced'; id: number; account: number; price: Ticks; qty: Lots; leavesQty: Lots }
  /** Amended otherwise: lost its place. Trades, or a cancel, of the same command may follow. */
  | { type: 'amended'; id: number; account: number; price: Ticks; qty: Lots; leavesQty: Lots }
>;
