import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPOT_BTC, ScriptedBybit } from '../../../test/support/scripted-bybit.ts';
import { unwrap } from '../../domain/result.ts';

test('instruments are listed with the terms that Bybit has now', async () => {
  const bybit = new ScriptedBybit();
  const rows = unwrap(await bybit.until(bybit.access.instruments()));
  assert.deepEqual(
    rows.map(({ category, symbol, trading }) => [category, symbol, trading]),
    [
      ['spot', 'BTCUSDT', true],
      ['linear', 'BTCUSDT', true],
    ],
  );
});

test('an instrument that lacks what trading needs is left out and named in the log', async () => {
  const bybit = new ScriptedBybit();
  bybit.tick = '0.0000000000000000001';
  assert.deepEqual(unwrap(await bybit.until(bybit.access.instruments())), []);
  const named = bybit.logged.filter(({ event }) => event === 'bybit_instruments_unreadable');
  assert.deepEqual(
    named.map(({ fields }) => fields),
    [
      { category: 'spot', symbols: ['BTCUSDT'] },
      { category: 'linear', symbols: ['BTCUSDT'] },
    ],
  );
  bybit.access.feed.watch(SPOT_BTC);
  assert.equal(bybit.access.feed.book(SPOT_BTC, 1), null);
});
