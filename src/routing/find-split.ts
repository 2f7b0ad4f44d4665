import type { Money } from '../domain/ids.ts';
import type { RoutePreview } from './plan.ts';

const DIGITS = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n] as const;
/** Books move between a preview and its order: a smaller share of a venue may be gone by then. */
const FAIR_SHARE = 0.2;

type SplitPreview = Pick<RoutePreview, 'venues' | 'unrouted'>;

/**
 * A round quantity (one significant digit) from `least` to `most` whose preview places all of it and uses at least two
 * venues: the smallest that gives each of them a fair share, else the one whose least share is the largest; null where
 * none is split. `preview` answers null for what would be refused. What is found holds for the books that it saw.
 */
export function findSplitQuantity(
  preview: (qty: Money) => SplitPreview | null,
  least: Money,
  most: Money,
): Money | null {
  let best: Readonly<{ qty: Money; share: number }> | null = null;
  for (const qty of roundQuantities(least, most)) {
    const plan = preview(qty);
    const share = plan === null || plan.unrouted !== null ? 0 : leastShare(plan);
    if (share >= FAIR_SHARE) return qty;
    if (share > (best?.share ?? 0)) best = { qty, share };
  }
  return best?.qty ?? null;
}

function* roundQuantities(least: Money, most: Money): Generator<Money> {
  let power = 1n;
  while (power * 10n <= least) power *= 10n;
  for (; power <= most; power *= 10n) {
    for (const digit of DIGITS) {
      const qty = (digit * power) as Money;
      if (qty >= least && qty <= most) yield qty;
    }
  }
}

/** Of the venues that are used; 0 where one alone is. */
function leastShare({ venues }: SplitPreview): number {
  const shares = venues.filter(({ used }) => used).map(({ qty }) => qty);
  if (shares.length < 2) return 0;
  return Math.min(...shares) / shares.reduce((sum, share) => sum + share, 0);
}
