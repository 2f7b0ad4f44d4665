import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PageIndex } from './page-index.ts';
import { NIL } from './slot-table.ts';

const step = fc.record({ remove: fc.boolean(), key: fc.nat(400) });

test('names the page just below a new one, whatever came and went before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600, size: 'max' }), (steps) => {
      const index = new PageIndex();
      const model = new Set<number>();
      for (const { remove, key } of steps) {
        if (remove) {
          if (model.delete(key)) index.remove(key);
        } else if (!model.has(key)) {
          const below = Math.max(NIL, ...[...model].filter((other) => other < key));
          // A page's number is its key here, so that the neighbour is known by it.
          assert.equal(index.insert(key, key), below);
          model.add(key);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('stays sorted through ten thousand pages in any order', () => {
  const index = new PageIndex();
  const keys = Array.from({ length: 10_000 }, (_, at) => (at * 7_919) % 10_007);
  for (const key of keys) index.insert(key * 2, key);
  const odd = [...keys].sort((a, b) => b - a);
  for (const key of odd) {
    assert.equal(index.insert(key * 2 + 1, -2), key);
    index.remove(key * 2 + 1);
  }
});
