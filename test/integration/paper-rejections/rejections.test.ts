import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Bench } from './bench.ts';
import { CASES, LIMITS, problemOf, readLater, tryAll } from './cases.ts';
import { DOCUMENTED, UNREACHABLE } from './documented.ts';

const later = readLater();

describe('what the documentation says is refused, is refused with its code and its text', () => {
  let found: ReadonlyMap<string, string | null>;
  before(async () => {
    found = await tryAll();
  });
  for (const { what } of CASES.filter(({ what }) => !later.has(what))) {
    test(what, () => assert.equal(found.get(what), null));
  }
  test('what is marked as not refused like this yet is not', () => {
    const done = [...later].filter((what) => found.get(what) === null);
    assert.deepEqual(done, [], 'npm run conformance takes the marks away');
  });
});

describe('what is asked for too often is refused with its code and its text', () => {
  for (const one of LIMITS) {
    test(one.what, async () => {
      const bench = await Bench.open('bybit');
      await bench.scene.venue.advance(5_000, 5_000);
      assert.equal(await problemOf(one, bench), null);
      await bench.scene.venue.close();
    });
  }
});

test('the table is whole: every documented code has a case, or a reason why nothing brings it about', () => {
  const shown = new Set([...CASES, ...LIMITS].map(({ code }) => code));
  const documented = Object.keys(DOCUMENTED).map(Number);
  assert.deepEqual(
    documented.filter((code) => !shown.has(code) && !(code in UNREACHABLE)),
    [],
  );
  assert.deepEqual(
    Object.keys(UNREACHABLE).filter((code) => shown.has(Number(code))),
    [],
  );
  const titles = CASES.map(({ what }) => what);
  assert.deepEqual(
    titles.filter((title, index) => titles.indexOf(title) !== index),
    [],
  );
  assert.deepEqual(
    [...later].filter((title) => !titles.includes(title)),
    [],
  );
  assert.ok(CASES.length - later.size >= 150);
});
