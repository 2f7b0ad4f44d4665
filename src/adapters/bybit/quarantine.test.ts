import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../ports/log.ts';
import { Quarantine } from './quarantine.ts';

const told = (rows: readonly (readonly [topic: string, row: object])[]): number => {
  let count = 0;
  const quarantine = new Quarantine(() => {
    count += 1;
  }, silentLog);
  for (const [topic, row] of rows) quarantine.take(topic, JSON.stringify(row));
  return count;
};

test('a coin that cannot be read is told once, however its value moves', () => {
  const pushes = Array.from({ length: 50 }, (_, at) => ['wallet', { coin: 'DUST', usdValue: `${at}` }] as const);
  assert.equal(told(pushes), 1);
  assert.equal(told([...pushes, ['wallet', { coin: 'OTHER' }]]), 2);
});

test('every order or execution that cannot be read is told', () => {
  assert.equal(
    told([
      ['execution', { symbol: 'BTCUSDT', execId: '1' }],
      ['execution', { symbol: 'BTCUSDT', execId: '2' }],
      ['execution', { symbol: 'BTCUSDT', execId: '2' }],
    ]),
    2,
  );
});
