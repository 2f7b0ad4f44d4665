import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { money } from '../../domain/decimal.ts';
import type { AssetId, InstrumentId, Money } from '../../domain/ids.ts';
import { PLAIN_ORDER, type PlaceOrder } from '../../ports/exchange.ts';
import { silentLog } from '../../ports/log.ts';
import { openPaper, type RunningPaper } from './open.ts';

const BTC = 'spot:BTCUSDT' as InstrumentId;
const ALICE = { uid: '1', apiKey: 'key', apiSecret: 'secret', balances: { USDT: '100000', BTC: '1' } };
const running: RunningPaper[] = [];
after(async () => {
  for (const paper of running) await paper.close();
});

type Ask = (name: string, body?: object) => Promise<{ status: number; body: Record<string, unknown> }>;

async function open(config: object): Promise<{ paper: RunningPaper; ask: Ask }> {
  const common = { accounts: [ALICE], control: true, agents: false, instruments: ['spot:BTCUSDT'], rateLimits: 'off' };
  const all = { ...common, ...config };
  const paper = await openPaper({ config: all, dataDir: null, log: silentLog, listen: { port: 0 } });
  running.push(paper);
  const ask: Ask = async (name, body) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${paper.rest}/paper/${name}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { paper, ask };
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
  const { paper, ask } = await open({});
  await placed(paper, limit('sell', '0.5', '60000'));
  const { body } = await ask('ground-truth');
  const account = (body['accounts'] as Record<string, unknown>[]).find((one) => one['uid'] === '1');
  assert.partialDeepStrictEqual(account, {
    uid: '1',
    synthetic: false,
    coins: { BTC: { wallet: '1', locked: '0.5' }, USDT: { wallet: '100000' } },
    positions: {},
    orders: [{ instrument: 'spot:BTCUSDT', qty: '0.5', price: '60000', status: 'new', fees: {} }],
  });
  assert.deepEqual(body['deposits'], { USDT: '100000', BTC: '1' });
});

test('strangers trade, fill and move prices; money is paid in and never lost', async () => {
  const { paper, ask } = await open({});
  const orderId = await placed(paper, limit('sell', '0.5', '60000'));
  const trade = { instrument: BTC, side: 'buy', qty: '0.2' };
  assert.deepEqual((await ask('trade', trade)).body, { traded: '0.2' });
  assert.deepEqual((await ask('trade', { ...trade, price: '59000' })).body, { traded: '0' });
  assert.deepEqual((await ask('fill', { uid: '1', orderId, qty: '0.1' })).body, {});
  assert.deepEqual((await ask('deposit', { uid: '1', asset: 'BTC', amount: '2' })).body, {});
  assert.deepEqual((await ask('reference', { instrument: BTC, price: '60100' })).body, {});
  assert.equal(paper.exchange.ticker(BTC).index, money('60100'));
  assert.equal(walletOf(paper), money('2.7'));
  assert.deepEqual((await ask('leaks', {})).body, { leaks: [] });
  assert.deepEqual((await ask('replays', {})).body, { replays: [] });
  assert.deepEqual((await ask('reset', {})).body, {});
  assert.equal(walletOf(paper), money('1'));
});

test('symbols close, keys change, faults fire and are counted', async () => {
  const { paper, ask } = await open({});
  assert.deepEqual((await ask('status', { instrument: BTC, status: 'closed' })).body, {});
  assert.equal(paper.exchange.instrument(BTC)?.status, 'closed');
  await ask('status', { instrument: BTC, status: 'trading' });
  assert.deepEqual((await ask('key', { apiKey: 'key', change: { readOnly: true } })).body, {});
  assert.equal(paper.exchange.credential('key')?.readOnly, true);
  assert.deepEqual((await ask('inject', { type: 'reject_after_ack', count: 1 })).body, {});
  await placed(paper, limit('sell', '0.5', '60000'));
  assert.deepEqual((await ask('fired', {})).body, { reject_after_ack: 1 });
  assert.deepEqual((await ask('clear-faults', {})).body, {});
  const { status, body } = await ask('faults', {
    rules: [{ on: '/v5/market/time', chance: 1, reply: { type: 'ret_code', retCode: 10016, retMsg: 'x' } }],
  });
  assert.deepEqual([status, body], [200, { dropped: 0, fired: [] }], 'a chance has a seed to come from');
});

test('what cannot be done is refused with every reason', async () => {
  const { ask } = await open({});
  const wrong: [string, object, RegExp][] = [
    ['trade', { instrument: 'spot:NONE', side: 'buy', qty: '1' }, /NOT_FOUND/],
    ['trade', { instrument: BTC, side: 'Buy', qty: 1 }, /side: .*; qty: /],
    ['deposit', { uid: '1', asset: 'BTC', amount: '1e3' }, /amount: not a plain decimal: 1e3/],
    ['deposit', { uid: '9', asset: 'BTC', amount: '1' }, /NOT_FOUND/],
    ['inject', { type: 'none' }, /type/],
    ['quoting', { instrument: BTC, quoting: false }, /NOT_FOUND/],
    ['reset', { now: true }, /now/],
    ['clock', { advance_ms: 1000 }, /NOT_STEPPED/],
  ];
  for (const [name, body, words] of wrong) {
    const answer = await ask(name, body);
    assert.equal(answer.status, 400, name);
    assert.match(String(answer.body['error']), words);
  }
  assert.equal((await ask('constructor', {})).status, 404);
});

/** What a public topic says, message by message. */
function listen(url: string, topic: string): { next(): Promise<{ type: string }>; close(): void } {
  const socket = new WebSocket(url);
  const heard: { type: string }[] = [];
  let wake: () => void = () => {};
  socket.onopen = () => socket.send(JSON.stringify({ op: 'subscribe', args: [topic] }));
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as { topic?: string; type: string };
    if (message.topic === topic) heard.push(message);
    wake();
  };
  return {
    next: async () => {
      while (heard.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return heard.shift() as { type: string };
    },
    close: () => socket.close(),
  };
}

test('stepped time stands still, moves as told, and changes of the book go out all the same', async () => {
  const { paper, ask } = await open({ clock: 'stepped', agents: true });
  const start = paper.exchange.now();
  const book = listen(`${paper.ws}/v5/public/spot`, 'orderbook.50.BTCUSDT');
  assert.equal((await book.next()).type, 'snapshot');
  const bid = { ...limit('buy', '0.01', '59900'), timeInForce: 'post_only' as const };
  await placed(paper, bid);
  assert.equal((await book.next()).type, 'delta');
  assert.equal(paper.exchange.now(), start);
  const moves = await Promise.all([ask('clock', { advance_ms: 150_000 }), ask('clock', { advance_ms: 50_000 })]);
  assert.deepEqual(
    moves.map(({ body }) => body),
    [{ now: start + 150_000 }, { now: start + 200_000 }],
  );
  assert.equal((await book.next()).type, 'delta');
  assert.deepEqual((await ask('clock', { to_ms: start + 250_000 })).body, { now: start + 250_000 });
  assert.match(String((await ask('clock', { to_ms: start })).body['error']), /INVALID/);
  book.close();
});

test('an amount that is not there cannot be taken out', async () => {
  const { paper, ask } = await open({});
  assert.equal((await ask('deposit', { uid: '1', asset: 'BTC', amount: '-2' })).status, 400);
  assert.equal(walletOf(paper), money('1'));
});
