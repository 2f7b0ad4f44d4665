import type { AssetId, Money, UnixMs } from '../../domain/ids.ts';
import type { AttachedExits, CloseReason, OrderTerms, OrderTrigger, Trailing } from '../../ports/exchange.ts';

/** What happens to orders. */
export type OrderEvent = Readonly<
  /** `waits`: it is not in the book until it is triggered. */
  | { type: 'accepted'; uid: string; order: OrderTerms; waits: boolean; held: Money; heldAsset: AssetId | null }
  /** It entered its queue, or lost its place and entered again. */
  | { type: 'rested'; uid: string; orderId: string; priority: number }
  /** `iv`: the volatility that the new price is of, null for none; left out where the price stays. */
  | {
      type: 'amended';
      at: UnixMs;
      uid: string;
      orderId: string;
      price: Money;
      qty: Money;
      held: Money;
      iv?: Money | null;
    }
  /** What it waits for, or what is attached to it, changed; null leaves it. */
  | {
      type: 'conditions_set';
      at: UnixMs;
      uid: string;
      orderId: string;
      trigger: OrderTrigger | null;
      trailing: Trailing | null;
      exits: AttachedExits | null;
      ocoOrderId: string | null;
    }
  /** Its time has come; from now on it is an order like others, with the bound and quantity that it goes live with. */
  | {
      type: 'triggered';
      at: UnixMs;
      uid: string;
      orderId: string;
      boundPrice: Money;
      qty: Money;
      held: Money;
      heldAsset: AssetId | null;
      ocoTriggeredBy: 'take_profit' | 'stop_loss' | null;
    }
  | {
      type: 'closed';
      at: UnixMs;
      uid: string;
      orderId: string;
      status: 'filled' | 'canceled' | 'rejected' | 'deactivated';
      reason: CloseReason;
      /** The order that self-trade prevention had it meet. */
      smpOrderId: string | null;
    }
>;
