import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Row, ScriptedBybit, wireExecution, wireOrder } from '../../../test/support/scripted-bybit.ts';
import type { VenueEvent } from '../../ports/venue.ts';

async function afterPushes(topic: string, rows: readonly Row[]) {
  const bybit = new ScriptedBybit();
  await bybit.account();
  bybit.told.length = 0;
  for (const row of rows) await bybit.push(topic, [row]);
  return { bybit, types: bybit.told.map(({ type }: VenueEvent) => type) };
}

const execution = (more: Row): Row =>
  wireExecution('x1', 5, { category: 'spot', execFee: '0.1', feeCurrency: 'USDT', ...more });

test('orders, executions and balances of the stream become events', async () => {
  assert.deepEqual((await afterPushes('order', [wireOrder('v1', { category: 'linear' })])).types, ['order']);
  assert.deepEqual((await afterPushes('execution', [execution({})])).types, ['execution']);
  const coin = [{ coin: 'BTC', walletBalance: '1' }];
  assert.deepEqual((await afterPushes('wallet', [{ accountType: 'UNIFIED', coin }])).types, ['balance']);
});

test('what other programs do in categories that are not traded here is counted, not told', async () => {
  const rows = [
    wireOrder('v1', { category: 'inverse' }),
    wireOrder('v2', { category: 'option' }),
    wireOrder('v3', { category: 'inverse', qty: 'not even readable' }),
  ];
  const { bybit, types } = await afterPushes('order', rows);
  assert.deepEqual(types, []);
  const counted = bybit.logged.filter(({ event }) => event === 'bybit_foreign_rows');
  assert.deepEqual(counted[0]?.fields, { topic: 'order', category: 'inverse', count: 1 });
});

test('an unreadable row of a traded category is told as it came, once', async () => {
  const row = wireOrder('v1', { category: 'linear', qty: 'much' });
  const { bybit, types } = await afterPushes('order', [row, row]);
  assert.deepEqual(types, ['unreadable']);
  const [event] = bybit.told;
  assert.deepEqual(event?.type === 'unreadable' ? JSON.parse(event.text) : null, row);
});

test('a category that this version does not know is told: it may be one of ours', async () => {
  assert.deepEqual((await afterPushes('execution', [execution({ category: 'perpetual' })])).types, ['unreadable']);
});

test('a coin that cannot be read is told, and the other coins are passed on', async () => {
  const coin = [
    { coin: 'BTC', walletBalance: '1', locked: '0.0000000000000000001' },
    { coin: 'USDT', walletBalance: '5' },
  ];
  const { bybit, types } = await afterPushes('wallet', [{ accountType: 'UNIFIED', coin }]);
  assert.deepEqual(types, ['unreadable', 'balance']);
  const balance = bybit.told.find((event) => event.type === 'balance');
  assert.deepEqual(balance?.type === 'balance' ? balance.balances.map(({ asset }) => asset) : null, ['USDT']);
});
