import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { availableParallelism } from 'node:os';
import { DEFECTS } from './defects.ts';
import { planted } from './edits.ts';
import { hunt } from './hunt.ts';

/** Caught within these seeds, mostly by the first few, and far from each other; `npm run test:mutants` plants all of them. */
const QUICK = ['10000 is a reject', 'acknowledged before it is on disk', 'no reading after a reconnect'];
const SEEDS = 30;

test('every planted defect still has its place in the source', () => {
  for (const { name, edits } of DEFECTS) {
    for (const file of new Set(edits.map((edit) => edit.file))) {
      const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
      const own = edits.filter((edit) => edit.file === file);
      assert.notEqual(planted(source, own, file), source, name);
    }
  }
});

test('a text that is not there exactly once is refused', () => {
  const edits = [{ file: 'x', find: 'a', put: 'b' }];
  assert.throws(() => planted('none', edits, 'x'), /0 times/);
  assert.throws(() => planted('a or a', edits, 'x'), /2 times/);
  assert.equal(planted('one a', edits, 'x'), 'one b');
});

for (const name of QUICK) {
  test(`the simulator finds a planted defect within a few seeds: ${name}`, async () => {
    const defect = DEFECTS.find((one) => one.name === name);
    assert.ok(defect !== undefined);
    const found = await hunt(defect, SEEDS, availableParallelism());
    assert.notEqual(found.violation, null, `${found.seeds} seeds saw nothing`);
  });
}
