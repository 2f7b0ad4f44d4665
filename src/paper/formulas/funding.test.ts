import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import {
  averagePremium,
  DAILY_INTEREST,
  FUNDING_DAMPER,
  fundingPayment,
  fundingRate,
  fundingResidue,
  impactPrice,
  intervalInterest,
  NO_SAMPLES,
  premiumIndex,
  withSample,
} from './funding.ts';

const terms = (intervalMin = 480) => ({
  intervalMin,
  dailyInterest: DAILY_INTEREST,
  damper: FUNDING_DAMPER,
  upper: money('0.00375'),
  lower: money('-0.00375'),
});
const INDEX = money('50000');
const shown = (amount: Money) => formatDecimal(amount);

test('the premium is what impact prices lie beyond the index; between them there is none', () => {
  const premium = (bid: string | null, ask: string | null, mid: string | null = null) => {
    const [impactBid, impactAsk, middle] = [bid, ask, mid].map((price) => (price === null ? null : money(price)));
    return shown(
      premiumIndex({ impactBid: impactBid ?? null, impactAsk: impactAsk ?? null, mid: middle ?? null }, INDEX),
    );
  };
  assert.equal(premium('50050', '50060'), '0.001');
  assert.equal(premium('49900', '49950'), '-0.001');
  assert.equal(premium('49990', '50010', '50009'), '0');
  assert.equal(premium(null, '50010', '50005'), '0.0001', 'a thin book: its mid');
  assert.equal(premium(null, null), '0');
});

test('later minutes weigh more: (1×P₁ + 2×P₂ + 3×P₃) ÷ 6; minutes may be missing', () => {
  const [first, second, third] = ['0.0006', '0.0003', '0.0001'].map((premium) => money(premium));
  const two = withSample(withSample(NO_SAMPLES, first!, 1), second!, 2);
  assert.equal(shown(averagePremium(withSample(two, third!, 3))), '0.00025');
  assert.equal(shown(averagePremium(withSample(withSample(NO_SAMPLES, first!, 1), third!, 3))), '0.000225');
  assert.equal(shown(averagePremium(NO_SAMPLES)), '0');
});

test('interest is 0.01 % in eight hours and less in shorter intervals', () => {
  assert.equal(shown(intervalInterest(terms())), '0.0001');
  assert.equal(shown(intervalInterest(terms(240))), '0.00005');
  assert.equal(shown(intervalInterest(terms(60))), '0.0000125');
});

test('within 0.05 % of the interest the rate is the interest; beyond, the premium pulls it along; caps hold', () => {
  const rate = (premium: string, minutes = 480) => shown(fundingRate(terms(minutes), money(premium)));
  assert.equal(rate('0'), '0.0001');
  assert.equal(rate('0.0006'), '0.0001', 'the edge');
  assert.equal(rate('-0.0004'), '0.0001', 'the other edge');
  assert.equal(rate('0.001'), '0.0005');
  assert.equal(rate('-0.001'), '-0.0005');
  assert.equal(rate('0.02'), '0.00375');
  assert.equal(rate('-0.02'), '-0.00375');
  assert.equal(rate('0.000712345678'), '0.00021235', 'eight digits');
  assert.equal(rate('0', 60), '0.0000125');
});

test("funding of Bybit's sample: 100 XRP at 0.3676 and 0.01 % pays 0.003676; a short receives it", () => {
  assert.equal(shown(fundingPayment('linear', money('100'), money('0.3676'), money('0.0001'))), '-0.003676');
  assert.equal(shown(fundingPayment('linear', money('-100'), money('0.3676'), money('0.0001'))), '0.003676');
  assert.equal(shown(fundingPayment('linear', money('100'), money('0.3676'), money('-0.0001'))), '0.003676');
  assert.equal(shown(fundingPayment('inverse', money('60000'), INDEX, money('0.0001'))), '-0.00012', 'in BTC');
  assert.equal(shown(fundingPayment('linear', money('0'), INDEX, money('0.0001'))), '0');
});

test('payers are rounded up and receivers down, the difference is named', () => {
  const rate = money('0.0001');
  const [pays, gets] = ['1', '-1'].map((size) => fundingPayment('inverse', money(size), money('70000'), rate));
  assert.deepEqual([shown(pays!), shown(gets!)], ['-0.00000001', '0']);
  assert.equal(shown(fundingResidue([pays!, gets!])), '0.00000001');
});

test('an impact price is the mean of what the notional trades at, and none where the book is too thin', () => {
  const levels = [
    { price: money('100'), qty: money('1') },
    { price: money('110'), qty: money('1') },
  ];
  assert.equal(shown(impactPrice(levels, money('50')) as Money), '100');
  const twice = Number(impactPrice(levels, money('200'))) / 1e18;
  assert.ok(Math.abs(twice - 200 / (1 + 100 / 110)) < 1e-12);
  assert.equal(impactPrice(levels, money('211')), null);
  assert.equal(impactPrice([], money('1')), null);
});

test('funding is zero-sum but for a residue below a unit a position, never negative (property)', () => {
  const positions = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(
      fc.constantFrom('linear' as const, 'inverse' as const),
      positions,
      fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 100_000_000 }),
      fc.integer({ min: -375_000, max: 375_000 }),
      (kind, longs, shorts, ticks, points) => {
        const step = kind === 'linear' ? money('0.001') : money('1');
        const net = longs.reduce((sum, lots) => sum + lots, 0) - shorts.reduce((sum, lots) => sum + lots, 0);
        const sizes = [...longs, ...shorts.map((lots) => -lots), -net].map((lots) => (BigInt(lots) * step) as Money);
        const mark = (BigInt(ticks) * money('0.01')) as Money;
        const rate = (BigInt(points) * money('0.00000001')) as Money;
        const payments = sizes.map((size) => fundingPayment(kind, size, mark, rate));
        const residue = fundingResidue(payments);
        assert.ok(residue >= 0n && residue < money('0.00000001') * BigInt(sizes.length), shown(residue));
        for (const [index, payment] of payments.entries()) {
          const pays = sizes[index]! > 0n === rate > 0n;
          assert.ok(pays ? payment <= 0n : payment >= 0n || sizes[index] === 0n || rate === 0n);
        }
      },
    ),
  );
});

test('the rate lies within 0.05 % of the premium where no cap holds, and rises with it (property)', () => {
  const premiums = fc.integer({ min: -300_000, max: 300_000 });
  fc.assert(
    fc.property(premiums, fc.integer({ min: 0, max: 1000 }), (points, more) => {
      const at = (count: number) => (BigInt(count) * money('0.00000001')) as Money;
      const rate = fundingRate(terms(), at(points));
      const apart = rate - at(points);
      assert.ok(apart <= FUNDING_DAMPER && apart >= -FUNDING_DAMPER);
      assert.ok(fundingRate(terms(), at(points + more)) >= rate);
    }),
  );
});
