import { divide, maximum, minimum } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import { opposite } from '../../domain/ids.ts';

/** One leg of a combo: its mark (spot: index), its tick, and the prices that it may trade at. */
export type SpreadLeg = Readonly<{ mark: Money; tick: Money; lowest: Money; highest: Money }>;

/** Prices of both legs; far − near is the price of the combo, exactly. */
export type LegPrices = Readonly<{ far: Money; near: Money }>;

/**
 * Prices at which a combo trades on its two legs. Bybit documents that order price = far leg's entry − near leg's
 * entry, and that a combo with a leg outside its price limit is canceled (`CancelByRebalance`), not where between the
 * marks the legs lie. Here both give way equally: the far leg trades at (far mark + near mark + price) ÷ 2, and both
 * move together into their price ranges where they have to. The leg with the coarser tick is put on its tick
 * (half-even), the other follows at the exact distance. Null: no pair of prices is inside both ranges.
 * Throws where one tick is no multiple of the other, or the combo's price is off the finer one: such a combo cannot be
 * listed.
 */
export function legPrices(price: Money, far: SpreadLeg, near: SpreadLeg): LegPrices | null {
  const farLeads = far.tick >= near.tick;
  const [leader, follower] = farLeads ? [far, near] : [near, far];
  const { tick } = leader;
  if (tick % follower.tick !== 0n || price % follower.tick !== 0n) {
    throw new RangeError('a combo trades on the finer tick of its legs, the coarser is a multiple of it');
  }
  const ahead = farLeads ? price : -price;
  const wanted = divide(leader.mark + follower.mark + ahead, 2n * tick, 'half_even') * tick;
  const least = divide(maximum(leader.lowest, (follower.lowest + ahead) as Money), tick, 'up') * tick;
  const most = divide(minimum(leader.highest, (follower.highest + ahead) as Money), tick, 'down') * tick;
  if (least > most) return null;
  const placed = maximum(least as Money, minimum(wanted as Money, most as Money));
  const followed = (placed - ahead) as Money;
  return farLeads ? { far: placed, near: followed } : { far: followed, near: placed };
}

/** Sides of the legs: whoever buys the combo buys the far leg and sells the near one. */
export const legSides = (side: Side): Readonly<{ far: Side; near: Side }> => ({ far: side, near: opposite(side) });
