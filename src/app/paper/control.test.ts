import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { AssetId, InstrumentId, Money } from '../../domain/ids.ts';
import { NO_AMENDMENT, PLAIN_ORDER, type PlaceOrder } from '../../ports/exchange.ts';
import { silentLog } from '../../ports/log.ts';
import { PaperClient } from './client.ts';
import { openPaper, type RunningPaper } from './open.ts';

const BTC = 'spot:BTCUSDT' as InstrumentId;
const ALICE = { uid: '1', apiKey: 'key', apiSecret: 'secret', balances: { USDT: '100000', BTC: '1' } };
const running: RunningPaper[] = [];
after(async () => {
  for (const paper of running) await paper.close();
});

async function open(config: object = {}): Promise<{ paper: RunningPaper; client: PaperClient }> {
  const common = {
    accounts: [ALICE],
    control: true,
    insurance: {},
    agents: false,
    instruments: ['spot:BTCUSDT'],
    rateLimits: 'off',
  };
  const all = { ...common, ...config };
  const paper = await openPaper({ config: all, dataDir: null, log: silentLog, listen: { port: 0 } });
  running.push(paper);
  return { paper, client: new PaperClient(paper.rest) };
}

const limit = (side: 'buy' | 'sell', qty: string, price: string): PlaceOrder => ({
  instrument: BTC,
  clientOrderId: null,
  side,
  type: 'limit',
  qty: money(qty),
  qtyIn: 'base',
  price: money(price),
  timeInForce: 'gtc',
  reduceOnly: false,
  slippage: null,
  selfTrade: 'none',
  ...PLAIN_ORDER,
});

const walletOf = (paper: RunningPaper): Money | undefined =>
  paper
    .groundTruth()
    .accounts.find(({ uid }) => uid === '1')
    ?.coins.get('BTC' as AssetId)?.wallet;

async function placed({ exchange }: RunningPaper, order: PlaceOrder): Promise<string> {
  const answer = await exchange.place('1', order);
  assert.ok(answer.ok);
  return answer.value.orderId;
}

test('the ground truth is plain JSON: amounts as decimal strings, maps as objects', async () => {
  const { paper, client } = await open();
  await placed(paper, limit('sell', '0.5', '60000'));
  const { accounts, deposits } = await client.groundTruth();
  assert.partialDeepStrictEqual(
    accounts.find(({ uid }) => uid === '1'),
    {
      uid: '1',
      synthetic: false,
      coins: { BTC: { wallet: '1', locked: '0.5' }, USDT: { wallet: '100000' } },
      positions: {},
      orders: [{ instrument: 'spot:BTCUSDT', qty: '0.5', price: '60000', status: 'new', fees: {} }],
    },
  );
  assert.deepEqual(deposits, { USDT: '100000', BTC: '1' });
});

test('strangers trade, fill and move prices; money is paid in and never lost', async () => {
  const { paper, client } = await open();
  const orderId = await placed(paper, limit('sell', '0.5', '60000'));
  const trade = { instrument: BTC, side: 'buy', qty: '0.2' } as const;
  assert.equal(await client.trade(trade), '0.2');
  assert.equal(await client.trade({ ...trade, price: '59000' }), '0');
  await client.fill({ uid: '1', orderId, qty: '0.1' });
  await client.deposit('1', 'BTC', '2');
  await client.setReference(BTC, '60100');
  assert.equal(paper.exchange.ticker(BTC).index, money('60100'));
  assert.equal(walletOf(paper), money('2.7'));
  assert.deepEqual([await client.leaks(), await client.replays()], [[], []]);
  await client.reset();
  assert.equal(walletOf(paper), money('1'));
});

test('symbols halt and resume, one or all; keys change', async () => {
  const { paper, client } = await open({ instruments: ['spot:BTCUSDT', 'spot:ETHUSDT'] });
  const trading = () => paper.exchange.instruments('spot').map(({ status }) => status === 'trading');
  await client.halt(BTC);
  assert.deepEqual(trading(), [false, true]);
  await client.halt();
  assert.deepEqual(trading(), [false, false]);
  await client.resume();
  assert.deepEqual(trading(), [true, true]);
  await client.setKey('key', { readOnly: true });
  assert.equal(paper.exchange.credential('key')?.readOnly, true);
});

const statusOf = (paper: RunningPaper, orderId: string) => {
  const account = paper.groundTruth().accounts.find(({ uid }) => uid === '1');
  const order = account?.orders.find((one) => one.orderId === orderId);
  return order === undefined ? null : [order.status, order.closeReason, formatDecimal(order.cumQty)];
};

test('the engine rejects after the acknowledgement, fills in pieces, and cancels what was partly filled', async () => {
  const { paper, client } = await open();
  await client.addFaults(
    { point: 'MATCH', action: 'reject', when: { times: 1 }, reason: 'price_band' },
    {
      point: 'MATCH',
      action: 'fill',
      match: { uid: '1', on: 'order.create' },
      when: { times: 1 },
      part: 0.5,
      pieces: 5,
    },
    { point: 'MATCH', action: 'cancel', match: { instrument: BTC }, when: { times: 1 }, reason: 'dcp', part: 0.25 },
  );
  const sell = limit('sell', '0.1', '60000');
  assert.deepEqual(statusOf(paper, await placed(paper, sell)), ['rejected', 'price_band', '0']);
  const split = await placed(paper, sell);
  assert.deepEqual(statusOf(paper, split), ['partially_filled', null, '0.05']);
  const executions = paper.groundTruth().accounts.flatMap((one) => one.executions);
  assert.equal(executions.filter(({ orderId }) => orderId === split).length, 5);
  assert.deepEqual(statusOf(paper, await placed(paper, sell)), ['canceled', 'dcp', '0.025']);
  assert.deepEqual(statusOf(paper, await placed(paper, sell)), ['new', null, '0']);
  assert.deepEqual(
    (await client.faults()).map(({ fired }) => fired),
    [1, 1, 1],
  );
  assert.deepEqual(await client.leaks(), []);
});

test('a fill is faster than a cancel, an amendment is acknowledged and never made', async () => {
  const { paper, client } = await open();
  await client.addFaults(
    { point: 'MATCH', action: 'fill', match: { on: 'order.cancel' }, when: { times: 1 } },
    { point: 'MATCH', action: 'ignore', match: { on: 'order.amend' }, when: { times: 1 } },
  );
  const orderId = await placed(paper, limit('sell', '0.1', '60000'));
  const ref = { instrument: BTC, orderId, clientOrderId: null };
  const amended = await paper.exchange.amend('1', ref, { ...NO_AMENDMENT, price: money('61000') });
  assert.ok(amended.ok);
  assert.equal(paper.groundTruth().accounts.find(({ uid }) => uid === '1')?.orders[0]?.price, money('60000'));
  const canceled = await paper.exchange.cancel('1', ref);
  assert.equal(canceled.ok ? '' : canceled.error.code, 'ORDER_ALREADY_FINAL');
  assert.deepEqual(statusOf(paper, orderId), ['filled', 'filled', '0.1']);
});

test('queries lag by what happened, the venue cancels what works, and closed orders are forgotten', async () => {
  const { paper, client } = await open({ clock: 'stepped' });
  const find = {
    category: 'spot',
    instrument: null,
    base: null,
    settle: null,
    orderId: null,
    clientOrderId: null,
  } as const;
  const shown = (recentlyClosed: boolean) => paper.exchange.orders('1', { ...find, recentlyClosed }).length;
  const [lag = ''] = await client.addFaults({ point: 'QRY', action: 'lag', match: { uid: '1' }, ms: 2000 });
  await placed(paper, limit('sell', '0.1', '60000'));
  assert.equal(shown(false), 0);
  await client.advance(2000);
  assert.equal(shown(false), 1);
  await client.removeFault(lag);
  await client.addFaults({ point: 'MATCH', action: 'venue_cancel', match: { instrument: 'spot:*' } });
  assert.deepEqual([shown(false), shown(true)], [0, 1]);
  await client.addFaults({ point: 'QRY', action: 'clear_closed' });
  assert.equal(shown(true), 0);
});

test('keys, balances and orders of an account change behind its back, for a time where that is said', async () => {
  const { paper, client } = await open({ clock: 'stepped' });
  await client.addFaults(
    { point: 'ACCT', action: 'key', apiKey: 'key', change: null, when: { inMs: 1000, forMs: 1000 } },
    { point: 'ACCT', action: 'balance', match: { uid: '1' }, asset: 'BTC', amount: '-0.5' },
    {
      point: 'ACCT',
      action: 'order',
      match: { uid: '1' },
      instrument: BTC,
      side: 'sell',
      qty: '0.01',
      price: '60000',
      count: 3,
    },
    { point: 'REF', action: 'halt', match: { category: 'spot' }, when: { inMs: 2000, forMs: 500 } },
  );
  assert.equal(walletOf(paper), money('0.5'));
  assert.equal((await client.groundTruth()).accounts.find(({ uid }) => uid === '1')?.orders.length, 3);
  await client.advance(1000);
  assert.equal(paper.exchange.credential('key'), null);
  await client.advance(1000);
  assert.equal(paper.exchange.credential('key')?.apiSecret, 'secret');
  assert.equal(paper.exchange.instrument(BTC)?.status, 'closed');
  await client.advance(500);
  assert.equal(paper.exchange.instrument(BTC)?.status, 'trading');
  assert.partialDeepStrictEqual(
    (await client.trace()).entries.map(({ point, action }) => `${point} ${action}`),
    ['ACCT balance', 'ACCT order', 'ACCT key', 'REF halt'],
  );
});

test('an account comes with a key that is made or given, and trades at fees that change for a time', async () => {
  const { paper, client } = await open({ clock: 'stepped' });
  const made = await client.openAccount({ uid: '42', balances: { USDT: '500' } });
  assert.equal(paper.exchange.credential(made.apiKey)?.apiSecret, made.apiSecret);
  const given = await client.openAccount({ uid: '42', apiKey: 'k42', apiSecret: 's42', readOnly: true });
  assert.deepEqual(given, { uid: '42', apiKey: 'k42', apiSecret: 's42' });
  await assert.rejects(client.openAccount({ uid: '42', balances: {} }), { code: 'THERE_ALREADY' });
  await assert.rejects(client.openAccount({ uid: 'x', speed: 1 }), ({ code, message }) => {
    return code === 'INVALID' && /uid/.test(message) && /speed/.test(message);
  });
  const rates = { maker: '-0.0001', taker: '0.0001' };
  await client.addFaults({ point: 'ACCT', action: 'fees', match: { uid: '42' }, when: { forMs: 1000 }, spot: rates });
  assert.equal(paper.exchange.feeRates('42', BTC).maker, money('-0.0001'));
  await client.advance(1000);
  assert.equal(paper.exchange.feeRates('42', BTC).maker, money('0.001'));
});

const ETH = { category: 'spot', symbol: 'ETHUSDT', reference: '3000' } as const;

test('an instrument is added, quoted, changed for a time, and delisted while all runs', async () => {
  const { paper, client } = await open({ clock: 'stepped', agents: true });
  const id = (await client.addInstrument(ETH)) as InstrumentId;
  await client.advance(5000);
  const best = () => paper.exchange.book(id, 1).bids[0]?.price ?? 0;
  assert.ok(best() > 290_000 && best() < 310_000, 'agents quote it, in ticks of 0.01');
  const book = listen(`${paper.ws}/v5/public/spot`, 'orderbook.50.ETHUSDT');
  assert.equal((await book.next()).type, 'snapshot');
  await client.addFaults({
    point: 'REF',
    action: 'terms',
    match: { instrument: id },
    when: { forMs: 5000 },
    change: { tick: '0.1' },
  });
  assert.equal(paper.exchange.instrument(id)?.listing.tick, money('0.1'));
  let message = await book.next();
  while (message.type !== 'snapshot') message = await book.next();
  assert.equal(message.data?.u, 1, 'its book begins again');
  assert.ok(best() > 29_000 && best() < 31_000);
  await client.advance(5000);
  assert.equal(paper.exchange.instrument(id)?.listing.tick, money('0.01'));
  await client.pricePath(id, [{ at_ms: (await client.now()) + 60_000, price: '3300' }]);
  await client.advance(60_000);
  assert.ok(Math.abs(Number(paper.exchange.ticker(id).index) / 1e18 - 3300) < 5, 'it went where it was sent');
  await client.delistInstrument(id);
  assert.equal(paper.exchange.instrument(id)?.status, 'closed');
  await client.addFaults({ point: 'REF', action: 'crowd', match: { category: 'linear' }, count: 30 });
  assert.equal(paper.exchange.instruments('linear').length, 30);
  await assert.rejects(client.changeInstrument('spot:NONE', {}), { code: 'NOT_FOUND' });
  await assert.rejects(client.addInstrument({ ...ETH, tick: '0,1' }), { code: 'INVALID' });
  assert.deepEqual(await client.leaks(), []);
  book.close();
});

test('an exchange is saved, goes on, and is put back; books of sockets begin again', async () => {
  const { paper, client } = await open({ clock: { stepped: 1_733_011_200_000 } });
  const orderId = await placed(paper, limit('sell', '0.5', '60000'));
  const saved = await client.snapshot();
  const hash = await client.hash();
  assert.equal(await client.hash(), hash);
  const book = listen(`${paper.ws}/v5/public/spot`, 'orderbook.50.BTCUSDT');
  assert.equal((await book.next()).type, 'snapshot');
  await client.trade({ instrument: BTC, side: 'buy', qty: '0.5' });
  assert.notEqual(await client.hash(), hash);
  assert.deepEqual(statusOf(paper, orderId)?.[0], 'filled');
  await client.restore(saved);
  assert.deepEqual(statusOf(paper, orderId)?.[0], 'new');
  assert.equal(walletOf(paper), money('1'));
  let message = await book.next();
  while (message.type !== 'snapshot') message = await book.next();
  assert.equal(message.data?.u, 1);
  const other = await open({ clock: { stepped: 1_733_011_200_000 } });
  await other.client.restore(saved);
  assert.deepEqual((await other.client.groundTruth()).accounts, (await client.groundTruth()).accounts);
  await assert.rejects(client.restore({ version: 0 }), { code: 'INVALID' });
  book.close();
});

test('what cannot be done is refused with every reason', async () => {
  const { paper, client } = await open();
  const post = async (name: string, body: object) => {
    const response = await fetch(`${paper.rest}/paper/${name}`, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as { error: string; code: string } };
  };
  const wrong: [string, object, string, RegExp][] = [
    ['trade', { instrument: 'spot:NONE', side: 'buy', qty: '1' }, 'NOT_FOUND', /not listed/],
    ['trade', { instrument: BTC, side: 'Buy', qty: 1 }, 'INVALID', /side: .*; qty: /],
    ['deposit', { uid: '1', asset: 'BTC', amount: '1e3' }, 'INVALID', /amount: not a plain decimal: 1e3/],
    ['deposit', { uid: '9', asset: 'BTC', amount: '1' }, 'NOT_FOUND', /no account 9/],
    ['deposit', { uid: '1', asset: 'BTC', amount: '-2' }, 'INVALID', /so much BTC/],
    ['faults', { point: 'MATCH', action: 'settle', match: { instrument: BTC } }, 'INVALID', /no contract/],
    ['faults', { point: 'MATCH', action: 'adl', match: { uid: '1' } }, 'INVALID', /match\.instrument/],
    ['faults', { point: 'ACC', action: 'crash' }, 'NOT_AVAILABLE', /ACC crash/],
    ['faults', { point: 'ACCT', action: 'balance', asset: 'BTC', amount: '1' }, 'INVALID', /match\.uid/],
    ['quoting', { instrument: BTC, quoting: false }, 'NOT_FOUND', /no agent/],
    ['reset', { now: true }, 'INVALID', /now/],
    ['clock', { advance_ms: 1000 }, 'NOT_STEPPED', /stepped/],
    ['clock', {}, 'INVALID', /advance_ms or to_ms/],
  ];
  for (const [name, body, code, words] of wrong) {
    const answer = await post(name, body);
    assert.deepEqual([answer.status, answer.body.code], [400, code], `${name} ${JSON.stringify(answer.body)}`);
    assert.match(answer.body.error, words);
  }
  assert.equal((await post('constructor', {})).status, 404);
  assert.equal(walletOf(paper), money('1'));
  await assert.rejects(client.deposit('9', 'BTC', '1'), { code: 'NOT_FOUND' });
  await assert.rejects(new PaperClient('http://127.0.0.1:9').now(), { code: 'UNREACHABLE' });
});

/** What a public topic says, message by message. */
type Heard = { topic?: string; type: string; data?: { u?: number } };
function listen(url: string, topic: string): { next(): Promise<Heard>; close(): void } {
  const socket = new WebSocket(url);
  const heard: Heard[] = [];
  let wake: () => void = () => {};
  socket.onopen = () => socket.send(JSON.stringify({ op: 'subscribe', args: [topic] }));
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as Heard;
    if (message.topic === topic) heard.push(message);
    wake();
  };
  return {
    next: async () => {
      while (heard.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return heard.shift() as Heard;
    },
    close: () => socket.close(),
  };
}

test('stepped time stands still, moves as told, and changes of the book go out all the same', async () => {
  const { paper, client } = await open({ clock: 'stepped', agents: true });
  const start = paper.exchange.now();
  const book = listen(`${paper.ws}/v5/public/spot`, 'orderbook.50.BTCUSDT');
  assert.equal((await book.next()).type, 'snapshot');
  const bid = { ...limit('buy', '0.01', '59900'), timeInForce: 'post_only' as const };
  await placed(paper, bid);
  assert.equal((await book.next()).type, 'delta');
  assert.equal(paper.exchange.now(), start);
  const moves = await Promise.all([client.advance(150_000), client.advance(50_000)]);
  assert.deepEqual(moves, [start + 150_000, start + 200_000]);
  assert.equal((await book.next()).type, 'delta');
  assert.equal(await client.moveTo(start + 250_000), start + 250_000);
  await assert.rejects(client.moveTo(start), { code: 'INVALID' });
  assert.equal(await client.now(), start + 250_000);
  book.close();
});
