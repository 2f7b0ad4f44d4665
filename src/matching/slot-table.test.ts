import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NIL, SlotTable } from './slot-table.ts';

const KEYS = 64;

/** Keys that are far apart, near each other, past 2^32 and at the end of the integers. */
const keys = Float64Array.from({ length: KEYS }, (_, slot) =>
  slot < 32 ? slot : slot < 48 ? 2 ** 32 * slot : slot < 60 ? 2 ** 40 + slot : Number.MAX_SAFE_INTEGER - slot,
);
const step = fc.record({ remove: fc.boolean(), slot: fc.nat(KEYS - 1) });

test('finds exactly what was entered and not taken out, like a Map', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const table = new SlotTable(keys, 1);
      const model = new Map<number, number>();
      for (const { remove, slot } of steps) {
        const key = keys[slot] as number;
        if (!remove) assert.equal(table.claim(key, slot), !model.has(key));
        else if (model.has(key)) table.remove(key, slot);
        if (remove) model.delete(key);
        else model.set(key, slot);
      }
      for (const key of keys) assert.equal(table.find(key), model.get(key) ?? NIL);
    }),
  );
});

test('keys of one home cell stay findable when some of them go', () => {
  // A table of 2^8 cells takes the upper 8 bits of key × 0x9e3779b1: these keys share them.
  const home = (key: number): number => Math.imul(key, 0x9e37_79b1) >>> 24;
  const colliding = Array.from({ length: 40_000 }, (_, key) => key).filter((key) => home(key) === 7);
  const together = Float64Array.from(colliding.slice(0, 40));
  const table = new SlotTable(together, 1);
  for (const [slot, key] of together.entries()) table.claim(key, slot);
  for (const [slot, key] of together.entries()) if (slot % 3 === 0) table.remove(key, slot);
  for (const [slot, key] of together.entries()) assert.equal(table.find(key), slot % 3 === 0 ? NIL : slot);
});

test('grows and keeps what it has', () => {
  const many = Float64Array.from({ length: 20_000 }, (_, slot) => slot * 3 + 1);
  const table = new SlotTable(many, 1);
  for (const [slot, key] of many.entries()) assert.ok(table.claim(key, slot));
  for (const [slot, key] of many.entries()) assert.equal(table.find(key), slot);
  assert.equal(table.find(2), NIL);
});

test('taking out what is not in it is a bug that stops', () => {
  assert.throws(() => new SlotTable(keys, 1).remove(5, 5), /the key is in the table/);
});
