import assert from 'node:assert/strict';
import { test } from 'node:test';
import { raw } from '../test/fake-network.ts';
import { scripted, settled } from '../test/fake-venue.ts';

test('the venue clock is read at the middle of the round trip', async () => {
  const { bybit, clock, http, venue, seen } = scripted();
  http.latencyMs = 100;
  venue.aheadMs = 1_500;
  // The fake answers at the end of its latency: the middle of the round trip is 50 ms before.
  const synced = await settled(clock, bybit.serverClock.sync());
  assert.ok(synced.ok);
  assert.equal(bybit.serverClock.skewMs(), 1_550);
  assert.deepEqual(seen('clock_skew'), [{ type: 'clock_skew', skewMs: 1_550 }]);
});

test('a step of our wall clock does not spoil signatures', async () => {
  const { bybit, clock } = scripted();
  await settled(clock, bybit.serverClock.sync());
  const before = bybit.serverClock.now();
  clock.step(-30_000);
  assert.equal(bybit.serverClock.now(), before);
});

test('a step is noticed, and the next signature reads the clock again behind the scenes', async () => {
  const { bybit, clock, http } = scripted();
  await settled(clock, bybit.serverClock.sync());
  bybit.serverClock.stamp();
  await clock.advance(1_100);
  assert.equal(http.count('/v5/market/time'), 1);
  clock.step(5_000);
  bybit.serverClock.stamp();
  bybit.serverClock.stamp();
  await clock.advance(100);
  assert.equal(http.count('/v5/market/time'), 2);
});

test('an answer whose time does not fit makes the next signature read the clock', async () => {
  const { bybit, clock, http } = scripted();
  await settled(clock, bybit.serverClock.sync());
  const now = clock.monotonic();
  bybit.serverClock.notice(clock.now() + 100, now - 50, now);
  bybit.serverClock.stamp();
  await clock.advance(1_100);
  assert.equal(http.count('/v5/market/time'), 1);
  bybit.serverClock.notice(clock.now() + 900, clock.monotonic() - 50, clock.monotonic());
  bybit.serverClock.stamp();
  await clock.advance(100);
  assert.equal(http.count('/v5/market/time'), 2);
});

test('drift is followed: after five minutes the clock is read again', async () => {
  const { bybit, clock, http } = scripted();
  await settled(clock, bybit.serverClock.sync());
  await clock.advance(301_000);
  bybit.serverClock.stamp();
  await clock.advance(100);
  assert.equal(http.count('/v5/market/time'), 2);
});

test('slow answers are tried again and the quickest counts; calls at the same time share one reading', async () => {
  const { bybit, clock, http } = scripted();
  http.latencyMs = 900;
  const both = Promise.all([bybit.serverClock.sync(), bybit.serverClock.sync()]);
  await clock.advance(850);
  http.latencyMs = 20;
  await settled(clock, both);
  assert.equal(http.count('/v5/market/time'), 2);
  assert.ok(Math.abs(bybit.serverClock.skewMs() as number) <= 10);
});

test('the first signature has the clock read behind the scenes; a failure is not repeated with every one', async () => {
  const { bybit, clock, http } = scripted();
  http.on('/v5/market/time', () => raw('', 502));
  for (let i = 0; i < 90; i++) {
    bybit.serverClock.stamp();
    await clock.advance(100);
  }
  assert.equal(http.count('/v5/market/time'), 1);
  await clock.advance(2_000);
  bybit.serverClock.stamp();
  await clock.advance(100);
  assert.equal(http.count('/v5/market/time'), 2);
});

test('a clock that cannot be read is reported, and ours is used', async () => {
  const { bybit, clock, http, seen } = scripted();
  http.on('/v5/market/time', () => raw('<html>', 502));
  const synced = await settled(clock, bybit.serverClock.sync());
  assert.ok(!synced.ok);
  assert.equal(bybit.serverClock.now(), clock.now());
  assert.equal(bybit.serverClock.skewMs(), null);
  assert.equal(seen('clock_unread').length, 1);
});
