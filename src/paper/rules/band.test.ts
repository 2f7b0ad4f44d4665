import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { Side, UnixMs } from '../../domain/ids.ts';
import { priceOf } from '../../domain/instrument.ts';
import { unwrap } from '../../domain/result.ts';
import { listInstrument } from '../config/listings.ts';
import { DEFAULT_INSTRUMENTS } from '../config/catalogue.ts';
import { Market } from '../tape/market.ts';
import { bandLimit, marketBound } from './band.ts';

const marketOf = (category: string): Market => {
  const terms = DEFAULT_INSTRUMENTS.find((one) => one.category === category && one.symbol === 'BTCUSDT');
  return new Market(unwrap(listInstrument(terms as never)), null);
};
const limits = (market: Market): string[] =>
  (['buy', 'sell'] as const).map((side: Side) =>
    formatDecimal(priceOf(market.instrument.listing, bandLimit(market, side))),
  );

test('the band lies X around the index of spot and the mark of futures', () => {
  assert.deepEqual(limits(marketOf('spot')), ['60300', '59700']);
  assert.deepEqual(limits(marketOf('linear')), ['60600', '59400']);
});

test('a book that trades above its index for a while widens the band, but never beyond Y', () => {
  const spot = marketOf('spot');
  for (let second = 0; second < 10; second += 1) {
    spot.premium.observe((second * 1000) as UnixMs, money('60100'), money('60000'));
  }
  assert.deepEqual(limits(spot), ['60400', '59800']);
  const far = marketOf('spot');
  far.premium.observe(0 as UnixMs, money('62000'), money('60000'));
  assert.deepEqual(limits(far), ['60600', '60000'], 'Y = 1 % for buys; a sell may always go down to the index');
  const perp = marketOf('linear');
  perp.premium.observe(0 as UnixMs, money('60100'), money('60000'));
  assert.deepEqual(limits(perp), ['60700', '59400'], 'of futures a premium moves the side that it favours');
});

test('the premium is the mean of its window, one sample a second', () => {
  const spot = marketOf('spot');
  const at = (ms: number) => ms as UnixMs;
  spot.premium.observe(at(0), money('60100'), money('60000'));
  spot.premium.observe(at(500), money('69000'), money('60000'));
  assert.equal(formatDecimal(spot.premium.value()), '100');
  spot.premium.observe(at(1000), money('60000'), money('60000'));
  assert.equal(formatDecimal(spot.premium.value()), '50');
  spot.premium.observe(at(120_500), money('60000'), money('60000'));
  assert.equal(formatDecimal(spot.premium.value()), '0', 'the first sample is two minutes old');
});

test('a market order of an empty book is bound from the index', () => {
  const market = marketOf('spot');
  const bound = (order: Parameters<typeof marketBound>[1]) =>
    formatDecimal(priceOf(market.instrument.listing, marketBound(market, order)));
  assert.equal(bound({ side: 'buy', slippage: null }), '63000');
  assert.equal(bound({ side: 'sell', slippage: { fraction: money('0.01') } }), '59400');
  assert.equal(bound({ side: 'buy', slippage: { ticks: 10 } }), '60001');
});
