import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money, toFloat } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { ALICE, BTC, openHarness, PERP } from '../testing/harness.ts';

const config = { instruments: 'default', agents: true, seed: 11 };

test('agents quote every combo of the catalogue around the difference of its legs, and trade it', async () => {
  const { exchange, clock } = await openHarness({ config });
  await exchange.start();
  const listed = exchange.spread.instruments();
  assert.equal(listed.length, 6);
  assert.deepEqual(listed.map(({ kind }) => kind).sort(), [
    'carry_trade',
    'funding_rate_arb',
    'funding_rate_arb',
    'funding_rate_arb',
    'future_spread',
    'perp_basis',
  ]);
  await clock.step?.(120_000);
  for (const { symbol, far, near, tick } of listed) {
    const { bids, asks } = exchange.spread.book(symbol, 25);
    assert.deepEqual([bids.length, asks.length], [10, 10], symbol);
    const [bid, ask] = [bids[0]?.price ?? 0, asks[0]?.price ?? 0].map((price) => price * toFloat(tick)) as [
      number,
      number,
    ];
    const fair = toFloat((exchange.ticker(far.instrument).mark - exchange.ticker(near.instrument).mark) as Money);
    const room = toFloat(exchange.ticker(far.instrument).mark) * 0.001; // marks follow their books a little
    assert.ok(bid < ask && bid < fair + room && ask > fair - room, `${symbol}: ${bid} ${fair} ${ask}`);
  }
  assert.ok(listed.some(({ symbol }) => exchange.spread.recentTrades(symbol, 10).length > 0));
  assert.deepEqual(exchange.leaks(), []);
  await exchange.close();
});

test('a client trades combos with the agents, and they keep away from legs that they keep away from', async () => {
  const { exchange, clock } = await openHarness({
    config: { ...config, instruments: ['spot:BTCUSDT', 'linear:BTCUSDT'] },
  });
  await exchange.start();
  await clock.step?.(2000);
  const symbol = 'BTCUSDT_BTC/USDT';
  const order = { symbol, clientOrderId: null, price: null, timeInForce: 'gtc' } as const;
  for (const side of ['buy', 'sell', 'sell'] as const) {
    unwrap(await exchange.spread.place(ALICE, { ...order, side, type: 'market', qty: money('0.1') }));
  }
  const [position] = exchange.positions(ALICE, { category: 'linear', instrument: PERP, settle: null, base: null });
  assert.equal(position?.size, money('-0.1'));
  assert.deepEqual(exchange.leaks(), []);
  unwrap(exchange.control.setQuoting(BTC, false));
  await clock.step?.(2000);
  assert.deepEqual(exchange.spread.book(symbol, 25).bids, []);
  await exchange.close();
});
