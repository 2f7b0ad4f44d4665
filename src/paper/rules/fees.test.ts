import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { unwrap } from '../../domain/result.ts';
import { listInstrument } from '../config/listings.ts';
import { DEFAULT_INSTRUMENTS } from '../config/catalogue.ts';
import { datedTerms } from '../config/series.ts';
import { feeOf } from './fees.ts';

const listed = (category: string, symbol: string) =>
  unwrap(
    listInstrument(DEFAULT_INSTRUMENTS.find((one) => one.category === category && one.symbol === symbol) as never),
  );
const SPOT = listed('spot', 'BTCUSDT');
const PERP = listed('linear', 'BTCUSDT');
const rates = (maker: string, taker: string) => ({ maker: money(maker), taker: money(taker) });
const fill = { qty: money('0.5'), price: money('60000'), value: money('30000'), index: money('60000') };

const shown = (...args: Parameters<typeof feeOf>): string => {
  const { amount, asset } = feeOf(...args);
  return `${formatDecimal(amount)} ${asset}`;
};

test('spot pays in what it receives: a buy in base, a sell in quote', () => {
  const positive = rates('0.001', '0.002');
  assert.equal(shown(SPOT, positive, { ...fill, side: 'buy', liquidity: 'maker' }), '0.0005 BTC');
  assert.equal(shown(SPOT, positive, { ...fill, side: 'sell', liquidity: 'maker' }), '30 USDT');
  assert.equal(shown(SPOT, positive, { ...fill, side: 'buy', liquidity: 'taker' }), '0.001 BTC');
  assert.equal(shown(SPOT, positive, { ...fill, side: 'sell', liquidity: 'taker' }), '60 USDT');
});

test('a maker with a negative rate is rewarded in what it gives; takers pay as always', () => {
  const rebate = rates('-0.0001', '0.001');
  assert.equal(shown(SPOT, rebate, { ...fill, side: 'buy', liquidity: 'maker' }), '-3 USDT');
  assert.equal(shown(SPOT, rebate, { ...fill, side: 'sell', liquidity: 'maker' }), '-0.00005 BTC');
  assert.equal(shown(SPOT, rebate, { ...fill, side: 'buy', liquidity: 'taker' }), '0.0005 BTC');
  assert.equal(shown(SPOT, rebate, { ...fill, side: 'sell', liquidity: 'taker' }), '30 USDT');
});

test('a perpetual pays in its settle coin on both sides', () => {
  const usual = rates('0.0002', '0.00055');
  assert.equal(shown(PERP, usual, { ...fill, side: 'buy', liquidity: 'taker' }), '16.5 USDT');
  assert.equal(shown(PERP, usual, { ...fill, side: 'sell', liquidity: 'maker' }), '6 USDT');
});

test('fees are rounded up at eight digits, rebates never grow', () => {
  const tiny = { ...fill, qty: money('0.000011'), value: money('0.66') };
  assert.equal(shown(SPOT, rates('0.001', '0.001'), { ...tiny, side: 'buy', liquidity: 'taker' }), '0.00000002 BTC');
  assert.equal(shown(SPOT, rates('-0.001', '0.001'), { ...tiny, side: 'sell', liquidity: 'maker' }), '-0.00000001 BTC');
  assert.equal(shown(SPOT, rates('0', '0.001'), { ...tiny, side: 'buy', liquidity: 'maker' }), '0 BTC');
});

test('an inverse contract pays in its coin', () => {
  const inverse = listed('inverse', 'BTCUSD');
  const filled = { ...fill, qty: money('60000'), price: money('50000'), value: money('1.2') } as const;
  assert.equal(
    shown(inverse, rates('0.0002', '0.00055'), { ...filled, side: 'buy', liquidity: 'taker' }),
    '0.00066 BTC',
  );
});

test('an option pays a part of the index, and at most a part of its price (help centre examples)', () => {
  const option = unwrap(listInstrument(datedTerms('option:BTC-25DEC26-40000-C-USDT') as never));
  const filled = { ...fill, qty: money('0.3'), price: money('3000'), value: money('900'), index: money('42000') };
  const buy = { ...filled, side: 'buy', liquidity: 'taker' } as const;
  assert.equal(shown(option, rates('0.0002', '0.0002'), buy), '2.52 USDT');
  assert.equal(shown(option, rates('0.0002', '0.0003'), buy), '3.78 USDT');
  const cheap = { ...buy, price: money('50'), value: money('15') };
  assert.equal(shown(option, rates('0.0002', '0.0003'), cheap), '1.05 USDT', '7 % of 50, 0.3 times');
});
