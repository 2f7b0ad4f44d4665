import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RollingWindow } from './rolling-window.ts';

test('instants count until the window has passed over them', () => {
  const window = new RollingWindow(1_000);
  for (const at of [0, 100, 200]) window.record(at);
  assert.equal(window.count(999), 3);
  assert.equal(window.count(1_000), 2);
  assert.equal(window.freeAt(2, 1_000), 1_100);
  assert.equal(window.freeAt(3, 1_000), 1_000);
  assert.equal(window.count(1_200), 0);
});

test('it counts as a list of instants does, and says exactly when it is free', () => {
  const steps = fc.array(fc.record({ pause: fc.nat(120), limit: fc.integer({ min: 1, max: 40 }) }), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (sequence) => {
      const window = new RollingWindow(500);
      const all: number[] = [];
      let now = 0;
      const within = (at: number): number => all.filter((instant) => instant > at - 500 && instant <= at).length;
      for (const { pause, limit } of sequence) {
        now += pause;
        window.record(now);
        all.push(now);
        assert.equal(window.count(now), within(now));
        const freeAt = window.freeAt(limit, now);
        assert.ok(within(freeAt) < limit);
        if (freeAt > now) assert.ok(all.filter((instant) => instant > freeAt - 501).length >= limit);
      }
    }),
  );
});
