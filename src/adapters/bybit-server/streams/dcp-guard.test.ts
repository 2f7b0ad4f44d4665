import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestBench } from '../testing/client.ts';
import { settled } from '../testing/manual-clock.ts';
import { at, type MemorySocket } from '../testing/memory-network.ts';

const cancels = (bench: TestBench): string[] =>
  bench.exchange.calls.map(({ what }) => what).filter((what) => what.startsWith('unguarded'));

async function guarded(bench: TestBench, topic = 'dcp.future'): Promise<MemorySocket> {
  const socket = await bench.authorised('/v5/private');
  socket.say({ op: 'subscribe', args: [topic] });
  await settled();
  assert.equal(at(socket.take()[0], 'success'), true);
  return socket;
}
const ask = (bench: TestBench, timeWindow: number, product = 'DERIVATIVES') =>
  bench.post('/v5/order/disconnected-cancel-all', { product, timeWindow });

test('a window is between 3 and 300 seconds, of options where no product is named, and can be read', async () => {
  const bench = await TestBench.start();
  const code = async (timeWindow: unknown) =>
    at((await bench.post('/v5/order/disconnected-cancel-all', { timeWindow })).json, 'retCode');
  assert.deepEqual([await code(2), await code(301), await code('x')], [10001, 10001, 10001]);
  assert.deepEqual(at((await bench.get('/v5/account/query-dcp-info')).json, 'result'), { dcpInfos: [] });
  assert.equal(await code(40), 0);
  await ask(bench, 10, 'SPOT');
  const { json } = await bench.get('/v5/account/query-dcp-info');
  assert.deepEqual(at(json, 'result', 'dcpInfos'), [
    { product: 'OPTIONS', dcpStatus: 'ON', timeWindow: '40' },
    { product: 'SPOT', dcpStatus: 'ON', timeWindow: '10' },
  ]);
});

test('once the last guarding connection is down for the window, the orders of its product go', async () => {
  const bench = await TestBench.start();
  await ask(bench, 10);
  const [first, second] = [await guarded(bench), await guarded(bench)];
  first.terminate();
  await bench.advance(9_000);
  second.say({ op: 'ping' });
  await settled();
  second.terminate();
  await bench.advance(9_999);
  assert.deepEqual(cancels(bench), []);
  await bench.advance(1);
  assert.deepEqual(cancels(bench), ['unguarded derivatives']);
  await bench.advance(60_000);
  assert.equal(cancels(bench).length, 1, 'once');
});

test('a connection that is silent for the window guards no more, one that speaks does', async () => {
  const bench = await TestBench.start();
  await ask(bench, 10);
  const socket = await guarded(bench);
  for (let i = 0; i < 5; i += 1) {
    await bench.advance(8_000);
    socket.say({ op: 'ping' });
    await settled();
  }
  assert.deepEqual(cancels(bench), []);
  await bench.advance(10_000);
  assert.deepEqual(cancels(bench), ['unguarded derivatives']);
  socket.say({ op: 'ping' });
  await settled();
  await bench.advance(10_000);
  assert.equal(cancels(bench).length, 2, 'a sign of life begins it anew');
});

test('who was back in time keeps his orders, and who takes his topic back is not guarded', async () => {
  const bench = await TestBench.start();
  await ask(bench, 10);
  const first = await guarded(bench);
  first.terminate();
  await bench.advance(5_000);
  const second = await guarded(bench);
  await bench.advance(9_000);
  assert.deepEqual(cancels(bench), []);
  second.say({ op: 'unsubscribe', args: ['dcp.future'] });
  await settled();
  await bench.advance(60_000);
  assert.deepEqual(cancels(bench), []);
});

test('without a window, or on the topic of another product, nothing is guarded', async () => {
  const bench = await TestBench.start();
  await ask(bench, 10, 'SPOT');
  const socket = await guarded(bench, 'dcp.future');
  socket.terminate();
  await bench.advance(300_000);
  assert.deepEqual(cancels(bench), []);
});
