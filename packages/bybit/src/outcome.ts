import { barsAccount, classOf } from './error-codes.ts';
import type { BybitError } from './errors.ts';

/**
 * What became of an order write. There are three answers, never two: without proof either way the answer is
 * `unknown`, and only a question to the venue, by the same order link id, can resolve it.
 */
export type WriteOutcome<T> = Readonly<
  /** Received. Not proof that the order works: that comes on the private stream or from a query. */
  | { type: 'acknowledged'; value: T }
  /** Proven that this command took no effect. */
  | { type: 'refused'; cause: RefusalCause; error: BybitError }
  /** It may have taken effect or not. Keep the exposure reserved, ask, never send again under another id. */
  | { type: 'unknown'; cause: UnknownCause; error: BybitError }
>;

export type RefusalCause =
  /** Nothing left this process, or no connection was made. */
  | 'not_sent'
  /** The venue refused the command; the same again will be refused again. */
  | 'rejected'
  /** The venue refused it for its clock or signature: may be sent again, same id, after repair. */
  | 'repairable'
  /** The key or account is barred. The orders it already has keep their state. */
  | 'account'
  /** Cancel and amend: the order is final, unknown there, or no longer fits. Says nothing of what was filled: query. */
  | 'order_state';

export type UnknownCause =
  | 'transport'
  | 'http'
  | 'unreadable'
  /** A code that is no proof: every code that is not listed as one. */
  | 'code'
  /** The venue holds an order under this link id already, probably ours: query, compare, adopt. */
  | 'already_exists'
  /** The acknowledgement names another order than the one that was sent. */
  | 'mismatch'
  | 'unanswered';

/** What a command does; decides which codes prove that it did nothing. */
export type Command = 'create' | 'amend' | 'cancel' | 'cancel_all';

/**
 * Synchronous refusals that prove that no order came into being: checks of the order itself that Bybit documents as
 * such (docs/v5/error), price bands and order caps included. What is not listed here is ambiguous.
 */
const REJECTED: ReadonlySet<number> = new Set([
  10001, 30208, 30209, 30228, 110003, 110004, 110007, 110017, 110020, 110074, 110094, 110120, 110121, 110123, 170121,
  170124, 170130, 170131, 170132, 170133, 170134, 170136, 170137, 170140, 170192, 170193, 170194, 170371, 170372,
  170810,
]);
const REPAIRABLE: ReadonlySet<number> = new Set([10002, 10004]);
const ALREADY_EXISTS: ReadonlySet<number> = new Set([10014, 110072, 170141]);
/** Cancel or amend met an order that is final, unknown, or filled beyond what was asked; or there was nothing to change. */
const ORDER_STATE: ReadonlySet<number> = new Set([
  34040, 40004, 110001, 110008, 110010, 110059, 110064, 170139, 170142, 170143, 170145, 170190, 170213, 170312, 170313,
]);

/** Judges a retCode other than 0. */
export function judgeCode<T>(command: Command, code: number, error: BybitError): WriteOutcome<T> {
  if (REPAIRABLE.has(code)) return { type: 'refused', cause: 'repairable', error };
  if (barsAccount(code)) return { type: 'refused', cause: 'account', error };
  if (REJECTED.has(code)) return { type: 'refused', cause: 'rejected', error };
  const existing = command === 'amend' || command === 'cancel';
  if (existing && ORDER_STATE.has(code)) return { type: 'refused', cause: 'order_state', error };
  if (command === 'create' && ALREADY_EXISTS.has(code)) return { type: 'unknown', cause: 'already_exists', error };
  return { type: 'unknown', cause: 'code', error };
}

/** Judges everything that is not an answer of the protocol. */
export function judgeFailure<T>(error: BybitError): WriteOutcome<T> {
  switch (error.type) {
    case 'held':
    case 'invalid':
      return { type: 'refused', cause: 'not_sent', error };
    case 'transport':
      if (error.failure === 'refused') return { type: 'refused', cause: 'not_sent', error };
      return { type: 'unknown', cause: 'transport', error };
    case 'http':
      return { type: 'unknown', cause: 'http', error };
    case 'unanswered':
      return { type: 'unknown', cause: 'unanswered', error };
    case 'unreadable':
    case 'incomplete':
      return { type: 'unknown', cause: 'unreadable', error };
    case 'venue':
      return { type: 'unknown', cause: 'code', error };
  }
}

/** Ids of an acknowledged order command. */
export type OrderAck = Readonly<{ orderId: string; orderLinkId: string | null }>;

/** An acknowledgement is one only if it names an order, and not another one than was asked for. */
export function judgeAck(
  ack: { readonly orderId: string | null; readonly orderLinkId: string | null },
  asked: { readonly orderId?: string | undefined; readonly orderLinkId?: string | undefined },
): WriteOutcome<OrderAck> {
  const unproven = (cause: UnknownCause, message: string): WriteOutcome<OrderAck> => ({
    type: 'unknown',
    cause,
    error: { type: 'unreadable', message },
  });
  if (ack.orderId === null) return unproven('unreadable', 'acknowledged without an order id');
  // Where both ids are given Bybit goes by the order id, so only that one has to agree.
  const byId = asked.orderId !== undefined;
  if (byId && ack.orderId !== asked.orderId) return unproven('mismatch', `acknowledged order ${ack.orderId}`);
  if (!byId && ack.orderLinkId !== null && asked.orderLinkId !== undefined && ack.orderLinkId !== asked.orderLinkId) {
    return unproven('mismatch', `acknowledged order link id ${ack.orderLinkId}`);
  }
  return { type: 'acknowledged', value: { orderId: ack.orderId, orderLinkId: ack.orderLinkId } };
}

/** A setting is idempotent: unchanged counts as done, and any documented refusal is one. */
export type SettingOutcome = WriteOutcome<Readonly<{ changed: boolean }>>;

export function judgeSettingCode(code: number, error: BybitError): SettingOutcome {
  const kind = classOf(code);
  if (kind === 'no_op') return { type: 'acknowledged', value: { changed: false } };
  if (REPAIRABLE.has(code)) return { type: 'refused', cause: 'repairable', error };
  if (barsAccount(code)) return { type: 'refused', cause: 'account', error };
  if (kind === 'never') return { type: 'refused', cause: 'rejected', error };
  return { type: 'unknown', cause: 'code', error };
}
