import { maximum, minimum, multiply, ONE, ZERO } from '../../domain/decimal.ts';
import type { Money, Side, Ticks } from '../../domain/ids.ts';
import { passiveTicks, priceOf } from '../../domain/instrument.ts';
import type { PlaceOrder } from '../../ports/exchange.ts';
import { touchFor } from '../book/order-book.ts';
import type { Market } from '../tape/market.ts';

/**
 * The worst price that a limit order may have: the highest for a buy, the lowest for a sell (Bybit V5 account page,
 * "price limit": spot around the index, futures around the mark, both moved by the mean premium of the book).
 */
export function bandLimit(market: Market, side: Side): Ticks {
  if (market.instrument.category === 'option') return optionLimit(market, side);
  const { category, priceLimitX: x, priceLimitY: y } = market.instrument;
  const index = market.index();
  const around = category === 'spot' ? index : market.mark();
  const premium = market.premium.value();
  if (side === 'buy') {
    const far = multiply(around, (ONE + y) as Money, 'down');
    const near = (multiply(around, (ONE + x) as Money, 'down') +
      (premium > 0n || category === 'spot' ? premium : 0n)) as Money;
    return clamped(market, side, minimum(maximum(index, near), far));
  }
  const far = multiply(around, (ONE - y) as Money, 'up');
  const near = (multiply(around, (ONE - x) as Money, 'up') +
    (premium < 0n || category === 'spot' ? premium : 0n)) as Money;
  return clamped(market, side, maximum(minimum(index, near), far));
}

/** Y of the index above and below the mark: premiums are small beside the coin that moves them. */
function optionLimit(market: Market, side: Side): Ticks {
  const room = multiply(market.index(), market.instrument.priceLimitY, 'down');
  const mark = market.mark();
  return clamped(market, side, (side === 'buy' ? mark + room : maximum((mark - room) as Money, ZERO)) as Money);
}

/** The nearest tick inside, and inside the listing's own range. */
function clamped(market: Market, side: Side, price: Money): Ticks {
  const { listing } = market.instrument;
  const ticks = passiveTicks(listing, price, side);
  return Math.max(listing.minPrice, Math.min(listing.maxPrice, ticks)) as Ticks;
}

/**
 * The limit that a market order carries as an immediate order: so far from the touch as the client tolerates, else as
 * the instrument's market band says; from the mark when nobody is on the other side.
 */
export function marketBound(market: Market, order: Pick<PlaceOrder, 'side' | 'slippage'>): Ticks {
  const { listing, marketBand } = market.instrument;
  const { side, slippage } = order;
  const touch = touchFor(market.book, side);
  const from = touch === null ? market.mark() : priceOf(listing, touch);
  const sign = side === 'buy' ? 1n : -1n;
  if (slippage !== null && 'ticks' in slippage) {
    return clamped(market, side, (from + sign * BigInt(slippage.ticks) * listing.tick) as Money);
  }
  const fraction = slippage === null ? marketBand : slippage.fraction;
  const factor = (ONE + sign * fraction) as Money;
  return clamped(market, side, multiply(from, factor, side === 'buy' ? 'down' : 'up'));
}
