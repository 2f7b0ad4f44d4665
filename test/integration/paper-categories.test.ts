// Contracts of every category, traded over the protocol: what clients send, and what they are told of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { settled } from '../../src/adapters/bybit-server/testing/manual-clock.ts';
import { money } from '../../src/domain/decimal.ts';
import { type Category, instrumentId } from '../../src/domain/ids.ts';
import { unwrap } from '../../src/domain/result.ts';
import { account } from '../support/paper-scene.ts';
import { type Json, type Key, Venue } from '../support/paper-venue.ts';

const CALL = 'BTC-27DEC24-60000-C-USDT';
const TAKER = { apiKey: 'taker-key', apiSecret: 'taker-secret' };
const MAKER = { apiKey: 'maker-key', apiSecret: 'maker-secret' };
let venue: Venue;

before(async () => {
  venue = await Venue.open({ accounts: [account('1001', 'taker'), account('1002', 'maker')] });
  unwrap(await venue.exchange.control.setReference(instrumentId('spot', 'BTCUSDT'), money('60000')));
});
after(() => venue.close());

async function post(key: Key, path: string, body: Json): Promise<Json> {
  const { json } = await venue.post(key, path, body);
  assert.equal(json['retCode'], 0, `${path} ${JSON.stringify(body)}: ${json['retMsg']}`);
  return json['result'] as Json;
}
async function list(key: Key | null, path: string, query: string): Promise<readonly Json[]> {
  const { json } = await venue.get(key, path, query);
  assert.equal(json['retCode'], 0, `${path}?${query}: ${json['retMsg']}`);
  return (json['result'] as Json)['list'] as readonly Json[];
}
let links = 0;
async function place(key: Key, category: Category, symbol: string, terms: Json): Promise<string> {
  links += 1;
  const order = { category, symbol, orderType: 'Limit', orderLinkId: `link-${links}`, ...terms };
  return (await post(key, '/v5/order/create', order))['orderId'] as string;
}
const pick = (row: Json | undefined, ...names: readonly string[]): readonly unknown[] => {
  assert.ok(row !== undefined, 'there is a row');
  return names.map((name) => row[name]);
};

/** The maker sells, the taker buys it, at one price; the order, its execution and the position of the taker. */
async function bought(category: Category, symbol: string, qty: string, price: string) {
  await place(MAKER, category, symbol, { side: 'Sell', qty, price });
  const orderId = await place(TAKER, category, symbol, { side: 'Buy', qty, price });
  const where = `category=${category}&symbol=${symbol}`;
  const [order] = await list(TAKER, '/v5/order/realtime', `${where}&orderId=${orderId}`);
  const [execution] = await list(TAKER, '/v5/execution/list', `${where}&orderId=${orderId}`);
  const [position] = await list(TAKER, '/v5/position/list', where);
  return { order, execution, position };
}

test('the catalogue is told category by category, each with terms of its own', async () => {
  const info = (category: Category, symbol: string) =>
    list(null, '/v5/market/instruments-info', `category=${category}&symbol=${symbol}`);
  const [perpetual] = await info('inverse', 'BTCUSD');
  assert.deepEqual(pick(perpetual, 'contractType', 'baseCoin', 'quoteCoin', 'settleCoin', 'deliveryTime'), [
    'InversePerpetual', 'BTC', 'USD', 'BTC', '0',
  ]); // biome-ignore format: a row
  const [future] = await info('linear', 'BTC-27DEC24');
  assert.deepEqual(pick(future, 'contractType', 'settleCoin', 'deliveryTime', 'deliveryFeeRate', 'fundingInterval'), [
    'LinearFutures', 'USDC', '1735286400000', '0.0005', 0,
  ]); // biome-ignore format: a row
  const [option] = await info('option', CALL);
  assert.deepEqual(pick(option, 'optionsType', 'settleCoin', 'deliveryTime', 'displayName'), [
    'Call', 'USDT', '1735286400000', 'BTCUSDT-27DEC24-60000-C',
  ]); // biome-ignore format: a row
  const options = await list(null, '/v5/market/instruments-info', 'category=option&baseCoin=BTC&limit=1000');
  assert.equal(options.length, 66);
});

test('inverse: dollars for coins, value, fee and profit in the coin', async () => {
  const { order, execution, position } = await bought('inverse', 'BTCUSD', '60000', '60000');
  const told = ['orderStatus', 'avgPrice', 'cumExecQty', 'cumExecValue', 'cumExecFee', 'cumFeeDetail'];
  assert.deepEqual(pick(order, ...told), ['Filled', '60000', '60000', '1', '0.00055', { BTC: '0.00055' }]);
  assert.deepEqual(pick(execution, 'execValue', 'execFee', 'feeCurrency'), ['1', '0.00055', 'BTC']);
  assert.deepEqual(pick(position, 'side', 'size', 'avgPrice', 'positionValue'), ['Buy', '60000', '60000', '1']);
  await place(MAKER, 'inverse', 'BTCUSD', { side: 'Buy', qty: '60000', price: '60300' });
  await place(TAKER, 'inverse', 'BTCUSD', { side: 'Sell', orderType: 'Market', qty: '60000', reduceOnly: true });
  const [closed] = await list(TAKER, '/v5/position/list', 'category=inverse&symbol=BTCUSD');
  assert.deepEqual(pick(closed, 'side', 'size'), ['', '0']);
  // 1 − 60,000 ÷ 60,300 earned, 0.00055 paid twice: of 1 and of 0.99502488
  assert.equal(closed?.['cumRealisedPnl'], '0.00387785');
});

test('dated futures and USDC contracts settle in their coins', async () => {
  const usdc = await bought('linear', 'BTCPERP', '0.1', '60000');
  assert.deepEqual(pick(usdc.execution, 'execValue', 'execFee', 'feeCurrency'), ['6000', '3.3', 'USDC']);
  const dated = await bought('inverse', 'BTCUSDZ24', '6000', '60000');
  assert.deepEqual(pick(dated.position, 'size', 'positionIdx'), ['6000', 0]);
  assert.equal(dated.execution?.['feeCurrency'], 'BTC');
  const linear = await bought('linear', 'BTCUSDT-27DEC24', '0.1', '60200');
  assert.deepEqual(pick(linear.position, 'avgPrice', 'side'), ['60200', 'Buy']);
  const open = await list(TAKER, '/v5/position/list', 'category=linear&settleCoin=USDC');
  assert.deepEqual(
    open.map((row) => row['symbol']),
    ['BTCPERP'],
  );
});

test('options: the premium is paid, greeks and volatilities are told, orders are priced by volatility', async () => {
  const { order, execution, position } = await bought('option', CALL, '0.3', '3000');
  assert.deepEqual(pick(order, 'orderStatus', 'avgPrice', 'cumExecValue'), ['Filled', '3000', '900']);
  assert.equal(execution?.['execFee'], '5.4', '0.03 % of 60,000, 0.3 times');
  for (const name of ['tradeIv', 'markIv', 'underlyingPrice', 'markPrice', 'indexPrice']) {
    assert.ok(Number(execution?.[name]) > 0, `${name}: ${execution?.[name]}`);
  }
  assert.deepEqual(pick(position, 'side', 'size', 'avgPrice', 'leverage'), ['Buy', '0.30', '3000', '']);
  assert.ok(Number(position?.['delta']) > 0.1 && Number(position?.['delta']) < 0.25, 'of 0.3 contracts at the money');
  assert.ok(Number(position?.['theta']) < 0 && Number(position?.['vega']) > 0 && Number(position?.['gamma']) > 0);

  const orderId = await place(TAKER, 'option', CALL, { side: 'Buy', qty: '0.1', orderIv: '0.3' });
  const where = `category=option&symbol=${CALL}&orderId=${orderId}`;
  const [cheap] = await list(TAKER, '/v5/order/realtime', where);
  await post(TAKER, '/v5/order/amend', { category: 'option', symbol: CALL, orderId, orderIv: '0.35' });
  const [dearer] = await list(TAKER, '/v5/order/realtime', where);
  assert.ok(Number(dearer?.['price']) > Number(cheap?.['price']), `${cheap?.['price']} to ${dearer?.['price']}`);
  assert.equal(Number(dearer?.['price']) % 5, 0);
  await post(TAKER, '/v5/order/cancel', { category: 'option', symbol: CALL, orderId });
  const [gone] = await list(TAKER, '/v5/order/history', where);
  assert.equal(gone?.['orderStatus'], 'Cancelled');
  const terms = { category: 'option', symbol: CALL, side: 'Buy', orderType: 'Limit', qty: '0.1', price: '100' };
  const { json } = await venue.post(TAKER, '/v5/order/create', terms);
  assert.equal(json['retCode'], 10001, 'an option order needs an orderLinkId');
});

test('fee rates by category: of options one for each coin', async () => {
  const rates = async (query: string) =>
    (await venue.get(TAKER, '/v5/account/fee-rate', query)).json['result'] as { list: readonly Json[] };
  const { list: options } = await rates('category=option');
  assert.deepEqual(options.map((row) => row['baseCoin']).sort(), ['BTC', 'ETH', 'SOL']);
  assert.deepEqual((await rates('category=option&baseCoin=ETH')).list, [
    { symbol: '', baseCoin: 'ETH', takerFeeRate: '0.0003', makerFeeRate: '0.0002' },
  ]);
  const { list: inverse } = await rates('category=inverse&symbol=BTCUSD');
  assert.deepEqual(inverse, [{ symbol: 'BTCUSD', takerFeeRate: '0.00055', makerFeeRate: '0.0002' }]);
});

test('private topics tell of inverse contracts and options by category', async () => {
  const socket = await venue.socket('/v5/private', TAKER);
  assert.ok(socket !== null);
  const topics = ['order.inverse', 'execution.inverse', 'position.option', 'order.option', 'execution.option'];
  socket.say({ op: 'subscribe', args: topics });
  await settled();
  socket.take();
  await bought('inverse', 'BTCUSD', '600', '60000');
  await bought('option', CALL, '0.1', '3000');
  await venue.advance(200);
  const heard = new Map<string, Json>();
  for (const message of socket.take() as readonly Json[]) {
    if (typeof message['topic'] === 'string') heard.set(message['topic'], (message['data'] as Json[])[0] as Json);
  }
  assert.deepEqual([...heard.keys()].sort(), [...topics].sort());
  assert.deepEqual(pick(heard.get('execution.inverse'), 'category', 'execValue'), ['inverse', '0.01']);
  assert.deepEqual(pick(heard.get('execution.option'), 'category', 'symbol'), ['option', CALL]);
  assert.ok(Number(heard.get('position.option')?.['delta']) > 0);
});

test('nothing was made or lost by all that', () => {
  assert.deepEqual(venue.exchange.leaks(), []);
});
