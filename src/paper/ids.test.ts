import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnixMs } from '../domain/ids.ts';
import { seededRng } from '../ports/rng.ts';
import { idBase, makeId } from './ids.ts';

const base = idBase(1_733_011_200_000 as UnixMs, seededRng(1));

test('spot ids are 19-digit numbers, other ids UUIDs', () => {
  assert.match(makeId('spot', { base, counter: 1 }), /^\d{19}$/);
  assert.match(
    makeId('linear', { base, counter: 1 }),
    /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
  );
  assert.match(makeId('spot', { base: idBase(5 as UnixMs, seededRng(1)), counter: 1 }), /^\d{19}$/);
});

test('no id comes twice, also not from an exchange that was opened a millisecond later', () => {
  const later = idBase(1_733_011_200_001 as UnixMs, seededRng(1));
  for (const category of ['spot', 'linear'] as const) {
    const ids = new Set<string>();
    for (let counter = 0; counter < 5000; counter += 1) {
      ids.add(makeId(category, { base, counter }));
      ids.add(makeId(category, { base: later, counter }));
    }
    assert.equal(ids.size, 10_000);
  }
});
