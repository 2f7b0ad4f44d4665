import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../../../domain/decimal.ts';
import type { AssetId, ClientOrderId, UnixMs, VenueId, VenueOrderId } from '../../../../domain/ids.ts';
import { applyChildEvent } from '../../../../domain/order.ts';
import { unwrap } from '../../../../domain/result.ts';
import type { OrderRow } from '../tables.ts';
import { type ChildFile, childFile, childRow, newChild, type OrderFile, orderRow } from './order-file.ts';

const ROW: OrderRow = {
  account: 'a1', seq: 7, id: 'o-7', client_order_id: null, instrument: 'spot:BTCUSDT', category: 'spot', side: 'sell', type: 'limit',
  time_in_force: 'gtc', reduce_only: 1, qty: '3', quote_qty: null, price: '100', max_slippage: null, base: 'BTC', quote: 'USDT',
  arrival: null, worst_price: null, status: 'pending', certainty: 'confirmed', reason: null, cum_qty: '0', cum_notional: '0',
  late_fill: 0, cancel_requested: 0, created_at: 1, updated_at: 1, closed_at: null,
}; // biome-ignore format: short members together

const planned = {
  id: 'k1' as ClientOrderId, venue: 'bybit' as VenueId, price: money('100'), qty: money('2'), timeInForce: 'gtc',
} as const; // biome-ignore format: one line

const file = (...children: ChildFile[]): OrderFile => ({ row: ROW, children, changed: false });

test('a child comes back from its row as it went in, whatever is set', () => {
  const child: ChildFile = {
    ...newChild(file(), 3, 2, planned, 5 as UnixMs),
    venueFees: new Map([['BTC' as AssetId, money('0.001')], ['A' as AssetId, money('-2')]]),
    charged: money('1.5'),
    chargedDue: money('0.25'),
    lateFill: true,
    changed: false,
  }; // biome-ignore format: one line a member
  child.order = {
    ...child.order, venueOrderId: 'v9' as VenueOrderId, cumQty: money('1'), cumNotional: money('100.1'), status: 'working',
    inFlight: 'amend', certainty: 'quarantined', reason: 'X', wanted: { price: money('101'), qty: money('2.5') },
    updatedAt: 9 as UnixMs, acceptedAt: 6 as UnixMs,
  }; // biome-ignore format: short members together
  assert.deepEqual(childFile(ROW, childRow(file(), child)), child);
});

test('an order shows the sums of its children, the worst certainty, and the status that follows', () => {
  const first = newChild(file(), 1, 1, planned, 5 as UnixMs);
  const second = newChild(file(), 2, 1, { ...planned, id: 'k2' as ClientOrderId }, 5 as UnixMs);
  assert.equal(orderRow(file(first, second)).status, 'pending');
  const accepted = {
    type: 'accepted',
    at: 6 as UnixMs,
    venueOrderId: 'v' as VenueOrderId,
    venueAt: 6 as UnixMs,
  } as const;
  second.order = unwrap(applyChildEvent(second.order, accepted));
  first.order = { ...first.order, certainty: 'unknown' };
  const working = orderRow(file(first, second));
  assert.equal(working.status, 'working');
  assert.equal(working.certainty, 'unknown');
  first.order = { ...first.order, certainty: 'confirmed', cumQty: money('0.5'), cumNotional: money('50') };
  second.order = { ...second.order, cumQty: money('0.25'), cumNotional: money('25.5') };
  const traded = orderRow(file(first, second));
  assert.equal(traded.status, 'partially_filled');
  assert.deepEqual([traded.cum_qty, traded.cum_notional, traded.certainty], ['0.75', '75.5', 'confirmed']);
});

test('a closed order keeps the status that it was closed with, and still counts a later fill', () => {
  const child = newChild(file(), 1, 1, planned, 5 as UnixMs);
  child.order = { ...child.order, status: 'canceled', cumQty: money('1'), cumNotional: money('99') };
  const closed = orderRow({ row: { ...ROW, status: 'canceled', closed_at: 8 }, children: [child], changed: true });
  assert.deepEqual([closed.status, closed.cum_qty], ['canceled', '1']);
});
