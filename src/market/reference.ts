import { divide, ONE } from '../domain/decimal.ts';
import { type Grid, passiveTicks } from '../domain/instrument.ts';
import type { Category, Money, Side, Ticks, UnixMs } from '../domain/ids.ts';
import type { MarketTrade } from '../ports/market.ts';

/** A last trade at least this old is no reference. */
export const LAST_TRADE_MAX_AGE_MS = 60_000;

/** The price that collars and slippage are measured from, and where it comes from. */
export type Reference = Readonly<{ price: Money; source: 'mid' | 'last_trade' | 'mark'; at: UnixMs }>;

export type ReferenceInput = Readonly<{
  category: Category;
  now: UnixMs;
  /** Of the consolidated book. */
  mid: Money | null;
  /** Last trade of every venue that has one. */
  lastTrades: readonly MarketTrade[];
  mark: Readonly<{ price: Money; at: UnixMs }> | null;
}>;

/**
 * Mid of the consolidated book; else the youngest trade, if younger than 60 s; else the mark price of a derivative;
 * else null: then market orders are refused (`NO_REFERENCE_PRICE`) and limit orders may only be post-only.
 */
export function referencePrice({ category, now, mid, lastTrades, mark }: ReferenceInput): Reference | null {
  if (mid !== null && mid > 0n) return { price: mid, source: 'mid', at: now };
  const last = lastTrades.reduce<MarketTrade | null>((youngest, trade) => {
    return youngest === null || trade.at > youngest.at ? trade : youngest;
  }, null);
  if (last !== null && now - last.at < LAST_TRADE_MAX_AGE_MS) {
    return { price: last.price, source: 'last_trade', at: last.at };
  }
  if (category !== 'spot' && mark !== null) return { price: mark.price, source: 'mark', at: mark.at };
  return null;
}

/** The worst grid price within `fraction` of the reference: a buy's highest, a sell's lowest (one tick at least). */
export function worstWithin(grid: Grid, reference: Money, fraction: Money, side: Side): Ticks {
  const factor = side === 'buy' ? ONE + fraction : ONE - fraction;
  const price = divide(reference * factor, ONE, side === 'buy' ? 'down' : 'up') as Money;
  return Math.max(1, passiveTicks(grid, price > 0n ? price : (0n as Money), side)) as Ticks;
}
