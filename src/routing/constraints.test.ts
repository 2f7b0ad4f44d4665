import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../domain/decimal.ts';
import type { VenueQuote } from './request.ts';
import { previewRoute } from './route.ts';
import {
  BYBIT,
  buyerFunds,
  bybit,
  children,
  OKD,
  okd,
  PAIR as on,
  reasons,
  sellerFunds,
  testBook,
  testInstrument,
  testQuote,
  testRequest,
} from './test-books.ts';

test('a balance bounds a buy at the child’s own price, which is tightened to fit', () => {
  const buy = (funds: string, fee = '0.001') =>
    previewRoute(
      testRequest(on, 'buy', '1', [okd([['100.00', '5']], { funds: buyerFunds(funds, fee) })], { worst: '101' }),
    );
  assert.deepEqual(children(buy('101.101')), ['okd_internal 1@101 ioc'], 'worst price and fee are covered');
  assert.deepEqual(children(buy('101.1')), ['okd_internal 1@100.99 ioc'], 'one tick tighter');
  assert.deepEqual(children(buy('100.10')), ['okd_internal 1@100 ioc'], 'all of the balance');
  assert.equal(formatDecimal(buy('100.10').children[0]?.locks ?? money('0')), '100.1');
  assert.deepEqual(children(buy('100.09')), ['okd_internal 0.9@101 ioc'], 'less, and room again');
  assert.equal(buy('100.09').unrouted?.reason, 'BALANCE');
  assert.deepEqual(children(buy('100', '0')), ['okd_internal 1@100 ioc'], 'where the fee is taken from what is bought');
});

test('a balance that reaches the first level only is used there', () => {
  const quotes = [
    okd(
      [
        ['100.00', '1'],
        ['110.00', '5'],
      ],
      { funds: buyerFunds('150') },
    ),
  ];
  const plan = previewRoute(testRequest(on, 'buy', '3', quotes, { worst: '120' }));
  assert.deepEqual(children(plan), ['okd_internal 1.3@115.38 ioc']);
  const narrow = previewRoute(
    testRequest(
      on,
      'buy',
      '3',
      [
        okd(
          [
            ['100.00', '1'],
            ['110.00', '5'],
          ],
          { funds: buyerFunds('115') },
        ),
      ],
      { worst: '120' },
    ),
  );
  assert.deepEqual(children(narrow), ['okd_internal 1@115 ioc'], 'a second level would cost more than is there');
});

test('a resting buy is bounded at its limit', () => {
  const quotes = [
    okd([['99.00', '1']], { funds: buyerFunds('150', '0.001') }),
    bybit([], { excluded: 'VENUE_UNAVAILABLE' }),
  ];
  const plan = previewRoute(testRequest(on, 'buy', '3', quotes, { limit: '100' }));
  assert.deepEqual(children(plan), ['okd_internal 1.4@100 gtc']);
  assert.deepEqual(plan.venues[1]?.detail, 'VENUE_UNAVAILABLE');
});

test('a sell is bounded by what is held', () => {
  const quotes = [
    okd([], { funds: sellerFunds('0.75') }, [['100', '5']]),
    bybit([], { funds: sellerFunds('-1') }, [['101', '5']]),
  ];
  const plan = previewRoute(testRequest(on, 'sell', '3', quotes, { worst: '99' }));
  assert.deepEqual(children(plan), ['okd_internal 0.7@99 ioc']);
  assert.deepEqual(reasons(plan), ['USED', 'NO_BALANCE']);
});

test('a derivative locks margin, a sell at the price that it may trade at best', () => {
  const linear = testInstrument({ okd_internal: { tick: '0.01', step: '0.1' } }, 'linear');
  const margin = { type: 'value', available: money('25'), rate: money('0.1'), scale: 8 } as const;
  const book = testBook(linear, OKD, { bids: [['100', '9']], asks: [['100', '9']] });
  const quotes = [testQuote(OKD, book, { funds: margin })];
  assert.deepEqual(children(previewRoute(testRequest(linear, 'sell', '3', quotes, { worst: '90' }))), [
    'okd_internal 2.5@90 ioc',
  ]);
  assert.deepEqual(children(previewRoute(testRequest(linear, 'buy', '3', quotes, { worst: '110' }))), [
    'okd_internal 2.5@100 ioc',
  ]);
});

test('inverse contracts are worth more coin the lower they trade', () => {
  const inverse = testInstrument(
    { okd_internal: { tick: '0.5', step: '1' }, bybit: { tick: '0.5', step: '1' } },
    'inverse',
  );
  const quotes = [
    testQuote(OKD, testBook(inverse, OKD, { asks: [['50000', '100']], bids: [['49990', '100']] }), { taker: '0.001' }),
    testQuote(BYBIT, testBook(inverse, BYBIT, { asks: [['49980', '100']], bids: [['49970', '100']] }), {
      taker: '0.002',
    }),
  ];
  const bought = previewRoute(testRequest(inverse, 'buy', '150', quotes, { worst: '51000', mid: money('49985') }));
  assert.deepEqual(children(bought), ['okd_internal 100@51000 ioc', 'bybit 50@51000 ioc']);
  assert.equal(formatDecimal(bought.children[0]?.expected.notional ?? money('0')), '0.002');
  assert.equal(formatDecimal(bought.children[0]?.expected.total ?? money('0')), '0.001998');
  assert.ok((bought.expected.allInPrice ?? 0n) > money('50040') && (bought.expected.costBps ?? 0n) > 0n);
  const funds = { type: 'value', available: money('0.0002'), rate: money('0.1'), scale: 8 } as const;
  const sold = previewRoute(
    testRequest(inverse, 'sell', '150', [{ ...(quotes[0] as VenueQuote), funds }], { worst: '40000' }),
  );
  assert.deepEqual(children(sold), ['okd_internal 99@49500 ioc'], 'the coin of 99 contracts at 49500 is 0.002');
});

test('minimums: a share below them moves elsewhere or is left', () => {
  const strict = testInstrument({
    okd_internal: { tick: '0.01', step: '0.1' },
    bybit: { tick: '0.01', step: '0.1', minNotional: '50' },
  });
  const books = (asksThere: string) => [
    testQuote(
      OKD,
      testBook(strict, OKD, {
        asks: [
          ['100', '1'],
          ['103', asksThere],
        ],
      }),
    ),
    testQuote(BYBIT, testBook(strict, BYBIT, { asks: [['101', '5']] })),
  ];
  const one = previewRoute(testRequest(strict, 'buy', '1.2', books('1')));
  assert.deepEqual(
    one.children.map(({ venue, qty }) => [venue, qty]),
    [
      [OKD, 7],
      [BYBIT, 5],
    ],
    'five are the least there',
  );
  const other = previewRoute(testRequest(strict, 'buy', '1.1', books('1')));
  assert.deepEqual(
    other.children.map(({ qty }) => qty),
    [11],
    'one more at 103 costs less than four at 101',
  );
  assert.deepEqual(reasons(other), ['USED', 'BELOW_MINIMUM']);
  const tiny = previewRoute(testRequest(strict, 'buy', '0.4', [books('1')[1] as VenueQuote]));
  assert.deepEqual([tiny.children, tiny.unrouted?.reason, reasons(tiny)], [[], 'BELOW_MINIMUM', ['BELOW_MINIMUM']]);
});

test('a sell’s price is raised where its notional would fall under the minimum', () => {
  const strict = testInstrument({ okd_internal: { tick: '0.01', step: '0.1', minNotional: '50' } });
  const quotes = [testQuote(OKD, testBook(strict, OKD, { bids: [['101', '5']] }))];
  assert.deepEqual(children(previewRoute(testRequest(strict, 'sell', '0.5', quotes, { worst: '90' }))), [
    'okd_internal 0.5@100 ioc',
  ]);
});

test('steps: a remainder goes to the finer venue, or is reported', () => {
  const mixed = testInstrument({ okd_internal: { tick: '0.01', step: '0.1' }, bybit: { tick: '0.01', step: '1' } });
  const there = testQuote(BYBIT, testBook(mixed, BYBIT, { asks: [['99', '9']] }));
  const here = testQuote(OKD, testBook(mixed, OKD, { asks: [['100', '9']] }));
  const both = previewRoute(testRequest(mixed, 'buy', '2.3', [here, there]));
  assert.deepEqual(
    both.children.map(({ qty }) => qty),
    [3, 2],
    'each in its own steps',
  );
  const alone = previewRoute(testRequest(mixed, 'buy', '2.3', [there]));
  assert.deepEqual(alone.unrouted, { qty: 3, budget: 0n, reason: 'STEP_REMAINDER' });
});

test('the most that one order may hold bounds a child', () => {
  const small = testInstrument({ okd_internal: { tick: '0.01', step: '0.1', maxQty: '2' } });
  const plan = previewRoute(
    testRequest(small, 'buy', '3', [testQuote(OKD, testBook(small, OKD, { asks: [['100', '9']] }))]),
  );
  assert.deepEqual([plan.qty, plan.unrouted?.reason], [20, 'MAX_ORDER_QTY']);
});

test('a budget buys what it covers at the last level taken, fees included, and says what is left', () => {
  const quotes = [
    okd([
      ['100.00', '1'],
      ['100.50', '5'],
    ]),
    bybit([['100.20', '0.5']]),
  ];
  const spend = (amount: string) =>
    previewRoute({
      ...testRequest(on, 'buy', '1', quotes, { worst: '101' }),
      wanted: { type: 'budget', amount: money(amount) },
    });
  assert.deepEqual(children(spend('100.1')), ['okd_internal 1@100 ioc'], 'to the last cent');
  assert.equal(spend('100.1').unrouted, null);
  const less = spend('100.09');
  assert.deepEqual(children(less), ['okd_internal 0.9@101 ioc']);
  assert.deepEqual(less.unrouted, { qty: 0, budget: money('10'), reason: 'BUDGET' });
  assert.deepEqual(
    children(spend('150.5')),
    ['okd_internal 1@100.14 ioc', 'bybit 0.5@100.34 ioc'],
    'a cushion for each',
  );
  assert.deepEqual([children(spend('5')), spend('5').unrouted?.reason], [[], 'BUDGET']);
  assert.equal(spend('100000').unrouted?.reason, 'LIQUIDITY');
});

test('a budget without anything to buy names what is missing', () => {
  const ask = (quotes: readonly VenueQuote[]) =>
    previewRoute({ ...testRequest(on, 'buy', '1', quotes), wanted: { type: 'budget', amount: money('100') } }).unrouted
      ?.reason;
  assert.equal(ask([okd([]), bybit([])]), 'LIQUIDITY');
  assert.equal(ask([okd([['100', '5']], { funds: buyerFunds('7') })]), 'BALANCE');
  assert.equal(ask([]), 'NO_VENUE');
});
