import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, money, ONE } from '../domain/decimal.ts';
import {
  type Category,
  INTERNAL_VENUE,
  type Lots,
  type Money,
  type Ticks,
  type UnixMs,
  type VenueId,
} from '../domain/ids.ts';
import { type Instrument, instrument, listing, priceOf, qtyOf, toLots, toTicks } from '../domain/instrument.ts';
import { unwrap } from '../domain/result.ts';
import type { BookView, Level } from '../ports/market.ts';
import { type BookSource, consolidate, consolidatedMid } from './consolidated.ts';

const OKD = INTERNAL_VENUE;
const BYBIT = 'bybit' as VenueId;
const NOW = 1_700_000_000_000 as UnixMs;

function listed(
  venues: Readonly<Record<string, readonly [tick: string, step: string]>>,
  category: Category = 'spot',
): Instrument {
  const listings = Object.entries(venues).map(([venue, [tick, step]]) =>
    unwrap(
      listing({
        venue: venue as VenueId,
        tick: money(tick),
        step: money(step),
        minQty: money(step),
        maxLimitQty: money('100000'),
        maxMarketQty: money('100000'),
        minPrice: money(tick),
        maxPrice: money('1000000'),
        minNotional: money('0'),
        maxLeverage: null,
      }),
    ),
  );
  const [base, quote] = ['BTC', 'USDT'] as [Instrument['base'], Instrument['quote']];
  return unwrap(instrument({ category, symbol: 'BTCUSDT', base, quote, settle: quote, listings }));
}

const on = listed({ okd_internal: ['0.05', '0.1'], bybit: ['0.02', '0.04'] });
type Rows = readonly (readonly [price: string, qty: string])[];

function source(venue: VenueId, bids: Rows, asks: Rows, change: Partial<BookView> = {}, feeRate = '0'): BookSource {
  const at = on.listings.get(venue);
  assert.ok(at !== undefined);
  const levels = (rows: Rows): Level[] =>
    rows.map(([price, qty]) => ({ price: unwrap(toTicks(at, money(price))), qty: unwrap(toLots(at, money(qty))) }));
  const book = {
    venue,
    instrument: on.id,
    bids: levels(bids),
    asks: levels(asks),
    valid: true,
    seq: 3,
    at: NOW,
    receivedAt: NOW,
  };
  return { venue, book: { ...book, ...change }, feeRate: money(feeRate), maxAgeMs: 5_000 };
}

const options = { now: NOW, depth: 10, order: 'raw' } as const;
const text = (value: Money | null): string | null => (value === null ? null : formatDecimal(value));
const rowsOf = (side: ReturnType<typeof consolidate>['asks']): string[] =>
  side.map(({ venue, price, qty }) => `${venue} ${text(qtyOf(on.grid, qty))}@${text(priceOf(on.grid, price))}`);

test('levels of both venues merge on the common grid, each with its venue', () => {
  const okd = source(
    OKD,
    [
      ['99.95', '1'],
      ['99.9', '2'],
    ],
    [['100.05', '1']],
  );
  const bybit = source(
    BYBIT,
    [['99.94', '4']],
    [
      ['100.02', '0.4'],
      ['100.08', '2'],
    ],
  );
  const book = consolidate(on, [bybit, okd], options);
  assert.deepEqual(rowsOf(book.asks), ['bybit 0.4@100.02', 'okd_internal 1@100.05', 'bybit 2@100.08']);
  assert.deepEqual(rowsOf(book.bids), ['okd_internal 1@99.95', 'bybit 4@99.94', 'okd_internal 2@99.9']);
  assert.deepEqual([text(book.mid), text(book.spread), book.crossed], ['99.985', '0.07', false]);
  assert.equal(text(consolidatedMid(on, [bybit, okd], NOW)), '99.985');
});

test('after fees the order can turn', () => {
  const okd = source(OKD, [['100', '1']], [['100.1', '1']], {}, '0.001');
  const bybit = source(BYBIT, [['100.02', '1']], [['100.08', '1']], {}, '0.0015');
  const book = consolidate(on, [okd, bybit], { ...options, order: 'all_in' });
  assert.deepEqual(rowsOf(book.asks), ['okd_internal 1@100.1', 'bybit 1@100.08']);
  assert.deepEqual(
    book.asks.map(({ allIn }) => text(allIn)),
    ['100.2001', '100.23012'],
  );
  assert.deepEqual(rowsOf(book.bids), ['okd_internal 1@100', 'bybit 1@100.02']);
  assert.equal(text(book.mid), '100.05', 'the mid stays before fees');
});

test('venues that cross each other are shown as they are', () => {
  const book = consolidate(
    on,
    [source(OKD, [['100.2', '1']], [['100.3', '1']]), source(BYBIT, [['99', '1']], [['100', '1']])],
    options,
  );
  assert.deepEqual([book.crossed, text(book.spread), text(book.mid)], [true, '-0.2', '100.1']);
});

test('a book that cannot be trusted is left out and named', () => {
  const fresh = source(OKD, [['99', '1']], [['101', '1']]);
  const late = { receivedAt: (NOW - 5_001) as UnixMs };
  const statuses = (bybit: BookSource) => consolidate(on, [fresh, bybit], options).sources.map(({ status }) => status);
  assert.deepEqual(statuses(source(BYBIT, [['100', '1']], [], late)), ['live', 'stale']);
  assert.deepEqual(statuses(source(BYBIT, [['100', '1']], [], { receivedAt: (NOW - 5_000) as UnixMs })), [
    'live',
    'live',
  ]);
  assert.deepEqual(statuses({ ...source(BYBIT, [['100', '1']], [], late), maxAgeMs: null }), ['live', 'live']);
  assert.deepEqual(statuses(source(BYBIT, [['100', '1']], [], { valid: false })), ['live', 'invalid']);
  const otherTick = { tick: money('0.01'), step: money('0.04') };
  assert.deepEqual(statuses(source(BYBIT, [['100', '1']], [], otherTick)), ['live', 'invalid'], 'other units');
  assert.deepEqual(statuses({ ...source(BYBIT, [], []), book: null }), ['live', 'no_book']);
  assert.deepEqual(statuses({ ...source(BYBIT, [], []), venue: 'third' as VenueId }), ['live', 'not_listed']);
  const book = consolidate(on, [fresh, source(BYBIT, [['100', '1']], [], late)], options);
  assert.deepEqual(rowsOf(book.bids), ['okd_internal 1@99']);
  assert.equal(text(consolidatedMid(on, [fresh, source(BYBIT, [['100', '1']], [], late)], NOW)), '100');
});

test('a clock that stepped back makes a book new, not younger than new', () => {
  const [view] = consolidate(on, [source(OKD, [], [], { receivedAt: (NOW + 50) as UnixMs })], options).sources;
  assert.deepEqual([view?.status, view?.ageMs], ['live', 0]);
});

test('a side with nothing on it has no mid', () => {
  const book = consolidate(on, [source(OKD, [['99', '1']], [])], options);
  assert.deepEqual([text(book.bestBid), book.bestAsk, book.mid, book.spread], ['99', null, null, null]);
});

test('the fee of an inverse contract is taken in coin', () => {
  const inverse = listed({ okd_internal: ['0.5', '1'] }, 'inverse');
  const book = {
    venue: OKD,
    instrument: inverse.id,
    bids: [],
    asks: [{ price: 100 as Ticks, qty: 1 as Lots }],
    valid: true,
    seq: 1,
    at: NOW,
    receivedAt: NOW,
  };
  const merged = consolidate(inverse, [{ venue: OKD, book, feeRate: money('0.2'), maxAgeMs: null }], options);
  assert.equal(text(merged.asks[0]?.allIn ?? null), '62.5');
});

test('a merged side is sorted, complete and stable: equal prices keep the internal venue first', () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 9 })), { maxLength: 12 });
  const rate = fc.constantFrom('0', '0.001', '0.0015');
  const side = (start: number, steps: readonly (readonly [number, number])[]): Level[] => {
    let price = start;
    return steps.map(([gap, qty]) => ({ price: (price += gap) as Ticks, qty: qty as Lots }));
  };
  fc.assert(
    fc.property(rows, rows, rate, rate, fc.constantFrom('raw', 'all_in'), (a, b, feeA, feeB, order) => {
      const there = source(BYBIT, [], [], { asks: side(5_000, b) }, feeB);
      const here = source(OKD, [], [], { asks: side(2_000, a) }, feeA);
      const { asks } = consolidate(on, [there, here], { now: NOW, depth: 100, order });
      assert.equal(asks.length, a.length + b.length);
      for (const [at, level] of asks.entries()) {
        const fee = money(level.venue === OKD ? feeA : feeB);
        assert.equal(level.allIn, (priceOf(on.grid, level.price) * (ONE + fee)) / ONE);
        const next = asks[at + 1];
        if (next === undefined) continue;
        const [key, nextKey] = order === 'raw' ? [level.price, next.price] : [level.allIn, next.allIn];
        assert.ok(key <= nextKey);
        if (level.price === next.price && level.allIn === next.allIn) assert.equal(level.venue, OKD);
      }
    }),
    { numRuns: 300 },
  );
});

test('one order far through the other venue’s book does not drag the reference', () => {
  const bybit = source(BYBIT, [['100', '1']], [['100.02', '1']]);
  const dragged = source(OKD, [['109', '1']], [['110', '1']]);
  assert.equal(text(consolidatedMid(on, [dragged, bybit], NOW)), '100.01');
  const narrow = source(OKD, [['109', '1']], [['109.05', '1']]);
  assert.equal(text(consolidatedMid(on, [narrow, source(BYBIT, [['100', '1']], [['100.1', '1']])], NOW)), '100.05');
  assert.equal(text(consolidatedMid(on, [source(OKD, [['100.1', '1']], [['100.2', '1']]), bybit], NOW)), '100.06');
});
