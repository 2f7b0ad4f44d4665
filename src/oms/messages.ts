import type { AccountId, AssetId, ClientOrderId, Money, OrderId, UnixMs, VenueId } from '../domain/ids.ts';
import type { Outcome, QueryAnswer, VenueEvent } from '../ports/venue.ts';
import type { OrderContext } from './context.ts';
import type { Idempotency, OrderRequest } from './events.ts';
import type { FeeTransfer } from './state.ts';

/** What an account's partition is told. `replyTo` names a caller that waits for one `reply`. */
export type AccountMessage = Readonly<
  | { type: 'open'; at: UnixMs; account: AccountId; number: number; synthetic: boolean }
  | {
      type: 'transfer';
      at: UnixMs;
      direction: 'deposit' | 'withdrawal';
      asset: AssetId;
      amount: Money;
      reference: string;
      actor: string;
      note: string;
      idempotency: Idempotency | null;
      replyTo: number;
    }
  | {
      type: 'submit';
      at: UnixMs;
      request: OrderRequest;
      fingerprint: string;
      context: OrderContext;
      idempotency: Idempotency | null;
      replyTo: number;
    }
  | { type: 'cancel'; at: UnixMs; order: OrderId; actor: string; replyTo: number }
  | { type: 'cancel_all'; at: UnixMs; instrument: string | null; actor: string; replyTo: number }
  | { type: 'halt'; at: UnixMs; active: boolean; cancelOrders: boolean; actor: string; replyTo: number }
  /** The venue's answer to a submit or a cancel. */
  | { type: 'outcome'; at: UnixMs; child: ClientOrderId; request: 'submit' | 'cancel'; outcome: Outcome }
  /** The gate at the very last moment said no: the order has not left this process. */
  | { type: 'not_sent'; at: UnixMs; child: ClientOrderId; request: 'submit' | 'cancel'; reason: string }
  | { type: 'venue_event'; at: UnixMs; venue: VenueId; event: VenueEvent }
  /** `proof`: what the answer "absent" is worth. */
  | { type: 'query_answer'; at: UnixMs; child: ClientOrderId; answer: QueryAnswer; proof: Proof }
  /** Nothing was heard of a request for too long. */
  | { type: 'overdue'; at: UnixMs; child: ClientOrderId; quarantine: boolean }
  /** Route what is left of an order again, on books of now. */
  | { type: 'reroute'; at: UnixMs; order: OrderId; context: OrderContext | null }
  /** The journal has been replayed: everything that has no answer is asked for. */
  | { type: 'recovered'; at: UnixMs }
>;

/** What goes out of a decision. Effects name a child: what is sent is read from the state when it is sent. */
export type AccountOutput = Readonly<
  | { type: 'reply'; to: number; reply: Reply }
  | { type: 'submit'; child: ClientOrderId }
  | { type: 'cancel'; child: ClientOrderId }
  /** Ask the venue about this child until its doubt is over, and until `owed` is booked. */
  | { type: 'resolve'; child: ClientOrderId; why: 'in_doubt' | 'fills_owed'; owed?: Money }
  | { type: 'reroute'; order: OrderId }
  | { type: 'fee'; transfer: FeeTransfer }
  | {
      type: 'changed';
      orders: readonly OrderId[];
      executions: readonly Readonly<{ child: ClientOrderId; index: number }>[];
      balances: boolean;
    }
  | { type: 'alarm'; code: string; detail: string }
>;

/**
 * What "the venue does not know it" is worth. `absent`: its stream has been whole, and it has said so often enough and
 * late enough. `forgotten`: the same, and the order is older than what the venue is sure to remember.
 */
export type Proof = 'none' | 'absent' | 'forgotten';

export type Reply = Readonly<
  | { type: 'accepted'; order: OrderId; repeated: boolean }
  | { type: 'done'; orders: readonly OrderId[] }
  | { type: 'transferred'; transfer: number; repeated: boolean }
  | { type: 'denied'; denial: Denial }
>;

/** Why we refuse: a stable code, what to do, and the numbers that led to it. */
export type Denial = Readonly<{ code: string; message: string; details?: Readonly<Record<string, unknown>> }>;
