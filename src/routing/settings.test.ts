import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../domain/decimal.ts';
import { applySettings, type RoutingSettings, withExclusions } from './settings.ts';
import { BYBIT, OKD, testBook, testInstrument, testQuote, testRequest } from './test-books.ts';

const on = testInstrument({ okd_internal: { tick: '0.01', step: '0.1' }, bybit: { tick: '0.01', step: '0.1' } });
const book = (venue: typeof OKD, bid = '99.96', ask = '100.04') =>
  testBook(on, venue, { bids: [[bid, '1']], asks: [[ask, '1']] });
const settings: RoutingSettings = {
  only: null,
  smart: true,
  defaultVenue: OKD,
  largeOrders: { venue: BYBIT, minNotional: money('10000') },
  thresholds: [{ venue: BYBIT, minNotional: money('100'), maxSpread: money('0.001') }],
};
const request = testRequest(on, 'buy', '1', [testQuote(OKD, book(OKD)), testQuote(BYBIT, book(BYBIT))]);
const excluded = (change: Partial<RoutingSettings>, notional: string | null, asked = request) => [
  ...applySettings({ ...settings, ...change }, asked, notional === null ? null : money(notional)),
];

test('nothing is excluded by default from a threshold on', () => {
  assert.deepEqual(excluded({}, '100'), []);
  assert.deepEqual(excluded({}, null), []);
});

test('a small order keeps away from the venue with a minimum', () => {
  assert.deepEqual(excluded({}, '99.99'), [[BYBIT, 'BELOW_MIN_AMOUNT']]);
});

test('a spread above the limit takes the venue out; at the limit it stays', () => {
  const at = (bid: string, ask: string) =>
    testRequest(on, 'buy', '1', [testQuote(OKD, book(OKD)), testQuote(BYBIT, book(BYBIT, bid, ask))]);
  assert.deepEqual(excluded({}, '1000', at('99.95', '100.05')), []);
  assert.deepEqual(excluded({}, '1000', at('99.95', '100.06')), [[BYBIT, 'SPREAD_TOO_WIDE']]);
  const oneSided = testRequest(on, 'buy', '1', [
    testQuote(OKD, book(OKD)),
    testQuote(BYBIT, testBook(on, BYBIT, { asks: [['1', '1']] })),
  ]);
  assert.deepEqual(excluded({}, '1000', oneSided), [[BYBIT, 'SPREAD_TOO_WIDE']]);
});

test('thresholds do not apply to the only venue left', () => {
  assert.deepEqual(excluded({}, '5', { ...request, allowedVenues: [BYBIT] }), []);
  assert.deepEqual(excluded({ only: BYBIT }, '5'), [[OKD, 'ORDER_ROUTING']]);
  const invalid = testBook(on, OKD, {}, false);
  assert.deepEqual(
    excluded({}, '5', testRequest(on, 'buy', '1', [testQuote(OKD, invalid), testQuote(BYBIT, book(BYBIT))])),
    [],
  );
  const down = [testQuote(OKD, book(OKD), { excluded: 'VENUE_UNAVAILABLE' }), testQuote(BYBIT, book(BYBIT))];
  assert.deepEqual(excluded({}, '5', testRequest(on, 'buy', '1', down)), []);
});

test('without smart routing one venue gets everything, large orders another', () => {
  assert.deepEqual(excluded({ smart: false }, '9999.99'), [[BYBIT, 'SMART_ROUTING_OFF']]);
  assert.deepEqual(excluded({ smart: false }, '10000'), [[OKD, 'SMART_ROUTING_OFF']]);
  assert.deepEqual(excluded({ smart: false, largeOrders: null }, '10000'), [[BYBIT, 'SMART_ROUTING_OFF']]);
  assert.deepEqual(excluded({ smart: false, defaultVenue: BYBIT }, '5'), [[OKD, 'SMART_ROUTING_OFF']]);
});

test('with smart routing the size of an order sends it nowhere in particular', () => {
  assert.deepEqual(excluded({}, '10000000'), []);
});

test('the one allowed venue comes before everything else', () => {
  assert.deepEqual(excluded({ only: BYBIT, smart: false }, '5'), [[OKD, 'ORDER_ROUTING']]);
  assert.deepEqual(excluded({ only: OKD }, '100000'), [[BYBIT, 'ORDER_ROUTING']]);
});

test('an exclusion from elsewhere keeps its reason', () => {
  const down = testRequest(on, 'buy', '1', [
    testQuote(OKD, book(OKD), { excluded: 'VENUE_UNAVAILABLE' }),
    testQuote(BYBIT, book(BYBIT)),
  ]);
  const exclusions = applySettings({ ...settings, only: BYBIT }, down, null);
  assert.deepEqual(
    withExclusions(down, exclusions).quotes.map(({ excluded: reason }) => reason),
    ['VENUE_UNAVAILABLE', null],
  );
  assert.deepEqual(
    withExclusions(request, new Map([[BYBIT, 'BELOW_MIN_AMOUNT']])).quotes[1]?.excluded,
    'BELOW_MIN_AMOUNT',
  );
});
