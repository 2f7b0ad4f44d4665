import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answer,
  LINEAR_BTC,
  refTo,
  refusal,
  replyTo,
  type Row,
  ScriptedBybit,
  SPOT_BTC,
} from '../../../test/support/scripted-bybit.ts';
import { money } from '../../domain/decimal.ts';
import type { ClientOrderId, InstrumentId } from '../../domain/ids.ts';
import type { Outcome, SubmitRequest } from '../../ports/venue.ts';

const request = (instrument: InstrumentId, price: string, qty: string, id = 'a1'): SubmitRequest => ({
  clientOrderId: id as ClientOrderId,
  instrument,
  side: 'buy',
  price: money(price),
  qty: money(qty),
  timeInForce: 'gtc',
  reduceOnly: false,
  selfTrade: 'cancel_maker',
});

const codeOf = (outcome: Outcome): string => (outcome.type === 'refused' ? outcome.refusal.code : outcome.type);

const acknowledge = (bybit: ScriptedBybit, path: string): void =>
  bybit.http.on(path, ({ body }) => {
    const { orderLinkId } = JSON.parse(body ?? '') as Row;
    return answer({ orderId: `v-${orderLinkId}`, orderLinkId });
  });

test('an order leaves as it was decided, in decimals', async () => {
  const bybit = new ScriptedBybit();
  const venue = await bybit.account();
  acknowledge(bybit, '/v5/order/create');
  assert.equal((await bybit.until(venue.submit(request(SPOT_BTC, '100.1', '0.5')))).type, 'acknowledged');
  const [body] = bybit.bodies('/v5/order/create');
  assert.deepEqual([body?.['price'], body?.['qty'], body?.['orderType']], ['100.1', '0.5', 'Limit']);
});

test('what lies off the grid that Bybit has now is refused, and nothing is sent', async () => {
  const bybit = new ScriptedBybit();
  const venue = await bybit.account();
  bybit.tick = '1';
  bybit.step = '0.1';
  await bybit.listed();
  assert.equal(codeOf(await venue.submit(request(SPOT_BTC, '100.1', '0.5'))), 'OFF_TICK');
  assert.equal(codeOf(await venue.submit(request(SPOT_BTC, '100', '0.55'))), 'OFF_STEP');
  const change = { price: money('100.5'), qty: money('1') };
  assert.equal(codeOf(await venue.amend(refTo(SPOT_BTC, 'a1'), change)), 'OFF_TICK');
  assert.equal(bybit.http.requests.filter(({ method }) => method === 'POST').length, 0);
});

test('200 cancels at once go out at the pace of Bybit’s budget, and none is given up', async () => {
  const bybit = new ScriptedBybit();
  const venue = await bybit.account();
  const sentAt: number[] = [];
  bybit.http.on('/v5/order/cancel', ({ body }) => {
    sentAt.push(bybit.clock.monotonic());
    const { orderLinkId } = JSON.parse(body ?? '') as Row;
    return answer({ orderId: `v-${orderLinkId}`, orderLinkId });
  });
  const cancels = Array.from({ length: 200 }, (_, n) => venue.cancel(refTo(SPOT_BTC, `c${n}`)));
  const outcomes = await bybit.until(Promise.all(cancels));
  assert.ok(outcomes.every(({ type }) => type === 'acknowledged'));
  assert.equal(sentAt.length, 200);
  for (const [n, at] of sentAt.entries()) {
    assert.ok(n < 20 || at - (sentAt[n - 20] as number) >= 1_000, `the ${n + 1}th came within a second of 20 others`);
  }
  assert.ok((sentAt.at(-1) as number) - (sentAt[0] as number) < 10_000, 'and no slower than it has to be');
});

test('an order does not wait as long as a cancel: what cannot go soon comes back unsent', async () => {
  const bybit = new ScriptedBybit();
  const venue = await bybit.account();
  acknowledge(bybit, '/v5/order/create');
  const orders = Array.from({ length: 120 }, (_, n) => venue.submit(request(SPOT_BTC, '100', '1', `s${n}`)));
  const codes = (await bybit.until(Promise.all(orders))).map(codeOf);
  assert.equal(codes.filter((code) => code === 'acknowledged').length, bybit.http.count('/v5/order/create'));
  assert.ok(codes.includes('RATE_LIMITED'));
});

test('a missing permission bars its category only', async () => {
  const bybit = new ScriptedBybit();
  const venue = await bybit.account();
  bybit.http.on('/v5/order/create', ({ body }) =>
    (JSON.parse(body ?? '') as Row)['category'] === 'linear' ? refusal(10005) : answer({ orderId: 'v1' }),
  );
  assert.equal(codeOf(await bybit.until(venue.submit(request(LINEAR_BTC, '100', '1')))), 'NOT_PERMITTED');
  assert.deepEqual([venue.permits('spot'), venue.permits('linear')], [true, false]);
  assert.equal(venue.health().ready, true);
  assert.equal(codeOf(await bybit.until(venue.submit(request(SPOT_BTC, '100', '1', 'a2')))), 'acknowledged');
});

test('what the report of the key does not allow is not permitted from the start', async () => {
  const venue = await new ScriptedBybit().account({ canTrade: ['spot'] });
  assert.deepEqual([venue.permits('spot'), venue.permits('linear'), venue.permits('option')], [true, false, false]);
});

for (const code of [10003, 10009, 10010, 33004]) {
  test(`code ${code} bars the whole key`, async () => {
    const bybit = new ScriptedBybit();
    const venue = await bybit.account();
    bybit.http.on('/v5/order/create', () => refusal(code));
    assert.equal(codeOf(await bybit.until(venue.submit(request(SPOT_BTC, '100', '1')))), 'ACCOUNT_BLOCKED');
    assert.equal(venue.health().ready, false);
  });
}

test('what waited for a socket that was lost goes over REST: it is proven that it had not left', async () => {
  const bybit = new ScriptedBybit({ orderEntry: 'socket' });
  const venue = await bybit.account();
  acknowledge(bybit, '/v5/order/cancel');
  const socket = bybit.socket('/v5/trade');
  socket.onMessage = (message) => {
    const [order] = (message['args'] ?? []) as Row[];
    const reply = { reqId: message['reqId'], retCode: 0, retMsg: 'OK', op: message['op'] };
    if (message['op'] === 'order.cancel')
      socket.send({ ...reply, data: { orderId: `v-${order?.['orderLinkId']}`, orderLinkId: order?.['orderLinkId'] } });
    else socket.send(replyTo('trade', message));
  };
  const cancels = Array.from({ length: 25 }, (_, n) => venue.cancel(refTo(SPOT_BTC, `c${n}`)));
  await bybit.clock.advance(100);
  bybit.sockets.accept = () => false;
  socket.drop();
  const outcomes = await bybit.until(Promise.all(cancels));
  assert.ok(outcomes.every(({ type }) => type === 'acknowledged'));
  assert.deepEqual([socket.receivedOp('order.cancel').length, bybit.http.count('/v5/order/cancel')], [20, 5]);
});
