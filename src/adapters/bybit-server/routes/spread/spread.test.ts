import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../../../domain/decimal.ts';
import { type AssetId, instrumentId, type Lots, type Ticks, type UnixMs } from '../../../../domain/ids.ts';
import { ok } from '../../../../domain/result.ts';
import type {
  AmendSpread,
  ExchangeSpread,
  PlaceSpread,
  SpreadInstrument,
  SpreadLevel,
  SpreadOrder,
  SpreadPrivateEvent,
  SpreadPublicEvent,
} from '../../../../ports/exchange.ts';
import { TestBench } from '../../testing/client.ts';
import { settled } from '../../testing/manual-clock.ts';
import { ScriptedExchange } from '../../testing/scripted-exchange.ts';
import { NO_SPREADS } from '../../testing/scripted-spread.ts';

const SYMBOL = 'SOLUSDT_SOL/USDT';
const LINEAR = instrumentId('linear', 'SOLUSDT');
const SPOT = instrumentId('spot', 'SOLUSDT');

const INSTRUMENT: SpreadInstrument = {
  symbol: SYMBOL,
  kind: 'funding_rate_arb',
  status: 'trading',
  base: 'SOL' as AssetId,
  quote: 'USDT' as AssetId,
  settle: 'USDT' as AssetId,
  tick: money('0.01'),
  step: money('0.1'),
  minPrice: money('-20'),
  maxPrice: money('20'),
  minQty: 1 as Lots,
  maxQty: 500 as Lots,
  launchedAt: 1 as UnixMs,
  deliveryAt: null,
  far: { instrument: LINEAR, symbol: 'SOLUSDT', kind: 'perpetual' },
  near: { instrument: SPOT, symbol: 'SOLUSDT', kind: 'spot' },
};

const ORDER: SpreadOrder = {
  orderId: 'combo-1',
  clientOrderId: 'mine',
  symbol: SYMBOL,
  kind: 'funding_rate_arb',
  base: 'SOL' as AssetId,
  settle: 'USDT' as AssetId,
  side: 'buy',
  type: 'limit',
  price: money('-4'),
  qty: money('0.1'),
  timeInForce: 'post_only',
  far: { orderId: 'far-1', instrument: LINEAR, side: 'buy' },
  near: { orderId: 'near-1', instrument: SPOT, side: 'sell' },
  createdAt: 1_699_999_999_000 as UnixMs,
  status: 'canceled',
  closeReason: 'rebalance',
  cumQty: money('0'),
  leavesQty: money('0'),
  updatedAt: 1_699_999_999_500 as UnixMs,
};

const level = (price: number, qty: number): SpreadLevel => ({ price: price as Ticks, qty: qty as Lots });

/** One combo whose book a test sets, and what the server asked of it. */
function scripted() {
  const exchange = new ScriptedExchange();
  const book = {
    bids: [level(-150, 7), level(-151, 20)],
    asks: [level(3, 1)],
    version: 1,
    seq: 9,
    at: 1_700 as UnixMs,
  };
  const asked: { placed: PlaceSpread[]; amended: AmendSpread[]; canceled: (string | null)[] } = {
    placed: [], amended: [], canceled: [],
  }; // biome-ignore format: a row
  let tell: (event: SpreadPublicEvent) => void = () => {};
  let tellOwner: (event: SpreadPrivateEvent) => void = () => {};
  const ids = { orderId: 'combo-1', clientOrderId: 'mine' };
  const spread: ExchangeSpread = {
    ...NO_SPREADS,
    instruments: () => [INSTRUMENT],
    instrument: (symbol) => (symbol === SYMBOL ? INSTRUMENT : null),
    book: (symbol, depth) => ({ ...book, symbol, bids: book.bids.slice(0, depth), asks: book.asks.slice(0, depth) }),
    ticker: (symbol) => ({
      symbol,
      last: money('-1.5'),
      high24h: null,
      low24h: null,
      prev24h: null,
      volume24h: money('2'),
    }),
    place: (_uid, order) => Promise.resolve((asked.placed.push(order), ok(ids))),
    amend: (_uid, _ref, change) => Promise.resolve((asked.amended.push(change), ok(ids))),
    cancelAll: (_uid, symbol) => Promise.resolve((asked.canceled.push(symbol), ok([ids]))),
    maxQty: () => ok(money('12.345678912')),
    orderHistory: () => [ORDER],
    onPublic: (listener) => void (tell = listener),
    onPrivate: (listener) => void (tellOwner = listener),
  };
  Object.assign(exchange, { spread });
  return {
    exchange,
    book,
    asked,
    tell: (event: SpreadPublicEvent) => tell(event),
    tellOwner: (event: SpreadPrivateEvent) => tellOwner(event),
  };
}

const CREATE = '/v5/spread/order/create';
const order = (change: object) => ({
  symbol: SYMBOL,
  side: 'Buy',
  orderType: 'Limit',
  qty: '0.1',
  price: '-4',
  ...change,
});

test('a combo is ordered at any price, zero and below; an empty one is none', async () => {
  const { exchange, asked } = scripted();
  const bench = await TestBench.start({ exchange });
  const code = async (path: string, body: object) => (await bench.post(path, body)).json['retCode'];
  for (const price of ['-4', '0', '0.5']) assert.equal(await code(CREATE, order({ price })), 0);
  assert.deepEqual(
    asked.placed.map((one) => formatDecimal(one.price ?? money('9'))),
    ['-4', '0', '0.5'],
  );
  assert.equal(await code(CREATE, order({ orderLinkId: 'a'.repeat(45) })), 0);
  for (const wrong of [
    { price: '' },
    { price: 'x' },
    { qty: '-1' },
    { side: 'Both' },
    { orderLinkId: 'a'.repeat(46) },
  ]) {
    assert.equal(await code(CREATE, order(wrong)), 10001, JSON.stringify(wrong));
  }
  assert.equal(asked.placed.length, 4);
  assert.equal(await code(CREATE, order({ orderType: 'Market', price: '' })), 0);
  assert.equal(asked.placed.at(-1)?.price, null);
});

test('an amendment leaves what is empty, and takes "0" for a price', async () => {
  const { exchange, asked } = scripted();
  const bench = await TestBench.start({ exchange });
  const amend = (body: object) => bench.post('/v5/spread/order/amend', { symbol: SYMBOL, orderId: 'combo-1', ...body });
  await amend({ qty: '0.3', price: '' });
  await amend({ price: '0' });
  assert.deepEqual(asked.amended, [
    { qty: money('0.3'), price: null },
    { qty: null, price: money('0') },
  ]);
  assert.equal((await amend({})).json['retCode'], 10001);
  assert.equal((await amend({ symbol: 'NOPE', qty: '1' })).json['retCode'], 10001);
});

test('cancel-all needs a symbol or the wish for all', async () => {
  const { exchange, asked } = scripted();
  const bench = await TestBench.start({ exchange });
  const cancel = (body: object) => bench.post('/v5/spread/order/cancel-all', body);
  assert.equal((await cancel({})).json['retCode'], 10001);
  const { json } = await cancel({ symbol: SYMBOL });
  assert.deepEqual(json['result'], { list: [{ orderId: 'combo-1', orderLinkId: 'mine' }], success: '1' });
  await cancel({ cancelAll: true });
  assert.deepEqual(asked.canceled, [SYMBOL, null]);
});

test('prices below zero keep the digits of their tick, and REST lines up with the stream', async () => {
  const { exchange, book, tell } = scripted();
  const bench = await TestBench.start({ exchange });
  const read = async (limit: number) =>
    (await bench.get('/v5/spread/orderbook', `symbol=${SYMBOL}&limit=${limit}`)).json['result'] as Record<
      string,
      unknown
    >;
  const { b, a, u, seq } = await read(25);
  assert.deepEqual(
    [b, a, u, seq],
    [
      [
        ['-1.50', '0.7'],
        ['-1.51', '2.0'],
      ],
      [['0.03', '0.1']],
      1,
      9,
    ],
  );
  assert.deepEqual((await read(1))['b'], [['-1.50', '0.7']]);
  const socket = bench.network.connect('/v5/public/spread');
  socket.say({ op: 'subscribe', args: [`orderbook.25.${SYMBOL}`, 'orderbook.50.NOPE', `tickers.${SYMBOL}`] });
  await settled();
  const [ack, snapshot, ticker] = socket.take();
  assert.deepEqual(ack?.['data'], {
    failTopics: ['orderbook.50.NOPE'],
    successTopics: [`orderbook.25.${SYMBOL}`, `tickers.${SYMBOL}`],
  });
  assert.deepEqual([snapshot?.['type'], (snapshot?.['data'] as Record<string, unknown>)['u']], ['snapshot', 1]);
  const { bidPrice, askPrice, lastPrice, highPrice24h } = ticker?.['data'] as Record<string, string>;
  assert.deepEqual([bidPrice, askPrice, lastPrice, highPrice24h], ['-1.50', '0.03', '-1.5', '']);
  Object.assign(book, { bids: [level(-151, 20)], seq: 10 });
  tell({ type: 'book', symbol: SYMBOL });
  assert.equal((await read(25))['u'], 2, 'reading publishes');
  const [delta] = socket.take();
  assert.deepEqual(
    [delta?.['type'], delta?.['data']],
    ['delta', { s: SYMBOL, b: [['-1.50', '0']], a: [], u: 2, seq: 10 }],
  );
});

test('history names both legs; the owner hears of the combo as Bybit says it', async () => {
  const { exchange, tellOwner } = scripted();
  const bench = await TestBench.start({ exchange });
  const { list } = (await bench.get('/v5/spread/order/history')).json['result'] as { list: Record<string, string>[] };
  const { leg1ProdType, leg1Side, leg2ProdType, leg2Side, orderStatus, price, contractType } = list[0] ?? {};
  assert.deepEqual([leg1ProdType, leg1Side, leg2ProdType, leg2Side], ['Futures', 'Buy', 'Spot', 'Sell']);
  assert.deepEqual([orderStatus, price, contractType], ['Cancelled', '-4', 'FundingRateArb']);
  assert.deepEqual((await bench.get('/v5/spread/max-qty', `symbol=${SYMBOL}&side=1&orderPrice=-4`)).json['result'], {
    ab: '12.34567891',
  });
  const socket = await bench.authorised('/v5/private');
  socket.say({ op: 'subscribe', args: ['spread.order', 'spread.execution'] });
  await settled();
  socket.take();
  const uid = exchange.credential('key')?.uid ?? '';
  tellOwner({ uid, at: ORDER.updatedAt, type: 'order', orders: [{ order: ORDER, legs: [] }] });
  tellOwner({ uid: 'another', at: ORDER.updatedAt, type: 'order', orders: [{ order: ORDER, legs: [] }] });
  await settled();
  const heard = socket.take();
  assert.equal(heard.length, 1);
  const [row] = heard[0]?.['data'] as Record<string, string>[];
  assert.deepEqual(
    [heard[0]?.['topic'], row?.['category'], row?.['cancelType']],
    ['spread.order', 'combination', 'CancelByRebalance'],
  );
});
