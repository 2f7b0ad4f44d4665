import { money, multiply, ZERO } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import { priceOf, qtyOf } from '../../domain/instrument.ts';
import { impactPrice, premiumIndex } from '../formulas/funding.ts';
import type { Market } from '../tape/market.ts';

/** 200 USDT of margin at the highest leverage (Bybit help centre, "Introduction to Funding Rate"). */
const IMPACT_MARGIN = money('200');

/**
 * Premium index of a perpetual as its book says it. Zero where the book is not a market: a few clients' orders would
 * make it anything.
 */
export function premiumOf(market: Market): Money {
  if (market.reference === null && !market.replayed) return ZERO;
  const { contract } = market.instrument;
  const notional = multiply(IMPACT_MARGIN, contract?.leverage?.max ?? money('1'), 'half_even');
  const impact = (side: Side): Money | null => impactPrice(levelsOf(market, side), notional);
  return premiumIndex({ impactBid: impact('buy'), impactAsk: impact('sell'), mid: market.mid() }, market.index());
}

/** Levels as coins at a price: those of inverse contracts count dollars. */
function* levelsOf({ instrument, book }: Market, side: Side): Generator<Readonly<{ price: Money; qty: Money }>> {
  const { listing, contract } = instrument;
  for (const level of book.levels.side(side)) {
    const price = priceOf(listing, level.price);
    const qty = qtyOf(listing, level.qty);
    yield { price, qty: contract?.valuation === 'inverse' ? (((qty * 10n ** 18n) / price) as Money) : qty };
  }
}
