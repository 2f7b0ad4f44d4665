import assert from 'node:assert/strict';
import { PLAIN_ORDER } from '../../../ports/exchange.ts';
import { test } from 'node:test';
import { money } from '../../../domain/decimal.ts';
import { readParams, type Source } from './fields.ts';
import { AMEND_ORDER, CREATE_ORDER, orderRef, placeOrder } from './order.ts';

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
  assert.deepEqual(refusal({ positionIdx: 1 }), [10001, 'position idx not match position mode']);
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

test('what Bybit can and this exchange cannot is refused by name, neutral values pass', () => {
  const asking = {
    triggerPrice: '1',
    takeProfit: '70000',
    stopLoss: '1',
    isLeverage: 1,
    orderFilter: 'StopOrder',
    closeOnTrigger: true,
  };
  for (const [name, value] of Object.entries(asking)) {
    assert.deepEqual(refusal({ [name]: value }), [10001, `params error: ${name} is not supported by this exchange`]);
  }
  const neutral = {
    triggerPrice: '',
    takeProfit: '0',
    stopLoss: null,
    isLeverage: 0,
    orderFilter: 'Order',
    closeOnTrigger: false,
  };
  assert.equal(refusal({ ...neutral, positionIdx: 0, tpslMode: 'Full', someThingNew: 'x' }), null);
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
