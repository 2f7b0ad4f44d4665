// Queries whose parameters do not fit: words, pages, windows, symbols.
import { type Case, get } from './bench.ts';

const CATEGORY = { text: 'Illegal category' };
const missing = (name: string) => ({ text: `Missing some parameters that must be filled in, ${name}` });
const invalid = (name: string) => ({ text: `params error: ${name} invalid` });
const DAY = 24 * 3_600_000;
const NOW = 1_733_011_200_000;
const window = (days: number) => `startTime=${NOW - days * DAY}&endTime=${NOW}`;

/** What every list of an account refuses. */
const lists: readonly Case[] = (
  [
    ['/v5/order/realtime', 50],
    ['/v5/order/history', 50],
    ['/v5/execution/list', 100],
    ['/v5/position/list', 200],
  ] as const
).flatMap(([path, most]) => [
  get('no category', path, 'symbol=BTCUSDT', 10001, CATEGORY),
  get('a category that is none', path, 'category=futures&symbol=BTCUSDT', 10001, CATEGORY),
  get('a symbol that is not listed', path, 'category=linear&symbol=NOPEUSDT', 10001, invalid('symbol')),
  get('a page without rows', path, 'category=linear&symbol=BTCUSDT&limit=0', 10001, invalid('limit')),
  get('a page that is too long', path, `category=linear&symbol=BTCUSDT&limit=${most + 1}`, 10001, invalid('limit')),
  get('a page of half a row', path, 'category=linear&symbol=BTCUSDT&limit=1.5', 10001, invalid('limit')),
  get('a page of words', path, 'category=linear&symbol=BTCUSDT&limit=many', 10001, invalid('limit')),
  get('a cursor that nobody gave', path, 'category=linear&symbol=BTCUSDT&cursor=%00', 10001, invalid('cursor')),
]);

const windows: readonly Case[] = ['/v5/order/history', '/v5/execution/list'].flatMap((path) => [
  get('more than seven days', path, `category=linear&${window(8)}`, 10001, { text: 'The time range between startTime and endTime cannot exceed 7 days' }),
  get('an end before the start', path, `category=linear&startTime=${NOW}&endTime=${NOW - DAY}`, 10001, { text: 'params error: startTime is later than endTime' }),
  get('a start that is a word', path, 'category=linear&startTime=yesterday', 10001, invalid('startTime')),
  get('an end below zero', path, 'category=linear&endTime=-1', 10001, invalid('endTime')),
]); // biome-ignore format: a table

const accounts: readonly Case[] = [
  get('linear without a symbol or a coin', '/v5/order/realtime', 'category=linear', 10001, missing('symbol or settleCoin or baseCoin')),
  get('spot by settle coin', '/v5/order/realtime', 'category=spot&settleCoin=USDT', 10001, { text: 'params error: settle_coin not support' }),
  get('a word for open that is none', '/v5/order/realtime', 'category=spot&openOnly=7', 10001, invalid('openOnly')),
  get('spot by settle coin', '/v5/order/history', 'category=spot&settleCoin=USDT', 10001, { text: 'params error: settle_coin not support' }),
  get('spot has none', '/v5/position/list', 'category=spot&symbol=BTCUSDT', 10001, CATEGORY),
  get('linear without a symbol or a coin', '/v5/position/list', 'category=linear', 10001, missing('symbol or settleCoin')),
  get('no account type', '/v5/account/wallet-balance', '', 10001, { text: 'accountType only support UNIFIED.' }),
  get('an account type that is gone', '/v5/account/wallet-balance', 'accountType=CONTRACT', 10001, { text: 'accountType only support UNIFIED.' }),
  get('no category', '/v5/account/fee-rate', '', 10001, CATEGORY),
  get('a symbol that is not listed', '/v5/account/fee-rate', 'category=linear&symbol=NOPE', 10001, invalid('symbol')),
]; // biome-ignore format: a table

const markets: readonly Case[] = [
  ...['instruments-info', 'orderbook', 'tickers', 'recent-trade'].flatMap((word) => [
    get('no category', `/v5/market/${word}`, 'symbol=BTCUSDT', 10001, CATEGORY),
    get('a category that is none', `/v5/market/${word}`, 'category=bonds&symbol=BTCUSDT', 10001, CATEGORY),
    get('a symbol that is not listed', `/v5/market/${word}`, 'category=linear&symbol=NOPE', 10001, invalid('symbol')),
  ]),
  get('no symbol', '/v5/market/orderbook', 'category=spot', 10001, missing('symbol')),
  get('too deep', '/v5/market/orderbook', 'category=spot&symbol=BTCUSDT&limit=1001', 10001, invalid('limit')),
  get('no depth', '/v5/market/orderbook', 'category=spot&symbol=BTCUSDT&limit=0', 10001, invalid('limit')),
  get('no symbol', '/v5/market/recent-trade', 'category=spot', 10001, missing('symbol')),
  get('too many of spot', '/v5/market/recent-trade', 'category=spot&symbol=BTCUSDT&limit=61', 10001, invalid('limit')),
  get('too many of linear', '/v5/market/recent-trade', 'category=linear&symbol=BTCUSDT&limit=1001', 10001, invalid('limit')),
  get('too many', '/v5/market/instruments-info', 'category=linear&limit=1001', 10001, invalid('limit')),
]; // biome-ignore format: a table

export const QUERIES: readonly Case[] = [...lists, ...windows, ...accounts, ...markets];
