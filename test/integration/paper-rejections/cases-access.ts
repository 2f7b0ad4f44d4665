// Who asks, when and how: before any parameter is looked at.
import { type Bench, type Case, get, LIMIT, post } from './bench.ts';

const WALLET = '/v5/account/wallet-balance';
const QUERY = 'accountType=UNIFIED';
const CREATE = '/v5/order/create';
const order = (category: string) => ({ ...LIMIT, category, symbol: 'BTCUSDT', qty: '0.01', price: '59900' });

const raw = (what: string, ask: Case['ask'], code: number, more: Partial<Case> = {}): Case => ({
  what,
  ask,
  code,
  ...more,
});
/** The wallet is asked for with changed headers. */
const headed = (what: string, headers: (bench: Bench) => object, code: number, more: Partial<Case> = {}): Case =>
  raw(what, (bench) => bench.signed(WALLET, QUERY, headers(bench) as never), code, more);

const EMPTY = /^empty value: apiTimestamp\[\d*\] apiKey\[.*\] apiSignature\[.*\]$/;
const LATE =
  /^invalid request, please check your server timestamp or recv_window param\. req_timestamp\[.*\],server_timestamp\[\d+\],recv_window\[.*\]$/;
const SIGN = /^Error sign, please check your signature generation algorithm\. origin_string\[/;
const INVALID_KEY = /^API key is invalid\./;

export const ACCESS: readonly Case[] = [
  headed('no key', () => ({ 'x-bapi-api-key': '' }), 10001, { status: 401, text: EMPTY }),
  headed('no timestamp', () => ({ 'x-bapi-timestamp': '' }), 10001, { status: 401, text: EMPTY }),
  headed('no signature', () => ({ 'x-bapi-sign': '' }), 10001, { status: 401, text: EMPTY }),
  raw('no header at all', (bench) => bench.raw({ path: WALLET, query: QUERY }), 10001, { status: 401, text: EMPTY }),
  headed('an unknown key', () => ({ 'x-bapi-api-key': 'nobody' }), 10003, { text: INVALID_KEY }),
  headed('a signature of nothing', () => ({ 'x-bapi-sign': '0'.repeat(64) }), 10004, { text: SIGN }),
  headed('a short signature', () => ({ 'x-bapi-sign': 'abc' }), 10004, { text: SIGN }),
  headed('a signature over another window', () => ({ 'x-bapi-recv-window': '6000' }), 10004, { text: SIGN }),
  raw('a signature over another query', (bench) => bench.raw({
    path: WALLET, query: `${QUERY}&coin=BTC`, headers: bench.scene.venue.signed(bench.scene.key('trader'), QUERY) as never,
  }), 10004, { text: SIGN }),
  raw('a signature over another body', (bench) => bench.raw({
    method: 'POST', path: CREATE, body: '{"category": "spot"}',
    headers: bench.scene.venue.signed(bench.scene.key('trader'), '{"category":"spot"}') as never,
  }), 10004, { text: SIGN }),
  headed('a timestamp from before the window', (bench) => bench.at(-5_001, QUERY), 10002, { text: LATE }),
  headed('a timestamp a second ahead', (bench) => bench.at(1_000, QUERY), 10002, { text: LATE }),
  headed('a timestamp outside a narrow window', (bench) => bench.at(-11, QUERY, '10'), 10002, { text: LATE }),
  headed('a timestamp in seconds', () => ({ 'x-bapi-timestamp': '1733011200' }), 10002, { text: LATE }),
  headed('a timestamp that is a word', () => ({ 'x-bapi-timestamp': 'now' }), 10002, { text: LATE }),
  headed('a window that is a word', () => ({ 'x-bapi-recv-window': 'wide' }), 10002, { text: LATE }),
  get('an address that the key is not bound to', WALLET, QUERY, 10010, { as: 'bound' }),
  get('a key that has expired', WALLET, QUERY, 33004, { as: 'expired' }),
  post('a key that may only read', CREATE, order('spot'), 10005, { as: 'reader' }),
  post('a key that may only read, canceling', '/v5/order/cancel', { ...order('spot'), orderId: '1' }, 10005, { as: 'reader' }),
  post('a key for spot only', CREATE, order('linear'), 10005, { as: 'spotter' }),
  post('a key for spot only, on inverse', CREATE, order('inverse'), 10005, { as: 'spotter' }),
  post('a key for spot only, on options', CREATE, order('option'), 10005, { as: 'spotter' }),
  post('a key without spot', CREATE, order('spot'), 10005, { as: 'orderer' }),
  post('a key without positions', '/v5/position/set-leverage', { category: 'linear', symbol: 'BTCUSDT', buyLeverage: '5', sellLeverage: '5' }, 10005, { as: 'orderer' }),
  get('a key for spot only asks for linear orders', '/v5/order/realtime', 'category=linear&symbol=BTCUSDT', 10005, { as: 'spotter' }),
  get('a key for spot only asks for positions', '/v5/position/list', 'category=linear&symbol=BTCUSDT', 10005, { as: 'spotter' }),
  get('an endpoint that is none', '/v5/order/undo', '', 10017, { status: 404 }),
  get('another version', '/v3/order/list', '', 10017, { status: 404 }),
  get('a POST endpoint', CREATE, '', 10017, { status: 404 }),
  post('a GET endpoint', '/v5/market/time', {}, 10017, { status: 404 }),
  raw('a method that is none', (bench) => bench.raw({ method: 'PUT', path: CREATE }), 10001, { status: 400, text: 'Request parameter error.' }),
  raw('a method in small letters', (bench) => bench.raw({ method: 'get', path: '/v5/market/time' }), 10001, { status: 400, text: 'Request parameter error.' }),
  post('a body that is not JSON', CREATE, '{"category":', 10001, { text: 'Request parameter error.' }),
  post('a body that is a list', CREATE, [order('spot')], 10001, { text: 'Request parameter error.' }),
  post('a body that is null', CREATE, null, 10001, { text: 'Request parameter error.' }),
  post('a body that is a number', CREATE, 7, 10001, { text: 'Request parameter error.' }),
]; // biome-ignore format: a table
