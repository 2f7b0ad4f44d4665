import type { Money } from '../domain/ids.ts';
import type { RoutePreview } from './plan.ts';

const DIGITS = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n] as const;

/**
 * The smallest round quantity (one significant digit) from `least` to `most` whose preview places all of it and uses at
 * least two venues; null where none does. Books move: what is found holds for the books that `preview` saw.
 */
export function findSplitQuantity(preview: (qty: Money) => RoutePreview, least: Money, most: Money): Money | null {
  let power = 1n;
  while (power * 10n <= least) power *= 10n;
  for (; power <= most; power *= 10n) {
    for (const digit of DIGITS) {
      const qty = (digit * power) as Money;
      if (qty < least) continue;
      if (qty > most) return null;
      const plan = preview(qty);
      if (plan.children.length > 1 && plan.unrouted === null) return qty;
    }
  }
  return null;
}
