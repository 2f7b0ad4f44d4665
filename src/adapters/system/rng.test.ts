import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uniform } from '../../ports/rng.ts';
import { systemRng } from './rng.ts';

test('draws are 32-bit integers, evenly spread, and do not repeat', () => {
  const rng = systemRng();
  const draws = Array.from({ length: 5_000 }, () => rng.uint32());
  assert.ok(draws.every((draw) => Number.isInteger(draw) && draw >= 0 && draw < 2 ** 32));
  assert.ok(new Set(draws).size > 4_990);
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length / 2 ** 32;
  assert.ok(mean > 0.45 && mean < 0.55);
  assert.ok(uniform(rng) < 1);
});

test('bytes have the length asked for', () => {
  const rng = systemRng();
  assert.equal(rng.bytes(0).length, 0);
  assert.equal(rng.bytes(32).length, 32);
  assert.notDeepEqual(rng.bytes(32), rng.bytes(32));
});
