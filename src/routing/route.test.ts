import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../domain/decimal.ts';
import type { RiskApproved } from '../domain/risk-approved.ts';
import { encodePlan } from './encode.ts';
import type { RouteRequest, VenueQuote } from './request.ts';
import { previewRoute, route } from './route.ts';
import {
  BYBIT,
  buyerFunds,
  bybit,
  children,
  OKD,
  okd,
  PAIR as on,
  reasons,
  testBook,
  testInstrument,
  testQuote,
  testRequest,
} from './test-books.ts';

/** What src/risk hands over; here without its checks. */
function pretendApproved(wrapped: unknown): asserts wrapped is RiskApproved<RouteRequest> {
  assert.ok(wrapped !== null);
}

test('an approved request and a preview get the same decision', () => {
  const request = testRequest(on, 'buy', '1', [okd([['100', '2']])]);
  const wrapped: unknown = { value: request };
  pretendApproved(wrapped);
  const { type, ...decision } = route(wrapped);
  const { type: previewType, ...preview } = previewRoute(request);
  assert.deepEqual([type, previewType], ['plan', 'preview']);
  assert.deepEqual(decision, preview);
  // @ts-expect-error a preview is not executable
  const plan: ReturnType<typeof route> = previewRoute(request);
  assert.ok(plan);
});

test('a market order becomes immediate orders at the worst acceptable price', () => {
  const quotes = [okd([['100.00', '0.5']]), bybit([['100.10', '2']])];
  const plan = previewRoute(testRequest(on, 'buy', '1', quotes, { worst: '101' }));
  assert.deepEqual(children(plan), ['okd_internal 0.5@101 ioc', 'bybit 0.5@101 ioc']);
});

test('nothing trades through the worst price, and the rest is reported', () => {
  const quotes = [
    okd([
      ['100.00', '0.5'],
      ['101.01', '5'],
    ]),
    bybit([
      ['100.10', '0.2'],
      ['102', '5'],
    ]),
  ];
  const plan = previewRoute(testRequest(on, 'buy', '3', quotes, { worst: '101' }));
  assert.deepEqual(children(plan), ['okd_internal 0.5@101 ioc', 'bybit 0.2@101 ioc']);
  assert.deepEqual(plan.unrouted, { qty: 23, budget: 0n, reason: 'LIQUIDITY' });
});

test('selling takes the best bids after fees', () => {
  const quotes = [
    okd([], {}, [
      ['99.90', '1'],
      ['99.80', '1'],
    ]),
    bybit([], {}, [['99.96', '1']]),
  ];
  const plan = previewRoute(testRequest(on, 'sell', '2', quotes, { worst: '99', mid: money('100') }));
  assert.deepEqual(children(plan), ['okd_internal 1@99 ioc', 'bybit 1@99 ioc']);
  assert.equal(formatDecimal(plan.expected.total), '199.61016');
  assert.equal(formatDecimal(plan.expected.costBps ?? money('0')), '19.492');
});

test('a preferred venue may be worse by so many basis points, not more', () => {
  const prefer = { venue: OKD, bps: money('1') };
  const at = (price: string) =>
    previewRoute(
      testRequest(
        on,
        'buy',
        '1',
        [okd([[price, '1']], { taker: '0' }), bybit([['100', '1']], { taker: '0', routing: '0' })],
        { prefer },
      ),
    );
  assert.deepEqual(
    children(at('100.01')).map((child) => child.split(' ')[0]),
    ['okd_internal'],
  );
  assert.deepEqual(
    children(at('100.02')).map((child) => child.split(' ')[0]),
    ['bybit'],
  );
});

test('an exact tie goes to the internal venue', () => {
  const quotes = [bybit([['100', '3']], { taker: '0', routing: '0' }), okd([['100', '3']], { taker: '0' })];
  assert.deepEqual(children(previewRoute(testRequest(on, 'buy', '2', quotes, { worst: '101' }))), [
    'okd_internal 2@101 ioc',
  ]);
});

test('one venue only: the cheapest that takes most', () => {
  const quotes = [okd([['100', '1']]), bybit([['100.05', '5']])];
  const plan = previewRoute(testRequest(on, 'buy', '2', quotes, { strategy: 'single', worst: '101' }));
  assert.deepEqual(children(plan), ['bybit 2@101 ioc']);
  assert.deepEqual(reasons(plan), ['FITS_LESS', 'USED']);
});

test('minimising impact spreads where least cost walks one book', () => {
  const rows = (first: number) => Array.from({ length: 6 }, (_, i) => [(first + i / 100).toFixed(2), '1'] as const);
  const quotes = [okd(rows(100), { taker: '0' }), bybit(rows(100.03), { taker: '0', routing: '0' })];
  const split = (strategy: RouteRequest['strategy']) =>
    previewRoute(testRequest(on, 'buy', '6', quotes, { strategy })).children.map(({ qty }) => qty / 10);
  assert.deepEqual(split('lowest_cost'), [5, 1]);
  assert.deepEqual(split('minimize_impact'), [4, 2]);
});

test('a limit order takes what is there on both venues; the rest waits where resting is cheapest', () => {
  const quotes = [
    okd([
      ['100.00', '0.5'],
      ['100.30', '1'],
    ]),
    bybit([['100.10', '0.7']], { maker: '0.0002' }),
  ];
  const request = testRequest(on, 'buy', '3', quotes, { limit: '100.20' });
  const plan = previewRoute(request);
  assert.deepEqual(children(plan), ['okd_internal 0.5@100.2 gtc', 'bybit 2.5@100.2 gtc'], '0.07 % against 0.1 %');
  assert.deepEqual([plan.qty, plan.takes], [30, 12]);
  const dearer = [quotes[0] as VenueQuote, bybit([['100.10', '0.7']], { maker: '0.0006' })];
  assert.deepEqual(children(previewRoute({ ...request, quotes: dearer })), [
    'okd_internal 2.3@100.2 gtc',
    'bybit 0.7@100.2 gtc',
  ]);
});

test('what the cheapest place to rest cannot hold rests at the next', () => {
  const caps = [{ venue: BYBIT, fraction: money('0.5'), ordered: money('3'), used: money('0') }];
  const quotes = [okd([]), bybit([], { maker: '0' })];
  const plan = previewRoute(testRequest(on, 'buy', '3', quotes, { limit: '100', caps }));
  assert.deepEqual(children(plan), ['okd_internal 1.5@100 gtc', 'bybit 1.5@100 gtc']);
});

test('post-only rests whole at one venue, never where it would trade', () => {
  const quotes = [okd([['100.00', '1']]), bybit([['100.50', '1']])];
  const post = (limit: string) =>
    previewRoute(testRequest(on, 'buy', '3', quotes, { limit, timeInForce: 'post_only' }));
  assert.deepEqual(children(post('99')), ['okd_internal 3@99 post_only']);
  assert.deepEqual(children(post('100.00')), ['bybit 3@100 post_only']);
  assert.deepEqual(reasons(post('100.00')), ['WOULD_TAKE', 'USED']);
  assert.deepEqual(post('101').unrouted, { qty: 30, budget: 0n, reason: 'WOULD_TAKE' });
});

test('fill-or-kill goes whole to the cheapest venue that can fill all of it, or nowhere', () => {
  const quotes = [okd([['100.00', '1']]), bybit([['100.20', '2']])];
  const kill = (qty: string) => previewRoute(testRequest(on, 'buy', qty, quotes, { limit: '101', timeInForce: 'fok' }));
  assert.deepEqual(children(kill('1')), ['okd_internal 1@101 fok']);
  assert.deepEqual(children(kill('2')), ['bybit 2@101 fok']);
  assert.deepEqual(reasons(kill('2')), ['CANNOT_FILL_WHOLE', 'USED']);
  assert.deepEqual([children(kill('3')), kill('3').unrouted?.reason], [[], 'FOK_ONE_VENUE']);
  assert.equal(kill('4').unrouted?.reason, 'LIQUIDITY');
});

test('an immediate limit order never rests', () => {
  const plan = previewRoute(
    testRequest(on, 'buy', '3', [okd([['100', '1']])], { limit: '100.50', timeInForce: 'ioc' }),
  );
  assert.deepEqual([children(plan), plan.unrouted?.reason], [['okd_internal 1@100.5 ioc'], 'LIQUIDITY']);
});

test('every venue says why it is not used', () => {
  const listed = testInstrument({ okd_internal: { tick: '0.01', step: '0.1' } });
  const asked = (quote: VenueQuote, rest = {}) =>
    reasons(previewRoute(testRequest(on, 'buy', '1', [quote], { worst: '101', ...rest })))[0];
  assert.equal(reasons(previewRoute(testRequest(listed, 'buy', '1', [testQuote(BYBIT, null)])))[0], 'NOT_LISTED');
  assert.equal(asked(okd([]), { allowedVenues: [BYBIT] }), 'NOT_ALLOWED');
  assert.equal(asked(testQuote(OKD, null)), 'NO_BOOK');
  assert.equal(asked(testQuote(OKD, testBook(on, OKD, { asks: [['100', '1']] }, false))), 'BOOK_INVALID');
  const otherUnits = { ...testBook(on, OKD, { asks: [['100', '1']] }), tick: money('0.001') };
  assert.equal(asked(testQuote(OKD, otherUnits)), 'BOOK_INVALID', 'counts in another tick');
  assert.equal(
    asked(
      okd([
        ['100', '0.1'],
        ['99', '1'],
      ]),
    ),
    'BOOK_INVALID',
    'levels out of order',
  );
  assert.equal(asked(okd([['102', '1']])), 'NO_LIQUIDITY');
  assert.equal(asked(okd([['100', '1']], { funds: buyerFunds('3') })), 'NO_BALANCE');
  const caps = [{ venue: OKD, fraction: money('0'), ordered: money('1'), used: money('0') }];
  assert.equal(asked(okd([['100', '1']]), { caps }), 'CAPPED');
  assert.equal(
    asked(okd([], { canRest: false }), { limitPrice: 9_900, worstPrice: null, timeInForce: 'post_only' }),
    'CANNOT_REST',
  );
  assert.equal(
    asked(okd([]), { limitPrice: 200_000_000, worstPrice: null, timeInForce: 'gtc', side: 'sell' }),
    'PRICE_OUT_OF_RANGE',
  );
  assert.equal(previewRoute(testRequest(on, 'buy', '1', [])).unrouted?.reason, 'NO_VENUE');
});

test('a plan is plain JSON with decimals as strings, and its levels are bounded', () => {
  const rows = Array.from({ length: 70 }, (_, i) => [(100 + i / 100).toFixed(2), '0.1'] as const);
  const plan = previewRoute(testRequest(on, 'buy', '7', [okd(rows)], { mid: money('99.95') }));
  const encoded = encodePlan(plan);
  assert.deepEqual(JSON.parse(JSON.stringify(encoded)), encoded);
  assert.deepEqual([encoded.levels.length, encoded.levels_omitted], [50, 20]);
  assert.deepEqual(encoded.levels[49], { venue: OKD, price: '100.49', quantity: '0.1' });
  assert.deepEqual(encoded.venues[0]?.book, {
    seq: 7,
    at: 1_700_000_000_000,
    age_ms: 0,
    best_bid: null,
    best_ask: '100',
  });
  assert.equal(encoded.expected.average_price, '100.345');
});
