import assert from 'node:assert/strict';
import { NO_AMENDMENT } from '../ports/exchange.ts';
import { test } from 'node:test';
import { formatDecimal, money } from '../domain/decimal.ts';
import type { Result } from '../domain/result.ts';
import {
  ALICE,
  BOB,
  BTC,
  balance,
  byId,
  coin,
  everything,
  limit,
  openHarness,
  PERP,
  placed,
  told,
} from './testing/harness.ts';

const codeOf = (result: Result<unknown, { code: string }>): string => (result.ok ? 'ok' : result.error.code);

test('an order can be rejected after its acknowledgement, and gives back what it reserved', async () => {
  const { exchange, flush, privates } = await openHarness();
  exchange.control.inject({ type: 'reject_after_ack', count: 1 });
  const orderId = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  assert.equal(told(exchange, ALICE, orderId).status, 'rejected');
  assert.deepEqual(balance(exchange, ALICE, 'USDT').locked, money('0'));
  await flush();
  const orders = privates.flatMap((event) => (event.type === 'order' ? event.orders : []));
  assert.deepEqual(
    orders.map((order) => order.status),
    ['rejected'],
  );
  const next = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  assert.equal(told(exchange, ALICE, next).status, 'new', 'the one that was asked for, no other');
  assert.equal(exchange.control.firedFaults().get('reject_after_ack'), 1);
});

test('a cancel that is held loses against a fill that comes meanwhile', async () => {
  const { exchange, clock } = await openHarness();
  const orderId = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  exchange.control.inject({ type: 'hold_changes', ms: 500 });
  const canceling = exchange.cancel(ALICE, byId(BTC, orderId));
  await clock.step?.(100);
  const traded = await exchange.control.trade({ instrument: BTC, side: 'sell', qty: money('1'), price: null });
  assert.equal(traded.ok && formatDecimal(traded.value), '1');
  await clock.step?.(400);
  assert.equal(codeOf(await canceling), 'ORDER_ALREADY_FINAL');
  assert.equal(told(exchange, ALICE, orderId).status, 'filled');
});

test('a fill can be put between a cancel or an amendment and its processing', async () => {
  const { exchange } = await openHarness();
  const first = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  exchange.control.inject({ type: 'fill_before_change', count: 1, part: 1 });
  assert.equal(codeOf(await exchange.cancel(ALICE, byId(BTC, first))), 'ORDER_ALREADY_FINAL');
  const second = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  exchange.control.inject({ type: 'fill_before_change', count: 1, part: 0.6 });
  const change = { ...NO_AMENDMENT, qty: money('0.5') };
  assert.equal(codeOf(await exchange.amend(ALICE, byId(BTC, second), change)), 'QTY_BELOW_FILLED');
  assert.equal(formatDecimal(told(exchange, ALICE, second).cumQty), '0.6');
  assert.equal(codeOf(await exchange.cancel(ALICE, byId(BTC, second))), 'ok');
  assert.deepEqual(exchange.leaks(), []);
});

test('queries of orders and executions can lag behind what is true', async () => {
  const { exchange, clock } = await openHarness();
  exchange.control.inject({ type: 'lag_queries', ms: 1000 });
  const orderId = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  await exchange.control.fill({ uid: ALICE, orderId, qty: null });
  const seen = () => [
    exchange.orders(ALICE, { ...everything('spot'), recentlyClosed: true }).length,
    exchange.orderHistory(ALICE, everything('spot')).length,
    exchange.executions(ALICE, everything('spot')).length,
  ];
  await clock.step?.(999);
  assert.deepEqual(seen(), [0, 0, 0]);
  assert.equal(formatDecimal(balance(exchange, ALICE, 'BTC').wallet), '10.999', 'wallets do not lag');
  const truth = exchange.groundTruth().accounts.find((one) => one.uid === ALICE);
  assert.deepEqual([truth?.orders[0]?.status, truth?.executions.length], ['filled', 1]);
  exchange.control.clearFaults();
  await clock.step?.(1);
  assert.deepEqual(seen(), [1, 1, 1]);
});

test('an order can be filled past the queue, in part or whole', async () => {
  const { exchange } = await openHarness();
  await placed(exchange, BOB, limit(BTC, 'buy', '1', '59100'));
  const orderId = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  const fill = (qty: string | null) =>
    exchange.control.fill({ uid: ALICE, orderId, qty: qty === null ? null : money(qty) });
  assert.equal(codeOf(await fill('0.25')), 'ok');
  const order = told(exchange, ALICE, orderId);
  assert.deepEqual([formatDecimal(order.cumQty), formatDecimal(order.cumNotional)], ['0.25', '14750']);
  assert.equal(formatDecimal(balance(exchange, ALICE, 'USDT').locked), '44250');
  assert.equal(codeOf(await fill(null)), 'ok');
  assert.equal(told(exchange, ALICE, orderId).status, 'filled');
  assert.equal(codeOf(await fill(null)), 'NOTHING_TO_DO');
  assert.equal(codeOf(await exchange.control.fill({ uid: 'nobody', orderId, qty: null })), 'NOT_FOUND');
  assert.deepEqual(exchange.leaks(), []);
});

test('money can be paid in, and what it is asked wrongly control says', async () => {
  const { exchange } = await openHarness();
  assert.equal(codeOf(await exchange.control.deposit(ALICE, coin('USDC'), money('5'))), 'ok');
  assert.equal(formatDecimal(balance(exchange, ALICE, 'USDC').wallet), '5');
  assert.equal(codeOf(await exchange.control.deposit('nobody', coin('USDC'), money('5'))), 'NOT_FOUND');
  assert.equal(codeOf(await exchange.control.step(10)), 'NOT_STEPPED');
  const trade = { instrument: BTC, side: 'buy', qty: money('1'), price: null } as const;
  assert.equal(codeOf(await exchange.control.trade(trade)), 'NOTHING_TO_DO');
  assert.equal(codeOf(await exchange.control.trade({ ...trade, instrument: 'spot:NOPE' as never })), 'NOT_FOUND');
  assert.equal(codeOf(await exchange.control.setReference(BTC, money('0'))), 'INVALID');
  assert.equal(codeOf(await exchange.control.advanceReplay(BTC, 5)), 'NOT_FOUND');
  assert.deepEqual(exchange.leaks(), []);
});

test('a reset forgets everything but that ids were used, and tells nobody', async () => {
  const { exchange, flush, privates } = await openHarness();
  const order = limit(BTC, 'buy', '1', '59000', { clientOrderId: 'again' });
  const before = await placed(exchange, ALICE, order);
  await placed(exchange, BOB, limit(PERP, 'sell', '1', '60000'));
  await flush();
  privates.length = 0;
  await exchange.control.reset();
  await flush();
  assert.deepEqual(privates, []);
  assert.deepEqual(exchange.orderHistory(ALICE, everything('spot')), []);
  assert.deepEqual(balance(exchange, ALICE, 'USDT'), { wallet: money('1000000'), locked: money('0') });
  assert.equal(exchange.book(BTC, 5).bids.length, 0);
  assert.equal(codeOf(await exchange.cancel(ALICE, byId(BTC, before))), 'ORDER_NOT_FOUND');
  const after = await placed(exchange, ALICE, order);
  assert.ok(BigInt(after) > BigInt(before));
  assert.deepEqual(exchange.leaks(), []);
});

test('instruments can close, agents can leave, keys can change', async () => {
  const { exchange, flush } = await openHarness({ config: { agents: true } });
  await exchange.start();
  const order = limit(BTC, 'buy', '1', '59000');
  const orderId = await placed(exchange, ALICE, order);
  assert.equal(codeOf(exchange.control.setStatus(BTC, 'closed')), 'ok');
  assert.equal(codeOf(await exchange.place(ALICE, order)), 'INSTRUMENT_NOT_TRADING');
  assert.equal(codeOf(await exchange.cancel(ALICE, byId(BTC, orderId))), 'ok');
  exchange.control.setStatus(BTC, 'trading');
  assert.equal(codeOf(exchange.control.setQuoting(BTC, false)), 'ok');
  await flush();
  assert.deepEqual(exchange.book(BTC, 5).bids, []);
  const none = await placed(exchange, ALICE, { ...order, type: 'market', price: null });
  assert.equal(told(exchange, ALICE, none).closeReason, 'no_liquidity');
  exchange.control.setQuoting(BTC, true);
  await flush();
  assert.equal(exchange.book(BTC, 5).bids.length, 5);
  exchange.control.setKey('key1001', { readOnly: true });
  assert.equal(exchange.credential('key1001')?.readOnly, true);
  exchange.control.setKey('key1001', null);
  assert.equal(exchange.credential('key1001'), null);
  assert.equal(codeOf(exchange.control.setKey('key1001', null)), 'NOT_FOUND');
  assert.equal(codeOf(await exchange.control.deposit(ALICE, coin('BTC'), money('-11'))), 'INVALID');
  assert.equal(codeOf(await exchange.control.deposit(ALICE, coin('BTC'), money('-10'))), 'ok');
  assert.deepEqual(exchange.leaks(), []);
});
