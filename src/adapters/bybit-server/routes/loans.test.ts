import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../../domain/decimal.ts';
import type { AssetId } from '../../../domain/ids.ts';
import { samplePosition } from '../testing/samples.ts';
import { TestBench } from '../testing/client.ts';

type Json = Readonly<Record<string, unknown>>;

test('a repayment says which coin, how much, and whether others may be sold for it', async () => {
  const bench = await TestBench.start({ rateLimits: 'off' });
  const post = async (path: string, body: object) => (await bench.post(path, body)).json as Json;
  assert.deepEqual((await post('/v5/account/repay', { coin: 'BTC', amount: '0.5' }))['result'], { resultStatus: 'SU' });
  await post('/v5/account/repay', {});
  await post('/v5/account/no-convert-repay', { coin: 'BTC', repaymentType: 'ALL' });
  assert.deepEqual(
    bench.exchange.money.asked.map(([, , repayment]) => repayment),
    [
      { asset: 'BTC', amount: money('0.5'), convert: true },
      { asset: null, amount: null, convert: true },
      { asset: 'BTC', amount: null, convert: false },
    ],
  );
  const fixed = await post('/v5/account/repay', { coin: 'BTC', repaymentType: 'FIXED' });
  assert.equal(fixed['retCode'], 182102, 'nothing is lent for a fixed term');
});

test('quick repayment lists what was paid', async () => {
  const bench = await TestBench.start();
  bench.exchange.money.repaid = [{ asset: 'ETH' as AssetId, amount: money('2.5') }];
  const { json } = await bench.post('/v5/account/quick-repayment', { coin: 'ETH' });
  assert.deepEqual((json as Json)['result'], { list: [{ coin: 'ETH', repaymentQty: '2.5' }] });
});

test('a margin mode that is refused says why; portfolio margin is not simulated', async () => {
  const bench = await TestBench.start();
  const set = async (word: string) => (await bench.post('/v5/account/set-margin-mode', { setMarginMode: word })).json;
  assert.partialDeepStrictEqual(await set('ISOLATED_MARGIN'), { retCode: 0, result: { reasons: [] } });
  assert.deepEqual(bench.exchange.money.asked, [['setMarginMode', '1001', 'isolated']]);
  assert.partialDeepStrictEqual(await set('PORTFOLIO_MARGIN'), {
    retCode: 3400045,
    result: { reasons: [{ reasonCode: '3400000', reasonMsg: 'Portfolio margin is not simulated by this exchange' }] },
  });
  bench.exchange.refusal = { code: 'MARGIN_MODE_REFUSED', detail: 'BTC is borrowed' };
  assert.partialDeepStrictEqual(await set('ISOLATED_MARGIN'), {
    retCode: 3400045,
    retMsg: 'Set margin mode failed',
    result: { reasons: [{ reasonMsg: 'BTC is borrowed' }] },
  });
});

test('margin has a sign and four digits at most', async () => {
  const bench = await TestBench.start({ rateLimits: 'off' });
  bench.exchange.held = [samplePosition()];
  const add = async (margin: unknown) =>
    ((await bench.post('/v5/position/add-margin', { category: 'linear', symbol: 'BTCUSDT', margin })).json as Json)[
      'retCode'
    ];
  assert.deepEqual([await add('-1.0001'), await add('1.00001'), await add(1), await add('')], [0, 10001, 10001, 10001]);
  assert.deepEqual(bench.exchange.money.asked.at(-1)?.[2], {
    instrument: 'linear:BTCUSDT',
    idx: 0,
    amount: money('-1.0001'),
  });
});

test('an account tells its margin mode', async () => {
  const bench = await TestBench.start();
  bench.exchange.chosen = { ...bench.exchange.chosen, marginMode: 'isolated', smpGroup: 7 };
  const { json } = await bench.get('/v5/account/info', '');
  assert.partialDeepStrictEqual(json, { result: { marginMode: 'ISOLATED_MARGIN', smpGroup: 7 } });
});
