import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money, toFloat } from '../../domain/decimal.ts';
import type { InstrumentId, UnixMs } from '../../domain/ids.ts';
import { instrumentId } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { DEFAULT_INSTRUMENTS } from '../config/catalogue.ts';
import { keyOf } from '../config/instruments.ts';
import { listInstrument } from '../config/listings.ts';
import { datedTerms } from '../config/series.ts';
import type { InstrumentTerms } from '../config/terms.ts';
import { Market } from './market.ts';

const DELIVERY = Date.parse('2026-12-25T08:00:00Z') as UnixMs;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Markets that see each other, at a time that the test sets. */
function world(...keys: readonly string[]) {
  const markets = new Map<InstrumentId, Market>();
  const time = { now: (DELIVERY - 30 * DAY_MS) as UnixMs };
  const around = { find: (id: InstrumentId) => markets.get(id), now: () => time.now };
  for (const key of keys) {
    const terms = DEFAULT_INSTRUMENTS.find((one) => keyOf(one) === key) ?? datedTerms(key);
    const instrument = unwrap(listInstrument(terms as InstrumentTerms));
    markets.set(instrument.id, new Market(instrument, null, around));
  }
  const of = (key: string): Market => {
    const [category, symbol] = key.split(':');
    const market = markets.get(instrumentId(category as 'spot', symbol as string));
    assert.ok(market !== undefined, key);
    return market;
  };
  return { of, time };
}
const index = (market: Market): string => formatDecimal(market.index());
const mark = (market: Market): string => formatDecimal(market.mark());

test('contracts take their index from the spot market of their coin', () => {
  const { of } = world('spot:BTCUSDT', 'linear:BTCUSDT', 'inverse:BTCUSD', 'option:BTC-25DEC26-60000-C-USDT');
  of('spot:BTCUSDT').reference = money('61234.5');
  for (const key of ['linear:BTCUSDT', 'inverse:BTCUSD', 'option:BTC-25DEC26-60000-C-USDT']) {
    assert.equal(index(of(key)), '61234.5', key);
  }
  of('linear:BTCUSDT').reference = money('60000');
  assert.equal(index(of('linear:BTCUSDT')), '60000', 'what somebody says of the contract itself counts more');
  assert.equal(index(of('inverse:BTCUSD')), '61234.5');
});

test('USDC is worth a tether, unless somebody trades it against one', () => {
  const alone = world('spot:BTCUSDT', 'linear:BTCPERP');
  assert.equal(index(alone.of('linear:BTCPERP')), '60000');
  const { of } = world('spot:BTCUSDT', 'spot:USDCUSDT', 'linear:BTCPERP');
  of('spot:USDCUSDT').reference = money('0.96');
  assert.equal(index(of('linear:BTCPERP')), '62500');
});

test('without its coin on spot a future goes by its own trades, an option by its strike', () => {
  const { of } = world('linear:BTCUSDT', 'option:BTC-25DEC26-50000-C-USDT');
  of('linear:BTCUSDT').last = money('58000');
  assert.equal(index(of('linear:BTCUSDT')), '58000');
  assert.equal(index(of('option:BTC-25DEC26-50000-C-USDT')), '50000');
});

test('the mark of a dated future is its index with 5 % a year of carry, which ends with the contract', () => {
  const { of, time } = world('spot:BTCUSDT', 'linear:BTCUSDT-25DEC26');
  const future = of('linear:BTCUSDT-25DEC26');
  of('spot:BTCUSDT').reference = money('60000');
  // 60,000 × e^(0.05 × 30 ÷ 365) = 60,247.08
  assert.equal(mark(future), '60247.1');
  time.now = (DELIVERY - DAY_MS) as UnixMs;
  assert.equal(mark(future), '60008.2', '60,000 × e^(0.05 ÷ 365)');
  time.now = DELIVERY;
  assert.equal(mark(future), '60000');
});

test('in the last half hour the mark goes over to the average of the index, at which the contract is delivered', () => {
  const { of, time } = world('spot:BTCUSDT', 'linear:BTCUSDT-25DEC26');
  const [spot, future] = [of('spot:BTCUSDT'), of('linear:BTCUSDT-25DEC26')];
  spot.reference = money('60000');
  time.now = (DELIVERY - 20 * MINUTE_MS) as UnixMs;
  spot.reference = money('63000');
  assert.equal(mark(future), '62000', '10 minutes at 60,000 are known, 20 are taken to be as now');
  time.now = (DELIVERY - 5 * MINUTE_MS) as UnixMs;
  assert.equal(formatDecimal(future.settlementPrice()), '61800', '10 minutes at 60,000 and 15 at 63,000');
  time.now = DELIVERY;
  assert.equal(formatDecimal(future.settlementPrice()), '62000', '10 minutes and 20');
  assert.equal(mark(future), '62000');
});

test('an option is marked by its model: parity with the forward, greeks, and the volatility of its price', () => {
  const { of } = world('spot:BTCUSDT', 'option:BTC-25DEC26-60000-C-USDT', 'option:BTC-25DEC26-60000-P-USDT');
  of('spot:BTCUSDT').reference = money('61000');
  const [call, put] = [of('option:BTC-25DEC26-60000-C-USDT'), of('option:BTC-25DEC26-60000-P-USDT')];
  const [c, p] = [call.optionPrice(), put.optionPrice()];
  assert.equal(c.mark % call.instrument.listing.tick, 0n, 'a mark is on the tick');
  assert.equal(call.fairPrice(), c.fair);
  const parity = toFloat((c.fair - p.fair - (c.underlying - money('60000'))) as typeof c.fair);
  assert.ok(Math.abs(parity) < 1e-6, `call − put is ${parity} off forward − strike`);
  assert.ok(
    Math.abs(toFloat((c.delta - p.delta) as typeof c.delta) - 1) < 1e-6,
    'deltas of call and put are one apart',
  );
  assert.equal(c.iv, p.iv);
  assert.ok(c.gamma > 0n && c.vega > 0n && c.theta < 0n);
  const apart = toFloat((call.priceAtVol(c.iv) - c.fair) as typeof c.fair);
  assert.ok(Math.abs(apart) < toFloat(c.vega) / 100, 'its volatility has four digits');
  assert.equal(call.volOf(c.fair), c.iv);
  assert.equal(formatDecimal(call.volOf(money('0'))), '0');
});

test('an option far from the money is marked at a tick, and at what it pays when its time is up', () => {
  const { of, time } = world('spot:BTCUSDT', 'option:BTC-25DEC26-90000-C-USDT', 'option:BTC-25DEC26-70000-P-USDT');
  time.now = (DELIVERY - 60 * MINUTE_MS) as UnixMs;
  of('spot:BTCUSDT').reference = money('60000');
  assert.equal(mark(of('option:BTC-25DEC26-90000-C-USDT')), '5');
  time.now = DELIVERY;
  assert.equal(mark(of('option:BTC-25DEC26-70000-P-USDT')), '10000');
});

test('the prices of options are computed when somebody asks, and once for a while', () => {
  const { of, time } = world('spot:BTCUSDT', 'option:BTC-25DEC26-60000-C-USDT');
  const call = of('option:BTC-25DEC26-60000-C-USDT');
  const first = call.optionPrice();
  assert.equal(call.optionPrice(), first, 'the very same object');
  of('spot:BTCUSDT').reference = money('60100');
  assert.notEqual(call.optionPrice(), first, 'the coin has moved');
  const second = call.optionPrice();
  time.now = (time.now + DAY_MS) as UnixMs;
  assert.ok(call.optionPrice().fair < second.fair, 'a day is lost');
});
