import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OmsBench, OTHER, settle } from '../../test/support/oms-bench.ts';
import { money } from '../domain/decimal.ts';
import type { ClientOrderId, UnixMs } from '../domain/ids.ts';
import { Reconciler } from './reconciler.ts';

const HERE = { strategy: 'smart', venues: [OTHER], caps: [], preferInternal: null } as const;

async function withOrder(): Promise<{ bench: OmsBench; child: ClientOrderId }> {
  const bench = new OmsBench();
  await bench.deposit(1, 'USDT', '10000');
  const reply = await bench.submit(1, { type: 'limit', price: money('90'), qty: money('1'), routing: HERE });
  assert.equal(reply.type, 'accepted');
  const [child] = bench.venue.held.keys();
  assert.ok(child !== undefined);
  bench.venue.tellOrder(child);
  await settle();
  return { bench, child };
}

const over = (bench: OmsBench, connectedAt = 0): Reconciler =>
  new Reconciler(bench.state, bench.world, bench.venue, connectedAt as UnixMs, (message) =>
    bench.desk(1).effects.post(message),
  );

test('a fill that the stream never delivered is found and booked', async () => {
  const { bench, child } = await withOrder();
  bench.venue.fill(child, 400);
  const report = await over(bench).runNow();
  await settle();
  assert.equal(report?.missed, 1);
  assert.equal(bench.state.child(child).order.cumQty, money('0.4'));
});

test('a working order that the venue does not list twice in a row is asked for by its id', async () => {
  const { bench, child } = await withOrder();
  const held = bench.venue.of(child);
  held.order = { ...held.order, status: 'canceled', reason: 'BY_ADMIN' };
  await bench.clock.advance(15_000);
  const reconciler = over(bench);
  await reconciler.runNow();
  await settle();
  assert.equal(bench.state.child(child).order.certainty, 'confirmed');
  await reconciler.runNow();
  await bench.clock.advance(1_000);
  assert.equal(bench.state.child(child).order.status, 'canceled');
});

test('a venue that no longer has what it told us was reset, and says so', async () => {
  const { bench, child } = await withOrder();
  bench.venue.tellFill(bench.venue.fill(child, 400));
  await bench.clock.advance(120_000);
  const same = over(bench);
  await same.runNow();
  assert.equal(same.wasReset, false);
  bench.venue.held.clear();
  const other = over(bench);
  await other.runNow();
  assert.equal(other.wasReset, true);
  assert.ok(bench.alarms.includes('VENUE_RESET'));
  const acknowledged = over(bench, bench.clock.now());
  await acknowledged.runNow();
  assert.equal(acknowledged.wasReset, false);
});

test('a venue that cannot be read is asked again, and nothing is concluded from it', async () => {
  const { bench, child } = await withOrder();
  bench.venue.openOrders = () => Promise.resolve({ ok: false, error: { code: 'UNAVAILABLE', reason: 'down' } });
  const reconciler = over(bench);
  assert.equal(await reconciler.runNow(), null);
  assert.equal(bench.state.child(child).order.status, 'working');
  reconciler.stop();
});

test('a list with an unreadable row is used, but the next reading begins no later for it', async () => {
  const { bench, child } = await withOrder();
  bench.venue.tellFill(bench.venue.fill(child, 400));
  await bench.clock.advance(120_000);
  const asked: number[] = [];
  const read = bench.venue.executionsSince.bind(bench.venue);
  bench.venue.executionsSince = (since) => {
    asked.push(since);
    return read(since);
  };
  bench.venue.complete = false;
  const reconciler = over(bench);
  bench.venue.fill(child, 100);
  assert.equal((await reconciler.runNow())?.missed, 1);
  assert.equal(reconciler.wasReset, false);
  await bench.clock.advance(1_000);
  await reconciler.runNow();
  bench.venue.complete = true;
  await reconciler.runNow();
  await bench.clock.advance(1_000);
  await reconciler.runNow();
  reconciler.stop();
  const [first, second, third, fourth] = asked;
  assert.deepEqual([second, third], [first, first]);
  assert.ok((fourth as number) > (first as number));
});
