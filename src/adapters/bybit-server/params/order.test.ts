import assert from 'node:assert/strict';
import { NO_AMENDMENT, PLAIN_ORDER } from '../../../ports/exchange.ts';
import { test } from 'node:test';
import { money } from '../../../domain/decimal.ts';
import { readParams, type Source } from './fields.ts';
import { AMEND_ORDER, amendOrder, CREATE_ORDER, orderRef, placeOrder } from './order.ts';

const LIMIT = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.1', price: '60000' };

const place = (change: Source) => {
  const params = readParams(CREATE_ORDER, { ...LIMIT, ...change });
  return params.ok ? placeOrder(params.value) : params;
};
const refusal = (change: Source) => {
  const placed = place(change);
  return placed.ok ? null : [placed.error.retCode, placed.error.retMsg];
};

test('a limit order is read with its defaults', () => {
  assert.deepEqual(place({}), {
    ok: true,
    value: {
      instrument: 'linear:BTCUSDT',
      clientOrderId: null,
      side: 'buy',
      type: 'limit',
      qty: money('0.1'),
      qtyIn: 'base',
      price: money('60000'),
      timeInForce: 'gtc',
      reduceOnly: false,
      slippage: null,
      selfTrade: 'none',
      ...PLAIN_ORDER,
    },
  });
});

test('a spot market buy is in quote currency unless it says otherwise, a sell in base', () => {
  const qtyIn = (change: Source) => {
    const placed = place({ category: 'spot', orderType: 'Market', ...change });
    return placed.ok ? placed.value.qtyIn : null;
  };
  assert.equal(qtyIn({}), 'quote');
  assert.equal(qtyIn({ marketUnit: 'baseCoin' }), 'base');
  assert.equal(qtyIn({ side: 'Sell' }), 'base');
  assert.equal(qtyIn({ side: 'Sell', marketUnit: 'quoteCoin' }), 'quote');
  assert.equal(qtyIn({ category: 'linear' }), 'base');
});

test('a market order is immediate and has no price, whatever the client wrote', () => {
  const placed = place({ orderType: 'Market', price: '1', timeInForce: 'PostOnly' });
  assert.deepEqual(placed.ok && [placed.value.price, placed.value.timeInForce], [null, 'ioc']);
});

test('what is wrong is refused in Bybit’s words', () => {
  assert.deepEqual(refusal({ category: 'futures' }), [10001, 'Illegal category']);
  assert.deepEqual(refusal({ symbol: '' }), [10001, 'Missing some parameters that must be filled in, symbol']);
  assert.deepEqual(refusal({ side: 'buy' }), [10001, 'Side invalid']);
  assert.deepEqual(refusal({ orderType: 'Stop' }), [10001, 'OrderType invalid']);
  assert.deepEqual(refusal({ price: null }), [10001, 'Price invalid']);
  assert.deepEqual(refusal({ orderLinkId: 'a'.repeat(37) }), [10001, 'params error: orderLinkId invalid']);
  assert.deepEqual(refusal({ orderLinkId: 'ä' }), [10001, 'params error: orderLinkId invalid']);
  assert.deepEqual(refusal({ positionIdx: 3 }), [10001, 'position idx not match position mode']);
  assert.deepEqual(refusal({ category: 'spot', reduceOnly: true }), [10001, 'params error: reduceOnly invalid']);
  assert.equal(refusal({ timeInForce: 'RPI' })?.[0], 110119);
  assert.equal(refusal({ timeInForce: 'RPI', category: 'spot' })?.[0], 170355);
});

test('quantities and prices are plain decimal texts above zero', () => {
  for (const qty of ['0', '-1', '1e3', '', ' 1', '.5', 0.1, null, '1.0000000000000000001']) {
    assert.deepEqual(refusal({ qty }), [10001, 'Qty invalid'], String(qty));
  }
  assert.deepEqual(refusal({ price: 60000 }), [10001, 'Price invalid']);
});

const TRIGGER = { triggerPrice: '61000', triggerDirection: 1, triggerBy: 'MarkPrice' };

test('a trigger price makes an order wait; contracts say which way, spot says which kind', () => {
  const waits = (change: Source) => {
    const placed = place(change);
    return placed.ok ? [placed.value.trigger, placed.value.filter] : placed.error;
  };
  assert.deepEqual(waits(TRIGGER), [{ price: money('61000'), direction: 'rise', by: 'mark' }, 'order']);
  assert.deepEqual(waits({ ...TRIGGER, triggerPrice: '0' }), [null, 'order']);
  assert.deepEqual(waits({ triggerPrice: '1' }), {
    retCode: 10001,
    retMsg: 'params error: triggerDirection invalid',
  });
  const spot = { category: 'spot', triggerPrice: '61000' };
  assert.deepEqual(waits({ ...spot, orderFilter: 'tpslOrder' }), [
    { price: money('61000'), direction: null, by: 'last' },
    'tpsl',
  ]);
  assert.deepEqual((waits({ ...spot, orderFilter: 'StopOrder' }) as unknown[])[1], 'stop');
  assert.deepEqual(waits(spot), { retCode: 170201, retMsg: 'Invalid orderFilter parameter' });
  assert.deepEqual(waits({ category: 'spot', orderFilter: 'tpslOrder' }), {
    retCode: 170202,
    retMsg: 'Please enter the TP/SL price.',
  });
  const tolerant = { orderType: 'Market', slippageToleranceType: 'TickSize', slippageTolerance: '5' };
  assert.deepEqual(refusal({ ...TRIGGER, ...tolerant }), [10001, 'params error: slippageTolerance invalid']);
});

test('take profit and stop loss come along, as market orders unless they have a limit', () => {
  const exits = (change: Source) => {
    const placed = place(change);
    return placed.ok ? placed.value.exits : placed.error.retMsg;
  };
  assert.deepEqual(exits({ takeProfit: '70000', stopLoss: '50000', slTriggerBy: 'IndexPrice' }), {
    mode: 'full',
    takeProfit: { price: money('70000'), by: 'last', limitPrice: null },
    stopLoss: { price: money('50000'), by: 'index', limitPrice: null },
  });
  const limited = { takeProfit: '70000', tpOrderType: 'Limit', tpslMode: 'Partial' };
  assert.deepEqual(exits({ ...limited, tpLimitPrice: '69000' }), {
    mode: 'partial',
    takeProfit: { price: money('70000'), by: 'last', limitPrice: money('69000') },
    stopLoss: null,
  });
  assert.equal(exits(limited), 'params error: tpLimitPrice invalid');
  assert.equal(exits({ takeProfit: '0', stopLoss: '', tpslMode: 'Full', tpLimitPrice: '0' }), null);
});

test('nothing as quantity closes everything, of contracts that may only close', () => {
  const qty = (change: Source) => {
    const placed = place({ qty: '0', ...change });
    return placed.ok ? placed.value.qty : placed.error.retMsg;
  };
  assert.equal(qty({ reduceOnly: true, closeOnTrigger: true }), 0n);
  assert.equal(qty({ reduceOnly: true }), 'Qty invalid');
});

test('a price from the book needs side and level, and no price', () => {
  const bbo = (change: Source) => {
    const placed = place({ price: '', ...change });
    return placed.ok ? [placed.value.bbo, placed.value.price] : placed.error.retMsg;
  };
  assert.deepEqual(bbo({ bboSideType: 'Queue', bboLevel: '3' }), [{ side: 'queue', level: 3 }, null]);
  assert.equal(bbo({ bboSideType: 'Queue' }), 'Missing some parameters that must be filled in, bboLevel');
  assert.equal(bbo({ bboSideType: 'Queue', bboLevel: '6' }), 'params error: bboLevel invalid');
});

test('an amendment takes exits away with zero, and nothing at all is unchanged', () => {
  const change = (source: Source) => {
    const params = readParams(AMEND_ORDER, { category: 'linear', symbol: 'BTCUSDT', orderId: '1', ...source });
    const read = params.ok ? amendOrder(params.value) : params;
    return read.ok ? read.value : read.error.retCode;
  };
  assert.equal(change({}), 10001);
  assert.deepEqual(change({ takeProfit: '0', stopLoss: '50000' }), {
    ...NO_AMENDMENT,
    exits: { mode: null, takeProfit: 'none', stopLoss: { price: money('50000'), by: null, limitPrice: null } },
  });
  assert.deepEqual(change({ triggerPrice: '61000' }), { ...NO_AMENDMENT, triggerPrice: money('61000') });
});

test('a slippage tolerance is in ticks or percent and has its own codes', () => {
  const slippage = (slippageToleranceType: string, slippageTolerance: string) => {
    const placed = place({ orderType: 'Market', slippageToleranceType, slippageTolerance });
    return placed.ok ? placed.value.slippage : placed.error.retCode;
  };
  assert.deepEqual(slippage('TickSize', '10000'), { ticks: 10_000 });
  assert.deepEqual(slippage('Percent', '0.5'), { fraction: money('0.005') });
  assert.equal(slippage('TickSize', '10001'), 110108);
  assert.equal(slippage('TickSize', '1.5'), 110108);
  assert.equal(slippage('Percent', '10.01'), 110109);
  assert.equal(slippage('Percent', '0.001'), 110109);
  assert.equal(slippage('Points', '1'), 10001);
});

test('of two ids the exchange’s own counts', () => {
  const params = readParams(AMEND_ORDER, { category: 'spot', symbol: 'X', orderId: '1', orderLinkId: 'a', qty: '2' });
  assert.deepEqual(params.ok && orderRef(params.value), {
    ok: true,
    value: { instrument: 'spot:X', orderId: '1', clientOrderId: null },
  });
});
