import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerSocket } from '../../test/fake-network.ts';
import { replyTo, scripted, settled } from '../../test/fake-venue.ts';
import type { WriteOutcome } from '../outcome.ts';
import type { CreateOrder } from '../rest/order-params.ts';

type Message = Record<string, unknown>;
type Answer = (message: Message, n: number) => Message | null;

const ORDER: CreateOrder = {
  category: 'linear',
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Limit',
  qty: '0.1',
  price: '30000',
  orderLinkId: 'link-1',
};

const brief = (outcome: WriteOutcome<unknown>): string =>
  outcome.type === 'acknowledged' ? outcome.type : `${outcome.type} ${outcome.cause}`;

/** A trade socket whose venue answers commands as told. */
function trading(reply: Answer) {
  const venue = scripted();
  let commands = 0;
  venue.sockets.accept = (socket) => {
    socket.onMessage = (message) => {
      const usual = replyTo('trade', message);
      const answer = usual ?? reply(message, ++commands);
      if (answer !== null) socket.send(answer);
    };
    return true;
  };
  const trade = venue.bybit.tradeSocket();
  return { ...venue, trade, commands: () => commands };
}

const accept = (message: Message): Message => {
  const [order] = message['args'] as [CreateOrder];
  const header = { 'X-Bapi-Limit': '10', 'X-Bapi-Limit-Status': '9', 'X-Bapi-Limit-Reset-Timestamp': '1' };
  const { reqId, op } = message;
  return {
    reqId,
    retCode: 0,
    retMsg: 'OK',
    op,
    data: { orderId: 'o1', orderLinkId: order.orderLinkId },
    retExtInfo: {},
    header,
  };
};
const refuse =
  (retCode: number): Answer =>
  (message) => ({
    reqId: message['reqId'],
    retCode,
    retMsg: `code ${retCode}`,
    op: message['op'],
    data: {},
    header: {},
  });
const commandsOf = (socket: ServerSocket): Message[] =>
  socket.received.filter((message) => String(message['op']).startsWith('order.'));

test('commands go out in the documented form and are acknowledged by their request id', async () => {
  const { trade, clock, sockets } = trading(accept);
  await clock.advance(100);
  assert.equal(trade.isReady, true);
  const outcomes = await settled(
    clock,
    Promise.all([
      trade.create(ORDER),
      trade.amend({ category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'link-1', price: '1' }),
      trade.cancel({ category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'link-1' }),
    ]),
  );
  assert.deepEqual(outcomes.map(brief), ['acknowledged', 'acknowledged', 'acknowledged']);
  const [create, amend, cancel] = commandsOf(sockets.last);
  assert.deepEqual(
    [create, amend, cancel].map((message) => message?.['op']),
    ['order.create', 'order.amend', 'order.cancel'],
  );
  assert.deepEqual(create?.['args'], [ORDER]);
  assert.deepEqual(Object.keys(create?.['header'] as object), ['X-BAPI-TIMESTAMP', 'X-BAPI-RECV-WINDOW']);
  assert.equal(new Set([create, amend, cancel].map((message) => message?.['reqId'])).size, 3);
});

test('answers in another order find their own commands', async () => {
  const { trade, clock, sockets } = trading(() => null);
  await clock.advance(100);
  const first = trade.create({ ...ORDER, orderLinkId: 'a' });
  const second = trade.create({ ...ORDER, orderLinkId: 'b' });
  await clock.advance(10);
  for (const message of commandsOf(sockets.last).reverse()) {
    sockets.last.send({
      ...accept(message),
      data: { orderId: `id of ${(message['args'] as [CreateOrder])[0].orderLinkId}` },
    });
  }
  const ids = (await settled(clock, Promise.all([first, second]))).map(
    (o) => o.type === 'acknowledged' && o.value.orderId,
  );
  assert.deepEqual(ids, ['id of a', 'id of b']);
});

test('before the login nothing is sent: refused, not waiting', async () => {
  const { trade, clock, sockets } = trading(accept);
  assert.equal(brief(await settled(clock, trade.create(ORDER))), 'refused not_sent');
  await clock.advance(1_000);
  assert.equal(commandsOf(sockets.last).length, 0);
});

test('a link lost after sending leaves what was in flight unknown, and it is never sent again', async () => {
  const { trade, clock, sockets } = trading(() => null);
  await clock.advance(100);
  const outcome = trade.create(ORDER, { ttlMs: 60_000 });
  await clock.advance(10);
  assert.equal(commandsOf(sockets.last).length, 1);
  sockets.last.drop();
  assert.equal(brief(await settled(clock, outcome)), 'unknown unanswered');
  await clock.advance(5_000);
  assert.equal(sockets.connections.length, 2);
  assert.equal(commandsOf(sockets.last).length, 0);
});

test('a command that waits for its turn does not cross over to the next connection', async () => {
  const { trade, clock, sockets, commands } = trading(accept);
  await clock.advance(100);
  const all = Array.from({ length: 12 }, (_, i) => trade.create({ ...ORDER, orderLinkId: `l${i}` }));
  await clock.advance(20);
  sockets.last.drop();
  const outcomes = await settled(clock, Promise.all(all));
  assert.equal(commands(), 10);
  assert.deepEqual(outcomes.slice(10).map(brief), ['refused not_sent', 'refused not_sent']);
});

test('without an answer in time the outcome is unknown; a late answer is told', async () => {
  const { trade, clock, sockets, seen } = trading(() => null);
  await clock.advance(100);
  const outcome = await settled(clock, trade.create(ORDER, { timeoutMs: 500 }));
  assert.equal(brief(outcome), 'unknown unanswered');
  sockets.last.send(accept(commandsOf(sockets.last)[0] as Message));
  await clock.advance(10);
  const [late] = seen('late_answer');
  assert.ok(late?.type === 'late_answer' && late.retCode === 0 && late.orderLinkId === 'link-1');
});

test('codes are judged as over REST: ambiguous unless they prove something', async () => {
  const expected = {
    110007: 'refused rejected',
    10003: 'refused account',
    20006: 'unknown code',
    20003: 'unknown code',
    10429: 'unknown code',
    10016: 'unknown code',
    10404: 'unknown code',
    110072: 'unknown already_exists',
    10002: 'refused repairable',
  };
  for (const [code, outcome] of Object.entries(expected)) {
    const { trade, clock } = trading(refuse(Number(code)));
    await clock.advance(100);
    assert.equal(brief(await settled(clock, trade.create(ORDER))), outcome, code);
  }
});

test('an acknowledgement without an order id, or of another order, is unknown', async () => {
  for (const [order, cause] of [
    [{}, 'unreadable'],
    [{ orderId: 'o1', orderLinkId: 'other' }, 'mismatch'],
  ] as const) {
    const { trade, clock } = trading((message) => ({ ...accept(message), data: order }));
    await clock.advance(100);
    assert.equal(brief(await settled(clock, trade.create(ORDER))), `unknown ${cause}`);
  }
});

test('refused for its timestamp, a command is sent once more after the clock was read', async () => {
  const { trade, clock, sockets, venue } = trading((message, n) =>
    n === 1 ? refuse(10002)(message, n) : accept(message),
  );
  await clock.advance(100);
  venue.aheadMs = 4_000;
  assert.equal(brief(await settled(clock, trade.create(ORDER, { ttlMs: 5_000 }))), 'acknowledged');
  const [first, second] = commandsOf(sockets.last);
  assert.deepEqual(first?.['args'], second?.['args']);
  assert.notEqual(first?.['reqId'], second?.['reqId']);
  const stampOf = (message: Message | undefined) =>
    Number((message?.['header'] as Record<string, string>)['X-BAPI-TIMESTAMP']);
  assert.ok(stampOf(second) - stampOf(first) >= 3_900);
});

test('a venue that restarts the connection finishes what is in flight; new commands wait for the next', async () => {
  const { trade, clock, sockets } = trading((message, n) => (n === 1 ? null : refuse(10019)(message, n)));
  await clock.advance(100);
  const slow = trade.create({ ...ORDER, orderLinkId: 'slow' });
  const restarted = await settled(clock, trade.create({ ...ORDER, orderLinkId: 'restarted' }));
  assert.equal(brief(restarted), 'unknown code');
  assert.equal(trade.isReady, false);
  assert.equal(brief(await settled(clock, trade.create(ORDER))), 'refused not_sent');
  assert.equal(sockets.connections.length, 1);
  sockets.last.send(accept(commandsOf(sockets.last)[0] as Message));
  assert.equal(brief(await settled(clock, slow)), 'acknowledged');
  await clock.advance(1_000);
  assert.equal(sockets.connections.length, 2);
  assert.equal(trade.isReady, true);
});

test('a restarting venue that never answers what is in flight is left after three seconds', async () => {
  const { trade, clock, sockets } = trading((message, n) => (n === 1 ? null : refuse(10019)(message, n)));
  await clock.advance(100);
  const slow = trade.create({ ...ORDER, orderLinkId: 'slow' });
  await settled(clock, trade.create({ ...ORDER, orderLinkId: 'restarted' }));
  assert.equal(brief(await settled(clock, slow, 4_000)), 'unknown unanswered');
  await clock.advance(1_000);
  assert.equal(sockets.connections.length, 2);
});

test('the limit that the header names is kept, and 10006 rests the bucket', async () => {
  const { trade, clock, sockets, seen } = trading((message, n) =>
    n === 1 ? refuse(10006)(message, n) : accept(message),
  );
  await clock.advance(100);
  assert.equal(brief(await settled(clock, trade.create(ORDER))), 'unknown code');
  const begun = clock.monotonic();
  await settled(clock, trade.create({ ...ORDER, orderLinkId: 'l2' }));
  assert.ok(clock.monotonic() - begun >= 990);
  assert.equal(seen('rate_limited').length, 1);
  assert.equal(commandsOf(sockets.last).length, 2);
});

test('closing leaves what is in flight unknown', async () => {
  const { trade, clock } = trading(() => null);
  await clock.advance(100);
  const outcome = trade.create(ORDER);
  await clock.advance(10);
  await settled(clock, trade.close());
  assert.equal(brief(await settled(clock, outcome)), 'unknown unanswered');
  assert.equal(brief(await settled(clock, trade.create(ORDER))), 'refused not_sent');
});

test('during a ban of the address orders and cancels still go over the socket', async () => {
  const { trade, bybit, clock } = trading(accept);
  await clock.advance(100);
  bybit.limiter.stopHttp();
  assert.equal(
    brief(await settled(clock, trade.cancel({ category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'link-1' }))),
    'acknowledged',
  );
});
