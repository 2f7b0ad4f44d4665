// What a client does on one market: reads it, trades on it, hears of it.
import assert from 'node:assert/strict';
import { done, allDone, type Row, type Step, type Walk } from './walk.ts';

/** `find` gives the symbol, which may depend on the day; `qty` is a small order. */
export type Market = Readonly<{
  name: string;
  category: 'spot' | 'linear' | 'inverse' | 'option';
  qty: string;
  find: (walk: Walk) => Promise<string>;
}>;

type Terms = Readonly<{ category: never; symbol: string; tick: number; decimals: number; price: number }>;
const isFutures = ({ category }: Market): boolean => category === 'linear' || category === 'inverse';

async function termsOf({ category, find }: Market, walk: Walk): Promise<Terms> {
  const symbol = await find(walk);
  const instruments = await done(walk.taker.getInstrumentsInfo({ category, symbol } as never));
  const [row] = (instruments as unknown as { list: { priceFilter: { tickSize: string } }[] }).list;
  assert.ok(row !== undefined, `${symbol} is not listed`);
  const tickers = await done(walk.taker.getTickers({ category, symbol } as never));
  const [ticker] = tickers.list as unknown as Row[];
  const { tickSize } = row.priceFilter;
  const decimals = tickSize.includes('.') ? tickSize.length - tickSize.indexOf('.') - 1 : 0;
  const price = Number(ticker?.['markPrice'] ?? ticker?.['lastPrice']);
  return { category: category as never, symbol, tick: Number(tickSize), decimals, price };
}

/** Premiums are small beside their ticks: the same number of steps away is further in share. */
const OPTION_STRETCH = 20;

/** In whole ticks, near `factor` times the market's. */
function near({ category, price, tick, decimals }: Terms, factor: number): string {
  const isOption = (category as string) === 'option' && Math.abs(factor - 1) < 0.04;
  const stretched = isOption ? 1 + (factor - 1) * OPTION_STRETCH : factor;
  return (Math.max(1, Math.round((price * stretched) / tick)) * tick).toFixed(decimals);
}

const times = (qty: string, factor: number): string => String(Number((Number(qty) * factor).toFixed(8)));

/** A limit order; a client's own id is always given, as options need one. */
const order = (walk: Walk, terms: Terms, side: 'Buy' | 'Sell', qty: string, price: string, more: object = {}) => ({
  category: terms.category,
  symbol: terms.symbol,
  side,
  orderType: 'Limit' as const,
  qty,
  price,
  orderLinkId: walk.link(),
  ...more,
});

const step = (market: Market, what: string, run: (walk: Walk, terms: Terms) => Promise<void>): Step => ({
  what: `${market.name}: ${what}`,
  run: async (walk) => run(walk, await termsOf(market, walk)),
});

const reading = (market: Market): readonly Step[] => [
  step(market, 'reads terms, book, ticker, trades and fees', async ({ taker }, { category, symbol }) => {
    assert.equal((await done(taker.getOrderbook({ category, symbol }))).s, symbol);
    const trades = await done(taker.getPublicTradingHistory({ category, symbol }));
    assert.ok(Array.isArray(trades.list));
    const fees = await done(taker.getFeeRate({ category, ...(market.category === 'option' ? {} : { symbol }) }));
    assert.ok(Number((fees.list[0] as unknown as Row)['takerFeeRate']) > 0);
  }),
];

const candles = (market: Market): readonly Step[] => [
  step(market, 'reads candles', async ({ taker }, { category, symbol }) => {
    if (market.category !== 'option') {
      const { list } = await done(taker.getKline({ category, symbol, interval: '1' }));
      assert.equal(list[0]?.length, 7);
    }
    if (market.category === 'spot') return;
    const marks = await done(taker.getMarkPriceKline({ category, symbol, interval: '1' }));
    assert.equal(marks.list[0]?.length, 5);
  }),
  step(market, 'reads index candles, open interest, funding, risk and price limits', async ({ taker }, { category, symbol }) => {
    if (market.category !== 'option') await done(taker.getOrderPriceLimit({ category, symbol }));
    if (!isFutures(market)) return;
    const index = await done(taker.getIndexPriceKline({ category, symbol, interval: '1' }));
    assert.equal(index.list[0]?.length, 5);
    await done(taker.getOpenInterest({ category, symbol, intervalTime: '5min' }));
    await done(taker.getFundingRateHistory({ category, symbol }));
    const { list } = await done(taker.getRiskLimit({ category, symbol }));
    assert.equal(list[0]?.symbol, symbol);
  }),
]; // biome-ignore format: a table

/** The maker offers, the taker buys: pushes of the order, the execution, the money, the market. */
const filling = (market: Market): Step =>
  step(market, 'is filled, and hears of it', async (walk, terms) => {
    const { category, symbol } = terms;
    const account = walk.listener('/v5/private');
    const publics = walk.listener(`/v5/public/${market.category}`);
    const depth = market.category === 'option' ? 25 : 50;
    const tape = market.category === 'option' ? `publicTrade.${symbol.split('-')[0]}` : `publicTrade.${symbol}`;
    await publics.subscribe([`orderbook.${depth}.${symbol}`, tape, `tickers.${symbol}`], market.category);
    await publics.waitFor(
      'snapshot',
      ({ topic, type }) => topic.startsWith(`orderbook.${depth}`) && type === 'snapshot',
    );
    await publics.waitFor('ticker', ({ topic }) => topic === `tickers.${symbol}`);
    const price = near(terms, 1.001);
    await done(walk.maker.submitOrder(order(walk, terms, 'Sell', times(market.qty, 3), price)));
    const bid = order(walk, terms, 'Buy', times(market.qty, 2), price);
    const { orderId, orderLinkId } = await done(walk.taker.submitOrder(bid));
    assert.equal(orderLinkId, bid.orderLinkId);
    const filled = await account.row(
      'order',
      'filled',
      (row) => row['orderId'] === orderId && row['orderStatus'] === 'Filled',
    );
    assert.equal(Number(filled['cumExecQty']), Number(bid.qty));
    const fill = await account.row('execution', 'trade', (row) => row['orderId'] === orderId);
    assert.equal(fill['execType'], 'Trade');
    await account.waitFor('wallet', ({ topic }) => topic === 'wallet');
    await publics.row(tape, 'trade', (row) => Number(row['v']) === Number(bid.qty));
    const { list } = await done(walk.taker.getExecutionList({ category, orderId }));
    assert.equal(list[0]?.execId, fill['execId']);
    if (market.category === 'spot') return;
    const position = await account.row(
      'position',
      'size',
      (row) => row['symbol'] === symbol && Number(row['size']) > 0,
    );
    assert.equal(position['side'], 'Buy');
  });

const changing = (market: Market): readonly Step[] => [
  step(market, 'amends and cancels', async (walk, terms) => {
    const { category, symbol } = terms;
    const bid = order(walk, terms, 'Buy', market.qty, near(terms, 0.997), { timeInForce: 'PostOnly' });
    const { orderId } = await done(walk.taker.submitOrder(bid));
    await done(walk.taker.amendOrder({ category, symbol, orderId, price: near(terms, 0.996), qty: times(market.qty, 2) }));
    const open = await done(walk.taker.getActiveOrders({ category, symbol, orderId }));
    assert.deepEqual([Number(open.list[0]?.price), Number(open.list[0]?.qty)], [Number(near(terms, 0.996)), Number(times(market.qty, 2))]);
    await done(walk.taker.cancelOrder({ category, symbol, orderLinkId: bid.orderLinkId }));
    await walk.listener('/v5/private').row('order', 'canceled', (row) => row['orderId'] === orderId && row['orderStatus'] === 'Cancelled');
  }),
  step(market, 'creates, amends and cancels over the order socket', async (walk, terms) => {
    const { category, symbol } = terms;
    const created = await walk.trade.submitNewOrder(order(walk, terms, 'Buy', market.qty, near(terms, 0.997)));
    assert.equal(created.retCode, 0);
    const { orderId } = created.data;
    const amended = await walk.trade.amendOrder({ category, symbol, orderId, price: near(terms, 0.996) });
    assert.equal(amended.retCode, 0);
    const canceled = await walk.trade.cancelOrder({ category, symbol, orderId });
    assert.equal(canceled.retCode, 0);
    assert.equal(canceled.data.orderId, orderId);
  }),
  step(market, 'creates, amends and cancels in batches', async (walk, terms) => {
    const { category, symbol } = terms;
    const bids = [0.997, 0.996].map((factor) => order(walk, terms, 'Buy', market.qty, near(terms, factor)));
    const { list } = await allDone(walk.taker.batchSubmitOrders(category, bids));
    const ids = list.map(({ orderId }) => ({ symbol, orderId }));
    assert.equal(ids.length, 2);
    await allDone(walk.taker.batchAmendOrders(category, ids.map((id) => ({ ...id, price: near(terms, 0.995) }))));
    await allDone(walk.taker.batchCancelOrders(category, ids));
    const left = await done(walk.taker.getActiveOrders({ category, symbol }));
    assert.deepEqual(left.list.filter((row) => ids.some(({ orderId }) => orderId === row.orderId)), []);
  }),
  step(market, 'creates, amends and cancels in batches over the order socket', async (walk, terms) => {
    const { category, symbol } = terms;
    const bids = [0.997, 0.996].map((factor) => order(walk, terms, 'Buy', market.qty, near(terms, factor)));
    const created = await walk.trade.batchSubmitOrders(category, bids);
    assert.deepEqual(created.retExtInfo.list.map(({ code }) => code), [0, 0]);
    const ids = created.data.list.map(({ orderId }) => ({ symbol, orderId }));
    const amended = await walk.trade.batchAmendOrder(category, ids.map((id) => ({ ...id, price: near(terms, 0.995) })));
    assert.deepEqual(amended.retExtInfo.list.map(({ code }) => code), [0, 0]);
    const canceled = await walk.trade.batchCancelOrder(category, ids);
    assert.deepEqual(canceled.retExtInfo.list.map(({ code }) => code), [0, 0]);
  }),
  step(market, 'cancels everything', async (walk, terms) => {
    const { category, symbol } = terms;
    const { orderId } = await done(walk.taker.submitOrder(order(walk, terms, 'Buy', market.qty, near(terms, 0.997))));
    const { list } = await done(walk.taker.cancelAllOrders({ category, symbol }));
    assert.ok(list.some((row) => row.orderId === orderId));
    assert.deepEqual((await done(walk.taker.getActiveOrders({ category, symbol }))).list, []);
  }),
  step(market, 'turns the pages of orders and executions', async (walk, { category, symbol }) => {
    const first = await done(walk.taker.getHistoricOrders({ category, symbol, limit: 1 }));
    assert.equal(first.list.length, 1);
    const second = await done(walk.taker.getHistoricOrders({ category, symbol, limit: 1, cursor: first.nextPageCursor ?? '' }));
    assert.notEqual(second.list[0]?.orderId, first.list[0]?.orderId);
    assert.ok((await done(walk.taker.getExecutionList({ category, symbol }))).list.length > 0);
  }),
]; // biome-ignore format: a table

const kinds = (market: Market): readonly Step[] => [
  step(market, 'posts only, fills or kills, takes what is there', async (walk, terms) => {
    const { taker } = walk;
    const { category, symbol } = terms;
    const ask = near(terms, 1.001);
    await done(walk.maker.submitOrder(order(walk, terms, 'Sell', market.qty, ask)));
    for (const [timeInForce, qty] of [['PostOnly', market.qty], ['FOK', times(market.qty, 900)], ['IOC', market.qty]] as const) {
      const { orderId } = await done(taker.submitOrder(order(walk, terms, 'Buy', qty, ask, { timeInForce })));
      const { list } = await done(taker.getHistoricOrders({ category, symbol, orderId }));
      assert.equal(list[0]?.orderStatus, timeInForce === 'IOC' ? 'Filled' : 'Cancelled', timeInForce);
    }
  }),
  step(market, 'takes at market', async (walk, terms) => {
    const { category, symbol } = terms;
    await done(walk.maker.submitOrder(order(walk, terms, 'Sell', market.qty, near(terms, 1.001))));
    const unit = market.category === 'spot' ? { marketUnit: 'baseCoin' } : {};
    const tolerance = market.category === 'option' ? {} : { slippageToleranceType: 'Percent', slippageTolerance: '1' };
    const taken = { category, symbol, side: 'Buy', orderType: 'Market', qty: market.qty, orderLinkId: walk.link() } as const;
    const { orderId } = await done(walk.taker.submitOrder({ ...taken, ...unit, ...tolerance } as never));
    const { list } = await done(walk.taker.getHistoricOrders({ category, symbol, orderId }));
    assert.equal(list[0]?.orderStatus, 'Filled');
  }),
  step(market, 'protects an order with take profit and stop loss', async (walk, terms) => {
    const stops = { takeProfit: near(terms, 1.3), stopLoss: near(terms, 0.7) };
    const { orderId } = await done(walk.taker.submitOrder(order(walk, terms, 'Buy', market.qty, near(terms, 0.997), stops)));
    const { category, symbol } = terms;
    const { list } = await done(walk.taker.getActiveOrders({ category, symbol, orderId }));
    assert.deepEqual([Number(list[0]?.takeProfit), Number(list[0]?.stopLoss)], [Number(stops.takeProfit), Number(stops.stopLoss)]);
    await done(walk.taker.cancelOrder({ category, symbol, orderId }));
  }),
]; // biome-ignore format: a table

const stops = (market: Market): Step =>
  step(market, 'places, amends and cancels a stop order', async (walk, terms) => {
    const { category, symbol } = terms;
    const trigger = near(terms, 1.02);
    const futures = { triggerPrice: trigger, triggerDirection: 1, triggerBy: 'LastPrice' };
    const spot = { triggerPrice: trigger, orderFilter: 'StopOrder' };
    const more = market.category === 'spot' ? spot : futures;
    const { orderId } = await done(walk.taker.submitOrder(order(walk, terms, 'Buy', market.qty, trigger, more)));
    const filter = { category, symbol, orderFilter: 'StopOrder' as const };
    const waiting = await done(walk.taker.getActiveOrders(filter));
    assert.equal(waiting.list.find((row) => row.orderId === orderId)?.orderStatus, 'Untriggered');
    await done(walk.taker.amendOrder({ category, symbol, orderId, triggerPrice: near(terms, 1.03) }));
    await done(walk.taker.cancelOrder({ ...filter, orderId }));
    const ended = market.category === 'spot' ? 'Deactivated' : 'Cancelled';
    await walk
      .listener('/v5/private')
      .row('order', ended, (row) => row['orderId'] === orderId && row['orderStatus'] === ended);
  });

const positions = (market: Market): readonly Step[] => [
  step(market, 'sets stops of the position and takes them away', async (walk, terms) => {
    const { category, symbol } = terms;
    const where = { category, symbol, tpslMode: 'Full', positionIdx: 0 } as const;
    await done(walk.taker.setTradingStop({ ...where, takeProfit: near(terms, 1.3), stopLoss: near(terms, 0.7), trailingStop: near(terms, 0.05) }));
    const set = await done(walk.taker.getPositionInfo({ category, symbol }));
    assert.equal(Number(set.list[0]?.takeProfit), Number(near(terms, 1.3)));
    await done(walk.taker.setTradingStop({ ...where, takeProfit: '0', stopLoss: '0', trailingStop: '0' }));
  }),
  step(market, 'sets leverage and reads it', async (walk, { category, symbol }) => {
    await done(walk.taker.setLeverage({ category, symbol, buyLeverage: '5', sellLeverage: '5' }));
    const { list } = await done(walk.taker.getPositionInfo({ category, symbol }));
    assert.equal(Number(list[0]?.leverage), 5);
    await done(walk.taker.getFuturesLeverage({ category, symbol }));
  }),
  step(market, 'checks an order before it is sent', async (walk, terms) => {
    const checked = await done(walk.taker.preCheckOrder(order(walk, terms, 'Buy', market.qty, near(terms, 0.997))));
    assert.ok(checked.postImrE4 >= checked.preImrE4);
  }),
]; // biome-ignore format: a table

/** What there is after the taker has bought: a position that it closes. */
const closing = (market: Market): Step =>
  step(market, 'closes its position and finds the profit', async (walk, terms) => {
    const { category, symbol } = terms;
    const before = await done(walk.taker.getPositionInfo({ category, symbol }));
    const size = String(before.list[0]?.size);
    assert.ok(Number(size) > 0);
    await done(walk.maker.submitOrder(order(walk, terms, 'Buy', size, near(terms, 0.999))));
    const close = { category, symbol, side: 'Sell', orderType: 'Market', qty: size, reduceOnly: true } as const;
    await done(walk.taker.submitOrder({ ...close, orderLinkId: walk.link() }));
    const after = await done(walk.taker.getPositionInfo({ category, symbol }));
    assert.equal(Number(after.list[0]?.size ?? 0), 0);
    if (market.category === 'option') {
      const closed = await done(walk.taker.getClosedOptionsPositions({ category, symbol } as never));
      assert.ok((closed as unknown as { list: unknown[] }).list.length > 0);
      return;
    }
    const { list } = await done(walk.taker.getClosedPnL({ category, symbol }));
    assert.equal(Number(list[0]?.closedSize), Number(size));
  });

/** The steps of a market, in their order: later ones use what earlier ones left. */
export const marketSteps = (market: Market): readonly Step[] => [
  ...reading(market),
  filling(market),
  ...candles(market),
  ...changing(market),
  ...kinds(market),
  ...(market.category === 'option' ? [] : [stops(market)]),
  ...(isFutures(market) ? positions(market) : []),
  ...(market.category === 'spot' ? [] : [closing(market)]),
];
