import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Figure, lineOf, ratioOf } from './figure.ts';

const speed: Figure = { metric: 'ops_per_s', case: 'book', value: 7_123_456, unit: '1/s', better: 'higher' };

test('a ratio above 1 means that we are better, whichever way is good', () => {
  assert.equal(ratioOf({ ...speed, value: 10, peer: { name: 'x', value: 2 } }), 5);
  assert.equal(ratioOf({ ...speed, better: 'lower', value: 10, peer: { name: 'x', value: 2 } }), 0.2);
  assert.equal(ratioOf(speed), null);
});

test('a line has the fields that programs read, and no peer where there is none', () => {
  assert.equal(
    lineOf('matching', { ...speed, peer: { name: 'slow', value: 71_234 } }),
    '{"bench":"matching","metric":"ops_per_s","case":"book","value":7123000,"unit":"1/s","peer":"slow","peer_value":71230,"ratio":100}',
  );
  assert.equal(
    lineOf('matching', speed),
    '{"bench":"matching","metric":"ops_per_s","case":"book","value":7123000,"unit":"1/s"}',
  );
});
