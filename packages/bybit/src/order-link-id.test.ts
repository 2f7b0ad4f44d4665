import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newOrderLinkId } from './order-link-id.ts';
import { systemRng } from './node.ts';
import { linkIdProblem } from './rest/order-params.ts';

test('ids are what Bybit takes, with the prefix, and differ', () => {
  const ids = new Set(Array.from({ length: 1_000 }, () => newOrderLinkId(systemRng, 'desk-1_')));
  assert.equal(ids.size, 1_000);
  for (const id of ids) {
    assert.equal(linkIdProblem(id), null);
    assert.ok(id.startsWith('desk-1_') && id.length === 36);
  }
  assert.throws(() => newOrderLinkId(systemRng, 'no spaces'), RangeError);
  assert.throws(() => newOrderLinkId(systemRng, 'x'.repeat(21)), RangeError);
});
