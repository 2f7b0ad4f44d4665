import { POST_ONLY, SELL, type SelfTradeCode, type SideCode } from './codes.ts';

/** What an order keeps of its submit command while it rests, in one small integer. */

const POST_ONLY_BIT = 2;
const SELF_TRADE_SHIFT = 2;

export const packTerms = (side: number, timeInForce: number, selfTrade: number): number =>
  side | (timeInForce === POST_ONLY ? POST_ONLY_BIT : 0) | (selfTrade << SELF_TRADE_SHIFT);

export const sideOf = (terms: number): SideCode => (terms & SELL) as SideCode;
export const isPostOnly = (terms: number): boolean => (terms & POST_ONLY_BIT) !== 0;
export const selfTradeOf = (terms: number): SelfTradeCode => (terms >> SELF_TRADE_SHIFT) as SelfTradeCode;
