import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../../domain/decimal.ts';
import { TestBench } from '../testing/client.ts';
import { at } from '../testing/memory-network.ts';
import { sampleOrder } from '../testing/samples.ts';
import { LINEAR, SPOT } from '../testing/scripted-exchange.ts';

const STOP = { category: 'linear', symbol: 'BTCUSDT', tpslMode: 'Full', positionIdx: 0 };

test('a trading stop reaches the exchange as the documentation’s own example has it', async () => {
  const bench = await TestBench.start();
  const { json } = await bench.post('/v5/position/trading-stop', {
    ...STOP,
    takeProfit: '0.6',
    stopLoss: '0.2',
    tpTriggerBy: 'MarkPrice',
    slTriggerBy: 'IndexPrice',
    tpslMode: 'Partial',
    tpOrderType: 'Limit',
    slOrderType: 'Limit',
    tpSize: '50',
    slSize: '50',
    tpLimitPrice: '0.57',
    slLimitPrice: '0.21',
  });
  assert.deepEqual([at(json, 'retCode'), at(json, 'result')], [0, {}]);
  assert.deepEqual(bench.exchange.calls[0]?.stop, {
    instrument: LINEAR,
    positionIdx: 0,
    mode: 'partial',
    takeProfit: { price: money('0.6'), by: 'mark', limitPrice: money('0.57') },
    stopLoss: { price: money('0.2'), by: 'index', limitPrice: money('0.21') },
    trailing: null,
    activePrice: null,
    size: money('50'),
  });
});

test('zero takes away, nothing at all is not modified, and what does not fit together is refused', async () => {
  const bench = await TestBench.start();
  const ask = async (change: object) => {
    const { json } = await bench.post('/v5/position/trading-stop', { ...STOP, ...change });
    return [at(json, 'retCode'), at(json, 'retMsg')];
  };
  assert.deepEqual(await ask({}), [34040, 'not modified']);
  assert.deepEqual(await ask({ takeProfit: '0', trailingStop: '0' }), [0, 'OK']);
  const { takeProfit, stopLoss, trailing } = bench.exchange.calls[0]?.stop ?? {};
  assert.deepEqual([takeProfit, stopLoss, trailing], ['none', null, 'none']);
  const both = { tpslMode: 'Partial', takeProfit: '1', stopLoss: '1', tpSize: '1', slSize: '2' };
  assert.deepEqual(await ask(both), [10001, 'tpSize and slSize must be equal']);
  const limited = { takeProfit: '1', tpOrderType: 'Limit', tpLimitPrice: '1' };
  assert.deepEqual(await ask(limited), [10001, 'params error: tpOrderType invalid']);
  assert.deepEqual(await ask({ positionIdx: undefined }), [10001, 'position idx not match position mode']);
  bench.exchange.refusal = { code: 'NO_POSITION', detail: '' };
  assert.deepEqual(await ask({ takeProfit: '1' }), [10001, 'can not set tp/sl/ts for zero position']);
});

test('the mode of a symbol or a coin is switched, the symbol counts', async () => {
  const bench = await TestBench.start();
  const code = async (body: object) =>
    at((await bench.post('/v5/position/switch-mode', { category: 'linear', ...body })).json, 'retCode');
  assert.equal(await code({ symbol: 'BTCUSDT', coin: 'USDT', mode: 3 }), 0);
  assert.equal(await code({ coin: 'USDT', mode: 0 }), 0);
  assert.deepEqual(
    bench.exchange.calls.map(({ what }) => what),
    [`hedged ${LINEAR} true`, 'hedged USDT false'],
  );
  assert.deepEqual([await code({ mode: 3 }), await code({ symbol: 'BTCUSDT', mode: 1 })], [10001, 10001]);
  bench.exchange.refusal = { code: 'MODE_BLOCKED_BY_ORDERS', detail: '' };
  assert.equal(await code({ symbol: 'BTCUSDT', mode: 3 }), 110028);
});

test('cancel-all takes the kinds that it is asked for: on spot plain orders, of contracts everything', async () => {
  const bench = await TestBench.start();
  const kinds = async (body: object) => {
    await bench.post('/v5/order/cancel-all', { symbol: 'BTCUSDT', ...body });
    return bench.exchange.calls.at(-1)?.filter?.kinds;
  };
  assert.deepEqual(await kinds({ category: 'spot' }), [null]);
  assert.deepEqual(await kinds({ category: 'spot', orderFilter: 'tpslOrder' }), ['tpsl']);
  assert.deepEqual(await kinds({ category: 'linear' }), null);
  assert.deepEqual(await kinds({ category: 'linear', orderFilter: 'Order' }), [null]);
  assert.equal((await kinds({ category: 'linear', orderFilter: 'StopOrder' }))?.includes('trailing_stop'), true);
  assert.deepEqual(await kinds({ category: 'linear', orderFilter: 'StopOrder', stopOrderType: 'Stop' }), ['stop']);
});

const UNFILLED = {
  cumQty: money('0'),
  cumNotional: money('0'),
  leavesQty: money('0.1'),
  status: 'untriggered',
} as const;

/** The first row of the open orders, of which the exchange has one. */
async function shownOf(order: ReturnType<typeof sampleOrder>, category: 'linear' | 'spot'): Promise<object> {
  const bench = await TestBench.start();
  bench.exchange.open = [order];
  const { json } = await bench.get('/v5/order/realtime', `category=${category}&symbol=BTCUSDT`);
  return (at(json, 'result', 'list') as object[])[0] as object;
}

test('a waiting order is shown with all that it waits for', async () => {
  const order = sampleOrder({
    ...UNFILLED,
    type: 'market',
    price: null,
    side: 'sell',
    reduceOnly: true,
    closeOnTrigger: true,
    positionIdx: 1,
    createdBy: 'partial_stop_loss',
    stopKind: 'partial_stop_loss',
    trigger: { price: money('59000'), direction: 'fall', by: 'mark' },
    parent: { orderId: 'order-0', clientOrderId: 'parent' },
  });
  assert.partialDeepStrictEqual(await shownOf(order, 'linear'), {
    parentOrderLinkId: 'parent',
    price: '0.0',
    orderStatus: 'Untriggered',
    createType: 'CreateByPartialStopLoss',
    stopOrderType: 'PartialStopLoss',
    triggerPrice: '59000.0',
    triggerDirection: 2,
    triggerBy: 'MarkPrice',
    positionIdx: 1,
    reduceOnly: true,
    closeOnTrigger: true,
    tpslMode: 'Partial',
    leavesQty: '0.100',
    cancelType: 'UNKNOWN',
    rejectReason: 'EC_NoError',
  });
});

test('an order is shown with the ways out that it brings along', async () => {
  const takeProfit = { price: money('70000'), by: 'last', limitPrice: null } as const;
  const order = sampleOrder({ exits: { mode: 'full', takeProfit, stopLoss: null }, slippage: { ticks: 5 } });
  assert.partialDeepStrictEqual(await shownOf(order, 'linear'), {
    takeProfit: '70000.0',
    stopLoss: '0.0',
    tpTriggerBy: 'LastPrice',
    slTriggerBy: 'UNKNOWN',
    tpslMode: 'Full',
    stopOrderType: 'UNKNOWN',
    createType: 'CreateByUser',
  });
});

test('of a spot pair it is shown which end was triggered', async () => {
  const order = sampleOrder({
    ...UNFILLED,
    instrument: SPOT,
    status: 'new',
    stopKind: 'bidirectional_tpsl',
    ocoTriggeredBy: 'take_profit',
    leverage: true,
    trigger: { price: money('61000'), direction: 'rise', by: 'last' },
  });
  assert.partialDeepStrictEqual(await shownOf(order, 'spot'), {
    isLeverage: '1',
    ocoTriggerBy: 'OcoTriggerByTp',
    stopOrderType: 'BidirectionalTpslOrder',
    triggerPrice: '61000',
    triggerDirection: 0,
    basePrice: '60000.1',
  });
});

test('an order that is checked before is answered in ten-thousandths, one that is too dear with what it would be', async () => {
  const bench = await TestBench.start();
  const ORDER = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.1', price: '60000' };
  const rates = (initial: string, maintenance: string) => ({
    initial: money(initial),
    maintenance: money(maintenance),
  });
  const preChecked = {
    orderId: 'checked',
    before: rates('0.003', '0.0021'),
    after: rates('0.03565', '0.0294'),
    refusal: null,
  };
  bench.exchange.preChecked = preChecked;
  const good = await bench.post('/v5/order/pre-check', { ...ORDER, orderLinkId: 'test129' });
  assert.deepEqual(at(good.json, 'result'), {
    orderId: 'checked',
    orderLinkId: 'test129',
    preImrE4: 30,
    preMmrE4: 21,
    postImrE4: 357,
    postMmrE4: 294,
  });
  bench.exchange.preChecked = { ...preChecked, refusal: { code: 'INSUFFICIENT_BALANCE', detail: '' } };
  const dear = await bench.post('/v5/order/pre-check', { ...ORDER, orderLinkId: 'test129' });
  assert.deepEqual([at(dear.json, 'retCode'), at(dear.json, 'result')], [110007, {}]);
  assert.deepEqual(at(dear.json, 'retExtInfo'), {
    future_order_id: '',
    future_order_link_id: 'test129',
    post_imr_e4: 357,
    post_mmr_e4: 294,
  });
  const borrow = await bench.get('/v5/order/spot-borrow-check', 'category=spot&symbol=BTCUSDT&side=Buy');
  assert.deepEqual(at(borrow.json, 'result'), {
    symbol: 'BTCUSDT',
    side: 'Buy',
    maxTradeQty: '6.6065',
    maxTradeAmount: '218014.01330797',
    spotMaxTradeQty: '0.2728',
    spotMaxTradeAmount: '9004.75628594',
    borrowCoin: 'USDT',
  });
});
