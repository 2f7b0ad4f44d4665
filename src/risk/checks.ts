import { formatDecimal, multiply, ONE } from '../domain/decimal.ts';
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
  /** The instrument's smallest step of a price. */
  tick: Money;
}>;

/** A stable code, what to do, and the numbers that led to it. */
export type RiskDenial = Readonly<{ code: string; message: string; details: Readonly<Record<string, string>> }>;

type Deny = (facts: RiskFacts) => RiskDenial | null;

/** One rule: whether it refuses, and the two numbers that it compares, where it compares numbers. */
export type Check = Readonly<{
  name: string;
  deny: Deny;
  limit: (facts: RiskFacts) => Money | null;
  value: (facts: RiskFacts) => Money | null;
}>;

const notHalted: Deny = ({ halted, accountHalted }) => {
  if (halted === null && !accountHalted) return null;
  const scope = halted === null ? 'account' : 'global';
  const message = `Trading is halted: ${halted ?? 'the kill switch of this account is on'}.`;
  return { code: 'KILL_SWITCH_ACTIVE', message, details: { scope } };
};

/** Without a reference, nothing can be said about a fair price: only orders that wait for others may enter. */
const hasReference: Deny = ({ reference, postOnly }) => {
  if (reference !== null || postOnly) return null;
  const message = 'No venue has a usable price for this instrument now.';
  return { code: 'NO_REFERENCE_PRICE', message, details: {} };
};

/** Highest price of a buy, lowest of a sell, as a price that can be given; null where no collar applies. */
const collarBound = ({ side, price, reference, priceCollar, tick }: RiskFacts): Money | null => {
  if (price === null || reference === null || priceCollar === null) return null;
  const buy = side === 'buy';
  const bound = multiply(reference, (buy ? ONE + priceCollar : ONE - priceCollar) as Money, buy ? 'down' : 'up');
  return (buy ? bound - (bound % tick) : bound + ((tick - (bound % tick)) % tick)) as Money;
};

/** A buy far above the market or a sell far below it is a slip of the finger; resting away from the market is free. */
const insideCollar: Deny = (facts) => {
  const { side, price, reference, priceCollar } = facts;
  const bound = collarBound(facts);
  if (price === null || reference === null || priceCollar === null || bound === null) return null;
  if (side === 'buy' ? price <= bound : price >= bound) return null;
  const limit = formatDecimal(bound);
  const message = `The price is beyond the collar: ${side === 'buy' ? 'at most' : 'at least'} ${limit} is accepted now.`;
  const details = {
    price: formatDecimal(price),
    limit,
    reference: formatDecimal(reference),
    collar: formatDecimal(priceCollar),
  };
  return { code: 'PRICE_COLLAR', message, details };
};

const belowOrderLimit: Deny = ({ notional, maxOrderNotional }) => {
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
export const CHECKS: readonly Check[] = [
  { name: 'kill_switch', deny: notHalted, limit: () => null, value: () => null },
  { name: 'reference_price', deny: hasReference, limit: () => null, value: ({ reference }) => reference },
  { name: 'price_collar', deny: insideCollar, limit: collarBound, value: ({ price }) => price },
  {
    name: 'max_order_notional',
    deny: belowOrderLimit,
    limit: ({ maxOrderNotional }) => maxOrderNotional,
    value: ({ notional }) => notional,
  },
];
