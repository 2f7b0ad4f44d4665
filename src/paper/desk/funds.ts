import { ONE, ZERO, formatDecimal, maximum, minimum, multiply, quotient } from '../../domain/decimal.ts';
import type { AssetId, Lots, Money, Ticks } from '../../domain/ids.ts';
import { notionalOf, priceOf, qtyOf } from '../../domain/instrument.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { ExchangeRefusal, PlaceOrder } from '../../ports/exchange.ts';
import { borrowableMore } from '../formulas/borrow.ts';
import { removable } from '../formulas/collateral.ts';
import { largestValue, sumOrders } from '../formulas/margin.ts';
import { riskLimitAt } from '../formulas/tiers.ts';
import {
  type AccountRisk,
  accountRisk,
  changedRisk,
  collateralOf,
  contractOrders,
  needsMargin,
  type RiskSource,
  orderHaircut,
} from '../money/account-risk.ts';
import type { RiskOrder } from '../money/contract-risk.ts';
import { coinTermsOf } from '../money/terms.ts';
import { refuse } from '../rules/refusal.ts';
import { averagePrice, type Walked } from '../rules/walk.ts';
import { type AccountFacts, accountOf, coinOf, freeOf, positionOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { Desk } from './desk.ts';

/** What an order reserves while it works. Derivatives reserve nothing: their margin is computed from what is open. */
export type Hold = Readonly<{ asset: AssetId | null; amount: Money }>;

/** The order as it is checked: `walked` is what it would trade at once, for market orders only. */
export type Funding = Readonly<{
  order: Pick<PlaceOrder, 'side' | 'reduceOnly' | 'positionIdx'> & Partial<Pick<PlaceOrder, 'leverage'>>;
  bound: Ticks;
  lots: Lots;
  walked: Walked | null;
  /** The amount of quote currency that the order is for; null where it is sized in base. */
  spends: Money | null;
  /** The order that this one takes the place of. */
  replaces: string | null;
}>;

/** Checks that the account can pay for the order, and says what is to be reserved. */
export function fund(desk: Desk, uid: string, market: Market, funding: Funding): Result<Hold, ExchangeRefusal> {
  const account = accountOf(desk.state.accounts, uid);
  return market.instrument.category === 'spot'
    ? fundSpot(desk, account, market, funding)
    : fundContract(desk, account, market, funding);
}

/**
 * A buy reserves its quantity at its limit, a market buy what the book asks now; a sell its quantity. Nothing for
 * fees: they come out of what is received. With leverage what is missing may be borrowed.
 */
function fundSpot(desk: Desk, account: AccountFacts, market: Market, funding: Funding): Result<Hold, ExchangeRefusal> {
  const { order, bound, lots, walked, spends, replaces } = funding;
  const { base, quote, listing } = market.instrument;
  const asset = order.side === 'buy' ? quote : base;
  const cost = spends ?? (walked === null ? notionalOf(listing, bound, lots) : walked.notional);
  const amount = order.side === 'buy' ? cost : qtyOf(listing, lots);
  const released = replaces === null ? ZERO : (account.open.get(replaces)?.held ?? ZERO);
  const hold: Hold = { asset, amount };
  if (account.settings.current.marginMode === 'isolated') {
    const own = (isolatedFree(desk, account, asset) + released) as Money;
    return amount > own ? short(amount, asset, own) : ok(hold);
  }
  const free = (freeOf(account, asset) + released) as Money;
  const leveraged = order.leverage === true;
  if (amount > free && !leveraged) return short(amount, asset, free);
  if (!leveraged && !needsMargin(account)) return ok(hold);
  const risk = accountRisk(desk.risk, account);
  const missing = maximum(ZERO, (amount - maximum(free, ZERO)) as Money);
  if (missing > 0n) {
    const more = mayBorrow(desk, account, asset, risk);
    if (missing > more) return short(amount, asset, (maximum(free, ZERO) + more) as Money);
  }
  const haircut = orderHaircut(desk.risk, account, { asset, amount }, order.side === 'buy' ? base : quote);
  const borrowing = multiply(multiply(missing, desk.risk.usd(asset), 'up'), initialRateOf(account), 'up');
  if (haircut + borrowing === 0n) return ok(hold);
  return risk.totals.available >= haircut + borrowing ? ok(hold) : short(amount, asset, ZERO);
}

/** Isolated: what of a coin is neither locked nor the margin of a position or an order. */
function isolatedFree(desk: Desk, account: AccountFacts, asset: AssetId): Money {
  const free = freeOf(account, asset);
  if (!needsMargin(account)) return free;
  return minimum(free, accountRisk(desk.risk, account).coins.get(asset)?.isolatedAvailable ?? free);
}

/** Part of what is borrowed that has to be there as initial margin. */
const initialRateOf = (account: AccountFacts): Money =>
  quotient(ONE, account.settings.current.spotMargin.leverage, 'up');

const short = (amount: Money, asset: AssetId, free: Money) =>
  refuse('INSUFFICIENT_BALANCE', `needs ${formatDecimal(amount)} ${asset}, ${formatDecimal(free)} is free`);

/** What of a coin the account's orders may borrow besides what it owes already: nothing unless its spot margin is on. */
export const mayBorrow = (desk: Desk, account: AccountFacts, asset: AssetId, risk: AccountRisk): Money =>
  account.settings.current.spotMargin.on ? borrowRoom(desk.risk, account, asset, risk) : ZERO;

/** What of a coin the account may borrow by request; nothing with isolated margin. */
export function borrowRoom(source: RiskSource, account: AccountFacts, asset: AssetId, risk: AccountRisk): Money {
  const { marginMode, spotMargin } = account.settings.current;
  const index = source.usd(asset);
  if (marginMode === 'isolated' || index === 0n) return ZERO;
  const terms = coinTermsOf(asset);
  const ratio = collateralOf(account.settings.current, asset)?.[0]?.ratio ?? ZERO;
  const initialRate = quotient(ONE, spotMargin.leverage, 'up');
  const borrowed = risk.coins.get(asset)?.borrowAmount ?? ZERO;
  const limit = terms.borrowLimit;
  return borrowableMore(borrowed, risk.totals.available, { index, initialRate, ratio, limit }) ?? ZERO;
}

/** What of a coin may leave the account: neither locked, nor needed as margin; an unrealised profit may not. */
export function spendable(desk: Desk, account: AccountFacts, asset: AssetId): Money {
  const free = (freeOf(account, asset) - coinOf(account, asset).spotBorrow) as Money;
  if (!needsMargin(account)) return free;
  const risk = accountRisk(desk.risk, account);
  if (account.settings.current.marginMode === 'isolated') {
    return minimum(free, risk.coins.get(asset)?.isolatedAvailable ?? free);
  }
  const tiers = collateralOf(account.settings.current, asset);
  return removable(free, risk.totals.available, desk.risk.usd(asset), tiers);
}

/** Margin has to be there for what the order may open, unless it needs no more than the account needs without it. */
function fundContract(
  desk: Desk,
  account: AccountFacts,
  market: Market,
  funding: Funding,
): Result<Hold, ExchangeRefusal> {
  const { order, bound, lots, walked, replaces } = funding;
  const { id, listing } = market.instrument;
  const hold: Hold = { asset: null, amount: ZERO };
  if (order.reduceOnly) return ok(hold);
  const price =
    walked === null ? priceOf(listing, bound) : (averagePrice(walked, listing.step) ?? priceOf(listing, bound));
  const leaves = qtyOf(listing, walked === null ? lots : walked.lots);
  const more: RiskOrder = { side: order.side, leaves, price, idx: order.positionIdx };
  const orders = [...contractOrders(account, id, replaces), more];
  const limited = checkRiskLimit(account, market, orders, order.positionIdx);
  if (!limited.ok) return limited;
  const before = accountRisk(desk.risk, account);
  const after = changedRisk(desk.risk, account, before, { instrument: id, orders });
  const missing = marginMissing(account, market, before, after);
  return missing === null ? ok(hold) : err({ code: 'INSUFFICIENT_BALANCE', detail: missing });
}

/** Why the account cannot carry `after`; null where it can, or where that needs no more than `before`. */
export function marginMissing(
  account: AccountFacts,
  market: Market,
  before: AccountRisk,
  after: AccountRisk,
): string | null {
  const { settle } = market.instrument;
  if (account.settings.current.marginMode === 'isolated') {
    const [was, is] = [before, after].map((risk) => risk.coins.get(settle)?.isolatedAvailable ?? ZERO);
    if ((is as Money) >= 0n || (is as Money) >= (was ?? ZERO)) return null;
    return `needs ${formatDecimal(((was as Money) - (is as Money)) as Money)} ${settle}, ${formatDecimal(was as Money)} is available`;
  }
  const needs = (risk: AccountRisk): bigint => risk.totals.initial + risk.totals.orderLoss;
  if (after.totals.available >= 0n || needs(after) <= needs(before)) return null;
  const more = (needs(after) - needs(before)) as Money;
  return `needs ${formatDecimal(more)} USD as margin, ${formatDecimal(before.totals.available)} is available`;
}

/** No position may become larger than its leverage allows (risk limit). */
export function checkRiskLimit(
  account: AccountFacts,
  market: Market,
  orders: readonly RiskOrder[],
  idx: RiskOrder['idx'],
): Result<void, ExchangeRefusal> {
  const { instrument } = market;
  const kind = instrument.contract?.valuation ?? 'linear';
  if (kind === 'premium' || instrument.tiers.length === 0) return ok(undefined);
  const { size, leverage } = positionOf(account, instrument.id, idx);
  const limit = riskLimitAt(instrument.tiers, leverage);
  if (limit === null) return ok(undefined);
  const own = orders.filter((order) => order.idx === idx);
  const mark = market.mark();
  const opens = (side: 'buy' | 'sell') =>
    sumOrders(kind, idx === 0 || (side === 'buy') === (idx === 1) ? own : [], side, mark);
  const value = largestValue(kind, size, opens('buy'), opens('sell'), mark);
  if (value <= limit) return ok(undefined);
  return refuse('ABOVE_RISK_LIMIT', `${formatDecimal(value)} is above ${formatDecimal(limit)} at this leverage`);
}
