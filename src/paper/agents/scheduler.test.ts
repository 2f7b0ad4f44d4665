import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnixMs } from '../../domain/ids.ts';
import { steppedClock } from '../clocks.ts';
import { Scheduler } from './scheduler.ts';

const scheduled = () => {
  const clock = steppedClock(0 as UnixMs);
  const timers: number[] = [];
  const counted = {
    ...clock,
    after: (ms: number, run: () => void) => {
      timers.push(clock.now() + ms);
      return clock.after(ms, run);
    },
  };
  const scheduler = new Scheduler(counted, 10);
  const ran: string[] = [];
  const add = (name: string, delay: number, pauses: readonly number[] = []): void => {
    const left = [...pauses];
    scheduler.add({ run: (now) => (ran.push(`${name}@${now}`), left.shift() ?? null) }, delay);
  };
  const step = async (ms: number) => clock.step?.(ms);
  return { scheduler, timers, ran, add, step };
};

test('turns come in order of time, at whole slots, and what falls into one slot costs one timer', async () => {
  const { add, ran, timers, step } = scheduled();
  for (const [name, delay] of [['c', 31], ['a', 4], ['b', 9], ['d', 39]] as const) add(name, delay); // biome-ignore format: a row
  timers.length = 0;
  await step(100);
  assert.deepEqual(ran, ['a@10', 'b@10', 'c@40', 'd@40']);
  assert.deepEqual(timers, [40], 'one wake-up for both slots that were left');
});

test('a turn that asks for another gets it, one that does not is gone', async () => {
  const { add, ran, step } = scheduled();
  add('again', 1, [10, 25]);
  add('once', 1);
  await step(200);
  assert.deepEqual(ran, ['again@10', 'once@10', 'again@20', 'again@50']);
});

test('an earlier turn that comes in late is not kept waiting, and cleared ones never come', async () => {
  const { scheduler, add, ran, step } = scheduled();
  add('late', 500);
  add('early', 5);
  await step(100);
  assert.deepEqual(ran, ['early@10']);
  scheduler.clear();
  await step(1000);
  assert.equal(ran.length, 1);
  add('new', 5);
  await step(10);
  assert.equal(ran.at(-1), 'new@1110');
});

test('hundreds of turns come out sorted', async () => {
  const { add, ran, step } = scheduled();
  for (let i = 0; i < 500; i += 1) add(`${i}`, (i * 7919) % 4000);
  await step(5000);
  const times = ran.map((one) => Number(one.split('@')[1]));
  assert.equal(times.length, 500);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
});
