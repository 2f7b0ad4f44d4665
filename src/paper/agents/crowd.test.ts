import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money, toFloat } from '../../domain/decimal.ts';
import { type InstrumentId, instrumentId } from '../../domain/ids.ts';
import type { ExchangeBook } from '../../ports/exchange.ts';
import { ALICE, BTC, type Harness, limit, openHarness, PERP, placed, told, XRP } from '../testing/harness.ts';

const ETH = instrumentId('spot', 'ETHUSDT');

async function trading(instruments: unknown, more: Record<string, unknown> = {}): Promise<Harness> {
  const harness = await openHarness({ config: { agents: true, seed: 4, instruments, ...more } });
  await harness.exchange.start();
  await harness.flush();
  return harness;
}

const levels = ({ bids, asks }: ExchangeBook) => ({ bids, asks });

/** All that was told of one symbol, without the numbers that all symbols share. */
const story = ({ publics }: Harness, id: InstrumentId): unknown[] =>
  publics.flatMap((event): unknown[] => {
    if (event.instrument !== id) return [];
    if (event.type === 'book') return [[event.at, event.bids, event.asks]];
    if (event.type !== 'trades') return [];
    return [event.trades.map(({ price, qty, aggressor, at }) => [price, qty, aggressor, at])];
  });

test('how time is stepped decides nothing', async () => {
  const run = async (steps: readonly number[]): Promise<unknown> => {
    const harness = await trading(['spot:BTCUSDT', 'linear:BTCUSDT']);
    for (const ms of steps) await harness.clock.step?.(ms);
    await harness.flush();
    return [story(harness, BTC), story(harness, PERP)];
  };
  const whole = await run([12_000]);
  assert.deepEqual(await run(Array.from({ length: 1200 }, () => 10)), whole);
  assert.deepEqual(await run([1, 6_999, 5_000]), whole);
});

test('a symbol trades the same whatever else is listed', async () => {
  const alone = await trading(['spot:ETHUSDT']);
  const among = await trading(['spot:BTCUSDT', 'spot:ETHUSDT', 'linear:ETHUSDT', 'spot:XRPUSDT']);
  for (const harness of [alone, among]) {
    await harness.clock.step?.(20_000);
    await harness.flush();
  }
  assert.ok(story(alone, ETH).length > 50);
  assert.deepEqual(story(among, ETH), story(alone, ETH));
});

test('every symbol of the catalogue is quoted on both sides of what it is worth, and a buy finds depth', async () => {
  const harness = await trading('default');
  await harness.clock.step?.(30_000);
  await harness.flush();
  const { exchange } = harness;
  for (const category of ['spot', 'linear', 'inverse'] as const) {
    for (const { id } of exchange.instruments(category)) {
      const { bids, asks } = exchange.book(id, 1000);
      const [bid = 0, ask = 0] = [bids[0]?.price, asks[0]?.price];
      assert.ok(bid > 0 && bid < ask && (ask - bid) / bid < 0.001, `${id}: ${bid} | ${ask}`);
      assert.ok(bids.length >= 8 && asks.length >= 8, `${id}: ${bids.length} and ${asks.length} levels`);
    }
  }
  const options = exchange.instruments('option');
  assert.ok(options.length >= 60, `${options.length} options`);
  for (const { id, listing } of options) {
    const { asks } = exchange.book(id, 1);
    assert.ok(
      (asks[0]?.price ?? 0) * Number(listing.tick) >= Number(exchange.ticker(id).mark) * 0.9,
      `${id} has an ask`,
    );
  }
  assert.deepEqual(exchange.leaks(), []);
});

test('BTCUSDT has enough for an order of four bitcoins within a thousandth, at any time', async () => {
  const { exchange, clock } = await trading(['spot:BTCUSDT']);
  for (let second = 0; second < 60; second += 1) {
    await clock.step?.(1000);
    const { bids, asks } = exchange.book(BTC, 1000);
    for (const side of [bids, asks]) {
      const touch = side[0]?.price ?? 0;
      const near = side.filter(({ price }) => Math.abs(price / touch - 1) < 0.001);
      const btc = near.reduce((sum, one) => sum + one.qty, 0) * 1e-6;
      assert.ok(btc >= 4, `${btc} BTC after ${second} s`);
    }
  }
});

test('makers give way to the nearest of them: a jump of the price prints no trades among themselves', async () => {
  const quiet = { noise: null, momentum: null, informed: null };
  const harness = await trading([{ category: 'spot', symbol: 'BTCUSDT', market: quiet }]);
  const { exchange, publics, clock } = harness;
  const orderId = await placed(exchange, ALICE, limit(BTC, 'buy', '0.05', '59500'));
  for (const price of ['57000', '63000', '60000']) {
    await exchange.control.setReference(BTC, money(price));
    await clock.step?.(10_000);
    assert.ok(Math.abs(toFloat(exchange.ticker(BTC).index) / Number(price) - 1) < 0.005);
  }
  const trades = publics.flatMap((event) => (event.type === 'trades' ? event.trades : []));
  assert.equal(trades.length, 1, 'the client’s order alone');
  assert.equal(told(exchange, ALICE, orderId).status, 'filled');
});

test('what a maker had to buy moves its prices down, until it has laid it off', async () => {
  const makers = [{ skew: 4 }];
  const quiet = { noise: null, momentum: null, informed: null, makers, dailyVolatility: 1e-6 };
  const { exchange, clock } = await trading([{ category: 'spot', symbol: 'BTCUSDT', market: quiet }]);
  const bid = () => exchange.book(BTC, 1).bids[0]?.price ?? 0;
  await exchange.control.setReference(BTC, money('60006')); // half-way between two lines of the grid
  await clock.step?.(1000);
  const before = bid();
  await exchange.control.trade({ instrument: BTC, side: 'sell', qty: money('4'), price: null });
  await clock.step?.(1000);
  assert.ok(bid() < before, `${bid()} is not below ${before}`);
  await clock.step?.(10 * 60_000);
  assert.equal(bid(), before);
});

test('a symbol that is halted keeps its book as it is, and is quoted again when it trades', async () => {
  const { exchange, clock, flush } = await trading(['spot:XRPUSDT']);
  assert.ok(exchange.control.setStatus(XRP, 'closed').ok);
  await clock.step?.(1000);
  const halted = levels(exchange.book(XRP, 1000));
  await clock.step?.(20_000);
  await flush();
  assert.deepEqual(levels(exchange.book(XRP, 1000)), halted);
  assert.ok(exchange.control.setStatus(XRP, 'trading').ok);
  await clock.step?.(5_000);
  await flush();
  assert.notDeepEqual(levels(exchange.book(XRP, 1000)), halted);
});
