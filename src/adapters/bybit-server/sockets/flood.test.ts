import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestBench } from '../testing/client.ts';
import { settled } from '../testing/manual-clock.ts';
import type { MemorySocket } from '../testing/memory-network.ts';

const PATHS = ['/v5/public/spot', '/v5/public/linear', '/v5/private', '/v5/trade'];

const flood = (socket: MemorySocket, count: number, message: unknown = '{'): void => {
  for (let i = 0; i < count; i += 1) socket.say(message);
};

test('a thousand frames in a second that move nothing are answered, and the next cuts the link', async () => {
  for (const path of PATHS) {
    const bench = await TestBench.start();
    const socket = bench.network.connect(path);
    flood(socket, 1_000);
    assert.deepEqual([socket.take().length, socket.closedWith], [1_000, null], path);
    flood(socket, 2);
    assert.deepEqual([socket.take().length, socket.closedWith], [0, 'terminated'], path);
  }
});

test('a second later as many are answered again', async () => {
  const bench = await TestBench.start();
  const socket = bench.network.connect('/v5/public/spot');
  flood(socket, 1_000);
  await bench.advance(1_000);
  flood(socket, 1_000);
  assert.deepEqual([socket.take().length, socket.closedWith], [2_000, null]);
});

test('long frames count for as many as they could be', async () => {
  const bench = await TestBench.start();
  const socket = bench.network.connect('/v5/trade');
  const request = Array.from({ length: 2_000 }, () => ({ symbol: 'BTCUSDT', side: 'Buy', qty: '1' }));
  flood(socket, 20, { op: 'order.create-batch', args: [{ category: 'spot', request }] });
  await settled();
  assert.equal(socket.closedWith, 'terminated');
});

test('orders of a known key are no flood, however many', async () => {
  const bench = await TestBench.start();
  const socket = await bench.authorised('/v5/trade');
  const header = { 'X-BAPI-TIMESTAMP': String(bench.exchange.time) };
  flood(socket, 3_000, { op: 'order.cancel', header, args: [{ category: 'spot', symbol: 'BTCUSDT', orderId: 'x' }] });
  await settled();
  assert.deepEqual([socket.take().length, socket.closedWith], [3_000, null]);
});

test('an address that floods again is not let in for ten minutes, and others are', async () => {
  const bench = await TestBench.start();
  const again = () => bench.network.connect('/v5/public/spot', '', '10.0.0.9');
  flood(again(), 1_001);
  flood(again(), 1_001);
  assert.equal(again().refused, 403);
  assert.equal(bench.network.connect('/v5/public/spot', '', '10.0.0.8').refused, null);
  await bench.advance(599_999);
  assert.equal(again().refused, 403);
  await bench.advance(1);
  assert.equal(again().refused, null);
});
