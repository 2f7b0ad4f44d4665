import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  isJsonObject,
  JsonNumber,
  type JsonValue,
  MAX_DEPTH,
  MAX_ELEMENTS,
  MAX_KEYS,
  parseJson,
} from './exact-json.ts';
import { printJson } from './print-json.ts';

/** What JSON.parse would have made of it; for literals that a float64 holds. */
function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return Number(value.text);
  if (Array.isArray(value)) return value.map(plain);
  if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return value;
}

const problemOf = (text: string) => {
  const parsed = parseJson(text);
  assert.equal(parsed.ok, false, text.slice(0, 80));
  return parsed.ok ? null : parsed.error;
};

test('what JSON.stringify writes is read as JSON.parse reads it', () => {
  const value = fc
    .jsonValue({ maxDepth: 6, noUnicodeString: false })
    .filter((one) => JSON.stringify(one).isWellFormed());
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 2, '\t'), (one, indent) => {
      const text = JSON.stringify(one, null, indent);
      if (text.includes('"__proto__"')) return;
      const parsed = parseJson(text);
      assert.ok(parsed.ok);
      assert.deepEqual(plain(parsed.value), JSON.parse(text));
    }),
    { numRuns: 300 },
  );
});

test('printing what was read gives the same digits back', () => {
  const digits = fc.stringMatching(/^-?(?:0|[1-9][0-9]{0,25})(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,3})?$/);
  fc.assert(
    fc.property(digits, (literal) => {
      const parsed = parseJson(`{"a":[${literal}]}`);
      assert.ok(parsed.ok);
      assert.equal(printJson(parsed.value, 'number'), `{"a":[${literal}]}`);
    }),
    { numRuns: 300 },
  );
});

test('text that no JSON parser accepts is refused, and what JSON.parse refuses is refused here', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[],:"\\ 0123456789eE+-.truefalsn\u0000\n') }), (text) => {
      const mine = parseJson(text).ok;
      const theirs = accepts(text);
      if (mine) assert.ok(theirs, text);
      if (theirs && !mine) assert.match(text, /"(.*)".*"\1"/s); // duplicate keys only
    }),
    { numRuns: 2000 },
  );
});

function accepts(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('a problem names the field and the place', () => {
  assert.deepEqual(problemOf('{"routing":{"venues":["bybit", NaN]}}'), {
    path: 'routing.venues[1]', at: 31, problem: '"NaN" is not a JSON value', allowed: 'a JSON value',
  }); // biome-ignore format: one line
  assert.equal(problemOf('{"quantity": 1_000}')?.path, 'quantity');
  assert.match(problemOf('{"quantity": 0x10}')?.problem ?? '', /"0x10" is not a JSON number/);
});

test('duplicate keys are refused at any depth', () => {
  assert.deepEqual(problemOf('{"a":{"price":1,"price":2}}')?.path, 'a.price');
  assert.equal(problemOf('{"a":1,"\\u0061":2}')?.problem, 'is there twice');
});

test('objects have no prototype and __proto__ is refused', () => {
  assert.equal(problemOf('{"__proto__":{"polluted":true}}')?.path, '__proto__');
  assert.equal(problemOf('{"a":{"\\u005f_proto__":1}}')?.path, 'a.__proto__');
  const parsed = parseJson('{"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":2}');
  assert.ok(parsed.ok && isJsonObject(parsed.value));
  assert.equal(Object.getPrototypeOf(parsed.value), null);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});

test('limits hold at their edge', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  assert.ok(parseJson(nested(MAX_DEPTH)).ok);
  assert.match(problemOf(nested(MAX_DEPTH + 1))?.problem ?? '', /nested/);
  assert.match(problemOf('['.repeat(100_000))?.problem ?? '', /nested/);
  const keys = (count: number) => `{${Array.from({ length: count }, (_, at) => `"k${at}":1`).join(',')}}`;
  assert.ok(parseJson(keys(MAX_KEYS)).ok);
  assert.match(problemOf(keys(MAX_KEYS + 1))?.problem ?? '', /too many fields/);
  const list = (count: number) => `[${Array.from({ length: count }, () => 1).join(',')}]`;
  assert.ok(parseJson(list(MAX_ELEMENTS)).ok);
  assert.match(problemOf(list(MAX_ELEMENTS + 1))?.problem ?? '', /too many elements/);
});

test('half of a surrogate pair is refused, a whole pair is read', () => {
  assert.match(problemOf('"\\ud800"')?.problem ?? '', /surrogate/);
  assert.match(problemOf('{"a":"x\\udc00y"}')?.problem ?? '', /surrogate/);
  assert.deepEqual(parseJson('"\\ud83d\\ude00"'), { ok: true, value: '😀' });
});

test('adversarial texts of 64 KiB are refused or read without delay', () => {
  const texts = [
    '"'.padEnd(65_000, '\\"'),
    '1'.repeat(65_000),
    `-${'0'.repeat(65_000)}`,
    '{"a":'.repeat(13_000),
    `"${'a'.repeat(65_000)}"`,
    ' '.repeat(65_000),
  ];
  for (const text of texts) {
    const begin = performance.now();
    parseJson(text);
    assert.ok(performance.now() - begin < 50);
  }
});
