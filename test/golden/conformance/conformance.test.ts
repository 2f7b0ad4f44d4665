import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { type Comparison, compareEverything, PAGE } from './compare.ts';
import { hasGoldens } from './goldens.ts';
import { unasked } from './sockets.ts';
import { judge, readStates, regressions } from './table.ts';

const skip = hasGoldens ? false : 'the documented answers are not beside this repository';

describe('the exchange and the documentation', { skip }, () => {
  let found: Comparison;
  before(async () => {
    found = await compareEverything();
  });

  test('the page of conformance says what the exchange does', () => {
    const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '';
    const worse = regressions(readStates(page), found.rows);
    assert.deepEqual(worse, [], 'something conforms no longer');
    const [ours, shown] = [found.text.split('\n'), page.split('\n')];
    const changed = ours.filter((line) => !shown.includes(line));
    assert.ok(found.text === page, `run npm run conformance; these lines are new:\n${changed.join('\n')}`);
  });

  test('every difference that is excused is there', () => {
    assert.deepEqual(found.problems, []);
  });

  test('every documented message is asked for', () => {
    assert.deepEqual(unasked(), []);
  });
});

test('a row that conforms no longer is a regression, and an excuse without a difference a problem', () => {
  const finding = (differences: readonly string[]) =>
    ({ where: 'GET /x', category: '', name: 'x', scope: 'core', differences }) as const;
  const excuse = { kind: 'choice', reason: 'because', differences: ['a: missing'] } as const;
  const [excused] = judge([finding(['a: missing'])], { x: excuse }).rows;
  assert.deepEqual([excused?.state, excused?.why], ['differs by choice', 'because']);
  const [other] = judge([finding(['a: missing', 'b: missing'])], { x: excuse }).rows;
  assert.deepEqual([other?.state, other?.why], ['missing', 'b: missing']);
  assert.equal(judge([finding([])], { x: excuse }).problems.length, 1);
  const { rows } = judge([finding(['a: missing'])], {});
  const shown = '| `GET /x` |  | x | conforms |  |';
  assert.equal(regressions(readStates(shown), rows).length, 1);
  assert.equal(regressions(readStates(shown.replace('conforms', 'missing')), rows).length, 0);
});
