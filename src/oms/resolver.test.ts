import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../domain/decimal.ts';
import type { OrderId } from '../domain/ids.ts';
import { OmsBench } from '../../test/support/oms-bench.ts';

test('after a long outage of queries an order that never arrived is settled within a minute', async () => {
  const bench = new OmsBench();
  await bench.deposit(1, 'USDT', '10000');
  bench.venue.onSubmit = () => Promise.resolve({ type: 'unknown', reason: 'timeout' });
  const answer = bench.venue.onQuery;
  bench.venue.onQuery = () => ({ type: 'unavailable', reason: 'no answer' });
  const reply = await bench.submit(1, { qty: money('1') });
  assert.equal(reply.type, 'accepted');
  const { order } = reply as { order: OrderId };
  await bench.clock.advance(331_000);
  assert.equal(bench.status(order).certainty, 'quarantined');
  bench.venue.onQuery = answer;
  await bench.clock.advance(60_000);
  assert.deepEqual([bench.status(order).status, bench.status(order).reason], ['expired', 'UNSENT']);
});
