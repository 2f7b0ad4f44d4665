import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../domain/decimal.ts';
import { InvariantError } from '../domain/result.ts';
import type { UnixMs } from '../domain/ids.ts';
import type { OnWire } from './answers.ts';
import { canonicalJson, printJson } from './print-json.ts';
import { isoTime } from './time.ts';
import { type Balance, consolidatedAssetOf } from './wallet.ts';

test('the consolidated balance of the contract prints as documented, to the digit', () => {
  const btc = consolidatedAssetOf({
    internal: money('0.8'),
    spot: money('0.5'),
    futures: money('0.2'),
    funding: money('0'),
  });
  const usdt = consolidatedAssetOf({
    internal: money('5000'),
    spot: money('3000'),
    futures: money('2000'),
    funding: money('0'),
  });
  const answer = { success: true, data: { consolidated_balance: { BTC: btc, USDT: usdt } } };
  assert.equal(
    printJson(answer, 'number'),
    '{"success":true,"data":{"consolidated_balance":{' +
      '"BTC":{"total":1.5,"okd_internal":0.8,"bybit_spot":0.5,"bybit_futures":0.2},' +
      '"USDT":{"total":10000,"okd_internal":5000,"bybit_spot":3000,"bybit_futures":2000}}}}',
  );
  assert.match(printJson(answer, 'string'), /"BTC":\{"total":"1.5"/);
});

test('the funding account appears when it holds something, and a borrowed balance is negative', () => {
  const parts = { internal: money('0'), spot: money('-3.5'), futures: money('1'), funding: money('0.25') };
  assert.deepEqual(consolidatedAssetOf(parts), {
    total: money('-2.25'), okd_internal: money('0'), bybit_spot: money('-3.5'), bybit_futures: money('1'), bybit_funding: money('0.25'),
  }); // biome-ignore format: one line
});

test('what has no JSON form stops instead of printing something else', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, Symbol('x')]) {
    assert.throws(() => printJson(value, 'number'), InvariantError);
  }
  assert.equal(printJson({ a: undefined, b: null, c: [] }, 'number'), '{"b":null,"c":[]}');
});

test('texts are escaped', () => {
  assert.equal(printJson({ 'a"\n': '</script>\u0000\ud800' }, 'number'), '{"a\\"\\n":"</script>\\u0000\\ud800"}');
});

test('equal values have one canonical text', () => {
  assert.equal(
    canonicalJson({ b: money('1.0'), a: { d: 1, c: [2] } }),
    canonicalJson({ a: { c: [2], d: 1 }, b: money('1') }),
  );
  assert.notEqual(canonicalJson({ a: money('1') }), canonicalJson({ a: money('1.000000000000000001') }));
});

test('with decimals=string an answer on the wire has the type that the dashboard reads', () => {
  const at = isoTime(0 as UnixMs);
  const balance: Balance = {
    asset: 'BTC',
    venue: 'bybit',
    total: money('1.5'),
    available: money('1'),
    held: money('0.5'),
    borrowed: money('0'),
    fees_due: money('0'),
    updated_at: at,
  };
  const read: OnWire<Balance> = JSON.parse(printJson(balance, 'string'));
  const total: string = read.total;
  const updated: string = read.updated_at;
  assert.deepEqual([total, updated], ['1.5', '1970-01-01T00:00:00.000Z']);
});
