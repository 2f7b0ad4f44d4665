import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../../../domain/decimal.ts';
import { type AssetId, type Category, instrumentId, type UnixMs } from '../../../../domain/ids.ts';
import type { Candle, ExchangeInstrument, ExchangeTicker } from '../../../../ports/exchange.ts';
import { TestBench } from '../../testing/client.ts';
import { at } from '../../testing/memory-network.ts';
import { sampleTrade } from '../../testing/samples.ts';
import { instrumentFor, LINEAR } from '../../testing/scripted-exchange.ts';

const DAY = 86_400_000;

/** Lists an instrument that is like the linear one but for what is said. */
function list(
  bench: TestBench,
  category: Category,
  symbol: string,
  change: Partial<ExchangeInstrument>,
): ExchangeInstrument {
  const id = instrumentId(category, symbol);
  const instrument: ExchangeInstrument = {
    ...instrumentFor('linear', symbol),
    base: 'BTC' as AssetId,
    ...change,
    category,
    id,
  };
  bench.exchange.listed.set(id, instrument);
  bench.exchange.setBook(id, [[600_000, 5]], [[600_010, 7]]);
  bench.exchange.tickers.set(id, { ...(bench.exchange.tickers.get(LINEAR) as ExchangeTicker), instrument: id });
  return instrument;
}

const perpetual = instrumentFor('linear', 'X').contract as NonNullable<ExchangeInstrument['contract']>;
const option = (type: 'call' | 'put', expiry: UnixMs): Partial<ExchangeInstrument> => ({
  contract: {
    kind: 'option',
    valuation: 'premium',
    leverage: null,
    funding: null,
    delivery: { at: expiry, feeRate: money('0.00015') },
    option: { type, strike: money('70000') },
  },
});

const result = async (bench: TestBench, path: string, query: string) =>
  at((await bench.get(`/v5/market/${path}`, query)).json, 'result');
const code = async (bench: TestBench, path: string, query: string) => {
  const { json } = await bench.get(`/v5/market/${path}`, query);
  return [json?.['retCode'], json?.['retMsg']];
};

test('candles are asked for by their newest, or by those that follow a start', async () => {
  const bench = await TestBench.start();
  const candle: Candle = {
    start: 1_700_000_000_000 as UnixMs,
    end: 1_700_000_900_000 as UnixMs,
    open: money('60000'),
    high: money('60010.5'),
    low: money('-0.000587'),
    close: money('60001.26'),
    volume: money('2.081'),
    turnover: money('34666.4005'),
    isClosed: true,
  };
  bench.exchange.market.rows = [candle];
  const query = 'category=linear&symbol=BTCUSDT&interval=15';
  assert.deepEqual(await result(bench, 'kline', query), {
    symbol: 'BTCUSDT',
    category: 'linear',
    list: [['1700000000000', '60000', '60010.5', '-0.000587', '60001.26', '2.081', '34666.4005']],
  });
  const mark = await result(bench, 'mark-price-kline', query);
  assert.deepEqual(at(mark, 'list', 0), ['1700000000000', '60000.0', '60010.5', '0.0', '60001.3']);
  const premium = await result(bench, 'premium-index-price-kline', query);
  assert.equal(at(premium, 'list', 0, 3), '-0.000587');
  await result(bench, 'index-price-kline', `${query}&start=5&limit=7`);
  await result(bench, 'kline', `${query}&start=5&end=9`);
  await result(bench, 'kline', 'symbol=BTCUSDT&interval=D&end=9');
  assert.deepEqual(
    bench.exchange.market.asked.slice(3).map(({ id, kind, query: asked }) => [id, kind, asked]),
    [
      [LINEAR, 'index', { interval: '15', from: 5, to: null, limit: 7, oldest: true }],
      [LINEAR, 'last', { interval: '15', from: 5, to: 9, limit: 200, oldest: false }],
      [LINEAR, 'last', { interval: 'D', from: null, to: 9, limit: 200, oldest: false }],
    ],
  );
  assert.deepEqual(await code(bench, 'kline', 'symbol=BTCUSDT&interval=7'), [10001, 'params error: interval invalid']);
  assert.deepEqual(await code(bench, 'kline', `${query}&limit=1001`), [10001, 'params error: limit invalid']);
  assert.deepEqual(await code(bench, 'index-price-kline', 'category=spot&symbol=BTCUSDT&interval=1'), [
    10001,
    'Illegal category',
  ]);
});

test('funding of a range needs its end; open interest counts both sides', async () => {
  const bench = await TestBench.start();
  const [first, second] = [1_700_000_000_000 as UnixMs, 1_700_028_800_000 as UnixMs];
  bench.exchange.market.rates = [
    { instrument: LINEAR, at: second, rate: money('-0.000125') },
    { instrument: LINEAR, at: first, rate: money('0.0001') },
  ];
  const query = 'category=linear&symbol=BTCUSDT';
  assert.deepEqual(await result(bench, 'funding/history', `${query}&limit=1`), {
    category: 'linear',
    list: [{ symbol: 'BTCUSDT', fundingRate: '-0.000125', fundingRateTimestamp: String(second) }],
  });
  assert.equal((await code(bench, 'funding/history', `${query}&startTime=5`))[0], 10001);
  bench.exchange.market.samples = [
    { at: second, value: money('10.5') },
    { at: first, value: money('0.49') },
  ];
  const page = await result(bench, 'open-interest', `${query}&intervalTime=5min&limit=1`);
  assert.deepEqual(at(page, 'list'), [
    { openInterest: '21.00000000', singleOpenInterest: '10.500', timestamp: String(second) },
  ]);
  const cursor = at(page, 'nextPageCursor');
  const next = await result(bench, 'open-interest', `${query}&intervalTime=5min&limit=1&cursor=${cursor}`);
  assert.deepEqual([at(next, 'list', 0, 'timestamp'), at(next, 'nextPageCursor')], [String(first), '']);
  const ratio = await result(bench, 'account-ratio', `${query}&period=1h&endTime=${first}`);
  assert.deepEqual(at(ratio, 'list'), [
    { symbol: 'BTCUSDT', buyRatio: '0.4900', sellRatio: '0.5100', timestamp: String(first) },
  ]);
});

test('volatility has its category beside its result', async () => {
  const bench = await TestBench.start();
  bench.exchange.market.samples = [{ at: 1_700_000_000_000 as UnixMs, value: money('0.45024716') }];
  const { json } = await bench.get('/v5/market/historical-volatility', 'category=option&baseCoin=ETH&period=30');
  assert.partialDeepStrictEqual(json, {
    retCode: 0,
    retMsg: 'SUCCESS',
    category: 'option',
    result: [{ period: 30, value: '0.45024716', time: '1700000000000' }],
  });
  const query = (end: number) => `category=option&startTime=0&endTime=${end}`;
  assert.equal((await code(bench, 'historical-volatility', query(30 * DAY)))[0], 0);
  assert.equal((await code(bench, 'historical-volatility', query(30 * DAY + 1)))[0], 10001);
  assert.equal((await code(bench, 'historical-volatility', 'category=option&startTime=0'))[0], 10001);
  assert.equal((await code(bench, 'historical-volatility', 'category=option&period=8'))[0], 10001);
});

test('risk limits come in pages of fifteen linear symbols, each tier with its own id', async () => {
  const bench = await TestBench.start();
  for (let i = 0; i < 19; i += 1) list(bench, 'linear', `A${i}USDT`, {});
  const symbols = (page: unknown) => [...new Set((at(page, 'list') as { symbol: string }[]).map((row) => row.symbol))];
  const first = await result(bench, 'risk-limit', 'category=linear');
  assert.equal(symbols(first).length, 15);
  const second = await result(bench, 'risk-limit', `category=linear&cursor=${at(first, 'nextPageCursor')}`);
  assert.deepEqual([symbols(second).length, at(second, 'nextPageCursor')], [5, '']);
  const rows = [...(at(first, 'list') as { id: number }[]), ...(at(second, 'list') as { id: number }[])];
  assert.equal(new Set(rows.map((row) => row.id)).size, 40);
  const one = await result(bench, 'risk-limit', 'category=linear&symbol=BTCUSDT');
  assert.deepEqual(at(one, 'list'), [
    {
      id: 1,
      symbol: 'BTCUSDT',
      riskLimitValue: '2000000',
      maintenanceMargin: '0.005',
      initialMargin: '0.01',
      isLowestRisk: 1,
      maxLeverage: '100.00',
      mmDeduction: '',
    },
    {
      id: 2,
      symbol: 'BTCUSDT',
      riskLimitValue: '1000000000000',
      maintenanceMargin: '0.01',
      initialMargin: '0.02',
      isLowestRisk: 0,
      maxLeverage: '50.00',
      mmDeduction: '10000',
    },
  ]);
});

test('instruments are those that trade, by status, by coin over both kinds of futures', async () => {
  const bench = await TestBench.start();
  list(bench, 'linear', 'OLDUSDT', { status: 'closed' });
  list(bench, 'inverse', 'BTCUSD', { settle: 'BTC' as AssetId, contract: { ...perpetual, valuation: 'inverse' } });
  list(bench, 'option', 'BTC-27MAR26-70000-C-USDT', {
    ...option('call', 1_774_598_400_000 as UnixMs),
    status: 'delivering',
  });
  list(bench, 'option', 'ETH-27MAR26-70000-C-USDT', {
    ...option('call', 1_774_598_400_000 as UnixMs),
    base: 'ETH' as AssetId,
  });
  const symbols = async (query: string) =>
    (at(await result(bench, 'instruments-info', query), 'list') as { symbol: string }[]).map((row) => row.symbol);
  assert.deepEqual(await symbols('category=linear'), ['BTCUSDT']);
  assert.deepEqual(await symbols('category=linear&status=Closed'), ['OLDUSDT']);
  assert.deepEqual(await symbols('category=linear&baseCoin=BTC'), ['BTCUSDT', 'BTCUSD']);
  assert.deepEqual(await symbols('category=linear&symbolType=innovation'), []);
  assert.deepEqual(await symbols('category=option'), ['BTC-27MAR26-70000-C-USDT'], 'BTC where no coin is named');
  assert.deepEqual(await symbols('category=option&baseCoin=ETH'), ['ETH-27MAR26-70000-C-USDT']);
  assert.equal((await code(bench, 'instruments-info', 'category=linear&status=Sleeping'))[0], 10001);
});

test('a dated future shows its basis, and what it is for a year', async () => {
  const bench = await TestBench.start();
  const expiry = (bench.exchange.time + 73 * DAY) as UnixMs;
  const delivery = { at: expiry, feeRate: money('0.0005') };
  const { id } = list(bench, 'linear', 'BTC-26JAN24', {
    contract: { ...perpetual, kind: 'future', funding: null, delivery },
  });
  const ticker = bench.exchange.tickers.get(id) as ExchangeTicker;
  bench.exchange.tickers.set(id, {
    ...ticker,
    last: money('109401.5'),
    index: money('100000'),
    mark: money('106129.2'),
    nextFundingAt: null,
  });
  const row = at(await result(bench, 'tickers', 'category=linear&symbol=BTC-26JAN24'), 'list', 0);
  assert.partialDeepStrictEqual(row, {
    basis: '9401.5',
    basisRate: '0.061292',
    // 365 days are five times 73.
    basisRateYear: '0.30646',
    deliveryFeeRate: '0.0005',
    predictedDeliveryPrice: '0.0',
    deliveryTime: String(expiry),
    fundingRate: '',
    nextFundingTime: '',
    fundingIntervalHour: '',
    fundingCap: '',
  });
  const socket = bench.network.connect('/v5/public/linear');
  socket.say({ op: 'subscribe', args: ['tickers.BTC-26JAN24'] });
  const data = at(socket.take()[1], 'data') as Record<string, unknown>;
  assert.equal(data['deliveryTime'], '2024-01-26T22:13:20Z');
  assert.equal('fundingCap' in data, false);
});

test('inverse contracts count in dollars and are worth coins', async () => {
  const bench = await TestBench.start();
  const { id } = list(bench, 'inverse', 'BTCUSD', { contract: { ...perpetual, valuation: 'inverse' } });
  const ticker = bench.exchange.tickers.get(id) as ExchangeTicker;
  bench.exchange.tickers.set(id, { ...ticker, mark: money('50000'), openInterest: money('1000000') });
  assert.partialDeepStrictEqual(at(await result(bench, 'tickers', 'category=inverse&symbol=BTCUSD'), 'list', 0), {
    openInterestValue: '40.00',
    singleOpenInterestValue: '20.00',
  });
});

test('options are asked for by coin and expiry, their trades by coin and type', async () => {
  const bench = await TestBench.start();
  const expiry = 1_774_598_400_000 as UnixMs;
  const call = list(bench, 'option', 'BTC-27MAR26-70000-C-USDT', option('call', expiry));
  const put = list(bench, 'option', 'BTC-27MAR26-70000-P-USDT', option('put', expiry));
  const prices = {
    markIv: money('0.7567'),
    bidIv: money('0'),
    askIv: money('5'),
    underlying: money('16590.42'),
    greeks: {
      delta: money('0.00000001'),
      gamma: money('0.00000001'),
      vega: money('0.00000004'),
      theta: money('-0.00000152'),
    },
    totalVolume: money('99'),
    totalTurnover: money('1967653'),
  };
  for (const { id } of [call, put]) {
    bench.exchange.tickers.set(id, { ...(bench.exchange.tickers.get(id) as ExchangeTicker), option: prices });
    bench.exchange.setBook(id, [], [[4350, 660]]);
  }
  const symbols = async (query: string) =>
    (at(await result(bench, 'tickers', `category=option&${query}`), 'list') as { symbol: string }[]).map(
      (row) => row.symbol,
    );
  assert.equal((await code(bench, 'tickers', 'category=option'))[0], 10001);
  assert.deepEqual(await symbols('baseCoin=BTC&expDate=27MAR26'), [call.symbol, put.symbol]);
  assert.deepEqual(await symbols('baseCoin=BTC&expDate=28MAR26'), []);
  const row = at(await result(bench, 'tickers', `category=option&symbol=${call.symbol}`), 'list', 0);
  assert.partialDeepStrictEqual(row, {
    bid1Price: '0',
    bid1Size: '0',
    ask1Price: '435',
    ask1Size: '0.66',
    ask1Iv: '5',
    markIv: '0.7567',
    theta: '-0.00000152',
    totalTurnover: '1967653',
    predictedDeliveryPrice: '0',
  });
  bench.exchange.trades.set(call.id, [
    sampleTrade(call.id, { tradeId: 'c2', at: 3 as UnixMs }),
    sampleTrade(call.id, { tradeId: 'c1', at: 1 as UnixMs }),
  ]);
  bench.exchange.trades.set(put.id, [sampleTrade(put.id, { tradeId: 'p1', at: 2 as UnixMs })]);
  const trades = async (query: string) =>
    (at(await result(bench, 'recent-trade', `category=option&${query}`), 'list') as { execId: string }[]).map(
      (one) => one.execId,
    );
  assert.deepEqual(await trades(''), ['c2', 'p1', 'c1']);
  assert.deepEqual(await trades('baseCoin=BTC&limit=2'), ['c2', 'p1']);
  assert.deepEqual(await trades('optionType=Put'), ['p1']);
  assert.deepEqual(await trades(`symbol=${call.symbol}`), ['c2', 'c1']);
  assert.equal((await code(bench, 'recent-trade', 'category=linear'))[0], 10001);
});

test('delivery prices are those of a coin, once for all options of one time', async () => {
  const bench = await TestBench.start();
  const delivered = (symbol: string, at: number, price: string, settle = 'USDT') => ({
    instrument: instrumentId('option', symbol),
    at: at as UnixMs,
    price: money(price),
    base: 'BTC' as AssetId,
    settle: settle as AssetId,
  });
  bench.exchange.market.delivered = [
    delivered('BTC-B-1-C-USDT', 200, '117780.91332268'),
    delivered('BTC-B-2-C-USDT', 200, '117780.91332268'),
    delivered('BTC-A-1-C', 100, '110000', 'USDC'),
  ];
  const page = await result(bench, 'delivery-price', 'category=option&limit=2');
  assert.deepEqual(at(page, 'list', 0), {
    symbol: 'BTC-B-1-C-USDT',
    deliveryPrice: '117780.91332268',
    deliveryTime: '200',
  });
  const next = await result(bench, 'delivery-price', `category=option&limit=2&cursor=${at(page, 'nextPageCursor')}`);
  assert.deepEqual((at(next, 'list') as unknown[]).length, 1);
  assert.deepEqual(at(await result(bench, 'new-delivery-price', 'category=option&baseCoin=BTC'), 'list'), [
    { deliveryPrice: '117780.91332268', deliveryTime: '200' },
  ]);
  const usdc = await result(bench, 'delivery-price', 'category=option&settleCoin=USDC');
  assert.deepEqual(
    (at(usdc, 'list') as { symbol: string }[]).map((row) => row.symbol),
    ['BTC-A-1-C'],
  );
});
