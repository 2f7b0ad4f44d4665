import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnixMs } from '../domain/ids.ts';
import { exchangeClock, steppedClock } from './clocks.ts';

const at = (ms: number) => ms as UnixMs;

test('a stepped clock stands still, then runs what is due in order, timers made on the way included', async () => {
  const clock = steppedClock(at(1000));
  const seen: string[] = [];
  const note = (name: string) => () => seen.push(`${name}@${clock.now()}`);
  clock.after(50, note('late'));
  clock.after(20, () => {
    note('early')();
    clock.after(10, note('nested'));
  });
  const dropped = clock.after(30, note('dropped'));
  dropped.cancel();
  dropped.cancel();
  assert.equal(clock.now(), 1000);
  await clock.step?.(50);
  assert.deepEqual(seen, ['early@1020', 'nested@1030', 'late@1050']);
  assert.equal(clock.now(), 1050);
});

test('a stepped clock waits for work that a timer began', async () => {
  const clock = steppedClock(at(0));
  const seen: number[] = [];
  const work = async (): Promise<void> => {
    for (let i = 0; i < 50; i += 1) await Promise.resolve();
    clock.after(10, () => seen.push(clock.now()));
  };
  clock.after(10, () => clock.hold(work()));
  await clock.step?.(25);
  assert.deepEqual(seen, [20]);
});

test('a scaled clock runs faster, from where the journal stopped', async () => {
  const base = steppedClock(at(5000));
  const clock = exchangeClock({ scale: 10 }, base, at(9000));
  let fired = 0;
  clock.after(1000, () => {
    fired = clock.now();
  });
  await base.step?.(100);
  assert.equal(clock.now(), 10_000);
  assert.equal(fired, 10_000);
  assert.equal(clock.step, null);
});

test('the time of an exchange never goes back behind its journal', async () => {
  const base = steppedClock(at(5000));
  const clock = exchangeClock('wall', base, at(5300));
  assert.equal(clock.now(), 5300);
  await base.step?.(400);
  assert.equal(clock.now(), 5400);
});
