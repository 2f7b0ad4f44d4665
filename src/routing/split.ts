import { invariant } from '../domain/result.ts';
import { place, type Shares, type Slot, totalCost } from './lattice.ts';
import type { Room } from './room.ts';

/** How many venues may share the order: any, one, or one that must take all of it. */
export type Spread = 'any' | 'one' | 'one_whole';

export type Split = Readonly<{
  /** Grid lots per room. */
  shares: Shares;
  total: number;
  /** What each room would get if there were no minimums; null where it was not asked. */
  unconstrained: Shares | null;
}>;

/**
 * The best split of `wanted` grid lots: as much as fits, then the least cost. Minimum sizes make it non-convex (a
 * venue gets nothing or at least its minimum), so: solve without them; if the answer respects them it is optimal,
 * because nothing was given up. Otherwise try every choice of "nothing" or one allowed range per venue, each convex.
 */
export function bestSplit(rooms: readonly Room[], wanted: number, spread: Spread): Split {
  if (spread === 'any') {
    const slots = rooms.map((room) => slot(room, 0, (room.ranges.at(-1) as { high: number }).high));
    const shares = place(slots, wanted);
    invariant(shares !== null, 'nothing at all can always be placed');
    if (shares.every((share, at) => isAllowed(rooms[at] as Room, share))) {
      return { shares, total: sum(shares), unconstrained: shares };
    }
    return { ...tryAll(rooms, wanted, spread), unconstrained: shares };
  }
  return { ...tryAll(rooms, wanted, spread), unconstrained: null };
}

const slot = ({ curve, step }: Room, low: number, high: number): Slot => ({ curve, step, low, high });
const sum = (shares: Shares): number => shares.reduce((total, share) => total + share, 0);

const isAllowed = (room: Room, share: number): boolean =>
  share === 0 || room.ranges.some(({ low, high }) => low <= share && share <= high);

function tryAll(rooms: readonly Room[], wanted: number, spread: Spread): { shares: Shares; total: number } {
  let best = { shares: rooms.map(() => 0) as Shares, total: 0 };
  let bestCost: bigint | null = null;
  for (const choice of choicesOf(rooms, 0, spread)) {
    const placed = place(choice, wanted);
    if (placed === null) continue;
    const total = sum(placed);
    if (total < best.total || (spread === 'one_whole' && total < wanted)) continue;
    const cost = totalCost(choice, placed);
    if (total > best.total || bestCost === null || cost < bestCost) {
      best = { shares: placed, total };
      bestCost = cost;
    }
  }
  return best;
}

/** Every way to give each room nothing or one of its ranges; with `one`, to at most one room. */
function* choicesOf(rooms: readonly Room[], at: number, spread: Spread): Generator<readonly Slot[]> {
  const room = rooms[at];
  if (room === undefined) {
    yield [];
    return;
  }
  for (const { low, high } of room.ranges) {
    if (spread === 'any') {
      for (const rest of choicesOf(rooms, at + 1, spread)) yield [slot(room, low, high), ...rest];
    } else {
      yield [slot(room, low, high), ...rooms.slice(at + 1).map((other) => slot(other, 0, 0))];
    }
  }
  for (const rest of choicesOf(rooms, at + 1, spread)) yield [slot(room, 0, 0), ...rest];
}
