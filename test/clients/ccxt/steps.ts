// What users of ccxt do, in its own words: markets, orders, positions, sockets.
import assert from 'node:assert/strict';
import type { Ccxt, Exchange } from './client.ts';

export type CcxtStep = Readonly<{ what: string; run: (clients: Ccxt) => Promise<void> }>;

type Market = Readonly<{ name: string; symbol: string | ((exchange: Exchange) => string); qty: number }>;

/** The first market that is wanted; ccxt names dated ones by their day. */
const first =
  (wanted: (market: Readonly<Record<string, unknown>>) => boolean) =>
  (exchange: Exchange): string => {
    const market = Object.values(exchange.markets).find(wanted);
    assert.ok(market !== undefined, 'no such market is listed');
    return market['symbol'] as string;
  };

const MARKETS: readonly Market[] = [
  { name: 'spot', symbol: 'BTC/USDT', qty: 0.01 },
  { name: 'USDT perpetual', symbol: 'BTC/USDT:USDT', qty: 0.01 },
  { name: 'USDC perpetual', symbol: 'BTC/USDC:USDC', qty: 0.01 },
  { name: 'dated future', symbol: first(({ future, linear }) => future === true && linear === true), qty: 0.01 },
  { name: 'inverse perpetual', symbol: 'BTC/USD:BTC', qty: 100 },
  { name: 'inverse future', symbol: first(({ future, inverse }) => future === true && inverse === true), qty: 100 },
  { name: 'option', symbol: first(({ option, optionType }) => option === true && optionType === 'call'), qty: 0.1 },
];

const symbolOf = ({ symbol }: Market, exchange: Exchange): string =>
  typeof symbol === 'string' ? symbol : symbol(exchange);

/** A price near the market's, in the precision that ccxt has read from the exchange. */
async function near(exchange: Exchange, symbol: string, factor: number): Promise<number> {
  const ticker = await exchange.fetchTicker(symbol);
  const price = ticker.last ?? ticker.markPrice ?? ticker.close;
  return Number(exchange.priceToPrecision(symbol, (price ?? 0) * factor));
}

let links = 0;
/** Options need an id of the client's. */
const own = () => ({ clientOrderId: `ccxt-${++links}` });

const onMarket = (market: Market): readonly CcxtStep[] => {
  const step = (what: string, run: (clients: Ccxt, symbol: string) => Promise<void>): CcxtStep => ({
    what: `${market.name}: ${what}`,
    run: async (clients) => run(clients, symbolOf(market, clients.taker)),
  });
  const { qty } = market;
  return [
    step('reads ticker, book, trades', async ({ taker }, symbol) => {
      assert.equal((await taker.fetchTicker(symbol)).symbol, symbol);
      assert.ok(Array.isArray((await taker.fetchOrderBook(symbol)).bids));
      assert.ok(Array.isArray(await taker.fetchTrades(symbol)));
    }),
    step('reads candles', async ({ taker }, symbol) => {
      if (market.name === 'option') return;
      assert.ok((await taker.fetchOHLCV(symbol, '1m')).length > 0);
    }),
    step('creates, finds, edits and cancels an order', async ({ taker }, symbol) => {
      const order = await taker.createOrder(symbol, 'limit', 'buy', qty, await near(taker, symbol, 0.997), own());
      const open = await taker.fetchOpenOrders(symbol);
      assert.ok(open.some(({ id }) => id === order.id));
      const edited = await near(taker, symbol, 0.996);
      await taker.editOrder(order.id, symbol, 'limit', 'buy', qty, edited);
      const [again] = (await taker.fetchOpenOrders(symbol)).filter(({ id }) => id === order.id);
      assert.equal(again?.price, edited);
      await taker.cancelOrder(order.id, symbol);
      assert.equal(
        (await taker.fetchCanceledOrders(symbol)).some(({ id }) => id === order.id),
        true,
      );
    }),
    step('is filled, and finds the trade and the money', async ({ taker, maker }, symbol) => {
      const price = await near(taker, symbol, 1.001);
      await maker.createOrder(symbol, 'limit', 'sell', qty * 2, price, own());
      const order = await taker.createOrder(symbol, 'limit', 'buy', qty, price, own());
      const closed = await taker.fetchClosedOrders(symbol);
      assert.equal(closed.find(({ id }) => id === order.id)?.status, 'closed');
      const trades = await taker.fetchMyTrades(symbol);
      assert.ok(trades.some((trade) => trade.order === order.id && trade.amount === qty));
      const balance = await taker.fetchBalance();
      assert.ok((balance['USDT'] as { total: number }).total > 0);
    }),
    step('has the position, closes it', async ({ taker, maker }, symbol) => {
      if (market.name === 'spot') return;
      const [position] = await taker.fetchPositions([symbol]);
      assert.equal(position?.side, 'long');
      const contracts = position?.contracts ?? 0;
      await maker.createOrder(symbol, 'limit', 'buy', contracts, await near(taker, symbol, 0.999), own());
      await taker.createOrder(symbol, 'market', 'sell', contracts, undefined, { reduceOnly: true, ...own() });
    }),
    step('cancels all', async ({ taker, maker }, symbol) => {
      await taker.createOrder(symbol, 'limit', 'buy', qty, await near(taker, symbol, 0.997), own());
      await taker.cancelAllOrders(symbol);
      await maker.cancelAllOrders(symbol);
      assert.deepEqual(await taker.fetchOpenOrders(symbol), []);
    }),
    step('watches book, trades and ticker', async ({ taker }, symbol) => {
      assert.ok((await taker.watchOrderBook(symbol)).timestamp !== 0);
      assert.equal((await taker.watchTicker(symbol)).symbol, symbol);
    }),
  ];
};

const further: readonly CcxtStep[] = [
  {
    what: 'places a stop order on spot and on a perpetual',
    run: async ({ taker }) => {
      for (const symbol of ['BTC/USDT', 'BTC/USDT:USDT']) {
        const triggerPrice = await near(taker, symbol, 1.02);
        const direction = symbol.includes(':') ? { triggerDirection: 'ascending' } : {};
        const stop = await taker.createOrder(symbol, 'limit', 'buy', 0.01, triggerPrice, { triggerPrice, ...direction });
        await taker.cancelOrder(stop.id, symbol, { trigger: true });
      }
    },
  },
  {
    what: 'sets leverage, reads tiers and funding',
    run: async ({ taker }) => {
      await taker.setLeverage(7, 'BTC/USDT:USDT');
      assert.ok((await taker.fetchMarketLeverageTiers('BTC/USDT:USDT')).length > 0);
      assert.equal((await taker.fetchFundingRate('BTC/USDT:USDT')).symbol, 'BTC/USDT:USDT');
      await taker.fetchFundingRateHistory('BTC/USDT:USDT');
    },
  },
  {
    what: 'watches its orders and trades over sockets',
    run: async ({ taker, maker }) => {
      const symbol = 'BTC/USDT:USDT';
      const price = await near(taker, symbol, 1.001);
      const heard = Promise.all([taker.watchOrders(), taker.watchMyTrades()]);
      // A subscription answers with nothing: the order is placed once its acknowledgement had time to come.
      await new Promise((resolve) => setTimeout(resolve, 500));
      await maker.createOrder(symbol, 'limit', 'sell', 0.01, price);
      await taker.createOrder(symbol, 'limit', 'buy', 0.01, price);
      const [orders, trades] = await heard;
      assert.ok(orders.length > 0 && trades.length > 0);
    },
  },
  {
    what: 'creates and cancels over the order socket',
    run: async ({ taker }) => {
      const symbol = 'BTC/USDT:USDT';
      const order = await taker.createOrderWs(symbol, 'limit', 'buy', 0.01, await near(taker, symbol, 0.997));
      await taker.cancelOrderWs(order.id, symbol);
    },
  },
  {
    what: 'creates several orders at once',
    run: async ({ taker }) => {
      const symbol = 'BTC/USDT:USDT';
      const price = await near(taker, symbol, 0.997);
      const one = { symbol, type: 'limit', side: 'buy', amount: 0.01, price };
      const orders = await taker.createOrders([one, one]);
      await taker.cancelOrders(orders.map(({ id }) => id), symbol);
    },
  },
  {
    what: 'moves money and finds it in the ledger',
    run: async ({ taker }) => {
      await taker.transfer('USDT', 10, 'unified', 'fund');
      assert.ok((await taker.fetchTransfers('USDT')).length > 0);
      assert.ok((await taker.fetchLedger('USDT')).length > 0);
    },
  },
]; // biome-ignore format: a table

export const CCXT_STEPS: readonly CcxtStep[] = [
  {
    what: 'loads every market, and the time',
    run: async ({ taker, maker }) => {
      await taker.loadMarkets();
      await maker.loadMarkets();
      assert.ok((await taker.fetchTime()) > 0);
      assert.ok(Object.keys(taker.markets).length > 0);
    },
  },
  ...MARKETS.flatMap(onMarket),
  ...further,
];
