import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../domain/decimal.ts';
import { ALICE, BOB, byId, CAROL, limit, market, openHarness, PERP, placed, told } from '../testing/harness.ts';
import { deep, exit, exits, last, position, setStop, shown, waiting } from '../testing/stops.ts';

test('hedge mode: long and short side by side, each with exits of its own', async () => {
  const { exchange } = await openHarness();
  await deep(exchange);
  const wrong = await exchange.place(ALICE, market(PERP, 'buy', '1', { positionIdx: 1 }));
  assert.equal(wrong.ok ? '' : wrong.error.code, 'POSITION_IDX_MISMATCH');
  assert.equal((await exchange.setHedged(ALICE, PERP, true)).ok, true);
  await placed(exchange, ALICE, market(PERP, 'buy', '1', { positionIdx: 1, ...exits(null, '59000') }));
  await placed(exchange, ALICE, market(PERP, 'sell', '0.4', { positionIdx: 2, ...exits('59500', null) }));
  assert.deepEqual([position(exchange, 1).size, position(exchange, 2).size], [money('1'), money('-0.4')]);
  assert.equal(
    exchange.positions(ALICE, { category: 'linear', instrument: null, settle: 'USDT' as never, base: null }).length,
    2,
  );
  const more = await exchange.place(ALICE, market(PERP, 'buy', '1', { positionIdx: 2 }));
  assert.ok(more.ok);
  assert.equal(position(exchange, 2).size, 0n, 'a buy of the short closes no more than it');
  assert.deepEqual(shown(waiting(exchange)), [['stop_loss', '1', '59000']]);
  await last(exchange, '59000');
  assert.equal(position(exchange, 1).size, 0n);
  assert.deepEqual(exchange.leaks(), []);
});

test('the mode is switched only where nothing is open, by symbol or for a whole coin', async () => {
  const { exchange } = await openHarness();
  await deep(exchange);
  const set = async (of: string, hedged: boolean) => {
    const answer = await exchange.setHedged(ALICE, of as never, hedged);
    return answer.ok ? 'done' : answer.error.code;
  };
  assert.equal(await set(PERP, false), 'MODE_UNCHANGED');
  const orderId = await placed(exchange, ALICE, limit(PERP, 'buy', '1', '59000'));
  assert.equal(await set(PERP, true), 'MODE_BLOCKED_BY_ORDERS');
  await exchange.cancel(ALICE, byId(PERP, orderId));
  await placed(exchange, ALICE, market(PERP, 'buy', '1'));
  assert.equal(await set(PERP, true), 'MODE_BLOCKED_BY_POSITION');
  assert.equal(await set('USDT', true), 'done');
  assert.equal(position(exchange, 0).size, money('1'), 'what is in use stays as it is');
  assert.equal(exchange.settings(ALICE).hedged['linear:ETHUSDT'] ?? exchange.settings(ALICE).hedged['USDT'], true);
  assert.equal(await set('spot:BTCUSDT', true), 'HEDGE_NOT_SUPPORTED');
});

test('what only closes may be larger than one order may be, and closes the position', async () => {
  const listed = { instruments: [{ category: 'linear', symbol: 'BTCUSDT', maxMarketQty: '1' }, 'spot:BTCUSDT'] };
  const { exchange } = await openHarness({ config: listed });
  await deep(exchange);
  for (const qty of ['1', '1', '0.5']) await placed(exchange, ALICE, market(PERP, 'buy', qty));
  const more = await exchange.place(ALICE, market(PERP, 'buy', '1.5'));
  assert.equal(more.ok ? '' : more.error.code, 'QTY_TOO_LARGE');
  assert.equal(await setStop(exchange, { stopLoss: exit('59500') }), 'done');
  await last(exchange, '59500');
  assert.equal(position(exchange).size, 0n, 'a stop loss leaves nothing behind');
  for (const qty of ['1', '0.2']) await placed(exchange, ALICE, market(PERP, 'buy', qty));
  await placed(exchange, ALICE, market(PERP, 'sell', '1.2', { reduceOnly: true }));
  assert.equal(position(exchange).size, 0n);
});

test('reduce-only, close-everything and book prices', async () => {
  const { exchange } = await openHarness();
  await deep(exchange);
  await placed(exchange, ALICE, market(PERP, 'buy', '1.5'));
  const queue = { bbo: { side: 'queue', level: 1 }, price: null } as const;
  const resting = await placed(exchange, ALICE, limit(PERP, 'buy', '0.1', '1', queue));
  const order = told(exchange, ALICE, resting);
  assert.deepEqual([order.price, order.createdBy, order.status], [money('59990'), 'bbo', 'new']);
  const counter = { bbo: { side: 'counterparty', level: 1 }, price: null } as const;
  assert.equal(
    told(exchange, ALICE, await placed(exchange, ALICE, limit(PERP, 'buy', '0.1', '1', counter))).status,
    'filled',
  );
  const none = await exchange.place(
    ALICE,
    limit(PERP, 'buy', '0.1', '1', { bbo: { side: 'queue', level: 5 }, price: null }),
  );
  assert.equal(none.ok ? '' : none.error.code, 'NO_MARKET_PRICE');
  await placed(exchange, ALICE, market(PERP, 'sell', '0', { reduceOnly: true, closeOnTrigger: true }));
  assert.equal(position(exchange).size, 0n);
});

test('accounts of one group do not trade with each other, and the order that goes names the one it met', async () => {
  const { exchange } = await openHarness();
  await exchange.control.setReference(PERP, money('60000'));
  for (const uid of [ALICE, CAROL]) await exchange.changeSettings(uid, { smpGroup: 7 });
  const maker = await placed(exchange, CAROL, limit(PERP, 'sell', '1', '60000'));
  const taker = await placed(exchange, ALICE, limit(PERP, 'buy', '1', '60000', { selfTrade: 'cancel_taker' }));
  const ended = told(exchange, ALICE, taker);
  assert.deepEqual(
    [ended.status, ended.closeReason, ended.smpOrderId, ended.smpGroup],
    ['canceled', 'self_trade', maker, 7],
  );
  const second = await placed(exchange, ALICE, limit(PERP, 'buy', '1', '60000', { selfTrade: 'cancel_maker' }));
  assert.equal(told(exchange, CAROL, maker).smpOrderId, second);
  assert.equal(told(exchange, ALICE, second).status, 'new');
  await placed(exchange, BOB, limit(PERP, 'sell', '1', '60000', { selfTrade: 'cancel_both' }));
  assert.equal(told(exchange, ALICE, second).status, 'filled', 'others are others');
});
