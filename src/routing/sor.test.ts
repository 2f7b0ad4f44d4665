import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../domain/decimal.ts';
import { encodePlan } from './encode.ts';
import { previewRoute } from './route.ts';
import { BYBIT, OKD, testBook, testInstrument, testQuote, testRequest } from './test-books.ts';

const listed = testInstrument({ okd_internal: { tick: '0.01', step: '0.1' }, bybit: { tick: '0.01', step: '0.1' } });
const okdBook = testBook(listed, OKD, {
  asks: [
    ['100.00', '0.5'],
    ['100.20', '1'],
  ],
});
const bybitBook = testBook(listed, BYBIT, {
  asks: [
    ['99.98', '0.2'],
    ['100.05', '1'],
    ['100.10', '2'],
  ],
});
const quotes = [testQuote(OKD, okdBook, { taker: '0.001' }), testQuote(BYBIT, bybitBook, { taker: '0.001' })];

test('two books with equal fees merge by price', () => {
  const plan = encodePlan(previewRoute(testRequest(listed, 'buy', '2', quotes)));
  assert.deepEqual(
    plan.children.map(({ venue, quantity }) => [venue, quantity]),
    [
      [OKD, '0.5'],
      [BYBIT, '1.5'],
    ],
  );
  assert.equal(plan.expected.total, '200.276076');
  const [okd, bybit] = plan.venues;
  assert.equal(bybit?.alone?.expected.total, '200.326126');
  assert.equal(okd?.alone?.fits, '1.5');
  assert.equal(okd?.alone?.expected.total, '150.3502');
  assert.equal(okd?.alone?.binding, 'LIQUIDITY');
  assert.equal(plan.savings?.against, BYBIT);
  assert.equal(plan.savings?.amount, '0.05005');
  assert.equal(plan.savings?.bps.slice(0, 5), '2.498');
  assert.equal(plan.unrouted, null);
});

test('a lower fee outweighs a better price', () => {
  const okd = testQuote(OKD, testBook(listed, OKD, { asks: [['100.00', '1']] }), { taker: '0.0005' });
  const bybit = testQuote(BYBIT, testBook(listed, BYBIT, { asks: [['99.97', '1']] }), { taker: '0.001' });
  const plan = encodePlan(previewRoute(testRequest(listed, 'buy', '1', [okd, bybit])));
  assert.deepEqual(
    plan.children.map(({ venue }) => venue),
    [OKD],
  );
  assert.equal(plan.expected.total, '100.05');
  assert.equal(plan.venues[1]?.alone?.expected.total, '100.06997');
  assert.equal(plan.venues[1]?.reason, 'MORE_EXPENSIVE');
  const byPrice = previewRoute(testRequest(listed, 'buy', '1', [okd, bybit], { strategy: 'best_price' }));
  assert.deepEqual(
    byPrice.children.map(({ venue }) => venue),
    [BYBIT],
  );
});

test('a cap on a venue holds, and the rest goes where it is next cheapest', () => {
  const caps = [{ venue: BYBIT, fraction: money('0.5'), ordered: money('2'), used: money('0') }];
  const plan = encodePlan(previewRoute(testRequest(listed, 'buy', '2', quotes, { caps })));
  assert.deepEqual(
    plan.children.map(({ venue, quantity }) => [venue, quantity]),
    [
      [OKD, '1'],
      [BYBIT, '1'],
    ],
  );
});

test('what earlier children hold counts against a cap', () => {
  const caps = [{ venue: BYBIT, fraction: money('0.5'), ordered: money('4'), used: money('1.5') }];
  const plan = previewRoute(testRequest(listed, 'buy', '2', quotes, { caps }));
  assert.deepEqual(
    plan.children.map(({ qty }) => qty),
    [15, 5],
  );
});

test('savings are measured against the best single venue', () => {
  const plan = previewRoute(testRequest(listed, 'buy', '2', quotes));
  assert.equal(formatDecimal(plan.alternatives[0]?.worse ?? money('0')), '0.05005');
  assert.equal(plan.alternatives[1]?.worse, null, 'a venue that fits less is no alternative to all of it');
});
