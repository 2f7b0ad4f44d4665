import type { ClientOrderId, OrderId } from '../domain/ids.ts';

/**
 * Ids are derived, never drawn: the same decision after a crash gives the same id, so that a venue that has seen it
 * refuses the second. `okd` + instance + account number + parent sequence + child number, in base 36 with dashes:
 * at most 36 of `A-Za-z0-9_-`, the strictest rule of the venues known here (Bybit, POST /v5/order/create).
 */
const PREFIX = 'okd';
const MAX_LENGTH = 36;

export const orderId = (account: number, sequence: number): OrderId =>
  `o${account.toString(36)}-${sequence.toString(36)}` as OrderId;

export function childId(instance: string, account: number, sequence: number, child: number): ClientOrderId {
  const id = `${PREFIX}${instance}-${account.toString(36)}-${sequence.toString(36)}-${child.toString(36)}`;
  if (id.length > MAX_LENGTH) throw new RangeError(`child id ${id} is longer than ${MAX_LENGTH}`);
  return id as ClientOrderId;
}

/** Whether a venue's client order id was given by this instance; another instance's orders are external to us. */
export const isOurs = (instance: string, id: string | null): id is ClientOrderId =>
  id?.startsWith(`${PREFIX}${instance}-`) ?? false;
