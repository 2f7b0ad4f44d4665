import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../domain/decimal.ts';
import type { InstrumentId, Lots, Money, Ticks, UnixMs, VenueId } from '../domain/ids.ts';
import { listing } from '../domain/instrument.ts';
import { unwrap } from '../domain/result.ts';
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

const one = money('1');
const listed = unwrap(
  listing({
    venue: book.venue, tick: one, step: one, minQty: one, maxLimitQty: money('1000'), maxMarketQty: money('1000'), minPrice: one,
    maxPrice: money('1000'), minNotional: one, maxLeverage: null,
  }),
); // biome-ignore format: short members together
const levelsOf = (...rows: readonly (readonly [string, string])[]): ReadonlyMap<Money, Money> =>
  new Map(rows.map(([price, qty]) => [money(price), money(qty)]));

test('an account’s own orders are no liquidity to it', () => {
  const own = { buy: levelsOf(['99', '3'], ['98', '4']), sell: levelsOf(['99', '9']) };
  const seen = withoutOwnOrders(book, own, listed, 'sell');
  assert.deepEqual(seen.bids, [level(99, 2)], 'a level is reduced, one that is all its own is gone');
  assert.deepEqual(seen.asks, book.asks, 'and sides do not mix');
  assert.equal(withoutOwnOrders(book, null, listed, 'sell'), book);
});

test('few or many orders of its own make no difference', () => {
  const many = levelsOf(['99', '3'], ['97', '1'], ['96.5', '1'], ['96', '0.5']);
  const left = [level(99, 2), level(98, 1)];
  assert.deepEqual(withoutOwnOrders(book, { buy: many, sell: new Map() }, listed, 'sell').bids, left);
  const few = levelsOf(['99', '3']);
  assert.deepEqual(withoutOwnOrders(book, { buy: few, sell: new Map() }, listed, 'sell').bids, left);
});

test('of its own side an order sees the touch that others made', () => {
  const own = { buy: levelsOf(['99', '5']), sell: new Map() };
  assert.deepEqual(withoutOwnOrders(book, own, listed, 'buy').bids, [level(98, 1)]);
});
