// What sockets refuse: frames, operations, topics, signatures, orders.
import { type Case, LIMIT, say } from './bench.ts';

const SPOT = '/v5/public/spot';
const LINEAR = '/v5/public/linear';
const PRIVATE = '/v5/private';
const TRADE = '/v5/trade';

const subscribe = (...args: unknown[]) => ({ op: 'subscribe', args, req_id: 'r' });
const depth1 = (count: number) => Array.from({ length: count }, () => 'publicTrade.BTCUSDT');
const PARAMS = { text: 'Params Error' };

const publics: readonly Case[] = [SPOT, LINEAR].flatMap((path): Case[] => [
  say('a frame that is not JSON', path, ['hello'], 10001, PARAMS),
  say('a frame that is a list', path, [[]], 10001, PARAMS),
  say('a frame that is empty', path, [''], 10001, PARAMS),
  say('an operation that is none', path, [{ op: 'sing', args: [] }], 10001, { text: 'error:invalid op' }),
  say('no operation', path, [{}], 10001, { text: 'error:invalid op' }),
  say('an order', path, [{ op: 'order.create', args: [{}] }], 10001, { text: 'error:invalid op' }),
  say('a signature', path, [{ op: 'auth', args: ['k', 1, 's'] }], 10001, { text: 'error:invalid op' }),
  say('no topics', path, [subscribe()], 10001, { text: 'error:invalid args' }),
  say('topics that are numbers', path, [subscribe(1, 2)], 10001, { text: 'error:invalid args' }),
  say('topics that are a word', path, [{ op: 'subscribe', args: 'tickers.BTCUSDT' }], 10001, { text: 'error:invalid args' }),
  say('a topic that is none', path, [subscribe('weather.BTCUSDT')], 10001, { text: 'error:handler not found,topic:weather.BTCUSDT' }),
  say('a depth that is none', path, [subscribe('orderbook.7.BTCUSDT')], 10001, { text: 'error:handler not found,topic:orderbook.7.BTCUSDT' }),
  say('a symbol that is not listed', path, [subscribe('tickers.NOPE')], 10001, { text: 'Invalid symbol :[tickers.NOPE]' }),
  say('a symbol in small letters', path, [subscribe('tickers.btcusdt')], 10001, { text: 'Invalid symbol :[tickers.btcusdt]' }),
  say('a topic that it has', path, [subscribe('tickers.BTCUSDT'), subscribe('tickers.BTCUSDT')], 10001, { text: 'error:already subscribed,topic:tickers.BTCUSDT' }),
  say('a private topic', path, [subscribe('order')], 10001, { text: 'error:handler not found,topic:order' }),
]); // biome-ignore format: a table

const limits: readonly Case[] = [
  say('eleven topics at once', SPOT, [subscribe(...depth1(11))], 10001, { text: 'error:args size >10' }),
  say('topics of more than 21,000 characters', LINEAR, [subscribe(...depth1(1_106))], 10001, { text: 'error:args is too long' }),
]; // biome-ignore format: a table

const privates: readonly Case[] = [
  say('a frame that is not JSON', PRIVATE, ['{'], 10001, PARAMS),
  say('a topic before the key', PRIVATE, [subscribe('order')], 10001, { text: 'Request not authorized' }),
  say('an operation that is none', PRIVATE, [{ op: 'sing' }], 10001, { text: 'error:invalid op', as: 'trader' }),
  say('auth without arguments', PRIVATE, [{ op: 'auth' }], 10001, PARAMS),
  say('auth with a key that is a number', PRIVATE, [{ op: 'auth', args: [1, 2, 3] }], 10001, PARAMS),
  say('auth that has expired', PRIVATE, [{ op: 'auth', args: ['trader-key', 1, 'abc'] }], 10001, PARAMS),
  say('auth with an unknown key', PRIVATE, [{ op: 'auth', args: ['nobody', 9_999_999_999_999, 'abc'] }], 10001, { text: /^API key is invalid\./ }),
  say('auth with a wrong signature', PRIVATE, [{ op: 'auth', args: ['trader-key', 9_999_999_999_999, 'abc'] }], 10001, { text: 'Error sign, please check your signature generation algorithm.' }),
  say('auth from an address that the key is not bound to', PRIVATE, [{ op: 'subscribe', args: ['order'] }], 10001, { text: 'Request not authorized', as: 'bound' }),
  say('a topic that is none', PRIVATE, [subscribe('orders')], 10001, { text: 'error:handler not found,topic:orders', as: 'trader' }),
  say('a public topic', PRIVATE, [subscribe('tickers.BTCUSDT')], 10001, { text: 'error:handler not found,topic:tickers.BTCUSDT', as: 'trader' }),
  say('a topic with its own category', PRIVATE, [subscribe('order', 'order.linear')], 10001, { text: 'error:order is mixed with its own categories', as: 'trader' }),
  say('no topics', PRIVATE, [subscribe()], 10001, { text: 'Params Error', as: 'trader' }),
  say('topics that are numbers', PRIVATE, [subscribe(1)], 10001, { text: 'Params Error', as: 'trader' }),
]; // biome-ignore format: a table

const HEADER = { 'X-BAPI-TIMESTAMP': '$now', 'X-BAPI-RECV-WINDOW': '5000' };
const ORDER = { ...LIMIT, category: 'linear', symbol: 'BTCUSDT', qty: '0.01', price: '59900' };
const send = (change: object, header: object = HEADER) => ({
  reqId: 'a',
  op: 'order.create',
  header,
  args: [{ ...ORDER, ...change }],
});
const LATE = { text: /^invalid request, please check your server timestamp or recv_window param/ };

const trades: readonly Case[] = [
  say('a frame that is not JSON', TRADE, ['{'], 10001, PARAMS),
  say('an order before the key', TRADE, [send({})], 10007),
  say('a ping is fine before the key, an unknown operation is not', TRADE, [{ op: 'order.undo', args: [{}] }], 10404, { text: 'op type is not found.' }),
  say('auth without arguments', TRADE, [{ op: 'auth' }], 10001, PARAMS),
  say('auth with an unknown key', TRADE, [{ op: 'auth', args: ['nobody', 9_999_999_999_999, 'abc'] }], 10003, { text: /^API key is invalid\./ }),
  say('auth with a wrong signature', TRADE, [{ op: 'auth', args: ['trader-key', 9_999_999_999_999, 'abc'] }], 10004, { text: 'Error sign, please check your signature generation algorithm.' }),
  say('auth once more', TRADE, [{ op: 'auth', args: ['trader-key', 9_999_999_999_999, 'abc'] }], 20001, { text: 'Repeat auth.', as: 'trader' }),
  say('an operation that is none', TRADE, [{ op: 'order.undo', header: HEADER, args: [ORDER] }], 10404, { text: 'op type is not found.', as: 'trader' }),
  say('a category that is none', TRADE, [send({ category: 'bonds' })], 10404, { text: 'category is not correct.', as: 'trader' }),
  say('no category', TRADE, [send({ category: undefined })], 10404, { text: 'category is not correct.', as: 'trader' }),
  say('a request id that it had', TRADE, [send({ qty: 'x' }), send({ qty: 'x' })], 20006, { as: 'trader' }),
  say('a request id that is too long', TRADE, [{ ...send({}), reqId: 'a'.repeat(37) }], 10001, { text: 'params error: reqId invalid', as: 'trader' }),
  say('no timestamp', TRADE, [send({}, {})], 10001, { text: 'params error: X-BAPI-TIMESTAMP invalid', as: 'trader' }),
  say('no header', TRADE, [{ op: 'order.create', args: [ORDER] }], 10001, { text: 'params error: X-BAPI-TIMESTAMP invalid', as: 'trader' }),
  say('a timestamp outside the window', TRADE, [send({}, { 'X-BAPI-TIMESTAMP': '1' })], 10002, { ...LATE, as: 'trader' }),
  say('no order', TRADE, [{ op: 'order.create', header: HEADER, args: [] }], 10001, { text: 'Request parameter error.', as: 'trader' }),
  say('an order that is a word', TRADE, [{ op: 'order.create', header: HEADER, args: ['buy'] }], 10001, { text: 'Request parameter error.', as: 'trader' }),
  say('a key that may only read', TRADE, [send({})], 10005, { as: 'reader' }),
  say('a key for spot only', TRADE, [send({})], 10005, { as: 'spotter' }),
  say('a quantity of zero', TRADE, [send({ qty: '0' })], 10001, { text: 'Qty invalid', as: 'trader' }),
  say('more than there is', TRADE, [send({ qty: '100' })], 110007, { as: 'poor' }),
  say('a taken orderLinkId', TRADE, [send({ orderLinkId: 'linear-open' })], 110072, { as: 'trader' }),
  say('an unknown order', TRADE, [{ op: 'order.cancel', header: HEADER, args: [{ category: 'linear', symbol: 'BTCUSDT', orderId: '17' }] }], 110001, { as: 'trader' }),
  say('an unknown order to amend', TRADE, [{ op: 'order.amend', header: HEADER, args: [{ category: 'spot', symbol: 'BTCUSDT', orderId: '17', qty: '1' }] }], 170213, { as: 'trader' }),
  say('a canceled order', TRADE, [{ op: 'order.cancel', header: HEADER, args: [{ category: 'spot', symbol: 'BTCUSDT', orderId: '$spot_canceled' }] }], 170142, { as: 'trader' }),
]; // biome-ignore format: a table

export const SOCKETS: readonly Case[] = [...publics, ...limits, ...privates, ...trades];
