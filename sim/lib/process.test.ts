import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIM_START } from './virtual-clock.ts';
import { Sim } from './sim.ts';

test('the timers of a killed process never fire, nor those that its code still sets', async () => {
  const sim = new Sim(1);
  const { process } = sim.start('gateway');
  let fired = 0;
  const tick = (): void => {
    fired += 1;
    process.clock.after(10, tick);
  };
  process.clock.after(10, tick);
  await sim.clock.runFor(35);
  assert.equal(fired, 3);
  process.kill();
  process.kill();
  process.clock.after(1, tick);
  await sim.clock.runFor(100);
  assert.equal(fired, 3);
  assert.equal(process.alive, false);
});

test('a process can die in the middle of its own code: what it does after that has no effect', async () => {
  const sim = new Sim(1);
  const { process } = sim.start('gateway');
  const seen: string[] = [];
  process.clock.after(1, () => {
    process.clock.after(1, () => seen.push('timer set before'));
    process.kill();
    process.clock.after(1, () => seen.push('timer set after'));
    process.enter(() => seen.push('entered'));
  });
  await sim.clock.runFor(10);
  assert.deepEqual(seen, []);
});

test('what comes for a paused process waits, and comes in order, each in a turn of its own', async () => {
  const sim = new Sim(1);
  const { process } = sim.start('gateway');
  const seen: string[] = [];
  process.clock.after(1, () => {
    void Promise.resolve().then(() => seen.push('microtask of 1'));
    seen.push('1');
  });
  process.clock.after(2, () => seen.push('2'));
  const cancelled = process.clock.after(3, () => seen.push('3'));
  process.pause();
  await sim.clock.runFor(50);
  assert.equal(seen.length, 0);
  process.resume();
  cancelled.cancel();
  process.enter(() => seen.push('new'));
  await sim.clock.runFor(1);
  assert.deepEqual(seen, ['1', 'microtask of 1', '2', 'new']);
});

test('a paused process that is killed does nothing when it would have been resumed', async () => {
  const sim = new Sim(1);
  const { process } = sim.start('gateway');
  process.clock.after(1, () => assert.fail('fired'));
  process.pause();
  await sim.clock.runFor(5);
  process.kill();
  await sim.clock.runFor(5);
});

test('a wall clock can step and drift; timers and monotonic time do not', async () => {
  const sim = new Sim(1);
  const { process } = sim.start('gateway');
  let firedAt = 0;
  process.clock.after(1_000, () => {
    firedAt = process.clock.monotonic();
  });
  process.stepClock(-5_000);
  assert.equal(process.clock.now(), SIM_START - 5_000);
  process.driftClock(200);
  await sim.clock.runFor(10_000);
  assert.equal(process.clock.now(), SIM_START - 5_000 + 10_000 + 2);
  process.driftClock(0);
  await sim.clock.runFor(10_000);
  assert.equal(process.clock.now(), SIM_START - 5_000 + 20_000 + 2);
  assert.equal(firedAt, 1_000);
});

test('a name runs once at a time; each life has chance of its own, the same for the same seed', () => {
  const sim = new Sim(7);
  const first = sim.start('gateway');
  assert.throws(() => sim.start('gateway'), /is running/);
  first.process.kill();
  const second = sim.start('gateway');
  const draws = [first, second].map(({ process }) => process.rng.uint32());
  assert.notEqual(draws[0], draws[1]);
  assert.equal(second.process.address, first.process.address);
  assert.equal(new Sim(7).start('gateway').process.rng.uint32(), draws[0]);
});
