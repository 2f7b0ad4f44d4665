import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money, ONE } from '../domain/decimal.ts';
import { toLots } from '../domain/instrument.ts';
import { unwrap } from '../domain/result.ts';
import { allInTotal, costOnBook, recommend, savedAgainst, splitShares } from './costs.ts';
import { previewRoute } from './route.ts';
import { BYBIT, OKD, testBook, testInstrument, testQuote, testRequest } from './test-books.ts';

const on = testInstrument({ okd_internal: { tick: '0.01', step: '0.1' }, bybit: { tick: '0.01', step: '0.1' } });
const okdBook = testBook(on, OKD, { bids: [['99.90', '1']], asks: [['100.10', '0.8']] });
const bybitBook = testBook(on, BYBIT, { bids: [['99.88', '5']], asks: [['100.12', '5']] });
const qty = unwrap(toLots(on.grid, money('1')));
const rates = { takerRate: money('0'), routingRate: money('0') };
const question = { instrument: on, side: 'buy', qty, mid: money('100'), collar: money('0.01'), ...rates } as const;

test('the cheaper venue is used up, the dearer one takes the rest', () => {
  const okd = costOnBook({ ...question, book: okdBook });
  const bybit = costOnBook({ ...question, book: bybitBook });
  assert.deepEqual([okd.estimatedCostPercent, bybit.estimatedCostPercent], [money('0.1'), money('0.12')]);
  assert.deepEqual([okd.liquidityAvailable, bybit.liquidityAvailable], [money('0.8'), money('5')]);
  const plan = previewRoute(testRequest(on, 'buy', '1', [testQuote(OKD, okdBook), testQuote(BYBIT, bybitBook)]));
  assert.equal(recommend(plan), 'split_order');
  assert.deepEqual(splitShares(plan), [
    { venue: OKD, fraction: money('0.8'), qty: money('0.8') },
    { venue: BYBIT, fraction: money('0.2'), qty: money('0.2') },
  ]);
});

test('fees, half the spread and impact are in the cost; levels beyond the collar are not', () => {
  const book = testBook(on, BYBIT, {
    bids: [['99.90', '1']],
    asks: [
      ['100.10', '0.5'],
      ['100.30', '0.2'],
      ['101.01', '9'],
    ],
  });
  const cost = costOnBook({ ...question, book, takerRate: money('0.001'), routingRate: money('0.0005') });
  assert.equal(formatDecimal(cost.filled), '0.7');
  assert.equal(formatDecimal(cost.liquidityAvailable), '0.7');
  assert.equal(formatDecimal(cost.expected.notional), '70.11');
  assert.equal(formatDecimal(cost.expected.fee), '0.07011');
  assert.equal(formatDecimal(cost.expected.routingFee), '0.035055');
  assert.equal(formatDecimal(cost.expected.total), '70.215165');
  assert.equal(formatDecimal(cost.estimatedCostPercent ?? money('0')), '0.307378571428571429');
});

test('selling counts what is received', () => {
  const cost = costOnBook({ ...question, side: 'sell', book: okdBook, takerRate: money('0.001') });
  assert.equal(formatDecimal(cost.expected.total), '99.8001');
  assert.equal(formatDecimal(cost.estimatedCostPercent ?? money('0')), '0.1999');
  assert.equal(costOnBook({ ...question, side: 'sell', book: testBook(on, OKD, {}) }).estimatedCostPercent, null);
});

test('three thirds still add up to one', () => {
  const venues = [1, 1, 1].map((lots) => ({ venue: OKD, qty: lots }));
  const shares = splitShares({ venues: venues as never, qty: 3 as never, step: ONE });
  assert.deepEqual(
    shares.map(({ fraction }) => formatDecimal(fraction)),
    ['0.333333', '0.333333', '0.333334'],
  );
  assert.equal(
    shares.reduce((sum, { fraction }) => sum + fraction, 0n),
    ONE as bigint,
  );
});

test('an order that does not fit is called so', () => {
  const plan = previewRoute(testRequest(on, 'buy', '6', [testQuote(OKD, okdBook), testQuote(BYBIT, bybitBook)]));
  assert.equal(recommend(plan), 'insufficient_liquidity');
  assert.deepEqual(splitShares(previewRoute(testRequest(on, 'buy', '1', []))), []);
});

test('fills are compared with what one venue alone would have cost', () => {
  const fill = (price: string, size: string, rate: string) => ({
    price: money(price),
    qty: money(size),
    feeRate: money(rate),
  });
  const fills = [fill('100', '0.8', '0.0005'), fill('100.02', '0.2', '0.001')];
  const alone = [fill('100.05', '1', '0.001')];
  assert.equal(formatDecimal(allInTotal('buy', fills)), '100.064004');
  assert.equal(formatDecimal(allInTotal('buy', alone)), '100.15005');
  const saved = savedAgainst('buy', fills, alone);
  assert.equal(formatDecimal(saved.amount), '0.086046');
  assert.equal(formatDecimal(saved.bps).slice(0, 6), '8.5917');
  const sold = savedAgainst('sell', fills, alone);
  assert.equal(formatDecimal(sold.amount), '-0.005954', 'selling at 100.05 and one fee would have been better');
});
