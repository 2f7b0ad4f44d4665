import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money, roundTo } from '../../domain/decimal.ts';
import { instrumentId, type UnixMs } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import type { PublicTrade } from '../../ports/exchange.ts';
import { DEFAULT_INSTRUMENTS } from '../config/catalogue.ts';
import { listInstrument } from '../config/listings.ts';
import type { InstrumentTerms } from '../config/terms.ts';
import { Market } from './market.ts';
import { optionPrices, withOptionPrices } from './option-prices.ts';

const START = 1_733_011_200_000;
const MONTH_MS = 30 * 86_400_000;
const terms = DEFAULT_INSTRUMENTS.find((one) => one.category === 'linear') as InstrumentTerms;
const listed = unwrap(listInstrument(terms));
const world = { find: () => undefined, now: () => START as UnixMs };

/** A call at 60,000, thirty days before it expires, its coin at such a price that the forward is 60,000. */
function optionMarket(): Market {
  const contract = {
    kind: 'option',
    valuation: 'premium',
    leverage: null,
    funding: null,
    delivery: { at: (START + MONTH_MS) as UnixMs, feeRate: money('0.00015') },
    option: { type: 'call', strike: money('60000') },
  } as const;
  const market = new Market(
    { ...listed, id: instrumentId('option', 'BTC'), category: 'option', contract },
    null,
    world,
  );
  market.forward = () => money('60000');
  return market;
}

test('a ticker shows the volatilities that the prices mean', () => {
  const market = optionMarket();
  const totals = { volume: money('9'), turnover: money('540000') };
  const shown = optionPrices(market, totals);
  assert.equal(formatDecimal(shown?.underlying ?? money('0')), '60000');
  assert.equal(shown?.bidIv, 0n, 'nobody bids');
  assert.ok(shown !== null && shown.markIv > 0n && shown.greeks.theta < 0n && shown.greeks.gamma > 0n);
  // Forward and strike 60,000, 60 % a year, 30 days: worth 4112.364431.
  const { listing } = market.instrument;
  const ticks = Number(money('4112.4') / listing.tick);
  const order = { owner: null, account: 0, side: 'sell', price: ticks, qty: 1, timeInForce: 'gtc', selfTrade: 'none' };
  market.book.submit(order as never);
  assert.equal(formatDecimal(roundTo(optionPrices(market, totals)?.askIv ?? money('0'), 3, 'half_even')), '0.6');
  assert.equal(optionPrices(new Market(listed, null), totals), null);
});

test('a trade of an option carries how things stood, any other is as it was', () => {
  const trade = { price: money('4112.364431'), at: START as UnixMs, qty: money('1') } as PublicTrade;
  const market = optionMarket();
  const shown = withOptionPrices(market, trade);
  assert.equal(formatDecimal(shown.option?.tradeIv ?? money('0')), '0.6');
  assert.equal(shown.option?.mark, market.mark());
  assert.equal(withOptionPrices(new Market(listed, null), trade), trade);
});
