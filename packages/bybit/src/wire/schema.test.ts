import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  array,
  decimal,
  flag,
  integer,
  millis,
  name,
  object,
  oneOf,
  orNull,
  parse,
  partial,
  record,
  rows,
  text,
} from './schema.ts';

const side = oneOf('side', ['Buy', 'Sell']);
const row = object({ id: name, side, qty: decimal, price: orNull(decimal), at: millis });
const good = { id: 'a', side: 'Buy', qty: '0.10', price: '', at: '1700000000000' };

const value = <T>(parsed: ReturnType<typeof parse<T>>): T => {
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error);
  return parsed.value.value;
};

test('decimals stay text, times become numbers, nothing becomes null, extra fields are dropped', () => {
  assert.deepEqual(value(parse(row, { ...good, extra: 1 })), {
    id: 'a',
    side: 'Buy',
    qty: '0.10',
    price: null,
    at: 1_700_000_000_000,
  });
});

test('an absent field is null where it may be, an error where it must not', () => {
  const { price: _price, ...withoutPrice } = good;
  assert.equal(value(parse(row, withoutPrice)).price, null);
  const { qty: _qty, ...withoutQty } = good;
  const parsed = parse(row, withoutQty);
  assert.ok(!parsed.ok);
  assert.match(parsed.error, /^qty: expected a decimal as text, got nothing/);
});

test('a word that is not known is an explicit variant and is reported, never a default', () => {
  const parsed = parse(row, { ...good, side: 'Both' });
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.value.value.side, { unrecognised: 'Both' });
  assert.deepEqual(parsed.value.unrecognised, ['side=Both']);
});

test('a bad row is kept apart with its reason, the others go on', () => {
  const listed = value(parse(rows(row), [good, { ...good, qty: 5 }, { ...good, id: 'c' }, null]));
  assert.deepEqual(
    listed.rows.map(({ id }) => id),
    ['a', 'c'],
  );
  assert.deepEqual(
    listed.unreadable.map(({ index, reason }) => [index, reason]),
    [
      [1, 'qty: expected a decimal as text, got 5'],
      [3, 'expected an object, got null'],
    ],
  );
  assert.equal(listed.unreadable[0]?.text, JSON.stringify({ ...good, qty: 5 }));
});

test('the place of a failure is named from the outside in', () => {
  const nested = object({ filter: object({ steps: array(object({ size: decimal })) }) });
  const parsed = parse(nested, { filter: { steps: [{ size: '1' }, { size: 'x' }] } });
  assert.ok(!parsed.ok);
  assert.equal(parsed.error, 'filter.steps.1.size: expected a decimal, got "x"');
});

test('partial keeps only what is there: absent is not the same as empty', () => {
  const ticker = partial({ last: orNull(decimal), mark: orNull(decimal) });
  assert.deepEqual(value(parse(ticker, { last: '', other: 1 })), { last: null });
});

test('numbers that are no whole numbers, or too large for a float64, are refused', () => {
  for (const bad of [1.5, '1.5', 2 ** 53, 'x', null, true]) assert.ok(!parse(integer, bad).ok, String(bad));
  assert.equal(value(parse(integer, '42')), 42);
  assert.ok(!parse(millis, -1).ok);
});

test('nothing but the right JSON type passes', () => {
  assert.ok(!parse(text, 1).ok);
  assert.ok(!parse(flag, 'true').ok);
  assert.ok(!parse(name, '').ok);
  assert.ok(!parse(side, 1).ok);
  assert.ok(!parse(rows(row), {}).ok);
  assert.ok(!parse(row, []).ok);
});

test('a map cannot touch the prototype', () => {
  const parsed = value(parse(record(text), JSON.parse('{"a":"1","__proto__":"2"}')));
  assert.deepEqual(Object.keys(parsed), ['a']);
});
