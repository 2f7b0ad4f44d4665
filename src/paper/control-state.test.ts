import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../domain/decimal.ts';
import { instrumentId } from '../domain/ids.ts';
import { unwrap } from '../domain/result.ts';
import { steppedClock } from './clocks.ts';
import { makeAccount } from './config/accounts.ts';
import { seededRng } from '../ports/rng.ts';
import {
  ALICE,
  BOB,
  BTC,
  balance,
  byId,
  everything,
  limit,
  openHarness,
  PERP,
  placed,
  START,
  told,
} from './testing/harness.ts';
import { MemoryJournal } from './testing/memory-journal.ts';
import type { PaperExchange } from './paper.ts';

const SPOT_ETH = instrumentId('spot', 'ETHUSDT');
const DORA = { ...makeAccount(seededRng(3), '77'), note: 'late' };
const DOGE = {
  category: 'spot', symbol: 'DOGEUSDT', base: 'DOGE', quote: 'USDT', tick: '0.0001', step: '1', quoteStep: '0.0001',
  minQty: '1', maxLimitQty: '1000000', maxMarketQty: '500000', postOnlyMaxQty: '1000000', minNotional: '1',
  minPrice: '0.0001', maxPrice: '10', priceLimitX: '0.1', priceLimitY: '0.2', marketBand: '0.05', reference: '0.1',
} as const; // biome-ignore format: a table
const doge = instrumentId('spot', 'DOGEUSDT');

/** The same exchange again, as a restart of its process opens it. */
const reopened = (journal: MemoryJournal) => openHarness({ journal, clock: steppedClock(START) });

test('an account that comes late has its key, balances and fees, also after a restart', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal });
  const { accounts } = first.exchange.control;
  const fees = { ...unwrapFees(first.exchange), spot: { maker: money('-0.0001'), taker: money('0.002') } };
  unwrap(await accounts.open({ ...DORA, fees }));
  assert.equal((await accounts.open(DORA)).ok, false, 'once');
  assert.equal((await accounts.open({ ...DORA, uid: '78' })).ok, false, 'a key opens one account');
  assert.equal((await accounts.open({ ...DORA, uid: 'synthetic', apiKey: 'x' })).ok, false);
  unwrap(await accounts.addKey({ ...DORA, apiKey: 'second', readOnly: true }));
  const second = await reopened(journal);
  for (const { exchange } of [first, second]) {
    assert.equal(exchange.credential(DORA.apiKey)?.uid, '77');
    assert.equal(exchange.credential('second')?.readOnly, true);
    assert.equal(balance(exchange, '77', 'USDT').wallet, money('1000000'));
    assert.deepEqual(exchange.feeRates('77', BTC), fees.spot);
    await placed(exchange, '77', limit(BTC, 'buy', '0.1', '59900'));
    assert.deepEqual(exchange.leaks(), []);
  }
});

const unwrapFees = (exchange: PaperExchange) => {
  const fees = exchange.control.accounts.feesOf(ALICE);
  assert.ok(fees !== null);
  return fees;
};

test('an instrument comes, trades, changes its tick and goes; orders off the new grid are canceled', async () => {
  const journal = new MemoryJournal();
  const { exchange, flush, publics } = await openHarness({ journal });
  const { instruments } = exchange.control;
  assert.equal(unwrap(await instruments.add(DOGE)), doge);
  assert.equal((await instruments.add(DOGE)).ok, false, 'once');
  const onGrid = await placed(exchange, ALICE, limit(doge, 'buy', '1000', '0.098'));
  const offGrid = await placed(exchange, ALICE, limit(doge, 'buy', '1000', '0.0985'));
  const later = await placed(exchange, BOB, limit(doge, 'buy', '1000', '0.098'));
  unwrap(await instruments.change(doge, { tick: '0.001', minNotional: '2' }));
  await flush();
  assert.deepEqual(
    [onGrid, later].map((id, i) => told(exchange, i === 0 ? ALICE : BOB, id).status),
    ['new', 'new'],
  );
  assert.deepEqual(
    [told(exchange, ALICE, offGrid).status, told(exchange, ALICE, offGrid).closeReason],
    ['canceled', 'admin'],
  );
  assert.deepEqual(exchange.book(doge, 10).bids, [{ price: 98, qty: 2000 }], 'in ticks of 0.001');
  assert.equal((await exchange.place(BOB, limit(doge, 'sell', '1000', '0.0985'))).ok, false, 'off the new tick');
  publics.length = 0;
  await exchange.control.trade({ instrument: doge, side: 'sell', qty: money('1500'), price: null });
  assert.deepEqual(
    [told(exchange, ALICE, onGrid).status, told(exchange, BOB, later).cumQty],
    ['filled', money('500')],
    'the queue is the old one',
  );
  const again = (await reopened(journal)).exchange;
  assert.equal(again.instrument(doge)?.listing.tick, money('0.001'));
  assert.equal(told(again, BOB, later).leavesQty, money('500'));
  unwrap(await again.control.instruments.delist(doge));
  assert.deepEqual([told(again, BOB, later).status, told(again, BOB, later).closeReason], ['canceled', 'admin']);
  assert.equal((await again.place(BOB, limit(doge, 'buy', '100', '0.098'))).ok, false);
  assert.equal((await reopened(journal)).exchange.instrument(doge)?.status, 'closed');
  assert.deepEqual(again.leaks(), []);
});

test('terms that are wrong are refused with every reason, and nothing is listed', async () => {
  const { exchange } = await openHarness();
  const { instruments } = exchange.control;
  const refusal = async (row: object) => {
    const added = await instruments.add({ ...DOGE, ...row });
    return added.ok ? '' : added.error.message;
  };
  const many = await refusal({ tick: '0,1', symbol: 'doge', colour: 'red' });
  for (const word of ['tick', 'symbol', 'colour']) assert.ok(many.includes(word), many);
  assert.match(await refusal({ tick: '0' }), /tick|TICK/);
  assert.equal(exchange.instrument(doge), null);
  assert.equal((await instruments.change(doge, { tick: '1' })).ok, false);
  assert.equal((await instruments.delist(doge)).ok, false);
});

/** Orders, a position, money and a new account. */
async function busy(exchange: PaperExchange): Promise<void> {
  await exchange.control.accounts.open(DORA);
  await placed(exchange, ALICE, limit(BTC, 'sell', '0.5', '60000'));
  await placed(exchange, BOB, limit(BTC, 'buy', '0.2', '60000'));
  await placed(exchange, BOB, limit(SPOT_ETH, 'buy', '1', '2990'));
  await placed(exchange, ALICE, limit(PERP, 'buy', '0.3', '60000'));
  await placed(exchange, BOB, limit(PERP, 'sell', '0.1', '60000'));
}

test('what was saved comes back: money, positions, orders in their queues; no id comes twice', async () => {
  const { exchange } = await openHarness();
  await busy(exchange);
  const text = await exchange.control.saved.save();
  const before = exchange.groundTruth();
  const gone = await placed(exchange, '77', limit(BTC, 'buy', '0.3', '60000'));
  await exchange.cancelAll(BOB, everything('spot'));
  await exchange.control.deposit(ALICE, 'USDT' as never, money('5'));
  unwrap(await exchange.control.saved.restore(text));
  const after = exchange.groundTruth();
  assert.deepEqual(after, before);
  assert.deepEqual(exchange.leaks(), []);
  assert.equal(exchange.orderHistory('77', { ...everything('spot'), orderId: gone }).length, 0);
  const next = await placed(exchange, '77', limit(BTC, 'buy', '0.3', '60000'));
  assert.notEqual(next, gone);
  assert.equal(told(exchange, '77', next).status, 'filled', 'against the order that came back');
  const [eth] = exchange.orders(BOB, { ...everything('spot'), instrument: SPOT_ETH, recentlyClosed: false });
  assert.ok((await exchange.cancel(BOB, byId(SPOT_ETH, eth?.orderId ?? ''))).ok);
});

test('a restored exchange is what its journal leads to; a text that is none is refused', async () => {
  const journal = new MemoryJournal();
  const { exchange } = await openHarness({ journal });
  await busy(exchange);
  const text = await exchange.control.saved.save();
  await exchange.cancelAll(ALICE, everything('spot'));
  unwrap(await exchange.control.saved.restore(text));
  await placed(exchange, ALICE, limit(BTC, 'sell', '0.1', '61000'));
  const again = (await reopened(journal)).exchange;
  const facts = (one: PaperExchange) =>
    one.groundTruth().accounts.map(({ uid, coins, positions, orders, executions }) => ({
      uid, coins, positions, open: orders.filter(({ status }) => status === 'new'), executions: executions.length,
    })); // biome-ignore format: a row
  assert.deepEqual(facts(again), facts(exchange));
  assert.deepEqual(again.leaks(), []);
  for (const wrong of ['', '{}', '[1]', '{"version":1}']) {
    assert.equal((await exchange.control.saved.restore(wrong)).ok, false, wrong);
  }
});

test('the same seed and commands give the same exchange to the last digit, another seed another', async () => {
  const run = async (seed: number): Promise<string> => {
    const config = {
      agents: true,
      seed,
      clock: { stepped: START + 5000 },
      instruments: ['spot:BTCUSDT', 'spot:ETHUSDT', 'linear:BTCUSDT'],
    };
    const { exchange } = await openHarness({ config });
    await exchange.start();
    unwrap(await exchange.control.step(20_000));
    await placed(exchange, ALICE, limit(BTC, 'buy', '0.01', '59000'));
    unwrap(await exchange.control.step(10_000));
    exchange.stop();
    return exchange.control.saved.canonical();
  };
  const [first, second, other] = [await run(4), await run(4), await run(5)];
  assert.equal(first, second);
  assert.notEqual(first, other);
});

test('the venue takes positions over: orders go first, executions say why, no money is made', async () => {
  const { exchange } = await openHarness();
  await placed(exchange, ALICE, limit(PERP, 'buy', '0.3', '60000'));
  await placed(exchange, BOB, limit(PERP, 'sell', '0.3', '60000'));
  const resting = await placed(exchange, ALICE, limit(PERP, 'buy', '0.1', '59500'));
  const { money: venue } = exchange.control;
  unwrap(await venue.adl(ALICE, PERP, money('0.1')));
  assert.equal(told(exchange, ALICE, resting).closeReason, 'before_adl');
  const [first] = exchange.executions(ALICE, everything('linear'));
  assert.deepEqual([first?.kind, first?.qty, first?.side], ['adl', money('0.1'), 'sell']);
  const sizeOf = (uid: string) =>
    exchange.positions(uid, { category: 'linear', instrument: PERP, settle: null, base: null })[0]?.size;
  assert.equal(sizeOf(ALICE), money('0.2'));
  unwrap(await venue.bust(BOB, PERP, null));
  assert.equal(sizeOf(BOB), money('0'));
  assert.equal(exchange.executions(BOB, everything('linear'))[0]?.kind, 'bust');
  assert.equal((await venue.adl(BOB, PERP, null)).ok, false, 'nothing is left');
  assert.deepEqual(exchange.leaks(), []);
});

test('a resumed exchange trades again, but what was delisted stays closed', async () => {
  const { exchange } = await openHarness();
  const { control } = exchange;
  unwrap(await control.instruments.delist(SPOT_ETH));
  unwrap(control.halt(null));
  unwrap(control.resume(null));
  assert.equal(exchange.instrument(BTC)?.status, 'trading');
  assert.equal(exchange.instrument(SPOT_ETH)?.status, 'closed');
  assert.equal(control.resume(SPOT_ETH).ok, false);
});
