import { formatDecimal, minimum, ZERO } from '../../domain/decimal.ts';
import type { AssetId, Lots, Money, Ticks } from '../../domain/ids.ts';
import { notionalOf, priceOf, qtyOf } from '../../domain/instrument.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { ExchangeRefusal, PlaceOrder } from '../../ports/exchange.ts';
import { coinMargin, type MarginOrder, marginOrders } from '../rules/margin.ts';
import { refuse } from '../rules/refusal.ts';
import { averagePrice, type Walked } from '../rules/walk.ts';
import { type AccountFacts, accountOf, freeOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { Desk } from './desk.ts';

/** What an order reserves while it works. Derivatives reserve nothing: their margin is computed from what is open. */
export type Hold = Readonly<{ asset: AssetId | null; amount: Money }>;

/** The order as it is checked: `walked` is what it would trade at once, for market orders only. */
export type Funding = Readonly<{
  order: Pick<PlaceOrder, 'side' | 'reduceOnly'>;
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
    : fundPerpetual(desk, account, market, funding);
}

/**
 * A buy reserves its quantity at its limit, a market buy what the book asks now; a sell its quantity. Nothing for
 * fees: they come out of what is received.
 */
function fundSpot(desk: Desk, account: AccountFacts, market: Market, funding: Funding): Result<Hold, ExchangeRefusal> {
  const { order, bound, lots, walked, spends, replaces } = funding;
  const { base, quote, listing } = market.instrument;
  const asset = order.side === 'buy' ? quote : base;
  const cost = spends ?? (walked === null ? notionalOf(listing, bound, lots) : walked.notional);
  const amount = order.side === 'buy' ? cost : qtyOf(listing, lots);
  const released = replaces === null ? ZERO : (account.open.get(replaces)?.held ?? ZERO);
  const free = (spendable(desk, account, asset) + released) as Money;
  if (amount > free) {
    return refuse('INSUFFICIENT_BALANCE', `needs ${formatDecimal(amount)} ${asset}, ${formatDecimal(free)} is free`);
  }
  return ok({ asset, amount });
}

/** What is neither locked nor needed as margin; an unrealised profit cannot be spent. */
export function spendable(desk: Desk, account: AccountFacts, asset: AssetId): Money {
  const free = freeOf(account, asset);
  if (account.positions.size === 0 && account.open.size === 0) return free;
  return minimum(free, coinMargin(desk.margin, account, asset).available);
}

function fundPerpetual(
  desk: Desk,
  account: AccountFacts,
  market: Market,
  funding: Funding,
): Result<Hold, ExchangeRefusal> {
  const { order, bound, lots, walked, replaces } = funding;
  const { id, listing, settle } = market.instrument;
  const hold: Hold = { asset: null, amount: ZERO };
  if (order.reduceOnly) return ok(hold);
  const price =
    walked === null ? priceOf(listing, bound) : (averagePrice(walked, listing.step) ?? priceOf(listing, bound));
  const leaves = qtyOf(listing, walked === null ? lots : walked.lots);
  const more: MarginOrder = { side: order.side, leaves, price };
  const before = coinMargin(desk.margin, account, settle);
  const after = coinMargin(desk.margin, account, settle, {
    instrument: id,
    orders: [...marginOrders(account, id, replaces), more],
  });
  if (after.available >= 0n || after.orderMargin <= before.orderMargin) return ok(hold);
  const needs = formatDecimal((after.orderMargin - before.orderMargin) as Money);
  return refuse(
    'INSUFFICIENT_BALANCE',
    `needs ${needs} ${settle} as margin, ${formatDecimal(before.available)} is available`,
  );
}
