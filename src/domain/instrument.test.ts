import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { formatDecimal, money } from './decimal.ts';
import type { AssetId, Lots, Money, Ticks, VenueId } from './ids.ts';
import {
  instrument,
  type ListingTerms,
  listing,
  notionalOf,
  passiveTicks,
  priceOf,
  qtyOf,
  toLots,
  toTicks,
} from './instrument.ts';
import { unwrap } from './result.ts';

const terms = (tick: string, step: string, more: Partial<ListingTerms> = {}): ListingTerms => ({
  venue: 'okd_internal' as VenueId,
  tick: money(tick),
  step: money(step),
  minQty: money(step),
  maxLimitQty: money('1000'),
  maxMarketQty: money('500'),
  minPrice: money(tick),
  maxPrice: money('1000'),
  minNotional: money('5'),
  maxLeverage: null,
  ...more,
});

test('price times size is exact for every tick and step that is listed', () => {
  const exponents = fc.integer({ min: 0, max: 12 });
  fc.assert(
    fc.property(
      exponents,
      exponents,
      fc.integer({ min: 1, max: 10 ** 9 }),
      fc.integer({ min: 1, max: 10 ** 9 }),
      (t, s, price, qty) => {
        const tick = formatDecimal((10n ** BigInt(18 - t)) as Money);
        const step = formatDecimal((10n ** BigInt(18 - s)) as Money);
        const listed = listing(
          terms(tick, step, {
            maxPrice: money('0.9'),
            maxLimitQty: money('0.9'),
            maxMarketQty: money('0.9'),
            minNotional: money('0'),
          }),
        );
        if (t + s > 18) return assert.ok(!listed.ok && ['INEXACT_NOTIONAL', 'EMPTY_RANGE'].includes(listed.error.code));
        if (!listed.ok) return assert.equal(listed.error.code, 'EMPTY_RANGE');
        const expected = new Decimal(tick).times(price).times(new Decimal(step).times(qty));
        assert.equal(formatDecimal(notionalOf(listed.value, price as Ticks, qty as Lots)), expected.toFixed());
      },
    ),
  );
});

test('the extremes that crypto has are listed, exactly', () => {
  const shib = unwrap(
    listing(
      terms('0.00000001', '1', {
        maxLimitQty: money('1000000000000'),
        maxMarketQty: money('1000000000000'),
        maxPrice: money('1'),
      }),
    ),
  );
  assert.equal(formatDecimal(notionalOf(shib, 1 as Ticks, 1e12 as Lots)), '10000');
  const fine = unwrap(
    listing(terms('0.000000001', '0.000000001', { maxLimitQty: money('1000'), maxMarketQty: money('1') })),
  );
  assert.equal(formatDecimal(notionalOf(fine, 1 as Ticks, 1 as Lots)), '0.000000000000000001');
});

test('a combination that could not be exact is refused when it is listed', () => {
  const inexact = listing(terms('0.0000000001', '0.000000001'));
  assert.ok(!inexact.ok && inexact.error.code === 'INEXACT_NOTIONAL');
  const manyLots = listing(terms('1', '0.000000001', { maxLimitQty: money('10000000') }));
  assert.ok(!manyLots.ok && manyLots.error.code === 'TOO_MANY_LOTS');
  const manyTicks = listing(terms('0.000000001', '1', { maxPrice: money('10000000') }));
  assert.ok(!manyTicks.ok && manyTicks.error.code === 'TOO_MANY_TICKS');
  const nothing = listing(terms('0', '1'));
  assert.ok(!nothing.ok && nothing.error.code === 'NOT_POSITIVE');
});

test('venues with different ticks and steps share a grid that both are multiples of', () => {
  const inner = unwrap(listing(terms('0.01', '0.001')));
  const outer = unwrap(listing({ ...terms('0.05', '0.0025'), venue: 'bybit' as VenueId }));
  const coins = { base: 'A' as AssetId, quote: 'B' as AssetId, settle: 'B' as AssetId };
  const both = unwrap(instrument({ category: 'spot', symbol: 'AB', ...coins, listings: [inner, outer] }));
  assert.equal(both.grid.tick, money('0.01'));
  assert.equal(both.grid.step, money('0.0005'));
  assert.equal(both.id, 'spot:AB');
});

test('a price or size off the grid names its neighbours', () => {
  const one = unwrap(listing(terms('0.05', '0.1')));
  assert.deepEqual(toTicks(one, money('1.07')), {
    ok: false,
    error: { code: 'OFF_GRID', below: money('1.05'), above: money('1.1') },
  });
  assert.deepEqual(toLots(one, money('0.25')), {
    ok: false,
    error: { code: 'OFF_GRID', below: money('0.2'), above: money('0.3') },
  });
  assert.equal(priceOf(one, unwrap(toTicks(one, money('1.05')))), money('1.05'));
  assert.equal(qtyOf(one, unwrap(toLots(one, money('0.3')))), money('0.3'));
});

test('a limit is put on the tick that does not worsen it', () => {
  const one = unwrap(listing(terms('0.05', '0.1')));
  assert.equal(priceOf(one, passiveTicks(one, money('1.07'), 'buy')), money('1.05'));
  assert.equal(priceOf(one, passiveTicks(one, money('1.07'), 'sell')), money('1.1'));
});
