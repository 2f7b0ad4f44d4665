import { maximum } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import { passiveTicks, priceOf } from '../../domain/instrument.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { ExchangeRefusal, PlaceOrder } from '../../ports/exchange.ts';
import { refuse } from '../rules/refusal.ts';
import { accountOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { Decision } from './decision.ts';

/** Working orders in the options of one coin (Bybit V5, "Place Order": option, 50 per base coin). */
const MOST_ORDERS = 50;

/** The order with a price where it names a volatility instead; the volatility counts where it has both. */
export function pricedByVol(market: Market, order: PlaceOrder): Result<PlaceOrder, ExchangeRefusal> {
  if (order.iv === null) return ok(order);
  if (market.instrument.category !== 'option') return refuse('NOT_SUPPORTED', 'only options are priced by volatility');
  if (order.type === 'market') return ok(order);
  return ok({ ...order, price: priceAtVol(market, order.side, order.iv) });
}

/** On the tick that does not worsen it, and at least one. */
export function priceAtVol(market: Market, side: Side, iv: Money): Money {
  const { listing } = market.instrument;
  const price = priceOf(listing, passiveTicks(listing, market.priceAtVol(iv), side));
  return maximum(price, priceOf(listing, listing.minPrice));
}

/** Whether the account may have one more order in the options of this coin. */
export function checkOptionRoom(decision: Decision, uid: string, market: Market): Result<void, ExchangeRefusal> {
  const { state, markets } = decision.desk;
  const { base } = market.instrument;
  let count = 0;
  for (const { order } of accountOf(state.accounts, uid).open.values()) {
    const other = markets.get(order.instrument)?.instrument;
    if (other?.category === 'option' && other.base === base) count += 1;
  }
  return count < MOST_ORDERS
    ? ok(undefined)
    : refuse('TOO_MANY_ORDERS', `${count} orders in options of ${base} are open`);
}
