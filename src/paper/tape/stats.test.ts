import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money, multiply } from '../../domain/decimal.ts';
import type { PublicTrade } from '../../ports/exchange.ts';
import type { UnixMs } from '../../domain/ids.ts';
import { TradeStats } from './stats.ts';
import { TradeRing, tickDirection } from './trades.ts';

const HOUR = 3_600_000;
const trade = (at: number, price: string, qty = '1'): PublicTrade => ({
  instrument: 'spot:BTCUSDT' as never,
  tradeId: `${at}`,
  price: money(price),
  qty: money(qty),
  aggressor: 'buy',
  at: at as UnixMs,
  seq: at,
  tickDirection: 'PlusTick',
});
const push = (stats: TradeStats, one: PublicTrade) => stats.push(one, multiply(one.price, one.qty, 'half_even'));
const shown = (stats: TradeStats, at: number) => {
  const { last, prev24h, prev1h, high24h, low24h, volume24h, turnover24h } = stats.read(at as UnixMs);
  return [last, prev24h, prev1h, high24h, low24h, volume24h, turnover24h].map(formatDecimal).join(' ');
};

test('a market without trades shows its first price everywhere', () => {
  assert.equal(shown(new TradeStats(money('100')), 0), '100 100 100 100 100 0 0');
});

test('the last day is what counts; what is older is only where it came from', () => {
  const stats = new TradeStats(money('100'));
  push(stats, trade(0, '90', '2'));
  push(stats, trade(HOUR, '120'));
  push(stats, trade(2 * HOUR, '110', '3'));
  assert.equal(shown(stats, 2 * HOUR + 1), '110 100 90 120 90 6 630');
  assert.equal(shown(stats, 3.5 * HOUR), '110 100 110 120 90 6 630', 'an hour later nothing has moved for an hour');
  assert.equal(shown(stats, 24.5 * HOUR), '110 90 110 120 110 4 450');
  assert.equal(shown(stats, 48 * HOUR), '110 110 110 110 110 0 0');
});

test('a tick direction says whether the price moved, and which way it moved last', () => {
  assert.equal(tickDirection(money('1'), money('2'), 'MinusTick'), 'PlusTick');
  assert.equal(tickDirection(money('2'), money('2'), 'PlusTick'), 'ZeroPlusTick');
  assert.equal(tickDirection(money('2'), money('2'), 'ZeroMinusTick'), 'ZeroMinusTick');
  assert.equal(tickDirection(money('2'), money('1'), 'PlusTick'), 'MinusTick');
});

test('the last thousand trades are kept, newest first', () => {
  const ring = new TradeRing();
  for (let at = 0; at < 5000; at += 1) ring.push(trade(at, '1'));
  assert.deepEqual(
    ring.latest(2).map((one) => one.at),
    [4999, 4998],
  );
  assert.equal(ring.latest(9999).length, 1000);
});

test('a restart knows the last day from its candles', () => {
  const candle = (start: number, [open, high, low, close]: readonly string[], volume: string) => ({
    start: start as UnixMs,
    end: (start + 60_000) as UnixMs,
    open: money(open ?? '0'),
    high: money(high ?? '0'),
    low: money(low ?? '0'),
    close: money(close ?? '0'),
    volume: money(volume),
    turnover: money('1000'),
    isClosed: true,
  });
  const stats = new TradeStats(money('104'));
  const minutes = [
    candle(0, ['100', '102', '95', '101'], '2'),
    candle(60_000, ['101', '103', '101', '103'], '1'),
    candle(120_000, ['103', '103', '103', '103'], '0'),
    candle(HOUR, ['103', '104', '103', '104'], '4'),
  ];
  stats.recall(minutes, [
    candle(0, ['100', '104', '95', '104'], '7'),
    candle(-24 * HOUR, ['90', '100', '90', '100'], '3'),
  ]);
  assert.equal(shown(stats, HOUR + 1), '104 100 100 104 95 7 3000');
  assert.equal(shown(stats, 2 * HOUR), '104 100 103 104 95 7 3000');
  assert.equal(formatDecimal(stats.read((2 * HOUR) as UnixMs).total.volume), '10');
});
