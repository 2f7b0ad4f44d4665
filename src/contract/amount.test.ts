import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, money } from '../domain/decimal.ts';
import type { Money } from '../domain/ids.ts';
import { amountOfNumber, amountOfText } from './amount.ts';
import { JsonNumber, parseJson } from './exact-json.ts';
import { printJson } from './print-json.ts';
import { BAD_AMOUNT_LITERALS, BAD_AMOUNT_TEXTS } from './testing/bad-numbers.ts';

const LIMIT = 10n ** 30n * 10n ** 18n;
/** Amounts that can be written with at most 30 digits. */
const amounts = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n) + 1n, max: 10n ** 30n - 1n }), fc.integer({ min: 0, max: 18 }))
  .map(([digits, scale]) => (digits * 10n ** BigInt(18 - scale)) as Money)
  .filter((value) => value > -LIMIT && value < LIMIT);

test('an amount survives printing and reading, as a number and as a string', () => {
  fc.assert(
    fc.property(amounts, (value) => {
      for (const decimals of ['number', 'string'] as const) {
        const parsed = parseJson(printJson(value, decimals));
        assert.ok(parsed.ok);
        const read =
          parsed.value instanceof JsonNumber ? amountOfNumber(parsed.value) : amountOfText(String(parsed.value));
        assert.deepEqual(read, { ok: true, value });
      }
    }),
    { numRuns: 500 },
  );
});

test('an exponent moves the point and changes nothing else', () => {
  const shifted = fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.integer({ min: -18, max: 15 }));
  fc.assert(
    fc.property(shifted, ([digits, power]) => {
      const read = amountOfNumber(new JsonNumber(`${digits}e${power}`));
      const exact = power >= 0 ? digits * 10n ** BigInt(power) * 10n ** 18n : digits * 10n ** BigInt(18 + power);
      assert.deepEqual(read, { ok: true, value: exact });
    }),
    { numRuns: 300 },
  );
});

test('digits that a binary float would lose are kept', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['0.1', '0.1'], ['0.30000000000000004', '0.30000000000000004'], ['9007199254740993', '9007199254740993'],
    ['123456789012.123456789012345678', '123456789012.123456789012345678'], ['1e-18', '0.000000000000000001'], ['1E2', '100'], ['1.50e1', '15'],
    ['100e-20', '0.000000000000000001'], ['999999999999999999999999999999', '999999999999999999999999999999'], ['1e29', `1${'0'.repeat(29)}`],
  ]; // biome-ignore format: a table
  for (const [literal, plain] of cases) {
    const read = amountOfNumber(new JsonNumber(literal));
    assert.ok(read.ok, literal);
    assert.equal(formatDecimal(read.value), plain);
  }
  assert.deepEqual(amountOfText('10.0'), { ok: true, value: money('10') });
});

test(`each of ${BAD_AMOUNT_TEXTS.length} texts that only resemble amounts is refused`, () => {
  for (const text of BAD_AMOUNT_TEXTS) assert.equal(amountOfText(text).ok, false, JSON.stringify(text.slice(0, 60)));
});

test(`each of ${BAD_AMOUNT_LITERALS.length} literals is refused as JSON or as an amount`, () => {
  for (const literal of BAD_AMOUNT_LITERALS) {
    const parsed = parseJson(literal);
    const refused = !parsed.ok || !(parsed.value instanceof JsonNumber) || !amountOfNumber(parsed.value).ok;
    assert.ok(refused, literal);
  }
});

test('long and repetitive texts are refused at once', () => {
  for (const text of ['1'.repeat(100_000), '1.'.repeat(50_000), '-'.repeat(100_000), `0.${'0'.repeat(100_000)}`]) {
    const begin = performance.now();
    assert.equal(amountOfText(text).ok, false);
    assert.equal(amountOfNumber(new JsonNumber(text)).ok, false);
    assert.ok(performance.now() - begin < 5);
  }
});
