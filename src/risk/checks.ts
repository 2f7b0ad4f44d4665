import { formatDecimal, ONE } from '../domain/decimal.ts';
import type { Money, Side } from '../domain/ids.ts';

/** What the checks look at. Amounts exact; fractions, not percents. */
export type RiskFacts = Readonly<{
  side: Side;
  type: 'market' | 'limit';
  postOnly: boolean;
  price: Money | null;
  /** Value of the whole order in quote currency, at its limit or else at the reference; null without either. */
  notional: Money | null;
  reference: Money | null;
  /** Why trading is halted, for everybody or for the account; null when it is not. */
  halted: string | null;
  accountHalted: boolean;
  maxOrderNotional: Money | null;
  priceCollar: Money | null;
}>;

/** A stable code, what to do, and the numbers that led to it. */
export type RiskDenial = Readonly<{ code: string; message: string; details: Readonly<Record<string, string>> }>;

type Check = (facts: RiskFacts) => RiskDenial | null;

const notHalted: Check = ({ halted, accountHalted }) => {
  if (halted === null && !accountHalted) return null;
  const scope = halted === null ? 'account' : 'global';
  const message = `Trading is halted: ${halted ?? 'the kill switch of this account is on'}.`;
  return { code: 'KILL_SWITCH_ACTIVE', message, details: { scope } };
};

/** Without a reference, nothing can be said about a fair price: only orders that wait for others may enter. */
const hasReference: Check = ({ reference, postOnly }) => {
  if (reference !== null || postOnly) return null;
  const message = 'No venue has a usable price for this instrument now.';
  return { code: 'NO_REFERENCE_PRICE', message, details: {} };
};

/** A buy far above the market or a sell far below it is a slip of the finger; resting away from the market is free. */
const insideCollar: Check = ({ side, price, reference, priceCollar }) => {
  if (price === null || reference === null || priceCollar === null) return null;
  const bound = (reference * (side === 'buy' ? ONE + priceCollar : ONE - priceCollar)) / ONE;
  if (side === 'buy' ? price <= bound : price >= bound) return null;
  const limit = formatDecimal(bound as Money);
  const message = `The price is beyond the collar: ${side === 'buy' ? 'at most' : 'at least'} ${limit} is accepted now.`;
  const details = {
    price: formatDecimal(price),
    limit,
    reference: formatDecimal(reference),
    collar: formatDecimal(priceCollar),
  };
  return { code: 'PRICE_COLLAR', message, details };
};

const belowOrderLimit: Check = ({ notional, maxOrderNotional }) => {
  if (notional === null || maxOrderNotional === null || notional <= maxOrderNotional) return null;
  const details = {
    notional: formatDecimal(notional),
    limit: formatDecimal(maxOrderNotional),
    scope: 'max_order_notional',
  };
  const message = `The order is worth ${details.notional}, one order may be worth ${details.limit}.`;
  return { code: 'RISK_LIMIT_EXCEEDED', message, details };
};

/** Every check before an order is routed. The list is the policy. */
export const CHECKS: readonly Check[] = [notHalted, hasReference, insideCollar, belowOrderLimit];
