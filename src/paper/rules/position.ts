import { divide } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import { DEFAULT_ASSET_SCALE } from '../../domain/instrument.ts';

export type OpenPart = Readonly<{ size: Money; cost: Money }>;
export type Moved = OpenPart & Readonly<{ closedQty: Money; realised: Money }>;

const UNIT = 10n ** BigInt(18 - DEFAULT_ASSET_SCALE);

/**
 * A position after a trade. Cost is signed like size, so that size × mark − cost is the unrealised profit of either
 * side. A trade against the position closes first, at its average cost, and opens the other way with what is left.
 * The profit of a part is rounded down at the settle coin's scale; the rest of the cost stays with the open part, so
 * nothing is lost: cost − realised always grows by exactly what was paid.
 */
export function movePosition(before: OpenPart, side: Side, qty: Money, notional: Money): Moved {
  const bought = side === 'buy' ? qty : -qty;
  const paid = side === 'buy' ? notional : -notional;
  if (before.size === 0n || before.size > 0n === bought > 0n) {
    return money(before.size + bought, before.cost + paid, 0n, 0n);
  }
  const openQty = before.size < 0n ? -before.size : before.size;
  const closedQty = qty < openQty ? qty : openQty;
  const closingPaid = (paid * closedQty) / qty; // exact: one price for the whole trade
  const released = closedQty === openQty ? before.cost : upToScale(before.cost * closedQty, openQty);
  const realised = -closingPaid - released;
  if (closedQty < qty) return money(before.size + bought, paid - closingPaid, closedQty, realised);
  return money(before.size + bought, before.cost - released, closedQty, realised);
}

/** Quotient rounded up at the scale of settle coins. */
const upToScale = (numerator: bigint, denominator: bigint): bigint =>
  divide(numerator, denominator * UNIT, 'up') * UNIT;

const money = (size: bigint, cost: bigint, closedQty: bigint, realised: bigint): Moved => ({
  size: size as Money,
  cost: cost as Money,
  closedQty: closedQty as Money,
  realised: realised as Money,
});
