// What is subscribed to for every documented push, and what has to happen for one to come.
import { liquidate, move } from './scenario.ts';
import type { Scene } from '../../support/paper-scene.ts';

export type Push = Readonly<{
  /** The documented message. */
  example: string;
  path: string;
  topic: string;
  /** Which of the messages on the topic is meant: its `type`, or the category of its rows. */
  type?: 'snapshot' | 'delta';
  rows?: string;
  stir?: (scene: Scene) => Promise<void>;
}>;

const on = (category: string) => `/v5/public/${category}`;
const trade = (category: string, symbol: string) => (scene: Scene) => move(scene, category, symbol);
const SYMBOLS = [
  ['spot', 'BTCUSDT'],
  ['linear', 'BTCUSDT'],
  ['inverse', 'BTCUSD'],
  ['option', '$option'],
] as const;

const depthsOf = (category: string): readonly number[] => (category === 'option' ? [25, 100] : [1, 50, 200, 1000]);

const books: readonly Push[] = SYMBOLS.flatMap(([category, symbol]) =>
  depthsOf(category).flatMap((depth): Push[] => {
    const common = { path: on(category), topic: `orderbook.${depth}.${symbol}` };
    const first: Push = { ...common, example: 'orderbook__snapshot', type: 'snapshot' };
    // The best level comes whole every time.
    if (depth === 1) return [first];
    return [first, { ...common, example: 'orderbook__delta', type: 'delta', stir: trade(category, symbol) }];
  }),
);

const trades = SYMBOLS.map(([category, symbol]): Push => {
  const topic = category === 'option' ? 'publicTrade.BTC' : `publicTrade.${symbol}`;
  return { example: 'trade__snapshot', path: on(category), topic, stir: trade(category, symbol) };
});

const candles = SYMBOLS.slice(0, 3).map(
  ([category, symbol]): Push => ({
    example: 'kline__snapshot',
    path: on(category),
    topic: `kline.5.${symbol}`,
    stir: trade(category, symbol),
  }),
);

const tickers: readonly Push[] = [
  { example: 'ticker__spot-snapshot', path: on('spot'), topic: 'tickers.BTCUSDT' },
  { example: 'ticker__linear-linearperpetual-snapshot', path: on('linear'), topic: 'tickers.BTCUSDT' },
  { example: 'ticker__linear-linearperpetual-snapshot', path: on('inverse'), topic: 'tickers.BTCUSD' },
  { example: 'ticker__linear-linearfutures-snapshot', path: on('linear'), topic: 'tickers.$future' },
  { example: 'ticker__option-snapshot', path: on('option'), topic: 'tickers.$option' },
];

const others: readonly Push[] = [
  {
    example: 'full-ob__delta', path: on('spot'), topic: 'orderbook.full.BTCUSDT', type: 'delta',
    stir: trade('spot', 'BTCUSDT'),
  },
  {
    example: 'orderbook-rpi__delta', path: on('linear'), topic: 'orderbook.rpi.BTCUSDT', type: 'delta',
    stir: trade('linear', 'BTCUSDT'),
  },
  { example: 'order-price-limit__message', path: on('linear'), topic: 'priceLimit.BTCUSDT' },
  { example: 'order-price-limit__message', path: on('spot'), topic: 'priceLimit.BTCUSDT' },
  { example: 'all-liquidation__snapshot', path: on('linear'), topic: 'allLiquidation.BTCUSDT', stir: liquidate },
  { example: 'insurance-pool__delta', path: on('linear'), topic: 'insurance.USDT' },
  { example: 'adl-alert__snapshot', path: on('linear'), topic: 'adlAlert.USDT' },
  { example: 'system-status__message', path: '/v5/public/misc/status', topic: 'system.status' },
]; // biome-ignore format: a table

const spreads: readonly Push[] = [
  {
    example: 'spread-orderbook__delta', path: on('spread'), topic: 'orderbook.25.$spread', type: 'delta',
    stir: trade('spread', '$spread'),
  },
  { example: 'spread-trade__snapshot', path: on('spread'), topic: 'publicTrade.$spread', stir: trade('spread', '$spread') },
  { example: 'spread-ticker__snapshot', path: on('spread'), topic: 'tickers.$spread' },
]; // biome-ignore format: a table

const PRIVATE = '/v5/private';
const PERP = trade('linear', 'BTCUSDT');

const accounts: readonly Push[] = [
  { example: 'order__message', path: PRIVATE, topic: 'order', stir: PERP },
  { example: 'execution__message', path: PRIVATE, topic: 'execution', stir: PERP },
  { example: 'fast-execution__message', path: PRIVATE, topic: 'execution.fast', stir: PERP },
  { example: 'position__message', path: PRIVATE, topic: 'position', stir: PERP },
  { example: 'wallet__message', path: PRIVATE, topic: 'wallet', stir: PERP },
  { example: 'greek__message', path: PRIVATE, topic: 'greeks', stir: trade('option', '$option') },
  { example: 'strategy__message', path: PRIVATE, topic: 'strategy' },
  ...['order', 'execution', 'execution.fast'].flatMap((topic) =>
    SYMBOLS.map(([category, symbol]) => ({
      example: `${topic === 'execution.fast' ? 'fast-execution' : topic}__message`,
      path: PRIVATE,
      topic: `${topic}.${category}`,
      stir: trade(category, symbol),
    })),
  ),
  ...SYMBOLS.slice(1).map(([category, symbol]) => ({
    example: 'position__message', path: PRIVATE, topic: `position.${category}`, stir: trade(category, symbol),
  })),
  {
    example: 'spread-order__message', path: PRIVATE, topic: 'spread.order', rows: 'combination',
    stir: trade('spread', '$spread'),
  },
  {
    example: 'spread-execution__message', path: PRIVATE, topic: 'spread.execution', rows: 'combination',
    stir: trade('spread', '$spread'),
  },
  {
    example: 'spread-execution__message-2', path: PRIVATE, topic: 'spread.execution', rows: 'future_leg',
    stir: trade('spread', '$spread'),
  },
]; // biome-ignore format: a table

export const PUSHES: readonly Push[] = [
  ...books, ...trades, ...candles, ...tickers, ...others, ...spreads, ...accounts,
]; // biome-ignore format: a table

/** One message to a connection, and the documented reply. */
export type Reply = Readonly<{ example: string; path: string; say: object | 'auth' }>;

const subscribe = (topic: string) => ({ op: 'subscribe', args: [topic], req_id: '10001' });
const PING = { op: 'ping', req_id: 'test' };
const BATCH = {
  op: 'order.create-batch',
  header: { 'X-BAPI-TIMESTAMP': '$now', 'X-BAPI-RECV-WINDOW': '8000' },
  args: [
    {
      category: 'linear',
      request: [{ symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.01', price: '59800', positionIdx: 1 }],
    },
  ],
};
const ONE_ORDER = {
  reqId: 'test-005',
  header: { 'X-BAPI-TIMESTAMP': '$now', 'X-BAPI-RECV-WINDOW': '8000', Referer: 'bot-001' },
  op: 'order.create',
  args: [{ category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.01', price: '59800' }],
};

export const REPLIES: readonly Reply[] = [
  {
    example: 'wss-authentication__public-spot-ack-subscribe', path: on('spot'), say: subscribe('publicTrade.BTCUSDT'),
  },
  { example: 'wss-authentication__spot-ack-ping', path: on('spot'), say: { op: 'ping' } },
  ...['linear', 'inverse'].flatMap((category) => [
    {
      example: 'wss-authentication__linear-inverse-ack-subscribe', path: on(category),
      say: subscribe(category === 'linear' ? 'publicTrade.BTCUSDT' : 'publicTrade.BTCUSD'),
    },
    { example: 'wss-authentication__linear-inverse-ack-ping', path: on(category), say: PING },
  ]),
  ...['option', 'spread'].flatMap((category) => [
    {
      example: 'wss-authentication__option-spread-ack-command-resp', path: on(category),
      say: subscribe(category === 'option' ? 'tickers.$option' : 'tickers.$spread'),
    },
    { example: 'wss-authentication__option-spread-ack-pong', path: on(category), say: PING },
  ]),
  { example: 'orderbook-rpi__ack-subscribe', path: on('spot'), say: { op: 'subscribe', args: ['orderbook.rpi.BTCUSDT'] } },
  { example: 'wss-authentication__ack-auth', path: PRIVATE, say: 'auth' },
  { example: 'wss-authentication__private-ack-subscribe', path: PRIVATE, say: { op: 'subscribe', args: ['order'] } },
  ...['dcp.future', 'dcp.spot', 'dcp.option'].map((topic) => ({
    example: 'wss-authentication__private-ack-subscribe', path: PRIVATE, say: { op: 'subscribe', args: [topic] },
  })),
  { example: 'wss-authentication__ack-pong', path: PRIVATE, say: PING },
  { example: 'guideline__ack-auth', path: '/v5/trade', say: 'auth' },
  { example: 'guideline__ack-pong', path: '/v5/trade', say: { op: 'ping' } },
  { example: 'guideline__response-order-create', path: '/v5/trade', say: ONE_ORDER },
  { example: 'guideline__response-order-create-batch', path: '/v5/trade', say: BATCH },
]; // biome-ignore format: a table
