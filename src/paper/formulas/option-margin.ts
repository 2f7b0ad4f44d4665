import { absolute, maximum, minimum, money, multiply, ONE, ZERO } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import { toCoin } from './contract.ts';

/** A European option on one unit of its coin; strike and everything else in the settle coin. */
export type OptionContract = Readonly<{ type: 'call' | 'put'; strike: Money }>;

/** Factors that Bybit sets by coin and changes at times: configuration, not law. All are fractions. */
export type OptionFactors = Readonly<{
  /** Of the index, less the out-of-the-money amount. */
  maxInitial: Money;
  /** Of the index, whatever the strike is. */
  minInitial: Money;
  maintenance: Money;
  /** Of the index, for positions that are taken over. */
  liquidationFee: Money;
  /** A trading fee is at most this part of the option's price. */
  feeCap: Money;
  /** Of the index at expiry, for options that are exercised. */
  deliveryFee: Money;
  /** A delivery fee is at most this part of what the option pays. */
  deliveryCap: Money;
}>;

/** Execution notes, section 6 ("Option (cross)", "Option fee"), and help centre "Option Fees Explained", 2025. */
export const DEFAULT_OPTION_FACTORS: OptionFactors = {
  maxInitial: money('0.15'),
  minInitial: money('0.1'),
  maintenance: money('0.03'),
  liquidationFee: money('0.002'),
  feeCap: money('0.07'),
  deliveryFee: money('0.00015'),
  deliveryCap: money('0.125'),
};

/** Prices of the moment: `index` of the coin, `mark` of the option. */
export type OptionPrices = Readonly<{ index: Money; mark: Money }>;

/** What an option position holds. A long one holds nothing: its premium is paid and is all that it can lose. */
export type OptionMargin = Readonly<{ initial: Money; maintenance: Money }>;

export const NO_OPTION_MARGIN: OptionMargin = { initial: ZERO, maintenance: ZERO };

/** How far the index has to move before the option pays: never below zero. */
export const outOfTheMoney = ({ type, strike }: OptionContract, index: Money): Money =>
  maximum((type === 'call' ? strike - index : index - strike) as Money, ZERO);

/** What one option pays when the coin stands at `price`. */
export const intrinsic = ({ type, strike }: OptionContract, price: Money): Money =>
  maximum((type === 'call' ? price - strike : strike - price) as Money, ZERO);

/** [max(f × index, f × mark) + mark + liquidation fee × index] × |size|, rounded up. */
export function shortMaintenance(factors: OptionFactors, { index, mark }: OptionPrices, size: Money): Money {
  const perUnit = factors.maintenance * maximum(index, mark) + mark * ONE + factors.liquidationFee * index;
  return toCoin(perUnit * absolute(size), ONE * ONE, 'up');
}

/** max{[max(0.15 × index − OTM, 0.10 × index) + max(price, mark)] × |size|, MM}, rounded up. */
export function shortInitial(
  factors: OptionFactors,
  contract: OptionContract,
  prices: OptionPrices,
  sold: Readonly<{ size: Money; price: Money }>,
): Money {
  const { index, mark } = prices;
  const far = factors.maxInitial * index - outOfTheMoney(contract, index) * ONE;
  const near = factors.minInitial * index;
  const perUnit = (far > near ? far : near) + maximum(sold.price, mark) * ONE;
  const initial = toCoin(perUnit * absolute(sold.size), ONE * ONE, 'up');
  return maximum(initial, shortMaintenance(factors, prices, sold.size));
}

/** Margin of a position; `price`: its average entry price. */
export function optionMargin(
  factors: OptionFactors,
  contract: OptionContract,
  prices: OptionPrices,
  position: Readonly<{ size: Money; price: Money }>,
): OptionMargin {
  if (position.size >= 0n) return NO_OPTION_MARGIN;
  return {
    initial: shortInitial(factors, contract, prices, position),
    maintenance: shortMaintenance(factors, prices, position.size),
  };
}

/** min(rate × index, cap × price) × qty, rounded up; a rebate (negative rate) is not capped and never grows. */
export function optionFee(
  factors: OptionFactors,
  rate: Money,
  index: Money,
  fill: Readonly<{ qty: Money; price: Money }>,
): Money {
  const perUnit = minimum((rate * index) as Money, (factors.feeCap * fill.price) as Money);
  return toCoin(perUnit * fill.qty, ONE * ONE, 'up');
}

/** Fee of a position that is taken over, rounded up. */
export const optionLiquidationFee = (factors: OptionFactors, index: Money, size: Money): Money =>
  toCoin(factors.liquidationFee * index * absolute(size), ONE * ONE, 'up');

/**
 * What a working order holds: a buy its premium and fee, a sell the margin of the short that it would open plus the fee
 * less the premium that comes in (help centre, "Initial Margin (Options)"), never below zero. `closable`: contracts of
 * a long that a sell would close; those hold nothing.
 */
export function optionOrderMargin(
  factors: OptionFactors,
  contract: OptionContract,
  prices: OptionPrices,
  order: Readonly<{ side: Side; leaves: Money; price: Money; rate: Money; closable: Money }>,
): Money {
  const { side, leaves, price, rate, closable } = order;
  if (side === 'buy') {
    const premium = toCoin(leaves * price, ONE, 'up');
    return (premium + optionFee(factors, rate, prices.index, { qty: leaves, price })) as Money;
  }
  const opening = (leaves - maximum(closable, ZERO)) as Money;
  if (opening <= 0n) return ZERO;
  const margin = shortInitial(factors, contract, prices, { size: opening, price });
  const fee = optionFee(factors, rate, prices.index, { qty: opening, price });
  return maximum((margin + fee - toCoin(opening * price, ONE, 'down')) as Money, ZERO);
}

/** Value of a position at mark: long an asset, short a debt; rounded down. */
export const optionValue = (size: Money, mark: Money): Money => toCoin(size * mark, ONE, 'down');

/**
 * What a position receives (long) or pays (short) at expiry, rounded down: who pays pays up, who receives receives
 * down, and what is left between them, never below zero, belongs to the exchange.
 */
export const deliveryAmount = (contract: OptionContract, deliveryPrice: Money, size: Money): Money =>
  toCoin(intrinsic(contract, deliveryPrice) * size, ONE, 'down');

/**
 * min(rate × index, cap × payoff) × |size|, rounded up, paid by both sides; nothing where the option expires worthless
 * or is a daily one (help centre, "Option Fees Explained": 2.07 for 0.3 BTC at 46,000).
 */
export function deliveryFee(
  factors: OptionFactors,
  contract: OptionContract,
  expiry: Readonly<{ index: Money; deliveryPrice: Money; daily: boolean }>,
  size: Money,
): Money {
  const pays = intrinsic(contract, expiry.deliveryPrice);
  if (pays === 0n || expiry.daily) return ZERO;
  const perUnit = minimum(multiply(factors.deliveryFee, expiry.index, 'up'), multiply(factors.deliveryCap, pays, 'up'));
  return toCoin(perUnit * absolute(size), ONE, 'up');
}

/** Mark price on the option's tick: half-even, and at least one tick, because nothing trades at zero. */
export function markOnTick(price: Money, tick: Money): Money {
  const twice = 2n * (price % tick);
  const below = price / tick;
  const ticks = twice > tick || (twice === tick && below % 2n === 1n) ? below + 1n : below;
  return maximum((ticks * tick) as Money, tick);
}
