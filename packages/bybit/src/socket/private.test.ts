import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goldenJson, SKIP } from '../../test/golden.ts';
import { behave, scripted, wireExecution, wireOrder } from '../../test/fake-venue.ts';
import type { PrivateHandlers } from './private.ts';

function listening(handlers: PrivateHandlers = {}) {
  const venue = scripted();
  const rows: string[] = [];
  const unreadable: string[] = [];
  const epochs: (number | string)[] = [];
  const stream = venue.bybit.privateStream({
    order: (row, meta) => rows.push(`order ${row.orderId} ${row.orderStatus} @${meta.epoch}`),
    execution: (row) => rows.push(`execution ${row.execId} ${row.execType}`),
    position: (row) => rows.push(`position ${row.symbol} ${row.positionIdx}`),
    wallet: (row) => rows.push(`wallet ${row.coin.rows.map(({ coin }) => coin).join()}`),
    unreadable: (row) => unreadable.push(`${row.topic}: ${row.reason}`),
    subscribed: (epoch) => epochs.push(epoch),
    down: (_epoch, reason) => epochs.push(reason),
    ...handlers,
  });
  return { ...venue, stream, rows, unreadable, epochs };
}

const push = (topic: string, data: unknown[]) => ({ id: 'm1', topic, creationTime: 1_700_000_000_000, data });
const orderRow = (id: string, more: Record<string, unknown> = {}) => wireOrder(id, { category: 'linear', ...more });
const executionRow = (id: string, more: Record<string, unknown> = {}) =>
  wireExecution(id, 1, { category: 'linear', ...more });

test('what is listened to is subscribed', async () => {
  const all = listening();
  await all.clock.advance(100);
  assert.deepEqual(all.sockets.last.receivedOp('subscribe')[0]?.['args'], ['order', 'execution', 'position', 'wallet']);
  const some = scripted();
  some.bybit.privateStream({ execution: () => undefined });
  await some.clock.advance(100);
  assert.deepEqual(some.sockets.last.receivedOp('subscribe')[0]?.['args'], ['execution']);
});

test('every row of a message is handed on, in order', async () => {
  const { clock, sockets, rows } = listening();
  await clock.advance(100);
  sockets.last.send(
    push('execution', [executionRow('e1'), executionRow('e2', { execType: 'Funding' }), executionRow('e3')]),
  );
  sockets.last.send(push('order', [orderRow('o1'), orderRow('o2', { orderStatus: 'Filled' })]));
  await clock.advance(10);
  assert.deepEqual(rows, [
    'execution e1 Trade',
    'execution e2 Funding',
    'execution e3 Trade',
    'order o1 New @1',
    'order o2 Filled @1',
  ]);
});

test('duplicates are handed on: what was seen is the caller’s to know, for longer than a connection lives', async () => {
  const { clock, sockets, rows } = listening();
  await clock.advance(100);
  for (let i = 0; i < 2; i++) sockets.last.send(push('execution', [executionRow('e1')]));
  await clock.advance(10);
  assert.deepEqual(rows, ['execution e1 Trade', 'execution e1 Trade']);
});

test('a row that cannot be read goes to its own handler, the others go on', async () => {
  const { clock, sockets, rows, unreadable, seen } = listening();
  await clock.advance(100);
  sockets.last.send(push('execution', [executionRow('e1'), executionRow('e2', { execQty: null }), executionRow('e3')]));
  sockets.last.send(push('order', [orderRow('o1', { orderStatus: 'Frozen' })]));
  sockets.last.send({ topic: 'order', data: 'x' });
  sockets.last.send(push('greeks', []));
  await clock.advance(10);
  assert.deepEqual(rows, ['execution e1 Trade', 'execution e3 Trade', 'order o1 [object Object] @1']);
  assert.deepEqual(unreadable, [
    'execution: execQty: expected a decimal as text, got null',
    'order: not a push',
    'greeks: not a known topic',
  ]);
  assert.deepEqual(seen('unrecognised'), [{ type: 'unrecognised', where: 'order', words: ['orderStatus=Frozen'] }]);
});

test('the documented pushes arrive', { skip: SKIP }, async () => {
  const { clock, sockets, rows } = listening();
  await clock.advance(100);
  for (const topic of ['order', 'execution', 'position', 'wallet']) {
    sockets.last.send((goldenJson(`docs/ws/${topic}__message.json`) as { message: unknown }).message);
  }
  await clock.advance(10);
  assert.deepEqual(rows, [
    'order 5cf98598-39a7-459e-97bf-76ca765ee020 Filled @1',
    'execution 0ab1bdf7-4219-438b-b30a-32ec863018f7 Trade',
    'position BTCUSDT 2',
    'wallet BTC',
  ]);
});

test('each connection is announced once it is subscribed, and its end before the next', async () => {
  const { clock, sockets, epochs, rows } = listening();
  await clock.advance(100);
  sockets.last.drop(1006, 'gone');
  await clock.advance(1_000);
  sockets.last.send(push('order', [orderRow('o1')]));
  await clock.advance(10);
  assert.deepEqual(epochs, [1, 'closed 1006: gone', 2]);
  assert.deepEqual(rows, ['order o1 New @2']);
});

test('a connection on which a topic is refused is no use: it is made anew', async () => {
  const { bybit, clock, sockets, seen } = scripted();
  sockets.accept = (socket) => {
    behave(socket);
    if (sockets.connections.length > 1) return true;
    const usual = socket.onMessage;
    socket.onMessage = (message) => {
      if (message['op'] !== 'subscribe') return usual(message);
      socket.send({ success: false, ret_msg: 'busy', op: 'subscribe', conn_id: 'c', req_id: message['req_id'] });
    };
    return true;
  };
  const stream = bybit.privateStream({ order: () => undefined, execution: () => undefined });
  await clock.advance(30_000);
  assert.equal(stream.health().state, 'subscribed');
  assert.equal(sockets.connections.length, 2);
  assert.equal(seen('topic_refused').length, 1);
});

test('a caller that finds the stream silent can have it made anew', async () => {
  const { clock, sockets, stream, epochs } = listening();
  await clock.advance(100);
  stream.reconnect('fills are owed');
  await clock.advance(1_000);
  assert.equal(sockets.connections.length, 2);
  assert.deepEqual(epochs, [1, 'fills are owed', 2]);
});
