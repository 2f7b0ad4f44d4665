import { formatDecimal, multiply, ONE } from '../../domain/decimal.ts';
import type { Lots, Money, Side, Ticks } from '../../domain/ids.ts';
import { notionalOf, priceOf, qtyOf, toLots, toTicks } from '../../domain/instrument.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { AccountSettings, ExchangeRefusal, PlaceOrder } from '../../ports/exchange.ts';
import { touchFor } from '../book/order-book.ts';
import type { Market } from '../tape/market.ts';
import { bandLimit, marketBound } from './band.ts';
import { refuse } from './refusal.ts';

/** An order that its instrument allows. `bound` is the worst price that it may trade at. */
export type Entry = Readonly<{ bound: Ticks; qty: Readonly<{ lots: Lots } | { amount: Money }> }>;

type BeyondBand = AccountSettings['beyondBand'];
type Checked<T> = Result<T, ExchangeRefusal>;

/** Everything that depends on the instrument and its market only: kind, price, quantity, band, value, in this order. */
export function checkEntry(market: Market, order: PlaceOrder, beyond: BeyondBand): Checked<Entry> {
  if (market.status !== 'trading' || market.isDue)
    return refuse('INSTRUMENT_NOT_TRADING', `${market.id} does not trade now`);
  const kind = checkKind(market, order);
  if (!kind.ok) return kind;
  const bound =
    order.type === 'market' ? ok(marketBound(market, order)) : limitPrice(market, order.side, order.price, beyond);
  if (!bound.ok) return bound;
  if (order.qtyIn === 'quote') return amountEntry(market, order, bound.value);
  const lots = checkQty(market, order);
  if (!lots.ok) return lots;
  const price = order.type === 'limit' ? bound.value : touchFor(market.book, order.side);
  const value = checkValue(market, lots.value, price, order.reduceOnly);
  if (!value.ok) return value;
  return ok({ bound: bound.value, qty: { lots: lots.value } });
}

function checkKind(market: Market, order: PlaceOrder): Checked<void> {
  const { category } = market.instrument;
  if (order.type === 'limit' && order.price === null)
    return refuse('PRICE_OUT_OF_RANGE', 'a limit order needs a price');
  if (order.qtyIn === 'quote' && (category !== 'spot' || order.type !== 'market')) {
    return refuse('NOT_SUPPORTED', 'only spot market orders are sized in quote currency');
  }
  if (order.reduceOnly && category === 'spot') return refuse('NOT_SUPPORTED', 'spot has no positions to reduce');
  return ok(undefined);
}

/**
 * Tick, range and band of a limit. Beyond the band it is refused, or moved to the band's edge, as the account has
 * chosen (set-limit-px-action).
 */
export function limitPrice(market: Market, side: Side, price: Money | null, beyond: BeyondBand): Checked<Ticks> {
  const { listing, category } = market.instrument;
  if (price === null || price <= 0n) return refuse('PRICE_OUT_OF_RANGE', 'a price is above zero');
  const ticks = toTicks(listing, price);
  if (!ticks.ok) {
    const { below, above } = ticks.error;
    return refuse(
      'OFF_TICK',
      `${formatDecimal(price)} lies between ${formatDecimal(below)} and ${formatDecimal(above)}`,
    );
  }
  if (ticks.value < listing.minPrice || ticks.value > listing.maxPrice) {
    const [least, most] = [listing.minPrice, listing.maxPrice].map((one) => formatDecimal(priceOf(listing, one)));
    return refuse('PRICE_OUT_OF_RANGE', `${formatDecimal(price)} is not in ${least} … ${most}`);
  }
  const limit = bandLimit(market, side);
  const inside = side === 'buy' ? ticks.value <= limit : ticks.value >= limit;
  if (inside) return ticks;
  if (beyond[category === 'spot' ? 'spot' : 'futures'] === 'clamp') return ok(limit);
  const edge = formatDecimal(priceOf(listing, limit));
  return refuse(side === 'buy' ? 'PRICE_OUTSIDE_BAND_HIGH' : 'PRICE_OUTSIDE_BAND_LOW', edge);
}

export function checkQty(
  market: Market,
  order: Pick<PlaceOrder, 'qty' | 'type' | 'timeInForce'> & Partial<Pick<PlaceOrder, 'reduceOnly'>>,
): Checked<Lots> {
  const { listing, postOnlyMaxQty } = market.instrument;
  if (order.qty < qtyOf(listing, listing.minQty)) return refuse('QTY_TOO_SMALL', shown(market, listing.minQty));
  const lots = toLots(listing, order.qty);
  if (!lots.ok) {
    const { below, above } = lots.error;
    return refuse(
      'OFF_STEP',
      `${formatDecimal(order.qty)} lies between ${formatDecimal(below)} and ${formatDecimal(above)}`,
    );
  }
  const resting = order.timeInForce === 'post_only' ? postOnlyMaxQty : listing.maxLimitQty;
  const most = order.type === 'market' ? listing.maxMarketQty : resting;
  // Bybit splits what only reduces; here it is one order, which is cut to the position.
  return lots.value > most && order.reduceOnly !== true ? refuse('QTY_TOO_LARGE', shown(market, most)) : lots;
}

const shown = (market: Market, lots: Lots): string => formatDecimal(qtyOf(market.instrument.listing, lots));

/** `price` null: nobody is on the other side, so a market order is valued at the mark. Inverse quantities are values. */
export function checkValue(market: Market, lots: Lots, price: Ticks | null, reduceOnly: boolean): Checked<void> {
  const { listing } = market.instrument;
  const qty = qtyOf(listing, lots);
  const isValue = market.instrument.contract?.valuation === 'inverse';
  const perUnit = isValue ? ONE : price === null ? market.mark() : priceOf(listing, price);
  const value = multiply(qty, perUnit, 'down');
  if (value >= listing.minNotional || reduceOnly) return ok(undefined);
  return refuse('BELOW_MIN_NOTIONAL', `${formatDecimal(value)} is below ${formatDecimal(listing.minNotional)}`);
}

/** A spot market order for an amount of quote currency. */
function amountEntry(market: Market, order: PlaceOrder, bound: Ticks): Checked<Entry> {
  const { listing, quoteStep } = market.instrument;
  const { qty: amount } = order;
  if (amount <= 0n) return refuse('QTY_TOO_SMALL', formatDecimal(quoteStep));
  if (amount % quoteStep !== 0n) {
    return refuse('OFF_STEP', `${formatDecimal(amount)} is not a multiple of ${formatDecimal(quoteStep)}`);
  }
  if (amount < listing.minNotional) {
    return refuse('BELOW_MIN_NOTIONAL', `${formatDecimal(amount)} is below ${formatDecimal(listing.minNotional)}`);
  }
  const most = notionalOf(listing, touchFor(market.book, order.side) ?? bound, listing.maxMarketQty);
  if (amount > most) return refuse('QTY_TOO_LARGE', formatDecimal(most));
  return ok({ bound, qty: { amount } });
}
