import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { money, ZERO } from './decimal.ts';
import type { AssetId, ClientOrderId, ExecId, InstrumentId, UnixMs, VenueId, VenueOrderId } from './ids.ts';
import {
  applyChildEvent,
  bookExecution,
  type ChildEvent,
  type ChildOrder,
  type Execution,
  isFinal,
  leavesQty,
} from './order.ts';
import { unwrap } from './result.ts';

const at = 1 as UnixMs;
const venueOrderId = 'v1' as VenueOrderId;
const fresh: ChildOrder = {
  clientOrderId: 'c1' as ClientOrderId, venueOrderId: null, venue: 'bybit' as VenueId, instrument: 'spot:BTCUSDT' as InstrumentId,
  side: 'buy', price: money('100'), timeInForce: 'gtc', reduceOnly: false, qty: money('2'), cumQty: ZERO, cumNotional: ZERO,
  status: 'pending', inFlight: 'submit', certainty: 'confirmed', reason: null, wanted: null, createdAt: at, updatedAt: at, acceptedAt: null,
}; // biome-ignore format: a table
const execution = (id: string, qty: string): Execution => ({
  execId: id as ExecId, at, price: money('100'), qty: money(qty), notional: money('100'), fee: ZERO, feeAsset: 'USDT' as AssetId, liquidity: 'taker',
}); // biome-ignore format: a table
const run = (events: readonly ChildEvent[], from = fresh): ChildOrder =>
  events.reduce((order, event) => unwrap(applyChildEvent(order, event)), from);
const accepted: ChildEvent = { type: 'accepted', at, venueOrderId, venueAt: at };
const traded = (id: string, qty: string): ChildEvent => ({ type: 'traded', at, execution: execution(id, qty) });

test('an acknowledgement is no proof that an order works', () => {
  const order = run([{ type: 'acknowledged', at, venueOrderId }]);
  assert.deepEqual([order.status, order.inFlight, order.venueOrderId], ['pending', 'submit', 'v1']);
});

test('a fill that beats the answer makes the order work', () => {
  const order = run([traded('e1', '0.5')]);
  assert.deepEqual([order.status, order.inFlight, leavesQty(order)], ['working', 'none', money('1.5')]);
});

test('a refused cancel restores nothing, because the status was never touched', () => {
  const order = run([accepted, { type: 'cancel_requested', at }, { type: 'cancel_refused', at, reason: 'x' }]);
  assert.deepEqual([order.status, order.inFlight], ['working', 'none']);
});

test('a late fill after a cancel is counted', () => {
  const order = run([accepted, { type: 'canceled', at, reason: 'x' }, traded('e1', '0.5')]);
  assert.deepEqual([order.status, order.cumQty], ['canceled', money('0.5')]);
});

test('a final order never reopens', () => {
  const finals: ChildEvent[] = [
    { type: 'canceled', at, reason: 'x' },
    { type: 'expired', at, reason: 'x' },
    { type: 'rejected', at, reason: 'x' },
    traded('e1', '2'),
  ];
  for (const final of finals) {
    const order = run([final]);
    assert.ok(isFinal(order.status));
    assert.equal(run([accepted], order).status, order.status);
  }
});

test('an execution beyond the order is an error to be raised, and can be booked all the same', () => {
  const overfill = applyChildEvent(fresh, traded('e1', '2.5'));
  assert.ok(!overfill.ok && overfill.error.code === 'OVERFILL');
  assert.equal(bookExecution(fresh, execution('e1', '2.5'), at).status, 'filled');
});

test('doubt lasts until the venue confirms or the order ends', () => {
  const doubted = run([{ type: 'doubted', at, reason: 'timeout' }]);
  assert.equal(doubted.certainty, 'unknown');
  assert.equal(
    run(
      [
        { type: 'quarantined', at },
        { type: 'doubted', at, reason: 'again' },
      ],
      doubted,
    ).certainty,
    'quarantined',
  );
  assert.equal(run([{ type: 'confirmed', at }], doubted).certainty, 'confirmed');
  assert.equal(run([{ type: 'rejected', at, reason: 'x' }], doubted).certainty, 'confirmed');
});

test('whatever comes in whatever order: executed quantity never falls and final orders stay final', () => {
  const events = fc.oneof(
    fc.constantFrom<ChildEvent>(
      accepted, { type: 'acknowledged', at, venueOrderId }, { type: 'cancel_requested', at }, { type: 'cancel_refused', at, reason: 'x' },
      { type: 'amend_requested', at, price: money('99'), qty: money('3') }, { type: 'amended', at, price: money('99'), qty: money('3') },
      { type: 'doubted', at, reason: 'x' }, { type: 'confirmed', at }, { type: 'canceled', at, reason: 'x' }, { type: 'expired', at, reason: 'x' },
    ), // biome-ignore format: a table
    fc.integer({ min: 1, max: 9 }).map((n) => traded(`e${n}`, '0.4')),
  );
  fc.assert(
    fc.property(fc.array(events, { maxLength: 40 }), (sequence) => {
      let order = fresh;
      for (const event of sequence) {
        const next = applyChildEvent(order, event);
        if (!next.ok) continue;
        assert.ok(next.value.cumQty >= order.cumQty);
        if (isFinal(order.status)) assert.equal(next.value.status, order.status);
        order = next.value;
      }
    }),
  );
});
