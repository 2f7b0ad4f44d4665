import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { UnixMs } from '../../../domain/ids.ts';
import { page, weekWindow } from './paging.ts';

type Row = Readonly<{ at: number; id: string }>;
const place = (row: Row) => row;

const rowsOf = (times: readonly number[]): Row[] =>
  [...times].sort((a, b) => b - a).map((at, i) => ({ at, id: `o-${i}` }));

test('following the cursor reads every row once, in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      (times, limit) => {
        const rows = rowsOf(times);
        const read: Row[] = [];
        let cursor: string | null = null;
        do {
          const cut: ReturnType<typeof page<Row>> = page(rows, limit, cursor, place);
          assert.ok(cut.ok);
          read.push(...cut.value.rows);
          cursor = cut.value.nextPageCursor;
        } while (cursor !== '');
        assert.deepEqual(read, rows);
      },
    ),
  );
});

test('rows that arrive in front of a page do not repeat what was read', () => {
  const rows = rowsOf([5, 4, 3, 2, 1]);
  const first = page(rows, 2, null, place);
  assert.ok(first.ok);
  const second = page([{ at: 9, id: 'new' }, ...rows], 2, first.value.nextPageCursor, place);
  assert.deepEqual(second.ok && second.value.rows, rows.slice(2, 4));
});

test('a page goes on where its last row has left the list', () => {
  const rows = rowsOf([5, 4, 3, 2, 1]);
  const first = page(rows, 2, null, place);
  assert.ok(first.ok);
  const second = page(
    rows.filter((row) => row.at !== 4),
    2,
    first.value.nextPageCursor,
    place,
  );
  assert.deepEqual(second.ok && second.value.rows.map((row) => row.at), [3, 2]);
});

test('a cursor is percent-encoded already and is taken back in either form', () => {
  const rows = rowsOf([5, 4, 3]);
  const first = page(rows, 1, null, place);
  assert.ok(first.ok);
  const cursor = first.value.nextPageCursor;
  assert.match(cursor, /%3A/);
  for (const form of [cursor, decodeURIComponent(cursor)]) {
    const next = page(rows, 1, form, place);
    assert.deepEqual(next.ok && next.value.rows.map((row) => row.at), [4]);
  }
  assert.equal(page(rows, 1, 'made up', place).ok, false);
});

const DAY = 86_400_000;
const NOW = (100 * DAY) as UnixMs;

test('a missing bound is seven days from the other', () => {
  const window = (start: number | null, end: number | null) =>
    weekWindow(start as UnixMs | null, end as UnixMs | null, NOW);
  assert.deepEqual(window(null, null), { ok: true, value: { from: 93 * DAY, to: NOW } });
  assert.deepEqual(window(10 * DAY, null), { ok: true, value: { from: 10 * DAY, to: 17 * DAY } });
  assert.deepEqual(window(null, 50 * DAY), { ok: true, value: { from: 43 * DAY, to: 50 * DAY } });
  assert.equal(window(10 * DAY, 17 * DAY).ok, true);
  assert.equal(window(10 * DAY, 17 * DAY + 1).ok, false);
  assert.equal(window(10 * DAY, 9 * DAY).ok, false);
});
