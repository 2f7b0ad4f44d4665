import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BookSide } from './side.ts';

type Row = [price: number, size: number];

const columns = (rows: readonly Row[]): [Float64Array, Float64Array, number] => [
  Float64Array.from(rows, ([price]) => price),
  Float64Array.from(rows, ([, size]) => size),
  rows.length,
];
const levelsOf = (side: BookSide): Row[] =>
  Array.from({ length: side.count }, (_, n): Row => [side.priceAt(n), side.sizeAt(n)]);

test('levels come best first: bids fall, asks rise', () => {
  for (const [sign, sorted] of [
    [1, [3, 2, 1]],
    [-1, [1, 2, 3]],
  ] as const) {
    const side = new BookSide(sign);
    side.apply(
      ...columns([
        [2, 20],
        [3, 30],
        [1, 10],
      ]),
    );
    assert.deepEqual(
      levelsOf(side),
      sorted.map((price) => [price, price * 10]),
    );
    assert.ok(Number.isNaN(side.priceAt(3)));
    assert.ok(Number.isNaN(side.priceAt(-1)));
  }
});

test('any changes, at the touch, in the middle or far away, leave what a map would hold', () => {
  const row = fc.tuple(
    fc.oneof(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -5_000, max: 5_000 })),
    fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 })),
  );
  const batches = fc.array(fc.array(row, { maxLength: 80 }), { maxLength: 20 });
  fc.assert(
    fc.property(batches, fc.constantFrom(1 as const, -1 as const), fc.boolean(), (changes, sign, bestFirst) => {
      const side = new BookSide(sign);
      const map = new Map<number, number>();
      for (const change of changes) {
        const rows = bestFirst ? [...change].sort((a, b) => (b[0] - a[0]) * sign) : change;
        side.apply(...columns(rows));
        for (const [price, size] of rows) {
          if (size === 0) map.delete(price);
          else map.set(price, size);
        }
        assert.deepEqual(
          levelsOf(side),
          [...map].sort((a, b) => (b[0] - a[0]) * sign),
        );
      }
      for (const [price, size] of map) assert.equal(side.sizeOf(price), size);
      assert.equal(side.sizeOf(5_001), 0);
    }),
    { numRuns: 150 },
  );
});

test('a snapshot replaces everything, in whatever order it comes', () => {
  const side = new BookSide(-1);
  const rows = Array.from({ length: 3_000 }, (_, i): Row => [i + 1, i + 1]);
  side.replace(...columns(rows));
  assert.deepEqual(levelsOf(side), rows);
  side.replace(
    ...columns([
      [5, 1],
      [4, 1],
      [6, 0],
    ]),
  );
  assert.deepEqual(levelsOf(side), [
    [4, 1],
    [5, 1],
  ]);
});

test('a window that slides for ever stays within its arrays', () => {
  const side = new BookSide(1);
  side.replace(...columns(Array.from({ length: 500 }, (_, i): Row => [1_000 - i, 1])));
  for (let top = 1_001; top < 20_000; top++) {
    side.apply(
      ...columns([
        [top, 1],
        [top - 500, 0],
      ]),
    );
    assert.equal(side.count, 500);
  }
  assert.deepEqual([side.priceAt(0), side.priceAt(499)], [19_999, 19_500]);
});
