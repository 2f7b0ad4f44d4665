import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../domain/decimal.ts';
import type { InstrumentId, UnixMs, VenueId } from '../domain/ids.ts';
import type { MarketTrade } from '../ports/market.ts';
import { referencePrice, worstWithin } from './reference.ts';

const NOW = 1_700_000_000_000 as UnixMs;
const trade = (price: string, ageMs: number): MarketTrade => ({
  venue: 'okd_internal' as VenueId,
  instrument: 'spot:BTCUSDT' as InstrumentId,
  tradeId: '1',
  price: money(price),
  qty: money('1'),
  aggressor: 'buy',
  at: (NOW - ageMs) as UnixMs,
});
const mark = { price: money('104'), at: NOW };
const input = {
  category: 'linear',
  now: NOW,
  mid: money('100'),
  lastTrades: [trade('102', 10), trade('103', 5)],
  mark,
} as const;

test('the mid of the consolidated book comes first', () => {
  assert.deepEqual(referencePrice(input), { price: money('100'), source: 'mid', at: NOW });
});

test('without a mid, the youngest trade under a minute old', () => {
  const none = { ...input, mid: null };
  assert.deepEqual(referencePrice(none), { price: money('103'), source: 'last_trade', at: NOW - 5 });
  assert.equal(referencePrice({ ...none, lastTrades: [trade('102', 59_999)] })?.source, 'last_trade');
  assert.equal(referencePrice({ ...none, lastTrades: [trade('102', 60_000)] })?.source, 'mark');
});

test('the mark price serves derivatives only, and nothing is better than a guess', () => {
  const none = { ...input, mid: null, lastTrades: [] };
  assert.deepEqual(referencePrice(none), { price: money('104'), source: 'mark', at: NOW });
  assert.equal(referencePrice({ ...none, category: 'spot' }), null);
  assert.equal(referencePrice({ ...none, mark: null }), null);
});

test('the worst price never lies beyond the fraction', () => {
  const grid = { tick: money('0.05'), step: money('1'), tickValue: money('0.05') };
  assert.equal(worstWithin(grid, money('100.01'), money('0.01'), 'buy'), 2020, '101.0101 is 101.00');
  assert.equal(worstWithin(grid, money('100.01'), money('0.01'), 'sell'), 1981, '99.0099 is 99.05');
  assert.equal(worstWithin(grid, money('100'), money('1.5'), 'sell'), 1, 'no price is too low');
});
