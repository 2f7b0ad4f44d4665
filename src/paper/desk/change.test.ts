import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { type AmendOrder, type ExchangeOrderRef, NO_AMENDMENT } from '../../ports/exchange.ts';
import type { PaperExchange } from '../paper.ts';
import {
  ALICE,
  BOB,
  BTC,
  balance,
  byId,
  everything,
  limit,
  openHarness,
  PERP,
  placed,
  told,
} from '../testing/harness.ts';

const change = (price: string | null, qty: string | null): AmendOrder => ({
  ...NO_AMENDMENT,
  price: price === null ? null : money(price),
  qty: qty === null ? null : money(qty),
});
const outcome = async (answer: Promise<{ ok: true } | { ok: false; error: { code: string } }>): Promise<string> => {
  const result = await answer;
  return result.ok ? 'done' : result.error.code;
};
const amended = (exchange: PaperExchange, orderId: string, wanted: AmendOrder, uid: string = ALICE) =>
  outcome(exchange.amend(uid, byId(BTC, orderId), wanted));

test('an amendment changes what it names, and what is reserved with it', async () => {
  const { exchange } = await openHarness();
  const orderId = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  assert.equal(await amended(exchange, orderId, change('59500', null)), 'done');
  assert.equal(formatDecimal(balance(exchange, ALICE, 'USDT').locked), '59500');
  assert.equal(await amended(exchange, orderId, change(null, '0.5')), 'done');
  assert.equal(formatDecimal(balance(exchange, ALICE, 'USDT').locked), '29750');
  const order = told(exchange, ALICE, orderId);
  assert.deepEqual([formatDecimal(order.qty), formatDecimal(order.leavesQty), order.status], ['0.5', '0.5', 'new']);
});

test('an amendment that cannot be is refused and changes nothing', async () => {
  const { exchange } = await openHarness();
  const orderId = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  await exchange.control.fill({ uid: ALICE, orderId, qty: money('0.25') });
  const refused = [
    [change(null, '0.25'), 'QTY_BELOW_FILLED'],
    [change('59000', '1'), 'NOT_MODIFIED'],
    [change(null, null), 'NOT_MODIFIED'],
    [change('59000.05', null), 'OFF_TICK'],
    [change('61000', null), 'PRICE_OUTSIDE_BAND_HIGH'],
    [change(null, '1.0000001'), 'OFF_STEP'],
    [change(null, '83.5'), 'QTY_TOO_LARGE'],
    [change('1', null), 'BELOW_MIN_NOTIONAL'],
    [change(null, '50'), 'INSUFFICIENT_BALANCE'],
  ] as const;
  const before = told(exchange, ALICE, orderId);
  for (const [wanted, code] of refused) assert.equal(await amended(exchange, orderId, wanted), code);
  assert.deepEqual(told(exchange, ALICE, orderId), before);
  assert.equal(
    await amended(exchange, orderId, change(null, '0.5'), BOB),
    'ORDER_NOT_FOUND',
    "another's order does not exist",
  );
});

test('a smaller order keeps its place, a larger or moved one goes to the end of the queue', async () => {
  const { exchange } = await openHarness();
  const first = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  const second = await placed(exchange, BOB, limit(BTC, 'buy', '1', '59000'));
  await amended(exchange, first, change(null, '0.5'));
  await exchange.control.trade({ instrument: BTC, side: 'sell', qty: money('0.1'), price: money('59000') });
  assert.equal(formatDecimal(told(exchange, ALICE, first).cumQty), '0.1');
  await amended(exchange, first, change(null, '2'));
  await exchange.control.trade({ instrument: BTC, side: 'sell', qty: money('0.1'), price: money('59000') });
  assert.equal(formatDecimal(told(exchange, BOB, second).cumQty), '0.1');
});

test('an amendment that crosses takes, unless the order is post-only: then it ends', async () => {
  const { exchange, flush, privates } = await openHarness();
  await placed(exchange, BOB, limit(BTC, 'sell', '0.4', '59800'));
  const taking = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  await flush();
  privates.length = 0;
  assert.equal(await amended(exchange, taking, change('59800', null)), 'done');
  assert.equal(formatDecimal(told(exchange, ALICE, taking).cumQty), '0.4');
  await flush();
  const events = privates.filter((event) => event.uid === ALICE);
  assert.deepEqual(
    events.map((event) => event.type),
    ['order', 'execution', 'order', 'wallet'],
  );
  await placed(exchange, BOB, limit(BTC, 'sell', '0.4', '59900'));
  const passive = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000', { timeInForce: 'post_only' }));
  assert.equal(await amended(exchange, passive, change('59900', null)), 'done');
  assert.equal(told(exchange, ALICE, passive).closeReason, 'post_only_would_take');
  assert.deepEqual(exchange.leaks(), []);
});

test('a cancel finds its order by either id and says why it comes too late', async () => {
  const { exchange, clock } = await openHarness();
  const clientOrderId = 'mine';
  const ref: ExchangeOrderRef = { instrument: BTC, orderId: null, clientOrderId };
  assert.equal(await outcome(exchange.cancel(ALICE, ref)), 'ORDER_NOT_FOUND');
  const orderId = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000', { clientOrderId }));
  assert.equal(await outcome(exchange.cancel(BOB, byId(BTC, orderId))), 'ORDER_NOT_FOUND');
  assert.equal(await outcome(exchange.cancel(ALICE, byId(PERP, orderId))), 'ORDER_NOT_FOUND');
  assert.equal(await outcome(exchange.cancel(ALICE, ref)), 'done');
  assert.equal(await outcome(exchange.cancel(ALICE, ref)), 'ORDER_ALREADY_FINAL');
  assert.equal(await outcome(exchange.cancel(ALICE, byId(BTC, orderId))), 'ORDER_ALREADY_FINAL');
  await clock.step?.(86_400_001);
  assert.equal(
    await outcome(exchange.cancel(ALICE, byId(BTC, orderId))),
    'ORDER_NOT_FOUND',
    'a day later it is forgotten',
  );
});

test('cancel-all takes what the filter names', async () => {
  const { exchange } = await openHarness();
  const spot = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  const perp = await placed(exchange, ALICE, limit(PERP, 'buy', '1', '59000'));
  await placed(exchange, BOB, limit(BTC, 'buy', '1', '59000'));
  const canceled = await exchange.cancelAll(ALICE, everything('spot'));
  assert.deepEqual(canceled.ok && canceled.value.map((one) => one.orderId), [spot]);
  assert.equal(told(exchange, ALICE, perp).status, 'new');
  const byCoin = await exchange.cancelAll(ALICE, { ...everything('linear'), settle: 'USDT' as never });
  assert.deepEqual(byCoin.ok && byCoin.value.map((one) => one.orderId), [perp]);
  assert.equal(exchange.orders(BOB, { ...everything('spot'), recentlyClosed: false }).length, 1);
});

test('queries show working and recently closed orders newest first, and histories by time', async () => {
  const { exchange, clock } = await openHarness();
  const ids: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    ids.push(await placed(exchange, ALICE, limit(BTC, 'buy', '0.1', '59000', { clientOrderId: `c${i}` })));
    await clock.step?.(1000);
  }
  await exchange.cancel(ALICE, byId(BTC, ids[1] as string));
  const listed = (recentlyClosed: boolean, more = {}) =>
    exchange.orders(ALICE, { ...everything('spot'), recentlyClosed, ...more }).map((order) => order.orderId);
  assert.deepEqual(listed(false), [ids[2], ids[0]]);
  assert.deepEqual(listed(true), [ids[1]]);
  assert.deepEqual(listed(false, { clientOrderId: 'c0' }), [ids[0]]);
  assert.deepEqual(listed(false, { base: 'ETH' }), []);
  const from = (exchange.now() - 2500) as never;
  const history = exchange.orderHistory(ALICE, { ...everything('spot'), from });
  assert.deepEqual(
    history.map((order) => order.orderId),
    [ids[2], ids[1]],
  );
  await clock.step?.(86_400_000);
  const later = exchange.orderHistory(ALICE, everything('spot')).map((order) => order.orderId);
  assert.deepEqual(later, [ids[2], ids[0]], 'an order without a fill is shown for a day after it closed');
});

test('cancel-all of futures takes 500 orders at a time', async () => {
  const { exchange } = await openHarness({ config: { options: { maxOpenOrders: 2000 } } });
  for (let i = 0; i < 520; i += 1) await placed(exchange, ALICE, limit(PERP, 'buy', '0.001', '59000'));
  const sizes: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    const canceled = await exchange.cancelAll(ALICE, everything('linear'));
    sizes.push(canceled.ok ? canceled.value.length : -1);
  }
  assert.deepEqual(sizes, [500, 20, 0]);
});
