import { divide, MONEY_SCALE, multiply, ONE, roundTo, ZERO } from '../domain/decimal.ts';
import type { AssetId, Money, Side } from '../domain/ids.ts';
import type { Liquidity } from '../domain/order.ts';
import type { Posting } from './balances.ts';

/** Fee rates that an order keeps for its life: fractions of notional, never negative on the internal venue. */
export type FeeRates = Readonly<{ maker: Money; taker: Money }>;

/** What an order has traded so far, split by the rate that it paid. */
export type Traded = Readonly<{ maker: Money; taker: Money }>;
export const NOT_TRADED: Traded = { maker: ZERO, taker: ZERO };

export const addTraded = (traded: Traded, liquidity: Liquidity, notional: Money): Traded => ({
  ...traded,
  [liquidity]: (traded[liquidity] + notional) as Money,
});

/**
 * Fee on everything that an order has traded, rounded up once at the asset's scale. A fill pays the difference to
 * what was charged before, so that many small fills never cost more than one large one.
 */
export function feeOn(traded: Traded, rates: FeeRates, scale: number): Money {
  const exact = traded.maker * rates.maker + traded.taker * rates.taker;
  const unit = 10n ** BigInt(MONEY_SCALE - scale);
  return (divide(exact, ONE * unit, 'up') * unit) as Money;
}

export type OpenOrder = Readonly<{
  side: Side;
  price: Money;
  leaves: Money;
  traded: Traded;
  rates: FeeRates;
  base: AssetId;
  quote: AssetId;
  quoteScale: number;
}>;

/**
 * What a spot order on the internal venue keeps held: a buy its worst price and fee still to come, in quote; a sell
 * its base. With `Δfee` computed over the whole order, fills at the limit or better always fit into it.
 */
export function holdFor(order: OpenOrder): { asset: AssetId; amount: Money } {
  if (order.side === 'sell') return { asset: order.base, amount: order.leaves };
  if (order.leaves === 0n) return { asset: order.quote, amount: ZERO };
  const notional = multiply(order.price, order.leaves, 'up');
  const worst = order.rates.maker > order.rates.taker ? 'maker' : 'taker';
  const after = feeOn(addTraded(order.traded, worst, notional), order.rates, order.quoteScale);
  const before = feeOn(order.traded, order.rates, order.quoteScale);
  return { asset: order.quote, amount: (notional + after - before) as Money };
}

export type Fill = Readonly<{ side: Side; qty: Money; notional: Money; fee: Money; base: AssetId; quote: AssetId }>;

/**
 * Postings of one side of an internal spot trade. `holdBefore` and `holdAfter` are the order's hold around it; the fee
 * is in quote on both sides.
 */
export function tradePostings(fill: Fill, holdBefore: Money, holdAfter: Money): readonly Posting[] {
  const released = (holdAfter - holdBefore) as Money;
  const fee: Posting = { asset: fill.quote, total: -fill.fee as Money, held: ZERO, cause: 'fee' };
  if (fill.side === 'buy') {
    return [
      { asset: fill.quote, total: -fill.notional as Money, held: released, cause: 'trade' },
      { asset: fill.base, total: fill.qty, held: ZERO, cause: 'trade' },
      fee,
    ];
  }
  return [
    { asset: fill.base, total: -fill.qty as Money, held: released, cause: 'trade' },
    { asset: fill.quote, total: fill.notional, held: ZERO, cause: 'trade' },
    fee,
  ];
}

/** Part of `due` that `available` covers, at the asset's scale. */
export const affordable = (due: Money, available: Money, scale: number): Money =>
  due <= available ? due : roundTo(available > 0n ? available : ZERO, scale, 'down');
