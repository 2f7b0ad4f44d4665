import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { money, ZERO } from '../domain/decimal.ts';
import {
  type ClientOrderId,
  INTERNAL_VENUE,
  type InstrumentId,
  type Money,
  type OrderId,
  type UnixMs,
  type VenueId,
} from '../domain/ids.ts';
import { type ChildOrder, isFinal, leavesQty } from '../domain/order.ts';
import { OpenOrders } from './open-orders.ts';
import type { Child } from './child.ts';

const OTHER = 'bybit' as VenueId;
const INSTRUMENT = 'spot:BTCUSDT' as InstrumentId;

function childOf(venue: VenueId, price: number): Child {
  const order: ChildOrder = {
    clientOrderId: 'c' as ClientOrderId, venueOrderId: null, venue, instrument: INSTRUMENT, side: 'buy', price: money(`${price}`), timeInForce: 'gtc',
    reduceOnly: false, qty: money('4'), cumQty: ZERO, cumNotional: ZERO, status: 'pending', inFlight: 'submit', certainty: 'confirmed', reason: null,
    wanted: null, createdAt: 0 as UnixMs, updatedAt: 0 as UnixMs, acceptedAt: null,
  }; // biome-ignore format: short members together
  const none = { maker: ZERO, taker: ZERO };
  return {
    order, parent: 'p' as OrderId, round: 1, rates: none, reserve: { asset: 'USDT' as never, amount: ZERO },
    traded: { maker: ZERO, taker: ZERO } as never, charged: ZERO, executions: [], seen: new Set(), closing: null,
  }; // biome-ignore format: short members together
}

const steps = fc.array(
  fc.record({
    child: fc.nat(7),
    do: fc.constantFrom('accept', 'fill', 'cancel', 'amend', 'accept_final'),
    at: fc.nat(20),
  }),
  { maxLength: 60 },
);

function change(order: ChildOrder, kind: string, at: number): Partial<ChildOrder> {
  switch (kind) {
    case 'accept':
      return isFinal(order.status) ? {} : { status: 'working', acceptedAt: order.acceptedAt ?? (at as UnixMs) };
    case 'accept_final':
      return { acceptedAt: order.acceptedAt ?? (at as UnixMs) };
    case 'fill':
      return isFinal(order.status) ? {} : { cumQty: (order.cumQty + money('1')) as Money, status: 'working' };
    case 'amend':
      return { price: (order.price + money('1')) as Money };
    default:
      return isFinal(order.status) ? {} : { status: 'canceled' };
  }
}

test('the views say the same as a walk over all children', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const open = new OpenOrders();
      const children = Array.from({ length: 8 }, (_, i) =>
        childOf(i % 2 === 0 ? INTERNAL_VENUE : OTHER, 100 + (i % 3)),
      );
      for (const child of children) open.opened(child);
      for (const step of taken) {
        const child = children[step.child] as Child;
        const before = child.order;
        child.order = { ...before, ...change(before, step.do, step.at) };
        open.changed(child, before);
      }
      for (const venue of [INTERNAL_VENUE, OTHER]) {
        const expected = new Map<Money, Money>();
        for (const { order } of children) {
          if (order.venue !== venue || order.status !== 'working' || leavesQty(order) === 0n) continue;
          expected.set(order.price, ((expected.get(order.price) ?? 0n) + leavesQty(order)) as Money);
        }
        const resting = open.resting(venue, INSTRUMENT)?.buy ?? new Map();
        assert.deepEqual(new Map([...resting].sort()), new Map([...expected].sort()));
      }
      for (let at = 0; at <= 21; at += 1) {
        const expected = children.filter(
          ({ order }) =>
            order.venue !== INTERNAL_VENUE &&
            !isFinal(order.status) &&
            (order.acceptedAt === null || order.acceptedAt >= at),
        );
        assert.deepEqual(new Set(open.uncountedSince(at as UnixMs)), new Set(expected));
      }
    }),
  );
});
