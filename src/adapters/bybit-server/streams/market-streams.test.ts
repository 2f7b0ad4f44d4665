import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../../domain/decimal.ts';
import { type AssetId, instrumentId, type UnixMs } from '../../../domain/ids.ts';
import type { Candle, InsuranceFund } from '../../../ports/exchange.ts';
import { TestBench } from '../testing/client.ts';
import { at, type MemorySocket } from '../testing/memory-network.ts';
import { sampleTrade } from '../testing/samples.ts';
import { instrumentFor, LINEAR, SPOT } from '../testing/scripted-exchange.ts';

const MINUTE = 60_000;
const START = 1_699_999_980_000;

const candle = (start: number, close: string, isClosed: boolean): Candle => ({
  start: start as UnixMs,
  end: (start + MINUTE) as UnixMs,
  open: money('60000'),
  high: money('60001.5'),
  low: money('59999'),
  close: money(close),
  volume: money('1.5'),
  turnover: money('90000.123456789'),
  isClosed,
});

function listen(bench: TestBench, path: string, topic: string): MemorySocket {
  const socket = bench.network.connect(path);
  socket.say({ op: 'subscribe', args: [topic] });
  return socket;
}

const trades = { type: 'trades', instrument: LINEAR, trades: [sampleTrade(LINEAR)] } as const;

test('a candle is told when it changed, and once more with confirm when it has ended', async () => {
  const bench = await TestBench.start();
  const { market } = bench.exchange;
  market.rows = [candle(START, '60000', false)];
  const socket = listen(bench, '/v5/public/linear', 'kline.1.BTCUSDT');
  const told = () => socket.take().map((message) => at(message, 'data', 0) as Record<string, unknown>);
  const [, first] = told();
  assert.deepEqual(first, {
    start: START,
    end: START + MINUTE - 1,
    interval: '1',
    open: '60000',
    close: '60000',
    high: '60001.5',
    low: '59999',
    volume: '1.5',
    turnover: '90000.12345679',
    confirm: false,
    timestamp: 1_700_000_000_000,
  });
  market.rows = [candle(START, '60001', false)];
  for (let i = 0; i < 5; i += 1) bench.exchange.publish(trades);
  await bench.advance(900);
  assert.deepEqual(
    told().map(({ close, confirm }) => [close, confirm]),
    [['60001', false]],
    'at most one message a second',
  );
  bench.exchange.publish(trades);
  await bench.advance(1_000);
  assert.deepEqual(told(), [], 'nothing changed');
  market.rows = [candle(START + MINUTE, '60002', false), candle(START, '60001', true)];
  bench.exchange.publish({ type: 'minute', instrument: LINEAR });
  await bench.advance(1_000);
  assert.deepEqual(
    told().map(({ start, close, confirm }) => [start, close, confirm]),
    [
      [START, '60001', true],
      [START + MINUTE, '60002', false],
    ],
  );
});

test('every interval has its topic on all sockets but that of options', async () => {
  const bench = await TestBench.start();
  const answer = (path: string, topic: string) => listen(bench, path, topic).take()[0];
  for (const interval of ['1', '3', '5', '15', '30', '60', '120', '240', '360', '720', 'D', 'W', 'M']) {
    assert.equal(answer('/v5/public/spot', `kline.${interval}.BTCUSDT`)?.['success'], true, interval);
  }
  assert.equal(answer('/v5/public/spot', 'kline.2.BTCUSDT')?.['success'], false);
  assert.deepEqual(at(answer('/v5/public/option', 'kline.1.BTCUSDT'), 'data', 'failTopics'), ['kline.1.BTCUSDT']);
});

test('what nobody listens to is not even read', async () => {
  const bench = await TestBench.start();
  const socket = bench.network.connect('/v5/public/linear');
  const topics = [
    'kline.1.BTCUSDT',
    'priceLimit.BTCUSDT',
    'tickers.BTCUSDT',
    'orderbook.50.BTCUSDT',
    'publicTrade.BTCUSDT',
  ];
  socket.say({ op: 'subscribe', args: topics });
  socket.say({ op: 'unsubscribe', args: topics });
  await bench.advance(2_000);
  socket.take();
  let reads = 0;
  const { book, ticker } = bench.exchange;
  bench.exchange.book = (id, depth) => {
    reads += 1;
    return book.call(bench.exchange, id, depth);
  };
  bench.exchange.ticker = (id) => {
    reads += 1;
    return ticker(id);
  };
  bench.exchange.market.asked.length = 0;
  for (let i = 0; i < 100; i += 1) {
    bench.exchange.setBook(LINEAR, [[600_000, i + 1]], [], true);
    bench.exchange.publish(trades);
    bench.exchange.publish({ type: 'ticker', instrument: LINEAR });
    bench.exchange.publish({ type: 'minute', instrument: LINEAR });
    await bench.advance(10);
  }
  assert.deepEqual([reads, bench.exchange.market.asked.length, socket.take().length], [0, 0, 0]);
  assert.equal(bench.clock.timers, 1, 'only the sweep of idle connections is pending');
});

test('liquidations of half a second come together, by the side of the position', async () => {
  const bench = await TestBench.start();
  const socket = listen(bench, '/v5/public/linear', 'allLiquidation.BTCUSDT');
  assert.equal(socket.take().length, 1, 'nobody is told of the past');
  const liquidated = (qty: string) => {
    const liquidation = {
      instrument: LINEAR,
      at: bench.exchange.time as UnixMs,
      side: 'buy',
      qty: money(qty),
      price: money('55000'),
    } as const;
    bench.exchange.publish({ type: 'liquidation', instrument: LINEAR, liquidation });
  };
  liquidated('0.1');
  await bench.advance(1);
  liquidated('0.2');
  liquidated('0.3');
  await bench.advance(500);
  const messages = socket.take();
  assert.deepEqual(
    messages.map((message) => (at(message, 'data') as { v: string }[]).map(({ v }) => v)),
    [['0.100'], ['0.200', '0.300']],
  );
  assert.deepEqual(at(messages[0], 'data', 0), {
    T: 1_700_000_000_000,
    s: 'BTCUSDT',
    S: 'Buy',
    v: '0.100',
    p: '55000.0',
  });
});

test('an insurance fund is told whole at first, then when its balance has changed', async () => {
  const bench = await TestBench.start();
  const fund = (asset: string, balance: string): InsuranceFund => ({
    asset: asset as AssetId,
    symbols: ['BTCUSDT', 'ETHUSDT'],
    balance: money(balance),
    value: money(balance),
    updatedAt: 1_700_000_000_000 as UnixMs,
  });
  const changed = { type: 'insurance', instrument: null, asset: 'USDT' as AssetId } as const;
  bench.exchange.market.funds = [fund('USDT', '100'), fund('BTC', '2')];
  const linear = listen(bench, '/v5/public/linear', 'insurance.USDT');
  const inverse = listen(bench, '/v5/public/inverse', 'insurance.inverse');
  const rows = (socket: MemorySocket) =>
    socket
      .take()
      .flatMap((message) =>
        message['data'] === undefined
          ? []
          : [[message['type'], at(message, 'data', 0, 'coin'), at(message, 'data', 0, 'balance')]],
      );
  assert.deepEqual(rows(linear), [['snapshot', 'USDT', '100']]);
  assert.deepEqual(rows(inverse), [['snapshot', 'BTC', '2']]);
  bench.exchange.publish(changed);
  await bench.advance(1_000);
  assert.deepEqual(rows(linear), [], 'the balance is the same');
  bench.exchange.market.funds = [fund('USDT', '90.5'), fund('BTC', '2')];
  bench.exchange.publish(changed);
  await bench.advance(1_000);
  assert.deepEqual(rows(linear), [['delta', 'USDT', '90.5']]);
  assert.deepEqual(rows(inverse), []);
});

test('price limits are told when they have moved', async () => {
  const bench = await TestBench.start();
  const socket = listen(bench, '/v5/public/spot', 'priceLimit.BTCUSDT');
  const limits = () => socket.take().flatMap(({ data }) => (data === undefined ? [] : [data]));
  assert.deepEqual(limits(), [{ symbol: 'BTCUSDT', buyLmt: '61000', sellLmt: '59000' }]);
  const moved = { type: 'ticker', instrument: SPOT } as const;
  bench.exchange.publish(moved);
  await bench.advance(300);
  assert.deepEqual(limits(), []);
  bench.exchange.market.limits = { buy: money('61000.5'), sell: money('59000') };
  bench.exchange.publish(moved);
  await bench.advance(300);
  assert.deepEqual(limits(), [{ symbol: 'BTCUSDT', buyLmt: '61000.5', sellLmt: '59000' }]);
});

test('a follower of the full book begins with the answer over REST and its deltas go on from there', async () => {
  const bench = await TestBench.start();
  const bids = (qty: number): [number, number][] => Array.from({ length: 1500 }, (_, i) => [600_000 - i, qty]);
  bench.exchange.setBook(SPOT, bids(1), [[600_010, 7]]);
  const socket = listen(bench, '/v5/public/spot', 'orderbook.full.BTCUSDT');
  assert.equal(socket.take().length, 1, 'there is no snapshot');
  bench.exchange.setBook(SPOT, [[600_001, 5], ...bids(1)], [[600_010, 7]], true);
  const rest = await bench.get('/v5/market/full_orderbook', 'category=spot&symbol=BTCUSDT');
  assert.equal((at(rest.json, 'result', 'b') as unknown[]).length, 1501);
  const [delta] = socket.take();
  assert.deepEqual(
    [delta?.['type'], at(delta, 'data', 'u'), at(delta, 'data', 'seq')],
    ['delta', at(rest.json, 'result', 'u'), at(rest.json, 'result', 'seq')],
  );
  bench.exchange.setBook(SPOT, [[600_001, 6], ...bids(1)], [[600_010, 7]], true);
  await bench.advance(200);
  const [next] = socket.take();
  assert.equal(at(next, 'data', 'u'), Number(at(rest.json, 'result', 'u')) + 1);
  assert.deepEqual(at(next, 'data', 'b'), [['60000.1', '0.000006']]);
});

test('the book with RPI orders has a third column, and both are zero where a level is gone', async () => {
  const bench = await TestBench.start();
  bench.exchange.setBook(
    LINEAR,
    [
      [600_000, 5],
      [599_990, 2],
    ],
    [[600_010, 7]],
  );
  const socket = listen(bench, '/v5/public/linear', 'orderbook.rpi.BTCUSDT');
  const [, snapshot] = socket.take();
  assert.deepEqual(at(snapshot, 'data', 'b'), [
    ['60000.0', '0.005', '0'],
    ['59999.0', '0.002', '0'],
  ]);
  bench.exchange.setBook(LINEAR, [[600_000, 5]], [[600_010, 7]], true);
  await bench.advance(100);
  assert.deepEqual(at(socket.take()[0], 'data', 'b'), [['59999.0', '0', '0']]);
  const rest = await bench.get('/v5/market/rpi_orderbook', 'category=linear&symbol=BTCUSDT&limit=1');
  assert.deepEqual(at(rest.json, 'result', 'b'), [['60000.0', '0.005', '0']]);
  assert.equal(at(rest.json, 'result', 'u'), 2);
});

test('options take topics one by one, by coin where they are trades, and say what they did not take', async () => {
  const bench = await TestBench.start();
  const option = {
    ...instrumentFor('linear', 'BTC-27MAR26-70000-P-USDT'),
    category: 'option',
    base: 'BTC' as AssetId,
  } as const;
  const id = instrumentId('option', option.symbol);
  bench.exchange.listed.set(id, { ...option, id });
  bench.exchange.setBook(id, [[50, 5]], [[51, 7]]);
  const socket = bench.network.connect('/v5/public/option');
  socket.say({ op: 'ping' });
  assert.deepEqual(socket.take(), [{ args: [String(bench.exchange.time)], op: 'pong' }]);
  const book = 'orderbook.25.BTC-27MAR26-70000-P-USDT';
  socket.say({ op: 'subscribe', args: ['publicTrade.BTC', 'publicTrade.ETH', book, 'orderbook.50.X'], req_id: 'r' });
  const [answer, snapshot] = socket.take();
  assert.partialDeepStrictEqual(answer, {
    success: false,
    data: { failTopics: ['publicTrade.ETH', 'orderbook.50.X'], successTopics: ['publicTrade.BTC', book] },
    type: 'COMMAND_RESP',
  });
  assert.equal(snapshot?.['topic'], book);
  const lens = { mark: money('100'), index: money('60000'), markIv: money('0.5'), tradeIv: money('0.51') };
  bench.exchange.publish({ type: 'trades', instrument: id, trades: [{ ...sampleTrade(id), option: lens }] });
  const [trade] = socket.take();
  assert.equal(trade?.['topic'], 'publicTrade.BTC');
  assert.equal(typeof trade?.['id'], 'string');
  assert.partialDeepStrictEqual(at(trade, 'data', 0), {
    s: option.symbol,
    mP: '100',
    iP: '60000',
    mIv: '0.5',
    iv: '0.51',
  });
});

test('news of the exchange has a socket of its own', async () => {
  const bench = await TestBench.start();
  const socket = listen(bench, '/v5/public/misc/status', 'system.status');
  assert.equal(socket.take()[0]?.['success'], true);
  bench.exchange.market.stops = [{ from: 1_699_999_000_000 as UnixMs, to: 1_699_999_900_000 as UnixMs }];
  bench.exchange.publish({ type: 'interruption', instrument: null });
  await bench.advance(1);
  const [news] = socket.take();
  assert.partialDeepStrictEqual(news, {
    topic: 'system.status',
    data: [{ state: 'completed', begin: '1699999000000', end: '1699999900000' }],
  });
  const rest = await bench.get('/v5/system/status');
  assert.deepEqual(at(rest.json, 'result', 'list'), news?.['data']);
  assert.equal(listen(bench, '/v5/public/linear', 'system.status').take()[0]?.['success'], false);
});
