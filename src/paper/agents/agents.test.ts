import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../domain/decimal.ts';
import { instrumentId } from '../../domain/ids.ts';
import {
  ALICE,
  BOB,
  BTC,
  byId,
  everything,
  type Harness,
  limit,
  market,
  openHarness,
  PERP,
  placed,
  told,
} from '../testing/harness.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';

const trading = async (seed = 1, more: Parameters<typeof openHarness>[0] = {}): Promise<Harness> => {
  const harness = await openHarness({ ...more, config: { agents: true, seed, instruments: 'small' } });
  await harness.exchange.start();
  await harness.flush();
  return harness;
};
const instruments = ({ exchange }: Harness) => [...exchange.instruments('spot'), ...exchange.instruments('linear')];

test('every symbol has levels on both sides, less than 0.1 % apart, at once and three minutes later', async () => {
  const harness = await trading();
  for (const minutes of [0, 3]) {
    await harness.clock.step?.(minutes * 60_000);
    for (const { id } of instruments(harness)) {
      const { bids, asks } = harness.exchange.book(id, 50);
      const [bid, ask] = [bids[0]?.price ?? 0, asks[0]?.price ?? 0];
      assert.ok(bid < ask && (ask - bid) / bid < 0.001, `${id}: ${bid} | ${ask}`);
      assert.ok(bids.length >= 12 && asks.length >= 12, `${id}: ${bids.length} and ${asks.length} levels`);
    }
  }
  assert.deepEqual(harness.exchange.leaks(), []);
});

test('prices move, symbols of one coin together, and the cross pair stays between the two', async () => {
  const harness = await trading(3);
  const { exchange } = harness;
  const before = exchange.ticker(BTC).index;
  await harness.clock.step?.(10 * 60_000);
  const index = (category: 'spot' | 'linear', symbol: string) =>
    Number(exchange.ticker(instrumentId(category, symbol)).index);
  assert.notEqual(Number(before), index('spot', 'BTCUSDT'));
  const close = (a: number, b: number) => assert.ok(Math.abs(a / b - 1) < 0.001, `${a} and ${b}`);
  close(index('spot', 'BTCUSDT'), index('linear', 'BTCUSDT'));
  close(index('spot', 'BNBETH') / 1e18, index('spot', 'BNBUSDT') / index('spot', 'ETHUSDT'));
});

test('there are public trades on every symbol, and no client is told of them', async () => {
  const harness = await trading();
  await harness.clock.step?.(120_000);
  for (const { id } of instruments(harness)) assert.ok(harness.exchange.recentTrades(id, 5).length > 0, id);
  assert.deepEqual(harness.privates, []);
  const { volume24h, high24h, low24h, last } = harness.exchange.ticker(BTC);
  assert.ok(volume24h > 0n && high24h >= last && low24h <= last);
});

test('a buy of several coins walks several levels, which are filled up again', async () => {
  const { exchange, clock, flush } = await trading();
  const asks = exchange.book(BTC, 5).asks;
  const orderId = await placed(exchange, ALICE, market(BTC, 'buy', '3'));
  const prices = new Set(exchange.executions(ALICE, { ...everything('spot'), orderId }).map((one) => one.price));
  assert.ok(prices.size >= 3, `${prices.size} levels`);
  await flush();
  assert.notDeepEqual(exchange.book(BTC, 5).asks, asks);
  await clock.step?.(1000);
  const touch = exchange.book(BTC, 1).asks[0]?.price ?? 0;
  assert.ok(Math.abs(touch / (asks[0]?.price ?? 1) - 1) < 0.001);
  assert.deepEqual(exchange.leaks(), []);
});

test('a resting order fills when the market comes to it', async () => {
  const { exchange } = await trading();
  const orderId = await placed(exchange, ALICE, limit(BTC, 'buy', '0.05', '59000'));
  assert.equal(told(exchange, ALICE, orderId).status, 'new');
  await exchange.control.setReference(BTC, money('58000'));
  assert.equal(told(exchange, ALICE, orderId).status, 'filled');
  assert.equal(exchange.executions(ALICE, { ...everything('spot'), orderId })[0]?.liquidity, 'maker');
  assert.ok(exchange.ticker(PERP).index < money('58200'), 'the perpetual follows its coin');
});

test('one seed gives one market, another seed another', async () => {
  const run = async (seed: number): Promise<unknown> => {
    const { exchange, clock, flush } = await trading(seed);
    await clock.step?.(20_000);
    await flush();
    return exchange.book(BTC, 20);
  };
  assert.deepEqual(await run(5), await run(5));
  assert.notDeepEqual(await run(5), await run(6));
});

test('stopped agents leave their orders, and an exchange without agents has empty books', async () => {
  const { exchange, clock, publics } = await trading();
  exchange.stop();
  publics.length = 0;
  await clock.step?.(60_000);
  assert.equal(publics.length, 0);
  assert.ok(exchange.book(BTC, 5).bids.length > 0);
  const empty = await openHarness();
  await empty.exchange.start();
  await empty.flush();
  assert.equal(empty.exchange.book(BTC, 5).bids.length, 0);
});

test('after a restart the market goes on near where it was, with clients’ orders first in their queues', async () => {
  const journal = new MemoryJournal();
  const first = await trading(1, { journal });
  await first.exchange.control.setReference(BTC, money('48000'));
  const orderId = await placed(first.exchange, BOB, limit(BTC, 'buy', '0.5', '47000'));
  await first.exchange.close();
  const second = await trading(1, { journal: journal.reopen() });
  const index = Number(second.exchange.ticker(BTC).index) / 1e18;
  assert.ok(Math.abs(index / 48_000 - 1) < 0.005, `${index}`);
  assert.equal(told(second.exchange, BOB, orderId).status, 'new');
  assert.ok((await second.exchange.cancel(BOB, byId(BTC, orderId))).ok);
  assert.deepEqual(second.exchange.leaks(), []);
});
