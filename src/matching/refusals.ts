import { BAD_ACCOUNT, BAD_CODE, BAD_ID, BAD_PRICE, BAD_QTY, FOK, IOC, MARKET_CANNOT_REST } from './codes.ts';
import { NIL } from './slot-table.ts';

/** Whether a number counts ticks, lots or orders: an integer in 1 … 2^53-1. NaN and infinities are not. */
export const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

export const isAccount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** The first reason to refuse a new order that shows without looking at the book; NIL if there is none. */
export function refusalOf(
  id: number,
  account: number,
  side: number,
  price: number,
  qty: number,
  timeInForce: number,
  selfTrade: number,
): number {
  if (!isCount(id)) return BAD_ID;
  if (!isAccount(account)) return BAD_ACCOUNT;
  // The codes are 0 to 1, 0 to 3 and 0 to 3: the lists of codes.ts in full.
  if ((side & 1) !== side || (timeInForce & 3) !== timeInForce || (selfTrade & 3) !== selfTrade) return BAD_CODE;
  if (!isCount(price)) return BAD_PRICE;
  if (!isCount(qty)) return BAD_QTY;
  return NIL;
}

/** The same for a market order, which has no price. */
export function marketRefusalOf(
  id: number,
  account: number,
  side: number,
  qty: number,
  timeInForce: number,
  selfTrade: number,
): number {
  const refusal = refusalOf(id, account, side, 1, qty, timeInForce, selfTrade);
  if (refusal !== NIL) return refusal;
  return timeInForce === IOC || timeInForce === FOK ? NIL : MARKET_CANNOT_REST;
}
