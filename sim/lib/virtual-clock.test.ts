import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InvariantError } from '../../src/domain/result.ts';
import { sleep } from '../../src/ports/clock.ts';
import { SIM_START, VirtualClock } from './virtual-clock.ts';

test('events run by time, ties in the order of planning, each seeing its own instant', async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const note = (name: string) => (): void => void seen.push(`${name} ${clock.monotonic()}`);
  clock.after(5, note('b'));
  clock.after(1.5, note('a'));
  clock.after(5, note('c'));
  clock.after(-3, note('first'));
  await clock.runUntil(4);
  assert.deepEqual(seen, ['first 0', 'a 1.5']);
  assert.equal(clock.monotonic(), 4);
  assert.equal(clock.now(), SIM_START + 4);
  await clock.runFor(1);
  assert.deepEqual(seen.slice(2), ['b 5', 'c 5']);
});

test('every microtask is drained before the next event, however long the chain', async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  clock.after(1, () => {
    void (async () => {
      for (let i = 0; i < 500; i += 1) await Promise.resolve().then(() => Promise.all([null, null]));
      queueMicrotask(() => void Promise.resolve().then(() => seen.push('chain')));
    })();
  });
  clock.after(1, () => seen.push('next'));
  await clock.runUntil(1);
  assert.deepEqual(seen, ['chain', 'next']);
});

test('microtasks that are pending when time is moved run before the first event', async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  clock.after(0, () => seen.push('event'));
  void Promise.resolve()
    .then(() => null)
    .then(() => seen.push('microtask'));
  await clock.step();
  assert.deepEqual(seen, ['microtask', 'event']);
});

test('nothing of the real world runs between two events', async () => {
  const clock = new VirtualClock();
  let real = 0;
  setTimeout(() => {
    real += 1;
  }, 0);
  const atEvents: number[] = [];
  for (let i = 0; i < 100; i += 1) clock.after(i, () => atEvents.push(real));
  await clock.runUntil(1_000);
  assert.ok(atEvents.every((count) => count === 0));
});

test('a cancelled timer never fires; thousands of them do not stay', async () => {
  const clock = new VirtualClock();
  const timers = Array.from({ length: 5_000 }, (_, i) => clock.after(10 + i, () => assert.fail('fired')));
  let fired = 0;
  clock.after(12, () => {
    fired += 1;
  });
  for (const timer of timers) timer.cancel();
  for (const timer of timers) timer.cancel();
  assert.equal(clock.pending, 1);
  await clock.runUntil(20_000);
  assert.equal(fired, 1);
  assert.equal(await clock.step(), false);
});

test('async code on the clock: sleeping takes virtual time alone', async () => {
  const clock = new VirtualClock();
  let hours = 0;
  void (async () => {
    for (; hours < 24; hours += 1) await sleep(clock, 3_600_000);
  })();
  const started = performance.now();
  await clock.runFor(25 * 3_600_000);
  assert.equal(hours, 24);
  assert.ok(performance.now() - started < 500);
});

test('observers look after each event, its microtasks done', async () => {
  const clock = new VirtualClock();
  let state = 0;
  const seen: number[] = [];
  clock.onStep(() => seen.push(state));
  clock.after(1, () => void Promise.resolve().then(() => (state = 1)));
  clock.after(2, () => void Promise.resolve().then(() => (state = 2)));
  await clock.runFor(5);
  assert.deepEqual(seen, [1, 2]);
});

test('runWhile stops when the condition ends, and says when it ran out of time or events', async () => {
  const clock = new VirtualClock();
  let count = 0;
  const tick = (): void => {
    count += 1;
    clock.after(10, tick);
  };
  tick();
  assert.equal(await clock.runWhile(() => count < 5, 1_000), true);
  assert.equal(clock.monotonic(), 40);
  assert.equal(await clock.runWhile(() => count < 1_000, 100), false);
});

test('time cannot be moved from inside an event, nor planned in the past; what an event throws is not swallowed', async () => {
  const clock = new VirtualClock();
  let nested: Promise<unknown> = Promise.resolve();
  clock.after(1, () => {
    nested = clock.step();
    nested.catch(() => {});
  });
  await clock.step();
  await assert.rejects(nested, InvariantError);
  assert.throws(() => clock.at(0, () => {}), InvariantError);
  clock.after(1, () => {
    throw new Error('bug');
  });
  await assert.rejects(clock.step(), /bug/);
});

test('any plans run sorted by time and order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.boolean()), { maxLength: 80 }),
      async (plans) => {
        const clock = new VirtualClock();
        const ran: number[] = [];
        plans.forEach(([at, cancelled], i) => {
          const timer = clock.after(at, () => ran.push(i));
          if (cancelled) timer.cancel();
        });
        await clock.runUntil(100);
        const expected = plans
          .map(([at, cancelled], i) => ({ at, cancelled, i }))
          .filter(({ cancelled }) => !cancelled)
          .sort((a, b) => a.at - b.at || a.i - b.i);
        assert.deepEqual(
          ran,
          expected.map(({ i }) => i),
        );
      },
    ),
    { numRuns: 60 },
  );
});
