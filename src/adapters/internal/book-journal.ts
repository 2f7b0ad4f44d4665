import type { ClientOrderId, Side, UnixMs } from '../../domain/ids.ts';
import type { SelfTradePrevention, TimeInForce } from '../../domain/order.ts';

/**
 * What a book's journal holds: the commands in the order in which they were taken, not what came of them. Replay runs
 * the engine again; the `state` records prove that it came out the same. Prices are ticks, quantities lots.
 */
export type BookRecord = Readonly<
  /** Written first: which rules and which grid the commands were meant for. */
  | { type: 'opened'; rules: number; tick: string; step: string }
  | {
      type: 'submit';
      at: UnixMs;
      account: number;
      order: ClientOrderId;
      side: Side;
      price: number;
      qty: number;
      timeInForce: TimeInForce;
      selfTrade: SelfTradePrevention;
    }
  | { type: 'cancel'; at: UnixMs; account: number; order: ClientOrderId }
  | { type: 'amend'; at: UnixMs; account: number; order: ClientOrderId; price: number; qty: number }
  /** Hash of the engine's state after every command before it. */
  | { type: 'state'; hash: number }
>;

/** A state record after so many commands. */
export const HASH_EVERY = 256;
