import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { UnixMs } from '../domain/ids.ts';
import { isoTime, readTime } from './time.ts';

test('times print and read as ISO 8601 over ten thousand years', () => {
  const ms = fc.integer({ min: Date.UTC(0, 0, 1) - 1899 * 365 * 86_400_000, max: 253_402_300_799_999 });
  fc.assert(
    fc.property(ms, (at) => {
      const text = new Date(at).toISOString();
      assert.equal(isoTime(at as UnixMs), text);
      assert.equal(readTime(text), at);
    }),
    { numRuns: 1000 },
  );
});

test('zones, missing seconds, bare dates and epoch milliseconds are read', () => {
  assert.equal(readTime('2024-01-31T23:59:59Z'), Date.UTC(2024, 0, 31, 23, 59, 59));
  assert.equal(readTime('2024-02-29T01:30+03:00'), Date.UTC(2024, 1, 28, 22, 30));
  assert.equal(readTime('2024-02-29'), Date.UTC(2024, 1, 29));
  assert.equal(readTime('2024-02-29T00:00:00.123456789Z'), Date.UTC(2024, 1, 29, 0, 0, 0, 123));
  assert.equal(readTime('1733011200000'), 1733011200000);
});

test('what is no time, or could be two, is refused', () => {
  const bad = ['', '2023-02-29T00:00:00Z', '2024-13-01T00:00:00Z', '2024-00-01', '2024-01-00', '2024-01-01T24:00:00Z', '2024-01-01T00:00:00',
    '2024-01-01 00:00:00Z', '1733011200', '1733011200.5', '-1733011200000', '2024-1-1', '01/02/2024', 'now', '2024-01-01T00:00:60Z',
    '2024-01-01T00:00:00+15:00', '２０２４-01-01', '2024-01-01T00:00:00z', '9'.repeat(1000)]; // biome-ignore format: a table
  for (const text of bad) assert.equal(readTime(text), null, text);
});
