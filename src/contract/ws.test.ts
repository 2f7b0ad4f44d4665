import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readChannel } from './ws.ts';

const nameOf = (text: string) => {
  const read = readChannel(text);
  return read.ok ? read.value.name : read.error.code;
};

test('channels are read in their spellings and have one name', () => {
  assert.equal(nameOf('orders'), 'orders');
  for (const text of ['orderbook:BTCUSDT', 'orderbook:btc/usdt', 'orderbook:spot:BTCUSDT', 'orderbook:SPOT:BTC/USDT'])
    assert.equal(nameOf(text), 'orderbook:BTCUSDT');
  assert.equal(nameOf('ticker:Linear:BTCUSDT'), 'ticker:linear:BTCUSDT');
});

test('a market channel knows its instrument', () => {
  const read = readChannel('ticker:linear:BTCUSDT');
  assert.ok(read.ok && read.value.kind === 'market');
  assert.equal(read.value.instrument, 'linear:BTCUSDT');
});

test('channels of later versions are told apart from those that do not exist', () => {
  for (const text of ['risk', 'signals', 'notifications', 'trades:BTCUSDT', 'candles:1m:BTCUSDT'])
    assert.equal(nameOf(text), 'NOT_SUPPORTED');
  for (const text of [
    '',
    'order',
    'orderbook',
    'orderbook:',
    'ticker:x:BTCUSDT',
    'ticker:spot:BTCUSDT:1',
    'orders:BTCUSDT',
    '__proto__',
    'ticker:B TC',
  ]) {
    assert.equal(nameOf(text), 'VALIDATION_FAILED', text);
  }
});
