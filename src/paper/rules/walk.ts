import { divide, ONE, ZERO } from '../../domain/decimal.ts';
import type { Lots, Money, Side, Ticks } from '../../domain/ids.ts';
import { opposite } from '../../domain/ids.ts';
import { notionalOf } from '../../domain/instrument.ts';
import type { Market } from '../tape/market.ts';

/** What an order would trade now, and for how much. */
export type Walked = Readonly<{ lots: Lots; notional: Money }>;

/**
 * Walks the levels that an immediate order meets, up to its bound, until a quantity is filled or an amount of quote
 * currency is used up (the last lot that it cannot wholly pay is left). `own`: quantity by price that does not count,
 * because self-trade prevention keeps the order from it.
 */
export function walkBook(
  market: Market,
  side: Side,
  bound: Ticks,
  want: Readonly<{ lots: Lots } | { amount: Money }>,
  own: ReadonlyMap<Ticks, Lots>,
): Walked {
  const { listing } = market.instrument;
  let lots = 0;
  let notional: bigint = ZERO;
  for (const level of market.book.levels.side(opposite(side))) {
    if (side === 'buy' ? level.price > bound : level.price < bound) break;
    const there = level.qty - (own.get(level.price) ?? 0);
    const affordable =
      'lots' in want ? want.lots - lots : lotsFor(want.amount - notional, notionalOf(listing, level.price, 1 as Lots));
    const taken = Math.min(there, affordable);
    lots += taken;
    notional += notionalOf(listing, level.price, taken as Lots);
    if (taken < there) break;
  }
  return { lots: lots as Lots, notional: notional as Money };
}

const lotsFor = (amount: bigint, lotPrice: Money): number => {
  const lots = divide(amount, lotPrice, 'toward_zero');
  return lots > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(lots);
};

/** Average price of what was walked; null for nothing. */
export const averagePrice = (walked: Walked, step: Money): Money | null =>
  walked.lots === 0 ? null : (divide(walked.notional * ONE, BigInt(walked.lots) * step, 'up') as Money);
