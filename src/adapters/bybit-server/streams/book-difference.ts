import type { Lots } from '../../../domain/ids.ts';
import type { ExchangeLevel } from '../../../ports/exchange.ts';
import type { BookRows } from '../wire/book.ts';

const NOTHING = 0 as Lots;

/**
 * What turns the window `before` into `after`, both best first: levels that left (quantity zero: traded, canceled or
 * pushed out of the window), came or changed. Null when nothing did.
 */
export function bookDifference(before: BookRows, after: BookRows): BookRows | null {
  const bids = sideDifference(before.bids, after.bids, -1);
  const asks = sideDifference(before.asks, after.asks, 1);
  return bids.length === 0 && asks.length === 0 ? null : { bids, asks };
}

/** `order` is 1 where prices rise from the best, -1 where they fall. One walk along both. */
function sideDifference(
  before: readonly ExchangeLevel[],
  after: readonly ExchangeLevel[],
  order: 1 | -1,
): ExchangeLevel[] {
  const changed: ExchangeLevel[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const old = before[i];
    const now = after[j];
    const apart = old === undefined ? 1 : now === undefined ? -1 : (old.price - now.price) * order;
    if (apart < 0) {
      changed.push({ price: (old as ExchangeLevel).price, qty: NOTHING });
      i += 1;
    } else if (apart > 0) {
      changed.push(now as ExchangeLevel);
      j += 1;
    } else {
      if ((old as ExchangeLevel).qty !== (now as ExchangeLevel).qty) changed.push(now as ExchangeLevel);
      i += 1;
      j += 1;
    }
  }
  return changed;
}
