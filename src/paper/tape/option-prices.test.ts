import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money, roundTo } from '../../domain/decimal.ts';
import { instrumentId, type UnixMs } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import type { PublicTrade } from '../../ports/exchange.ts';
import { listInstrument } from '../config/listings.ts';
import { DEFAULT_INSTRUMENTS } from '../config/catalogue.ts';
import type { InstrumentTerms } from '../config/terms.ts';
import { Market } from './market.ts';
import { optionLens, withOptionPrices } from './option-prices.ts';

const START = 1_733_011_200_000;
const MONTH_MS = 30 * 86_400_000;
const terms = DEFAULT_INSTRUMENTS.find((one) => one.category === 'linear') as InstrumentTerms;
const listed = unwrap(listInstrument(terms));

/** An option on a coin that stands at 60,000, thirty days before it expires. */
function optionMarket(strike: string, type: 'call' | 'put' = 'call'): Market {
  const contract = {
    kind: 'option',
    valuation: 'premium',
    leverage: null,
    funding: null,
    delivery: { at: (START + MONTH_MS) as UnixMs, feeRate: money('0.00015') },
    option: { type, strike: money(strike) },
  } as const;
  const market = new Market({ ...listed, id: instrumentId('option', 'BTC'), category: 'option', contract }, null);
  market.reference = money('60000');
  market.index = () => money('60000');
  return market;
}

test('a price is shown with the volatility and the greeks that it means', () => {
  // Forward and strike 60,000, 60 % a year, 30 days: call and put are worth 4112.364431, delta 0.53427 and −0.46573.
  const call = optionLens(optionMarket('60000'), START as UnixMs);
  const put = optionLens(optionMarket('60000', 'put'), START as UnixMs);
  const price = money('4112.364431');
  assert.equal(formatDecimal(call?.volatility(price) ?? money('0')), '0.6');
  assert.equal(formatDecimal(put?.volatility(price) ?? money('0')), '0.6');
  const delta = (lens: typeof call) => formatDecimal(roundTo(lens?.greeks(price).delta ?? money('0'), 5, 'half_even'));
  assert.deepEqual([delta(call), delta(put)], ['0.53427', '-0.46573']);
  assert.ok((call?.greeks(price).theta ?? 1n) < 0n && (call?.greeks(price).vega ?? 0n) > 0n);
});

test('a price that no volatility explains shows none', () => {
  const lens = optionLens(optionMarket('50000'), START as UnixMs);
  assert.equal(lens?.volatility(money('9999')), 0n, 'less than it pays at once');
  assert.equal(lens?.volatility(money('60001')), 0n, 'more than the coin');
  assert.equal(optionLens(optionMarket('50000'), (START + 2 * MONTH_MS) as UnixMs)?.volatility(money('10000')), 0n);
});

test('a trade of an option carries how things stood, any other is as it was', () => {
  const trade = { price: money('4112.364431'), at: START as UnixMs, qty: money('1') } as PublicTrade;
  const shown = withOptionPrices(optionMarket('60000'), trade);
  assert.equal(formatDecimal(shown.option?.tradeIv ?? money('0')), '0.6');
  assert.equal(formatDecimal(shown.option?.index ?? money('0')), '60000');
  assert.equal(withOptionPrices(new Market(listed, null), trade), trade);
});
