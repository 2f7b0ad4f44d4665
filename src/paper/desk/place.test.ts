import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { instrumentId } from '../../domain/ids.ts';
import type { PlaceOrder } from '../../ports/exchange.ts';
import type { PaperExchange } from '../paper.ts';
import { ALICE, BOB, BTC, balance, byId, limit, market, openHarness, PERP, placed, told } from '../testing/harness.ts';

const codeOf = async (exchange: PaperExchange, order: PlaceOrder, uid: string = ALICE): Promise<string> => {
  const answer = await exchange.place(uid, order);
  return answer.ok ? 'accepted' : answer.error.code;
};

test('an order that its instrument does not allow is refused with the reason', async () => {
  const { exchange } = await openHarness();
  const refused: readonly (readonly [PlaceOrder, string])[] = [
    [limit(instrumentId('spot', 'NOPE'), 'buy', '1', '1'), 'INSTRUMENT_NOT_FOUND'],
    [limit(BTC, 'buy', '1', '60000.05'), 'OFF_TICK'],
    [limit(BTC, 'buy', '0.0000015', '60000'), 'OFF_STEP'],
    [limit(BTC, 'buy', '0', '60000'), 'QTY_TOO_SMALL'],
    [limit(BTC, 'buy', '84', '50'), 'QTY_TOO_LARGE'],
    [market(BTC, 'sell', '42'), 'QTY_TOO_LARGE'],
    [limit(BTC, 'buy', '416', '50', { timeInForce: 'post_only' }), 'QTY_TOO_LARGE'],
    [limit(BTC, 'buy', '0.00008', '60000'), 'BELOW_MIN_NOTIONAL'],
    [market(BTC, 'buy', '0.00008'), 'BELOW_MIN_NOTIONAL'],
    [market(BTC, 'buy', '4.9', { qtyIn: 'quote' }), 'BELOW_MIN_NOTIONAL'],
    [market(BTC, 'buy', '10.00000001', { qtyIn: 'quote' }), 'OFF_STEP'],
    [limit(BTC, 'buy', '1', '60600.1'), 'PRICE_OUTSIDE_BAND_HIGH'],
    [limit(BTC, 'sell', '1', '59399.9'), 'PRICE_OUTSIDE_BAND_LOW'],
    [limit(BTC, 'buy', '1', '3000000'), 'PRICE_OUT_OF_RANGE'],
    [limit(BTC, 'buy', '0.1', '60000', { price: null }), 'PRICE_OUT_OF_RANGE'],
    [limit(BTC, 'buy', '0.1', '60000', { reduceOnly: true }), 'NOT_SUPPORTED'],
    [limit(BTC, 'buy', '600', '60000', { qtyIn: 'quote' }), 'NOT_SUPPORTED'],
    [market(PERP, 'buy', '600', { qtyIn: 'quote' }), 'NOT_SUPPORTED'],
    [limit(PERP, 'buy', '0.0005', '60000'), 'QTY_TOO_SMALL'],
    [limit(PERP, 'buy', '0.0015', '60000'), 'OFF_STEP'],
    [limit(PERP, 'buy', '0.001', '4000'), 'BELOW_MIN_NOTIONAL'],
    [limit(PERP, 'sell', '1', '60000', { reduceOnly: true }), 'REDUCE_ONLY_WITHOUT_POSITION'],
    [limit(BTC, 'buy', '20', '60000'), 'INSUFFICIENT_BALANCE'],
    [limit(BTC, 'sell', '10.000001', '60000'), 'INSUFFICIENT_BALANCE'],
    [limit(PERP, 'buy', '600', '60000'), 'INSUFFICIENT_BALANCE'],
  ];
  for (const [order, code] of refused) {
    const got = await codeOf(exchange, order);
    assert.equal(
      got,
      code,
      JSON.stringify(order, (_, value) => (typeof value === 'bigint' ? formatDecimal(value as never) : value)),
    );
  }
  assert.equal(
    exchange.groundTruth().accounts.flatMap((one) => one.orders).length,
    0,
    'a refused order leaves no trace',
  );
});

test('the band of spot refuses at its edge, the band of futures moves the price to it', async () => {
  const { exchange } = await openHarness();
  assert.equal(await codeOf(exchange, limit(BTC, 'buy', '0.1', '60300')), 'accepted', 'X = 0.5 % above the index');
  assert.equal(await codeOf(exchange, limit(BTC, 'buy', '0.1', '60300.1')), 'PRICE_OUTSIDE_BAND_HIGH');
  const orderId = await placed(exchange, ALICE, limit(PERP, 'sell', '0.1', '50000'));
  assert.equal(formatDecimal(told(exchange, ALICE, orderId).price as never), '59400', 'X = 1 % below the mark');
});

test('a client order id is taken while its order is open and a day longer, or for ever', async () => {
  for (const [clientOrderIds, after] of [
    ['open_24h', 'accepted'],
    ['forever', 'DUPLICATE_CLIENT_ORDER_ID'],
  ] as const) {
    const { exchange, clock } = await openHarness({ config: { options: { clientOrderIds } } });
    const order = limit(BTC, 'buy', '0.1', '50000', { clientOrderId: 'mine' });
    const orderId = await placed(exchange, ALICE, order);
    assert.equal(await codeOf(exchange, order), 'DUPLICATE_CLIENT_ORDER_ID');
    assert.equal(
      await codeOf(exchange, { ...order, price: money('99999999') }),
      'DUPLICATE_CLIENT_ORDER_ID',
      'found before any other mistake',
    );
    assert.equal(await codeOf(exchange, order, BOB), 'accepted', "another account's ids are its own");
    assert.equal(await codeOf(exchange, { ...order, instrument: PERP }), 'accepted', 'and so are another category’s');
    await exchange.cancel(ALICE, byId(BTC, orderId));
    assert.equal(await codeOf(exchange, order), 'DUPLICATE_CLIENT_ORDER_ID');
    await clock.step?.(86_400_001);
    assert.equal(await codeOf(exchange, order), after);
  }
});

test('spot counts all working orders, futures those of one symbol; immediate orders are not counted', async () => {
  const { exchange } = await openHarness({ config: { options: { maxOpenOrders: 2 } } });
  const ETH = instrumentId('spot', 'ETHUSDT');
  await placed(exchange, ALICE, limit(BTC, 'buy', '0.1', '50000'));
  await placed(exchange, ALICE, limit(ETH, 'buy', '1', '2000'));
  assert.equal(await codeOf(exchange, limit(BTC, 'buy', '0.1', '50000')), 'TOO_MANY_ORDERS');
  assert.equal(await codeOf(exchange, limit(BTC, 'buy', '0.1', '50000', { timeInForce: 'ioc' })), 'accepted');
  assert.equal(await codeOf(exchange, limit(PERP, 'buy', '0.1', '50000')), 'accepted');
  assert.equal(await codeOf(exchange, limit(PERP, 'buy', '0.1', '50000')), 'accepted');
  assert.equal(await codeOf(exchange, limit(PERP, 'buy', '0.1', '50000')), 'TOO_MANY_ORDERS');
  assert.equal(await codeOf(exchange, limit(instrumentId('linear', 'ETHUSDT'), 'buy', '1', '2000')), 'accepted');
});

test('a spot order reserves exactly what it may spend, and gives back what it did not', async () => {
  const { exchange } = await openHarness();
  await placed(exchange, BOB, limit(BTC, 'sell', '0.5', '60000'));
  const orderId = await placed(exchange, ALICE, limit(BTC, 'buy', '2', '60100'));
  assert.deepEqual(balance(exchange, ALICE, 'USDT'), { wallet: money('970000'), locked: money('90150') });
  await exchange.cancel(ALICE, byId(BTC, orderId));
  assert.deepEqual(balance(exchange, ALICE, 'USDT'), { wallet: money('970000'), locked: money('0') });
  assert.equal(told(exchange, ALICE, orderId).status, 'canceled');
  assert.equal(formatDecimal(told(exchange, ALICE, orderId).cumQty), '0.5');
});

test('what an immediate order leaves is canceled after it was acknowledged', async () => {
  const { exchange } = await openHarness();
  await placed(exchange, BOB, limit(BTC, 'sell', '0.5', '60000'));
  const reasonOf = async (order: PlaceOrder): Promise<string> => {
    const { status, closeReason, cumQty } = told(exchange, ALICE, await placed(exchange, ALICE, order));
    return `${status} ${closeReason} ${formatDecimal(cumQty)}`;
  };
  assert.equal(await reasonOf(limit(BTC, 'buy', '1', '60000', { timeInForce: 'fok' })), 'canceled fok_unfilled 0');
  assert.equal(
    await reasonOf(limit(BTC, 'buy', '1', '60000', { timeInForce: 'post_only' })),
    'canceled post_only_would_take 0',
  );
  assert.equal(await reasonOf(limit(BTC, 'buy', '1', '59999', { timeInForce: 'ioc' })), 'canceled ioc_unfilled 0');
  assert.equal(await reasonOf(limit(BTC, 'buy', '1', '60000', { timeInForce: 'ioc' })), 'canceled ioc_unfilled 0.5');
  assert.equal(await reasonOf(market(BTC, 'buy', '1')), 'canceled no_liquidity 0');
  assert.equal(await reasonOf(market(BTC, 'buy', '1000', { qtyIn: 'quote' })), 'canceled no_liquidity 0');
  assert.deepEqual(balance(exchange, ALICE, 'USDT'), { wallet: money('970000'), locked: money('0') });
});

test('a market order takes what its band holds, at any number of levels', async () => {
  const { exchange } = await openHarness();
  for (const price of ['60000', '60100', '63000', '63000.1'])
    await placed(exchange, BOB, limit(BTC, 'sell', '1', price));
  const orderId = await placed(exchange, ALICE, market(BTC, 'buy', '5'));
  const order = told(exchange, ALICE, orderId);
  assert.equal(formatDecimal(order.cumQty), '3', 'five per cent above the touch');
  assert.equal(formatDecimal(order.boundPrice), '63000');
  assert.deepEqual([order.price, order.status, order.closeReason], [null, 'canceled', 'ioc_unfilled']);
});

test('a slippage tolerance in ticks or as a fraction bounds a market order from the touch', async () => {
  const { exchange } = await openHarness();
  for (const price of ['60000', '60000.5', '60060', '60061'])
    await placed(exchange, BOB, limit(BTC, 'sell', '1', price));
  const ticks = await placed(exchange, ALICE, market(BTC, 'buy', '5', { slippage: { ticks: 5 } }));
  assert.equal(formatDecimal(told(exchange, ALICE, ticks).cumQty), '2');
  const fraction = await placed(exchange, ALICE, market(BTC, 'buy', '5', { slippage: { fraction: money('0.00001') } }));
  assert.equal(formatDecimal(told(exchange, ALICE, fraction).cumQty), '1');
});

test('a market buy for an amount spends no more than it, and ends canceled when a rest buys no lot', async () => {
  const { exchange } = await openHarness();
  await placed(exchange, BOB, limit(BTC, 'sell', '0.01', '60000'));
  await placed(exchange, BOB, limit(BTC, 'sell', '1', '60000.1'));
  const orderId = await placed(exchange, ALICE, market(BTC, 'buy', '1000', { qtyIn: 'quote' }));
  const order = told(exchange, ALICE, orderId);
  assert.equal(formatDecimal(order.qty), '1000');
  assert.equal(formatDecimal(order.cumQty), '0.016666', '0.01 at 60,000 and 0.006666 at 60,000.1');
  assert.equal(formatDecimal(order.cumNotional), '999.9606666');
  assert.deepEqual([order.status, order.closeReason], ['canceled', 'ioc_unfilled']);
  assert.equal(formatDecimal(balance(exchange, ALICE, 'USDT').wallet), '999000.0393334');
  const exact = await placed(exchange, ALICE, market(BTC, 'buy', '600.001', { qtyIn: 'quote' }));
  assert.equal(told(exchange, ALICE, exact).status, 'filled', 'an amount that is used up to the last digit');
  const tooMuch = await exchange.place(ALICE, market(BTC, 'buy', '1000000', { qtyIn: 'quote' }));
  assert.equal(tooMuch.ok ? '' : tooMuch.error.code, 'INSUFFICIENT_BALANCE');
  assert.deepEqual(exchange.leaks(), []);
});

test('a market sell for an amount sells what brings it', async () => {
  const { exchange } = await openHarness();
  await placed(exchange, BOB, limit(BTC, 'buy', '1', '60000'));
  const orderId = await placed(exchange, ALICE, market(BTC, 'sell', '600', { qtyIn: 'quote' }));
  const order = told(exchange, ALICE, orderId);
  assert.deepEqual([formatDecimal(order.cumQty), order.status], ['0.01', 'filled']);
  assert.deepEqual(balance(exchange, ALICE, 'BTC'), { wallet: money('9.99'), locked: money('0') });
});

test('orders of one account meet as their self-trade setting says', async () => {
  for (const [selfTrade, maker, taker] of [
    ['none', 'filled filled', 'filled filled'],
    ['cancel_maker', 'canceled self_trade', 'new null'],
    ['cancel_taker', 'new null', 'canceled self_trade'],
    ['cancel_both', 'canceled self_trade', 'canceled self_trade'],
  ] as const) {
    const { exchange } = await openHarness();
    const resting = await placed(exchange, ALICE, limit(BTC, 'sell', '1', '60000'));
    const coming = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '60000', { selfTrade }));
    const shown = [resting, coming]
      .map((id) => told(exchange, ALICE, id))
      .map((one) => `${one.status} ${one.closeReason}`);
    assert.deepEqual(shown, [maker, taker], selfTrade);
    assert.deepEqual(exchange.leaks(), [], selfTrade);
  }
});

test('a market order for an amount never overspends past its own resting orders', async () => {
  const { exchange } = await openHarness();
  await placed(exchange, ALICE, limit(BTC, 'sell', '1', '60000'));
  await placed(exchange, BOB, limit(BTC, 'sell', '1', '62000'));
  const more = { qtyIn: 'quote', selfTrade: 'cancel_maker' } as const;
  const orderId = await placed(exchange, ALICE, market(BTC, 'buy', '6200', more));
  assert.equal(formatDecimal(told(exchange, ALICE, orderId).cumQty), '0.1');
  assert.equal(formatDecimal(told(exchange, ALICE, orderId).cumNotional), '6200');
  assert.deepEqual(exchange.leaks(), []);
});
