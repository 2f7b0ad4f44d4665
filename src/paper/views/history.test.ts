import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../domain/decimal.ts';
import type { UnixMs } from '../../domain/ids.ts';
import type { ExchangeOrder } from '../../ports/exchange.ts';
import { History } from './history.ts';

const order = (id: number, status: ExchangeOrder['status'], cumQty = '0', at = id): ExchangeOrder =>
  ({ orderId: `${id}`, status, cumQty: money(cumQty), createdAt: id, updatedAt: at }) as unknown as ExchangeOrder;
const idsOf = (orders: readonly ExchangeOrder[]): string[] => orders.map((one) => one.orderId);

test('no more is kept than is asked for: the oldest closed orders go, open ones stay', () => {
  const history = new History(500);
  history.putOrder(order(0, 'new'), false);
  for (let id = 1; id <= 5000; id += 1) history.putOrder(order(id, 'filled', '1'), false);
  const { orders } = history.all();
  assert.ok(orders.length <= 1500, `${orders.length}`);
  assert.equal(orders[0]?.orderId, '0');
  assert.equal(orders.at(-1)?.orderId, '5000');
});

test('the last 500 closed orders are shown apart, and not after a restart', () => {
  const history = new History(10_000);
  for (let id = 1; id <= 1200; id += 1) history.putOrder(order(id, 'filled', '1'), false);
  const recent = idsOf(history.recentlyClosed());
  assert.deepEqual([recent.length, recent[0], recent.at(-1)], [500, '1200', '701']);
  const recovered = new History(10_000);
  recovered.putOrder(order(1, 'filled', '1'), true);
  assert.deepEqual([recovered.recentlyClosed().length, recovered.orders(2 as UnixMs).length], [0, 1]);
});

test('an order without a fill is shown for a day after it closed, one with a fill for longer', () => {
  const history = new History(10_000);
  history.putOrder(order(1, 'canceled'), false);
  history.putOrder(order(2, 'canceled', '1'), false);
  assert.deepEqual(idsOf(history.orders(1000 as UnixMs)), ['2', '1']);
  assert.deepEqual(idsOf(history.orders(86_400_002 as UnixMs)), ['2']);
});
