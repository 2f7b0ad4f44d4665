import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstrumentId, Lots, Ticks, UnixMs, VenueId } from '../domain/ids.ts';
import type { BookView } from '../ports/market.ts';
import { withoutOwnOrders } from './own-orders.ts';

const level = (price: number, qty: number) => ({ price: price as Ticks, qty: qty as Lots });
const book: BookView = {
  venue: 'okd_internal' as VenueId,
  instrument: 'spot:BTCUSDT' as InstrumentId,
  bids: [level(99, 5), level(98, 1)],
  asks: [level(101, 5)],
  valid: true,
  seq: 1,
  at: 0 as UnixMs,
  receivedAt: 0 as UnixMs,
};

test('an account’s own orders are no liquidity to it', () => {
  const own = [
    { side: 'buy', ...level(99, 2) },
    { side: 'buy', ...level(99, 1) },
    { side: 'buy', ...level(98, 4) },
    { side: 'sell', ...level(99, 9) },
  ] as const;
  const seen = withoutOwnOrders(book, own);
  assert.deepEqual(seen.bids, [level(99, 2)], 'a level is reduced, one that is all its own is gone');
  assert.deepEqual(seen.asks, book.asks, 'and sides do not mix');
  assert.equal(withoutOwnOrders(book, []), book);
});
