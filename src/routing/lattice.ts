import { invariant } from '../domain/result.ts';
import { costOf, type Curve, segmentOf } from './curve.ts';

/** A venue's share to be chosen: a multiple of `step` from `low` to `high`, at the cost that `curve` says. */
export type Slot = Readonly<{ curve: Curve; step: number; low: number; high: number }>;
/** One quantity per slot, in grid lots. */
export type Shares = readonly number[];

/**
 * Places as much of `wanted` as the slots can hold together, at the least cost; null where even the lows are too much.
 * Exact for any steps:
 *
 * Let `block` be the least common multiple of the steps. Fix each share's remainder modulo `block`; from there every
 * share moves in whole blocks, all blocks are alike, and what is left is a separable convex problem over integers with
 * one sum, where a point that no exchange of one block between two venues improves is a global minimum (M-optimality,
 * Murota, Discrete Convex Analysis, 2003). So: find the remainders that allow the largest total, start each next to the continuous
 * optimum (greedy by marginal cost, Karush-Kuhn-Tucker), exchange blocks until nothing improves, keep the cheapest.
 *
 * With equal steps there is one set of remainders and greedy alone is already right; with two venues the remainder of
 * the one with the finer step follows from the other's, and decimal steps leave very few.
 */
export function place(slots: readonly Slot[], wanted: number): Shares | null {
  if (slots.length === 0) return [];
  const block = slots.reduce((multiple, slot) => leastCommonMultiple(multiple, slot.step), 1);
  const finest = slots.reduce((best, slot, at) => (slot.step < (slots[best] as Slot).step ? at : best), 0);
  const { total, choices } = largestTotal(slots, finest, block, wanted);
  if (total < 0) return null;
  const around = relaxed(slots, total);
  let best: number[] | null = null;
  let bestCost = 0n;
  for (const choice of choices) {
    const shares = exchange(
      slots,
      block,
      startNear(slots, block, around, withFinest(choice, finest, total, block)),
      total,
    );
    const cost = totalCost(slots, shares);
    if (best === null || cost < bestCost) [best, bestCost] = [shares, cost];
  }
  return best;
}

export const totalCost = (slots: readonly Slot[], shares: Shares): bigint =>
  shares.reduce((cost, share, at) => cost + costOf((slots[at] as Slot).curve, share), 0n);

/** Remainders of all shares modulo the block; the finest slot's is set from the total later. */
type Remainders = readonly number[];

/**
 * Bound on the time of one decision. Two venues with decimal steps have at most 5 sets of remainders, three have at most
 * as many as the coarsest step holds middle ones; beyond the bound only the first sets are tried, and the answer is a
 * lawful split that may miss the best one.
 */
const MAX_CHOICES = 4_096;

function largestTotal(slots: readonly Slot[], finest: number, block: number, wanted: number) {
  let total = -1;
  let choices: Remainders[] = [];
  let seen = 0;
  for (const remainders of remaindersOf(slots, finest, block)) {
    const reached = reach(slots, finest, block, remainders, wanted);
    if (reached > total) [total, choices] = [reached, []];
    if (reached === total && reached >= 0) choices.push(remainders);
    seen += 1;
    if (seen === MAX_CHOICES) break;
  }
  return { total, choices };
}

/** Every combination of remainders of the slots other than the finest. */
function* remaindersOf(slots: readonly Slot[], finest: number, block: number): Generator<Remainders> {
  const remainders = slots.map(() => 0);
  for (;;) {
    yield [...remainders];
    let at = 0;
    for (; at < slots.length; at++) {
      if (at === finest) continue;
      const next = (remainders[at] as number) + (slots[at] as Slot).step;
      remainders[at] = next < block ? next : 0;
      if (next < block) break;
    }
    if (at === slots.length) return;
  }
}

/** Smallest and largest value from `low` to `high` with the given remainder; empty when first > last. */
function ends(slot: Slot, remainder: number, block: number): { first: number; last: number } {
  const up = modulo(remainder - slot.low, block);
  const down = modulo(slot.high - remainder, block);
  return { first: slot.low + up, last: slot.high - down };
}

/** Largest total up to `wanted` with the given remainders of the coarser slots; -1 where there is none. */
function reach(slots: readonly Slot[], finest: number, block: number, remainders: Remainders, wanted: number): number {
  let least = 0;
  let most = 0;
  for (const [at, slot] of slots.entries()) {
    if (at === finest) continue;
    const { first, last } = ends(slot, remainders[at] as number, block);
    if (first > last) return -1;
    least += first;
    most += last;
  }
  const fine = slots[finest] as Slot;
  // The coarser slots hold together least, least + block, … most. Beside the smallest of these that leaves the finest
  // slot room to spare, it takes the rest up to its step; beside the one before, it is full.
  const spare = least + Math.max(0, Math.ceil((wanted - fine.high - least) / block)) * block;
  const rest = wanted - spare;
  const filled = spare <= most && rest >= fine.low ? wanted - (rest % fine.step) : -1;
  const full = Math.min(most, spare - block);
  return Math.max(filled, full >= least ? full + fine.high : -1);
}

function withFinest(remainders: Remainders, finest: number, total: number, block: number): Remainders {
  const others = remainders.reduce((sum, remainder) => sum + remainder, 0);
  return remainders.map((remainder, at) => (at === finest ? modulo(total - others, block) : remainder));
}

/** The continuous optimum for a total: from the lows up, always the cheapest lot that is left. */
export function relaxed(slots: readonly Slot[], total: number): Shares {
  const shares = slots.map((slot) => slot.low);
  const segment = slots.map((slot) => (slot.low === 0 ? 0 : segmentOf(slot.curve, slot.low + 1)));
  let left = total - shares.reduce((sum, share) => sum + share, 0);
  while (left > 0) {
    const at = cheapest(slots, shares, segment);
    invariant(at >= 0, 'the slots hold the total');
    const slot = slots[at] as Slot;
    const share = shares[at] as number;
    const end = Math.min(slot.curve.ends[segment[at] as number] as number, slot.high);
    const lots = Math.min(left, end - share);
    shares[at] = share + lots;
    if (share + lots === slot.curve.ends[segment[at] as number]) segment[at] = (segment[at] as number) + 1;
    left -= lots;
  }
  return shares;
}

function cheapest(slots: readonly Slot[], shares: Shares, segment: readonly number[]): number {
  let best = -1;
  let bestUnit = 0n;
  for (const [at, slot] of slots.entries()) {
    if ((shares[at] as number) >= slot.high) continue;
    const unit = slot.curve.units[segment[at] as number] as bigint;
    if (best < 0 || unit < bestUnit) [best, bestUnit] = [at, unit];
  }
  return best;
}

/** A point with the given remainders within the bounds, at most a block from the continuous optimum in each share. */
function startNear(slots: readonly Slot[], block: number, around: Shares, remainders: Remainders): number[] {
  return slots.map((slot, at) => {
    const { first, last } = ends(slot, remainders[at] as number, block);
    const below = first + Math.floor(((around[at] as number) - first) / block) * block;
    return Math.min(last, Math.max(first, below));
  });
}

/** Makes the shares add up to `total`, then exchanges blocks until no exchange is cheaper. Changes and returns `shares`. */
function exchange(slots: readonly Slot[], block: number, shares: number[], total: number): number[] {
  let missing = (total - shares.reduce((sum, share) => sum + share, 0)) / block;
  invariant(Number.isInteger(missing), 'remainders add up to the total');
  for (; missing > 0; missing--) move(shares, bestMove(slots, shares, block, 'add').at, block);
  for (; missing < 0; missing++) move(shares, bestMove(slots, shares, block, 'remove').at, -block);
  for (;;) {
    const add = bestMove(slots, shares, block, 'add');
    const remove = bestMove(slots, shares, block, 'remove');
    // Where both belong to one slot no pair improves either: its curve is convex, so that pair costs at least nothing.
    if (add.at < 0 || remove.at < 0 || add.at === remove.at || add.cost + remove.cost >= 0n) return shares;
    move(shares, add.at, block);
    move(shares, remove.at, -block);
  }
}

function move(shares: number[], at: number, lots: number): void {
  invariant(at >= 0, 'a block fits somewhere');
  shares[at] = (shares[at] as number) + lots;
}

/** The slot where one block more (or less) costs least, and how much; `at` is -1 where none can move. */
function bestMove(slots: readonly Slot[], shares: Shares, block: number, type: 'add' | 'remove') {
  const lots = type === 'add' ? block : -block;
  let best = { at: -1, cost: 0n };
  for (const [at, slot] of slots.entries()) {
    const from = shares[at] as number;
    const to = from + lots;
    if (to < slot.low || to > slot.high) continue;
    const cost = costOf(slot.curve, to) - costOf(slot.curve, from);
    if (best.at < 0 || cost < best.cost) best = { at, cost };
  }
  return best;
}

const modulo = (value: number, block: number): number => ((value % block) + block) % block;

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  const multiple = (a / x) * b;
  invariant(Number.isSafeInteger(multiple), 'steps have a common multiple below 2^53');
  return multiple;
}
