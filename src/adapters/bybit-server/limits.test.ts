import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AddressGate, RateLimiter, RollingWindow, sameLimit } from './limits.ts';

test('never more than the limit are allowed within any window', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), gaps, (limit, steps) => {
      const window = new RollingWindow(limit, 1000);
      const accepted: number[] = [];
      let now = 0;
      for (const step of steps) {
        now += step;
        const inWindow = accepted.filter((at) => at > now - 1000).length;
        const budget = window.take(now);
        assert.equal(budget.allowed, inWindow < limit);
        if (budget.allowed) accepted.push(now);
        assert.equal(budget.remaining, limit - accepted.filter((at) => at > now - 1000).length);
      }
    }),
  );
});

test('an exceeded budget names the millisecond at which it is refilled', () => {
  const window = new RollingWindow(2, 1000);
  window.take(100);
  window.take(400);
  assert.deepEqual(window.take(500), { limit: 2, remaining: 0, resetAt: 1100, allowed: false });
  assert.equal(window.take(1099).allowed, false);
  assert.equal(window.take(1100).allowed, true);
});

test('a clock that is set back does not keep a budget taken for ever', () => {
  const window = new RollingWindow(1, 1000);
  window.take(5_000_000);
  assert.equal(window.take(1000).allowed, true);
});

test('linear and inverse share a budget, spot and options have their own', () => {
  const limiter = new RateLimiter('bybit');
  const endpoint = sameLimit('order.amend', 2);
  assert.equal(limiter.take('1', endpoint, 'linear', 0).allowed, true);
  assert.equal(limiter.take('1', endpoint, 'inverse', 0).allowed, true);
  assert.equal(limiter.take('1', endpoint, 'linear', 0).allowed, false);
  assert.equal(limiter.take('1', endpoint, 'spot', 0).allowed, true);
  assert.equal(limiter.take('2', endpoint, 'linear', 0).allowed, true);
});

test('a scale multiplies every budget and off counts nothing', () => {
  const scaled = new RateLimiter({ scale: 3 });
  for (let i = 0; i < 6; i += 1) assert.equal(scaled.take('1', sameLimit('x', 2), null, 0).allowed, true);
  assert.equal(scaled.take('1', sameLimit('x', 2), null, 0).allowed, false);
  const off = new RateLimiter('off');
  for (let i = 0; i < 50; i += 1) assert.equal(off.take('1', sameLimit('x', 2), null, 0).remaining, 2);
});

test('an address that asks more than 600 times in five seconds is refused for ten minutes', () => {
  const gate = new AddressGate(new RateLimiter('bybit'));
  for (let i = 0; i < 600; i += 1) assert.equal(gate.take('a', 1000).allowed, true);
  assert.equal(gate.take('a', 1000).allowed, false);
  assert.equal(gate.take('b', 1000).allowed, true);
  assert.equal(gate.take('a', 600_999).allowed, false);
  assert.equal(gate.take('a', 601_000).allowed, true);
});

test('what is held at a time has a limit of its own, scaled like the others', () => {
  assert.deepEqual(
    [999, 1000].map((held) => new RateLimiter('bybit').allowsHeld(held, 1000)),
    [true, false],
  );
  assert.equal(new RateLimiter({ scale: 0.01 }).allowsHeld(10, 1000), false);
  assert.equal(new RateLimiter('off').allowsHeld(5000, 1000), true);
});
