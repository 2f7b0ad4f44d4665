import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeText, encodeText } from './codec.ts';

const leaves = fc.oneof(
  fc.bigInt({ min: -(10n ** 45n), max: 10n ** 45n }),
  fc.string(),
  fc.constantFrom('#', '##', '#1.5', '__proto__'),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const records = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaves, fc.array(tie('value')), fc.dictionary(fc.constantFrom('a', 'b', 'qty'), tie('value'), { noNullPrototype: true })),
})).value; // biome-ignore format: one expression

test('what is written is read back, amounts exact and marks escaped', () => {
  fc.assert(
    fc.property(records, (value) => {
      assert.deepEqual(decodeText(encodeText({ value })), { value });
    }),
  );
});

test('amounts are readable by people', () => {
  assert.equal(encodeText({ qty: 1_500_000_000_000_000_000n }), '{"qty":"#1.5"}');
});

test('a Map would be lost silently, so it is refused', () => {
  assert.throws(() => encodeText({ map: new Map() }), /plain objects only/);
});
