import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BookMessage } from './message.ts';

const PRICE = { scale: 2, divisor: 1 };
const SIZE = { scale: 3, divisor: 1 };
const message = new BookMessage();
const read = (text: string): boolean => message.read(text, PRICE, SIZE);
const rowsOf = (side: 'bids' | 'asks'): number[][] =>
  Array.from({ length: message[side].count }, (_, i) => [message[side].prices[i]!, message[side].sizes[i]!]);

const TEXT =
  '{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1687940967466,"data":{"s":"BTCUSDT","b":[["30247.20","30.028"],["30240.00","0"]],"a":[],"u":177400507,"seq":66544703342},"cts":1687940967464}';

test('the documented message is read without JSON.parse', () => {
  assert.ok(read(TEXT));
  assert.equal(message.isSnapshot, false);
  assert.deepEqual(
    [message.ts, message.cts, message.u, message.seq],
    [1_687_940_967_466, 1_687_940_967_464, 177_400_507, 66_544_703_342],
  );
  assert.deepEqual(rowsOf('bids'), [
    [3_024_720, 30_028],
    [3_024_000, 0],
  ]);
  assert.deepEqual(rowsOf('asks'), []);
});

test('keys may come in any order', () => {
  const keys = fc.shuffledSubarray(['topic', 'type', 'ts', 'data', 'cts'], { minLength: 5 });
  const inner = fc.shuffledSubarray(['s', 'b', 'a', 'u', 'seq'], { minLength: 5 });
  const parsed = JSON.parse(TEXT) as Record<string, Record<string, unknown>>;
  fc.assert(
    fc.property(keys, inner, (outerKeys, innerKeys) => {
      const data = Object.fromEntries(innerKeys.map((key) => [key, parsed['data']![key]]));
      const shuffled = Object.fromEntries(outerKeys.map((key) => [key, key === 'data' ? data : parsed[key]]));
      assert.ok(read(JSON.stringify(shuffled)));
      assert.equal(message.u, 177_400_507);
      assert.deepEqual(rowsOf('bids'), [
        [3_024_720, 30_028],
        [3_024_000, 0],
      ]);
    }),
  );
});

test('whatever is cut off, spaced, escaped or of another kind is declined, never misread', () => {
  for (let end = 0; end < TEXT.length; end++) assert.equal(read(TEXT.slice(0, end)), false, TEXT.slice(0, end));
  const declined = [
    TEXT.replace('"type":', '"type": '),
    TEXT.replace('BTCUSDT","type', 'BTC\\"USDT","type'),
    TEXT.replace('["30247.20"', '[30247.20'),
    TEXT.replace('30.028', '3e1'),
    TEXT.replace('30.028', ''),
    TEXT.replace('30.028', '.5'),
    TEXT.replace('30.028', '5.'),
    TEXT.replace('"delta"', '"other"'),
    TEXT.replace('177400507', '-1'),
    TEXT.replace('177400507', '1.5'),
    TEXT.replace('177400507', '99999999999999999999'),
    TEXT.replace('"u":177400507,', ''),
    TEXT.replace('"0"]', '"0","1"]'),
    `${TEXT}x`,
  ];
  for (const text of declined) assert.equal(read(text), false, text);
  assert.ok(read(`${TEXT}\r`));
});

test('more decimals than the units hold are noticed, unless they are zeros', () => {
  assert.ok(read(TEXT.replace('30247.20', '30247.2000')));
  assert.equal(message.offGrid, false);
  assert.ok(read(TEXT.replace('30247.20', '30247.201')));
  assert.equal(message.offGrid, true);
  assert.ok(message.read(TEXT, { scale: 1, divisor: 5 }, SIZE));
  assert.equal(message.offGrid, true);
  assert.ok(message.read(TEXT, { scale: 1, divisor: 2 }, SIZE));
  assert.equal(message.offGrid, false);
  assert.equal(message.bids.prices[0], 151_236);
});

test('negative prices are read, as spreads have them', () => {
  assert.ok(read(TEXT.replace('30247.20', '-4.5')));
  assert.equal(message.bids.prices[0], -450);
});

test('hundreds of levels grow the arrays', () => {
  const many = Array.from({ length: 1_000 }, (_, i) => [`${2_000 - i}.5`, String(i + 1)]);
  assert.ok(read(TEXT.replace('[["30247.20","30.028"],["30240.00","0"]]', JSON.stringify(many))));
  assert.equal(message.bids.count, 1_000);
  assert.deepEqual(rowsOf('bids').at(-1), [100_150, 1_000_000]);
});
