import { absolute, divide, ONE, ZERO } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import { DEFAULT_ASSET_SCALE } from '../../domain/instrument.ts';

/**
 * How a contract is valued. `linear`: qty × price in the settle coin. `inverse`: the qty is in US dollars, worth qty ÷
 * price of the base coin (Bybit V5 notes, section 19: "Inverse value = qty / price (coin). Linear value = qty * price").
 * `premium`: an option, worth qty × price and paid for at once.
 */
export type ContractKind = 'linear' | 'inverse' | 'premium';

/** An open part. Size is signed, positive is long. Cost is the signed sum of what was paid for it, see `tradeOf`. */
export type OpenPart = Readonly<{ size: Money; cost: Money }>;

/** One side of a fill: both are signed, and those of the other side are their negatives. */
export type Trade = Readonly<{ size: Money; paid: Money }>;

/** After a trade. `realised` is what the closed part earned, before fees. */
export type Moved = OpenPart & Readonly<{ closedQty: Money; realised: Money }>;

export const FLAT_PART: OpenPart = { size: ZERO, cost: ZERO };

/** Smallest amount in which coins are booked: 10^-8. */
export const COIN_UNIT = 10n ** BigInt(18 - DEFAULT_ASSET_SCALE);

/** Numerator ÷ denominator (> 0) at the coin's scale. One division: margin is worked out for every order. */
export function toCoin(numerator: bigint, denominator: bigint, rounding: 'up' | 'down' | 'half_even'): Money {
  const whole = denominator * COIN_UNIT;
  if (rounding === 'half_even') return (divide(numerator, whole, rounding) * COIN_UNIT) as Money;
  const units = numerator / whole; // towards zero
  const exact = units * whole;
  if (rounding === 'up' && numerator > exact) return ((units + 1n) * COIN_UNIT) as Money;
  if (rounding === 'down' && numerator < exact) return ((units - 1n) * COIN_UNIT) as Money;
  return (units * COIN_UNIT) as Money;
}

/**
 * Value of a fill, shared by both of its sides, so that a trade is zero-sum whatever the rounding. Linear: exact where
 * tick × step fits 18 digits, as every listing's does. Inverse: half-even at the coin's scale.
 */
export const tradeValue = (kind: ContractKind, qty: Money, price: Money): Money =>
  kind === 'inverse' ? toCoin(qty * ONE, price, 'half_even') : (divide(qty * price, ONE, 'half_even') as Money);

/** Value for margin: |size| at a price, rounded up at the coin's scale, because margin is never understated. */
export const marginValue = (kind: ContractKind, size: Money, price: Money): Money =>
  kind === 'inverse' ? toCoin(absolute(size) * ONE, price, 'up') : toCoin(absolute(size) * price, ONE, 'up');

/** +1 where the holder gains as the value in coin rises (a linear long, an inverse short), else −1; 0 when flat. */
export function direction(kind: ContractKind, size: Money): 1n | -1n | 0n {
  if (size === 0n) return 0n;
  return size > 0n === (kind !== 'inverse') ? 1n : -1n;
}

/** The signed halves of a fill. A buyer of linear contracts pays their value, a buyer of inverse ones receives it. */
export function tradeOf(kind: ContractKind, side: Side, qty: Money, value: Money): Trade {
  const size = (side === 'buy' ? qty : -qty) as Money;
  return { size, paid: (direction(kind, size) * value) as Money };
}

/**
 * Worth of an open part at a price, signed like its cost: linear size × price, inverse −size ÷ price. Rounded down:
 * an unrealised profit is never overstated, nor a loss understated.
 */
export const signedValue = (kind: ContractKind, size: Money, price: Money): Money =>
  kind === 'inverse' ? toCoin(-size * ONE, price, 'down') : (divide(size * price, ONE, 'down') as Money);

/** Linear size × mark − cost, inverse size ÷ entry − size ÷ mark. For options: against the premium that was paid. */
export const unrealisedOf = (kind: ContractKind, part: OpenPart, mark: Money): Money =>
  part.size === 0n ? ZERO : ((signedValue(kind, part.size, mark) - part.cost) as Money);

/** Average entry price: linear cost ÷ size, inverse size ÷ cost in coin; half-even at 10^-18. Null when flat. */
export function entryPrice(kind: ContractKind, { size, cost }: OpenPart): Money | null {
  if (size === 0n) return null;
  return priceAt(kind, size, (direction(kind, size) * cost) as Money);
}

/** The price at which |size| contracts are worth `value`, half-even at 10^-18; null where no price above zero does. */
export function priceAt(kind: ContractKind, size: Money, value: Money): Money | null {
  const qty = absolute(size);
  if (value <= 0n || qty === 0n) return null;
  const [numerator, denominator] = kind === 'inverse' ? [qty, value] : [value, qty];
  return divide(numerator * ONE, denominator, 'half_even') as Money;
}

/**
 * A position after a trade. A trade against it closes first, at its average cost, and opens the other way with what is
 * left. What does not divide is rounded against the profit of the closed part and stays with the open one, so nothing
 * is lost: cost − realised always grows by exactly what was paid, and a flat position costs nothing.
 */
export function moveContract(before: OpenPart, { size: bought, paid }: Trade): Moved {
  if (before.size === 0n || before.size > 0n === bought > 0n) {
    return moved(before.size + bought, before.cost + paid, 0n, 0n);
  }
  const qty = absolute(bought);
  const openQty = absolute(before.size);
  const closedQty = qty < openQty ? qty : openQty;
  const closingPaid = closedQty === qty ? paid : shareUp(paid, closedQty, qty);
  const released = closedQty === openQty ? before.cost : shareUp(before.cost, closedQty, openQty);
  const realised = -closingPaid - released;
  return moved(before.size + bought, before.cost - released + paid - closingPaid, closedQty, realised);
}

/** `amount` × part ÷ whole: exact where it divides (linear, one price for the whole trade), else up at coin scale. */
function shareUp(amount: bigint, part: bigint, whole: bigint): bigint {
  const exact = (amount * part) / whole;
  return exact * whole === amount * part && exact % COIN_UNIT === 0n ? exact : toCoin(amount * part, whole, 'up');
}

/**
 * What a trade does to the wallet, fees apart. Perpetuals and futures book only what was realised; an option's premium
 * is paid when it trades, and its value counts as an asset from then on.
 */
export const cashOf = (kind: ContractKind, trade: Trade, { realised }: Moved): Money =>
  kind === 'premium' ? (-trade.paid as Money) : realised;

/**
 * Session settlement of USDC contracts (Bybit, "8-Hour Session Settlement"): unrealised profit is booked, and the entry
 * becomes the mark. Cost − realised stays what it was, so nothing is made or lost.
 */
export function settleSession(kind: ContractKind, part: OpenPart, mark: Money): Moved {
  const realised = unrealisedOf(kind, part, mark);
  return moved(part.size, part.cost + realised, 0n, realised);
}

/** Fee of a fill in its settle coin, rounded up at the coin's scale: a fee never shrinks, a rebate never grows. */
export const feeOn = (value: Money, rate: Money): Money => toCoin(value * rate, ONE, 'up');

const moved = (size: bigint, cost: bigint, closedQty: bigint, realised: bigint): Moved => ({
  size: size as Money,
  cost: cost as Money,
  closedQty: closedQty as Money,
  realised: realised as Money,
});
