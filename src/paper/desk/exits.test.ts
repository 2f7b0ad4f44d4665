import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { NO_AMENDMENT, type PlaceOrder } from '../../ports/exchange.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';
import {
  ALICE,
  BTC,
  balance,
  byId,
  everything,
  limit,
  market,
  openHarness,
  PERP,
  placed,
  told,
} from '../testing/harness.ts';
import { deep, exit, exits, last, position, setStop, shown, waiting } from '../testing/stops.ts';

test('a full take profit and stop loss follow the size of the position and go when it is closed', async () => {
  const { exchange } = await openHarness();
  await deep(exchange);
  const parent = await placed(
    exchange,
    ALICE,
    market(PERP, 'buy', '1', { clientOrderId: 'in', ...exits('61000', '59000') }),
  );
  assert.deepEqual(shown(waiting(exchange)), [
    ['take_profit', '1', '61000'],
    ['stop_loss', '1', '59000'],
  ]);
  assert.deepEqual(waiting(exchange)[0]?.parent, { orderId: parent, clientOrderId: 'in' });
  const { takeProfit, stopLoss } = position(exchange);
  assert.deepEqual([takeProfit, stopLoss], [money('61000'), money('59000')]);
  await placed(exchange, ALICE, market(PERP, 'buy', '0.5'));
  await placed(exchange, ALICE, market(PERP, 'sell', '0.2'));
  assert.deepEqual(
    shown(waiting(exchange)).map(([, qty]) => qty),
    ['1.3', '1.3'],
  );
  const [profit] = waiting(exchange);
  await placed(exchange, ALICE, market(PERP, 'sell', '1.3'));
  assert.deepEqual(waiting(exchange), []);
  assert.equal(told(exchange, ALICE, profit?.orderId ?? '').closeReason, 'exits_cleared');
  assert.deepEqual(exchange.leaks(), []);
});

test('a stop loss closes the position at the market when the last price falls to it, and its twin is cleared', async () => {
  const { exchange } = await openHarness();
  await deep(exchange);
  await placed(exchange, ALICE, market(PERP, 'buy', '1', exits('61000', '59000')));
  const [profit, stop] = waiting(exchange);
  await last(exchange, '59000.1');
  assert.equal(position(exchange).size, money('1'));
  await last(exchange, '59000');
  const order = told(exchange, ALICE, stop?.orderId ?? '');
  assert.deepEqual([order.status, order.createdBy, order.closedPnl], ['filled', 'stop_loss', money('-1020')]);
  assert.equal(position(exchange).size, 0n);
  assert.equal(told(exchange, ALICE, profit?.orderId ?? '').closeReason, 'exits_cleared');
  assert.deepEqual(exchange.leaks(), []);
});

test('partial exits are of what was filled, grow with it, and one ends the other', async () => {
  const { exchange } = await openHarness();
  await deep(exchange);
  const parent = await placed(exchange, ALICE, limit(PERP, 'buy', '1', '59995', exits('60500', '59500', 'partial')));
  assert.deepEqual(waiting(exchange), [], 'nothing is filled yet');
  for (const qty of ['0.3', '0.4']) await exchange.control.fill({ uid: ALICE, orderId: parent, qty: money(qty) });
  assert.deepEqual(shown(waiting(exchange)), [
    ['partial_take_profit', '0.7', '60500'],
    ['partial_stop_loss', '0.7', '59500'],
  ]);
  const [profit, stop] = waiting(exchange).map(({ orderId }) => orderId);
  await exchange.cancel(ALICE, byId(PERP, parent));
  await placed(exchange, ALICE, market(PERP, 'buy', '0.1'));
  await last(exchange, '60500');
  assert.equal(told(exchange, ALICE, profit ?? '').status, 'filled');
  assert.deepEqual(
    [told(exchange, ALICE, stop ?? '').status, told(exchange, ALICE, stop ?? '').closeReason],
    ['canceled', 'oco_other_triggered_tp'],
  );
  assert.equal(position(exchange).size, money('0.1'));
});

test('an exit on the wrong side is refused, measured from the order or the market', async () => {
  const { exchange } = await openHarness();
  await deep(exchange);
  const code = async (order: PlaceOrder) => {
    const answer = await exchange.place(ALICE, order);
    return answer.ok ? 'taken' : answer.error.detail;
  };
  assert.equal(
    await code(limit(PERP, 'buy', '1', '58000', exits('57000', null))),
    'TakeProfit:570000000 set for Buy position should be higher than base_price:580000000??LastPrice',
  );
  assert.equal(
    await code(market(PERP, 'sell', '1', exits(null, '59999'))),
    'StopLoss:599990000 set for Sell position should be higher than base_price:600000000??LastPrice',
  );
  assert.equal(await code(limit(PERP, 'buy', '1', '58000', exits('58500', '57999.9'))), 'taken');
  const closing = await exchange.place(ALICE, market(PERP, 'sell', '1', { reduceOnly: true, ...exits(null, '61000') }));
  assert.equal(closing.ok ? '' : closing.error.code, 'EXITS_NOT_ALLOWED');
});

test('the exits of an open order can be changed and taken away until it has filled', async () => {
  const { exchange } = await openHarness();
  await deep(exchange);
  const orderId = await placed(exchange, ALICE, limit(PERP, 'buy', '1', '59000', exits('61000', '58000')));
  const amend = async (takeProfit: 'none' | string | null) => {
    const change = takeProfit === null || takeProfit === 'none' ? takeProfit : { ...exit(takeProfit), by: null };
    const answer = await exchange.amend(ALICE, byId(PERP, orderId), {
      ...NO_AMENDMENT,
      exits: { mode: null, takeProfit: change as never, stopLoss: null },
    });
    return answer.ok ? 'done' : answer.error.code;
  };
  assert.equal(await amend('61000'), 'NOT_MODIFIED');
  assert.equal(await amend('58900'), 'EXIT_ON_WRONG_SIDE');
  assert.equal(await amend('62000'), 'done');
  assert.equal(told(exchange, ALICE, orderId).exits?.takeProfit?.price, money('62000'));
  assert.equal(await amend('none'), 'done');
  assert.equal(told(exchange, ALICE, orderId).exits?.takeProfit, null);
  await exchange.control.fill({ uid: ALICE, orderId, qty: money('0.1') });
  assert.equal(await amend('63000'), 'EXITS_OF_PARTLY_FILLED');
  assert.deepEqual(shown(waiting(exchange)), [['stop_loss', '0.1', '58000']]);
});

test('trading stop sets, moves and takes away the exits of a position, and says when nothing changes', async () => {
  const { exchange } = await openHarness();
  await deep(exchange);
  assert.equal(await setStop(exchange, { takeProfit: exit('61000') }), 'NO_POSITION');
  await placed(exchange, ALICE, market(PERP, 'sell', '1'));
  assert.equal(await setStop(exchange, { takeProfit: exit('61000') }), 'EXIT_ON_WRONG_SIDE');
  assert.equal(await setStop(exchange, { takeProfit: exit('59000'), stopLoss: exit('61000') }), 'done');
  assert.equal(await setStop(exchange, { takeProfit: exit('59000'), stopLoss: exit('61000') }), 'EXITS_UNCHANGED');
  assert.equal(await setStop(exchange, { takeProfit: exit('59100') }), 'done');
  assert.deepEqual(shown(waiting(exchange)), [
    ['take_profit', '1', '59100'],
    ['stop_loss', '1', '61000'],
  ]);
  const [profit] = waiting(exchange);
  const amended = await exchange.amend(ALICE, byId(PERP, profit?.orderId ?? ''), {
    ...NO_AMENDMENT,
    triggerPrice: money('59200'),
  });
  assert.equal(amended.ok ? '' : amended.error.code, 'EXITS_LOCKED');
  assert.equal(await setStop(exchange, { takeProfit: 'none' }), 'done');
  assert.equal(await setStop(exchange, { takeProfit: 'none' }), 'EXITS_UNCHANGED');
  assert.equal(await setStop(exchange, { takeProfit: exit('59000', '58990') }), 'EXITS_NOT_ALLOWED');
  assert.deepEqual(shown(waiting(exchange)), [['stop_loss', '1', '61000']]);
});

test('partial trading stops add up to twenty, none larger than the position', async () => {
  const { exchange } = await openHarness();
  await deep(exchange);
  await placed(exchange, ALICE, market(PERP, 'buy', '1'));
  const add = (price: string, size: string) =>
    setStop(exchange, { mode: 'partial', takeProfit: exit(price, '60900'), size: money(size) });
  assert.equal(await add('61000', '1.1'), 'EXITS_TOO_LARGE');
  for (let i = 0; i < 20; i += 1) assert.equal(await add(`${61000 + i}`, '0.1'), 'done');
  assert.equal(await add('61000', '0.1'), 'TOO_MANY_EXITS');
  await last(exchange, '61000');
  const [first] = waiting(exchange);
  assert.equal(formatDecimal(first?.trigger?.price ?? (0n as never)), '61001', 'the nearest is gone');
  const live = exchange.orders(ALICE, { ...everything('linear'), recentlyClosed: true })[0];
  assert.deepEqual(
    [live?.type, live?.status, formatDecimal(live?.cumQty ?? (0n as never))],
    ['limit', 'filled', '0.1'],
  );
});

test('a trailing stop follows the best price at its distance, through a restart', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal });
  await deep(first.exchange);
  await placed(first.exchange, ALICE, market(PERP, 'buy', '1'));
  assert.equal(await setStop(first.exchange, { trailing: money('500'), activePrice: money('60200') }), 'done');
  const [stop] = waiting(first.exchange);
  assert.equal(position(first.exchange).trailingStop, money('500'));
  await last(first.exchange, '59000');
  assert.equal(position(first.exchange).size, money('1'), 'it is not active yet');
  await last(first.exchange, '60200');
  await last(first.exchange, '60900');
  await last(first.exchange, '60500');
  const { exchange } = await openHarness({ journal: journal.reopen() });
  await last(exchange, '60400.1');
  assert.equal(position(exchange).size, money('1'));
  await last(exchange, '60400');
  assert.equal(position(exchange).size, 0n);
  const order = told(exchange, ALICE, stop?.orderId ?? '');
  assert.deepEqual(
    [order.status, order.createdBy, order.trailing?.extreme],
    ['filled', 'trailing_stop', money('60900')],
  );
  assert.deepEqual(exchange.leaks(), []);
});

test('spot: what a limit order bought waits as a pair that holds its coins once', async () => {
  const { exchange } = await openHarness();
  await deep(exchange, BTC);
  const before = balance(exchange, ALICE, 'BTC').locked;
  const parent = await placed(
    exchange,
    ALICE,
    limit(BTC, 'buy', '1', '60020', { clientOrderId: 'in', ...exits('61000', '59000') }),
  );
  assert.equal(told(exchange, ALICE, parent).status, 'filled');
  assert.deepEqual(shown(waiting(exchange, 'spot')), [
    ['bidirectional_tpsl', '0.999', '59000'],
    ['bidirectional_tpsl', '0.999', '61000'],
  ]);
  assert.equal(formatDecimal((balance(exchange, ALICE, 'BTC').locked - before) as never), '0.999');
  const [stop, profit] = waiting(exchange, 'spot').map(({ orderId }) => orderId);
  await last(exchange, '61000', BTC);
  const taken = told(exchange, ALICE, profit ?? '');
  assert.deepEqual([taken.status, taken.ocoTriggeredBy], ['filled', 'take_profit']);
  const gone = told(exchange, ALICE, stop ?? '');
  assert.deepEqual([gone.status, gone.closeReason], ['deactivated', 'oco_other_triggered_tp']);
  assert.equal(balance(exchange, ALICE, 'BTC').locked, before);
  assert.deepEqual(exchange.leaks(), []);
});

test('spot: a stop loss takes the coins over from its twin, and who cancels one cancels both', async () => {
  const { exchange } = await openHarness();
  await deep(exchange, BTC);
  await placed(exchange, ALICE, limit(BTC, 'sell', '1', '59980', exits('59000', '61000')));
  const [stop, profit] = waiting(exchange, 'spot');
  assert.equal(formatDecimal(balance(exchange, ALICE, 'USDT').locked), '61000', 'to buy back at the worse of both');
  await exchange.cancel(ALICE, byId(BTC, profit?.orderId ?? ''));
  assert.equal(told(exchange, ALICE, stop?.orderId ?? '').status, 'deactivated');
  assert.equal(balance(exchange, ALICE, 'USDT').locked, 0n);
  await placed(exchange, ALICE, limit(BTC, 'sell', '1', '59980', exits('59000', '61000')));
  await last(exchange, '61000', BTC);
  const [bought] = exchange.executions(ALICE, everything('spot'));
  assert.deepEqual([bought?.side, formatDecimal(bought?.qty ?? (0n as never))], ['buy', '1']);
  assert.equal(balance(exchange, ALICE, 'USDT').locked, 0n);
  assert.deepEqual(exchange.leaks(), []);
});
