import { ONE, add, minimum, multiply, ZERO } from '../../domain/decimal.ts';
import type { Money, UnixMs } from '../../domain/ids.ts';
import { qtyOf } from '../../domain/instrument.ts';
import { insideSettings } from '../../oms/accept.ts';
import type { OrderContext } from '../../oms/context.ts';
import type { OrderRequest } from '../../oms/events.ts';
import type { Denial } from '../../oms/messages.ts';
import { routeRequest, spends, worstPriceOf } from '../../oms/route-request.ts';
import type { AccountState } from '../../oms/state.ts';
import type { Funds } from '../../routing/request.ts';

/** The refusal of an order with the numbers that its text promises: what is missing of what, or the least that passes. */
export function withNumbers(
  denial: Denial,
  state: AccountState,
  context: OrderContext,
  request: OrderRequest,
  at: UnixMs,
): Denial {
  const numbers = numbersOf(denial.code, state, context, request, at);
  return numbers === null ? denial : { ...denial, details: { ...numbers, ...denial.details } };
}

function numbersOf(
  code: string,
  state: AccountState,
  context: OrderContext,
  request: OrderRequest,
  at: UnixMs,
): Denial['details'] | null {
  if (code === 'BELOW_MIN_NOTIONAL') return minimumDetails(context, request);
  return code === 'INSUFFICIENT_BALANCE' ? balanceDetails(state, context, request, at) : null;
}

/** Smallest order over the venues that may take it: its value in the quote coin, and its quantity. */
function minimumDetails({ instrument }: OrderContext, { routing }: OrderRequest): Denial['details'] | null {
  const listings = [...instrument.listings.values()].filter(({ venue }) => routing.venues?.includes(venue) ?? true);
  if (listings.length === 0) return null;
  return {
    asset: instrument.quote,
    minimum: listings.map(({ minNotional }) => minNotional).reduce(minimum),
    minimum_quantity: listings.map((listing) => qtyOf(listing, listing.minQty)).reduce(minimum),
  };
}

/** What the order would lock, at the venue that locks least, and what there is over all venues that may take it. */
function balanceDetails(
  state: AccountState,
  context: OrderContext,
  request: OrderRequest,
  at: UnixMs,
): Denial['details'] | null {
  const remaining = { qty: (request.qty ?? ZERO) as Money, budget: request.quoteQty, usedAt: new Map() };
  const worst = worstPriceOf(context, request);
  const question = routeRequest(state, context, request, worst, remaining, new Map(), at);
  const { quotes, allowedVenues } = insideSettings(context, request, question);
  const funds = quotes
    .filter(({ venue, excluded }) => excluded === null && (allowedVenues?.includes(venue) ?? true))
    .flatMap(({ funds: one }) => (one.type === 'unbounded' ? [] : [one]));
  const required = funds.map((one) => lockedBy(one, context, request)).filter((amount) => amount !== null);
  if (required.length === 0) return null;
  return {
    asset: spends(context, request),
    required: required.reduce(minimum),
    available: funds.map(({ available }) => available).reduce(add),
  };
}

/** Null where nothing tells the order's value. */
function lockedBy(
  funds: Exclude<Funds, { type: 'unbounded' }>,
  { reference }: OrderContext,
  { qty, quoteQty, price }: OrderRequest,
): Money | null {
  if (funds.type === 'quantity') return qty;
  if (quoteQty !== null) return multiply(quoteQty, minimum(funds.rate, ONE), 'up'); // a budget pays its fee itself
  const each = price ?? reference?.price ?? null;
  return qty === null || each === null ? null : multiply(multiply(each, qty, 'up'), funds.rate, 'up');
}
