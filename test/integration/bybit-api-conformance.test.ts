/**
 * A client that nobody here wrote, npm's bybit-api, against the paper exchange: unchanged but for its addresses.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { RestClientV5, WebsocketAPIClient, WebsocketClient } from 'bybit-api';
import { type BybitServer, serveBybit } from '../../src/adapters/bybit-server/index.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemNetwork } from '../../src/adapters/system/network.ts';
import { seededRng } from '../../src/ports/rng.ts';
import { silentLog } from '../../src/ports/log.ts';
import { openPaperExchange, type PaperExchange, readPaperConfig } from '../../src/paper/index.ts';

const BALANCES = { USDT: '1000000', BTC: '10' };
const TAKER = { uid: '1001', apiKey: 'taker-key', apiSecret: 'taker-secret', balances: BALANCES };
const MAKER = { uid: '1002', apiKey: 'maker-key', apiSecret: 'maker-secret', balances: BALANCES };
const MARKETS = [
  { category: 'spot', symbol: 'BTCUSDT', qty: '0.01', rest: '0.006' },
  { category: 'linear', symbol: 'BTCUSDT', qty: '0.010', rest: '0.006' },
] as const;

const quiet = { trace: () => {}, info: () => {}, error: () => {} };
type Update = Readonly<{ topic: string; type?: string; data: readonly Readonly<Record<string, string>>[] }>;

/** Everything that a socket client hears, and a way to wait for what it should hear. */
class Listener {
  readonly heard: Update[] = [];
  readonly client: WebsocketClient;
  #waiting: (() => void)[] = [];

  constructor(path: string, key?: typeof TAKER) {
    const keys = key === undefined ? {} : { key: key.apiKey, secret: key.apiSecret };
    this.client = new WebsocketClient({ wsUrl: `${wsBase}${path}`, ...keys }, quiet);
    this.client.on('update', (update: unknown) => {
      this.heard.push(update as Update);
      for (const check of this.#waiting) check();
    });
    this.client.on('exception', (problem: unknown) => problems.push(problem));
  }

  /** Resolves with the server's acknowledgement. */
  async subscribe(topics: string[], category: 'spot' | 'linear'): Promise<void> {
    const acknowledged = new Promise<void>((resolve) => {
      this.client.on('response', (response: unknown) => {
        if ((response as { op?: string }).op === 'subscribe') resolve();
      });
    });
    this.client.subscribeV5(topics, category);
    await acknowledged;
  }

  waitFor(what: string, matches: (update: Update) => boolean): Promise<Update> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not heard within 5 s: ${what}`)), 5_000);
      const check = () => {
        const found = this.heard.find(matches);
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting = this.#waiting.filter((one) => one !== check);
        resolve(found);
      };
      this.#waiting.push(check);
      check();
    });
  }

  /** The row of an order in a state. */
  order(orderId: string, orderStatus: string): Promise<Update> {
    const isIt = (row: Readonly<Record<string, string>>) =>
      row['orderId'] === orderId && row['orderStatus'] === orderStatus;
    return this.waitFor(`order ${orderStatus}`, ({ topic, data }) => topic === 'order' && data.some(isIt));
  }
}

const network = systemNetwork();
let exchange: PaperExchange;
let server: BybitServer;
let httpBase: string;
let wsBase: string;
/** What a client complained about: nothing, in the end. */
const problems: unknown[] = [];
const sockets: (WebsocketClient | WebsocketAPIClient)[] = [];

const restClient = (account: typeof TAKER) =>
  new RestClientV5({ baseUrl: httpBase, key: account.apiKey, secret: account.apiSecret, parseAPIRateLimits: true });

/** The result of a call that must have succeeded. */
async function done<T>(call: Promise<{ retCode: number; retMsg: string; result: T }>): Promise<T> {
  const { retCode, retMsg, result } = await call;
  assert.deepEqual([retCode, retMsg], [0, 'OK']);
  return result;
}

before(async () => {
  const config = readPaperConfig({ accounts: [TAKER, MAKER], agents: false, rateLimits: 'bybit' });
  assert.ok(config.ok);
  const clock = systemClock();
  exchange = await openPaperExchange({ config: config.value, clock, rng: seededRng(7), journal: null, log: silentLog });
  const listen = { host: '127.0.0.1', port: 0 };
  server = await serveBybit({ exchange, network: network.server, clock, listen, rateLimits: 'bybit', log: silentLog });
  httpBase = `http://127.0.0.1:${server.address.port}`;
  wsBase = `ws://127.0.0.1:${server.address.port}`;
});

after(async () => {
  for (const socket of sockets) {
    const client = socket instanceof WebsocketAPIClient ? socket.getWSClient() : socket;
    client.closeAll(true);
  }
  await server.close();
  await exchange.close();
  await network.close();
});

for (const { category, symbol, qty, rest } of MARKETS) {
  describe(`bybit-api on ${category}`, () => {
    test('places, is filled, and hears of it on its private and public streams', async () => {
      const [taker, maker] = [restClient(TAKER), restClient(MAKER)];
      const account = new Listener('/v5/private', TAKER);
      const market = new Listener(`/v5/public/${category}`);
      sockets.push(account.client, market.client);
      await account.subscribe(['order', 'execution', 'position', 'wallet'], category);
      await market.subscribe([`orderbook.50.${symbol}`, `publicTrade.${symbol}`, `tickers.${symbol}`], category);
      await market.waitFor(
        'book snapshot',
        ({ topic, type }) => topic === `orderbook.50.${symbol}` && type === 'snapshot',
      );

      const ask = { category, symbol, side: 'Sell', orderType: 'Limit', qty, price: '60000.1' } as const;
      await done(maker.submitOrder(ask));
      await market.waitFor('the ask in a delta', ({ type, data }) => {
        const rows = (data as unknown as { a?: [string, string][] }).a ?? [];
        return (
          type === 'delta' && rows.some(([price, size]) => Number(price) === 60_000.1 && Number(size) === Number(qty))
        );
      });

      const bid = {
        category,
        symbol,
        side: 'Buy',
        orderType: 'Limit',
        qty: rest,
        price: '60000.1',
        orderLinkId: `${category}-1`,
      } as const;
      const { orderId, orderLinkId } = await done(taker.submitOrder(bid));
      assert.equal(orderLinkId, `${category}-1`);
      const filled = await account.order(orderId, 'Filled');
      assert.partialDeepStrictEqual(
        filled.data.find((row) => row['orderId'] === orderId),
        { category, symbol, leavesQty: category === 'spot' ? '0' : '0.000' },
      );
      const fill = await account.waitFor(
        'execution',
        ({ topic, data }) => topic === 'execution' && data[0]?.['orderId'] === orderId,
      );
      assert.partialDeepStrictEqual(fill.data[0], {
        execQty: rest,
        execPrice: '60000.1',
        execType: 'Trade',
        isMaker: false,
      });
      await account.waitFor('wallet', ({ topic }) => topic === 'wallet');
      if (category === 'linear') {
        await account.waitFor('position', ({ topic, data }) => topic === 'position' && data[0]?.['size'] === rest);
      }
      await market.waitFor(
        'public trade',
        ({ topic, data }) => topic === `publicTrade.${symbol}` && data[0]?.['v'] === rest,
      );

      const { list } = await done(taker.getExecutionList({ category, symbol }));
      assert.equal(list[0]?.execId, fill.data[0]?.['execId']);
      const history = await done(taker.getHistoricOrders({ category, symbol }));
      assert.deepEqual(
        history.list.map((order) => [order.orderId, order.orderStatus]),
        [[orderId, 'Filled']],
      );
      await done(maker.cancelAllOrders({ category, symbol }));
    });

    test('amends and cancels, over REST and over the order socket', async () => {
      const taker = restClient(TAKER);
      const account = new Listener('/v5/private', TAKER);
      const trade = new WebsocketAPIClient(
        { wsUrl: `${wsBase}/v5/trade`, key: TAKER.apiKey, secret: TAKER.apiSecret, attachEventListeners: false },
        quiet,
      );
      trade.getWSClient().on('exception', (problem: unknown) => problems.push(problem));
      sockets.push(account.client, trade);
      await account.subscribe(['order'], category);
      const order = {
        category,
        symbol,
        side: 'Buy',
        orderType: 'Limit',
        timeInForce: 'PostOnly',
        qty,
        price: '59000',
      } as const;

      const overSocket = await trade.submitNewOrder({ ...order, orderLinkId: `${category}-ws` });
      assert.equal(overSocket.retCode, 0);
      const first = overSocket.data.orderId;
      await done(taker.amendOrder({ category, symbol, orderId: first, price: '59001' }));
      const amended = await trade.amendOrder({ category, symbol, orderId: first, qty: '0.02' });
      assert.equal(amended.retCode, 0);
      const open = await done(taker.getActiveOrders({ category, symbol }));
      assert.deepEqual(
        open.list.map((one) => [one.orderLinkId, Number(one.price), Number(one.qty)]),
        [[`${category}-ws`, 59_001, 0.02]],
      );
      await done(taker.cancelOrder({ category, symbol, orderLinkId: `${category}-ws` }));
      await account.order(first, 'Cancelled');

      const second = await done(taker.submitOrder({ ...order, orderLinkId: `${category}-rest` }));
      const canceled = await trade.cancelOrder({ category, symbol, orderId: second.orderId });
      assert.equal(canceled.retCode, 0);
      await account.order(second.orderId, 'Cancelled');
      const refused = await taker.cancelOrder({ category, symbol, orderId: second.orderId });
      assert.equal(refused.retCode, category === 'spot' ? 170142 : 110010);
    });

    test('reads markets, its account and its budgets', async () => {
      const taker = restClient(TAKER);
      const instruments = await done(taker.getInstrumentsInfo({ category, symbol }));
      assert.equal(instruments.list[0]?.symbol, symbol);
      const book = await done(taker.getOrderbook({ category, symbol }));
      assert.equal(book.s, symbol);
      const tickers = await done(taker.getTickers({ category, symbol } as Parameters<RestClientV5['getTickers']>[0]));
      assert.equal(tickers.list[0]?.symbol, symbol);
      const trades = await done(taker.getPublicTradingHistory({ category, symbol }));
      assert.ok(trades.list.length > 0);
      const fees = await done(taker.getFeeRate({ category, symbol }));
      assert.equal(fees.list[0]?.symbol, symbol);
      const wallet = await done(taker.getWalletBalance({ accountType: 'UNIFIED' }));
      assert.deepEqual(wallet.list[0]?.coin.map((coin) => coin.coin).sort(), ['BTC', 'USDT']);
      const key = await taker.getQueryApiKey();
      assert.deepEqual(key.result.permissions.Spot, ['SpotTrade']);
      const answer = await taker.getActiveOrders({ category, symbol });
      assert.partialDeepStrictEqual(answer, { rateLimitApi: { maxRequests: 50 } });
      if (category === 'spot') return;
      const positions = await done(taker.getPositionInfo({ category, symbol }));
      assert.partialDeepStrictEqual(positions.list, [{ symbol, side: 'Buy', size: rest }]);
      await done(taker.setLeverage({ category, symbol, buyLeverage: '5', sellLeverage: '5' }));
    });
  });
}

test('bybit-api met nothing that it did not expect', () => {
  assert.deepEqual(problems, []);
});
