import { divide, multiply, negate, ONE, quotient, subtract, ZERO } from '../domain/decimal.ts';
import { type Instrument, notionalOf, qtyOf } from '../domain/instrument.ts';
import type { Lots, Money, Side, Ticks } from '../domain/ids.ts';
import type { Amounts } from './plan.ts';

/**
 * What a fill is worth. Spot and linear contracts change hands for price × quantity of quote currency; an inverse
 * contract is a fixed amount of quote currency worth quantity ÷ price of the coin that settles it. So who buys
 * inverse contracts is on the side that wants the settled amount large, like a seller of spot.
 */
export const wantsLess = (instrument: Instrument, side: Side): boolean =>
  (side === 'buy') !== (instrument.category === 'inverse');

/** Settled amount of grid lots at a grid price: exact, or for inverse contracts rounded once against us. */
export function settleValue(instrument: Instrument, side: Side, price: Ticks, lots: Lots): Money {
  if (instrument.category !== 'inverse') return notionalOf(instrument.grid, price, lots);
  const rounding = wantsLess(instrument, side) ? 'up' : 'down';
  return divide(qtyOf(instrument.grid, lots) * ONE, BigInt(price) * instrument.grid.tick, rounding) as Money;
}

/** Notional in quote currency, by which venues measure their minimum. */
export const quoteNotional = (instrument: Instrument, price: Ticks, lots: Lots): Money =>
  instrument.category === 'inverse' ? qtyOf(instrument.grid, lots) : notionalOf(instrument.grid, price, lots);

export type Executed = Readonly<{ lots: Lots; notional: Money; fee: Money; routingFee: Money }>;

export const NOTHING: Executed = { lots: 0 as Lots, notional: ZERO, fee: ZERO, routingFee: ZERO };

export const sum = (a: Executed, b: Executed): Executed => ({
  lots: (a.lots + b.lots) as Lots,
  notional: (a.notional + b.notional) as Money,
  fee: (a.fee + b.fee) as Money,
  routingFee: (a.routingFee + b.routingFee) as Money,
});

/** A fee on a settled amount; up is against us for a fee and for a rebate. */
export const feeOn = (notional: Money, rate: Money): Money => multiply(notional, rate, 'up');

/** Totals, averages and cost against `mid`, each rounded against us. */
export function amounts(instrument: Instrument, side: Side, executed: Executed, mid: Money | null): Amounts {
  const { lots, notional, fee, routingFee } = executed;
  const fees = fee + routingFee;
  const total = (wantsLess(instrument, side) ? notional + fees : notional - fees) as Money;
  const averagePrice = pricePer(instrument, side, lots, notional);
  const allInPrice = pricePer(instrument, side, lots, total);
  const costBps = mid === null || mid <= 0n || allInPrice === null ? null : bpsWorse(side, allInPrice, mid);
  return { notional, fee, routingFee, total, averagePrice, allInPrice, costBps };
}

function pricePer(instrument: Instrument, side: Side, lots: Lots, settled: Money): Money | null {
  if (lots === 0 || settled <= 0n) return null;
  const qty = qtyOf(instrument.grid, lots);
  const rounding = side === 'buy' ? 'up' : 'down';
  return instrument.category === 'inverse' ? quotient(qty, settled, rounding) : quotient(settled, qty, rounding);
}

const BPS = 10_000n;

/** By how many basis points of `benchmark` (above zero) `price` is worse for the side; rounded up. */
export function bpsWorse(side: Side, price: Money, benchmark: Money): Money {
  const difference = side === 'buy' ? subtract(price, benchmark) : negate(subtract(price, benchmark));
  return quotient((difference * BPS) as Money, benchmark, 'up');
}
