import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './ratchet.ts';
import { RULES, untidy } from './tidy.ts';

/** For each rule: a file and a line that it must catch, and one that it must leave alone. */
const CASES: Readonly<Record<string, readonly [caught: readonly [string, string], fine: readonly [string, string]]>> = {
  todo: [
    ['src/oms/a.ts', '// TODO later'],
    ['src/oms/a.ts', '// TODO 001-37: slices'],
  ],
  clock: [
    ['src/risk/a.ts', 'const at = Date.now();'],
    ['src/adapters/system/clock.ts', 'const at = Date.now();'],
  ],
  chance: [
    ['src/risk/a.ts', 'Math.random()'],
    ['src/app/cli.ts', 'Math.random()'],
  ],
  environment: [
    ['src/adapters/http/a.ts', 'process.env.PORT'],
    ['src/app/config.ts', 'process.env'],
  ],
  'silenced-type': [
    ['sim/a.ts', '// @ts-ignore'],
    ['sim/a.ts', '// @ts-expect-error: the body is wrong on purpose'],
  ],
  only: [
    ['test/a.test.ts', "test.only('x', () => 1)"],
    ['test/a.test.ts', "test('only one', () => 1)"],
  ],
  'empty-catch': [
    ['src/app/a.ts', 'try { go(); } catch (error) {}'],
    ['src/app/a.ts', 'try { go(); } catch { /* gone already */ }'],
  ],
  'machine-path': [
    ['docs/a.md', 'see /work/main'],
    ['docs/a.md', 'see docs/work/main'],
  ],
  'shared-folder': [
    ['src/app/a.ts', "'../shared/bybit'"],
    ['test/golden/a.ts', "'../shared/bybit'"],
  ],
  spelling: [
    ['src/oms/a.ts', "status === 'cancelled'"],
    ['src/adapters/bybit/map.ts', "status === 'cancelled'"],
  ],
};

test('every tidy rule catches what it is for and leaves the rest alone', () => {
  assert.deepEqual(
    Object.keys(CASES),
    RULES.map(({ name }) => name),
  );
  for (const [name, [caught, fine]] of Object.entries(CASES)) {
    assert.match(untidy(...caught).join('\n'), new RegExp(` ${name}: `), `${name} misses: ${caught[1]}`);
    assert.deepEqual(untidy(...fine), [], `${name} catches: ${fine[1]}`);
  }
});

test('a file named after nothing is untidy', () => {
  assert.equal(untidy('src/oms/utils.ts', '').length, 1);
  assert.equal(untidy('src/oms/order-helpers.ts', '').length, 1);
  assert.equal(untidy('src/oms/commons.ts', '').length, 0);
});

test('recorded lengths only fall', () => {
  assert.deepEqual(compare({ a: 90 }, { a: 90 }, 70), []);
  assert.match(compare({ a: 91 }, { a: 90 }, 70).join(), /at most 90/);
  assert.match(compare({ a: 71 }, {}, 70).join(), /at most 70/);
  assert.match(compare({ a: 80 }, { a: 90 }, 70).join(), /shrank from 90/);
  assert.match(compare({}, { a: 90 }, 70).join(), /shrank from 90/);
});
