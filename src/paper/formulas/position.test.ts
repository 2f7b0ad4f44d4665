import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, formatFixed, money, ZERO } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import { type ContractKind, FLAT_PART, moveContract, tradeOf, tradeValue } from './contract.ts';
import {
  bankruptcyPrice,
  breakEvenPrice,
  crossLiquidationPrice,
  feeToCloseOf,
  isolatedLiquidationPrice,
  isolatedMargin,
  type PositionTerms,
  positionMargin,
} from './position.ts';
import { withDeductions } from './tiers.ts';

const tiersAt = (rate: string) => withDeductions([{ upTo: null, rate: money(rate), maxLeverage: money('100') }]);

type Case = Readonly<{
  kind?: ContractKind; side?: Side; qty: string; entry: string; leverage?: string; rate?: string; taker?: string;
  extra?: string; rule?: PositionTerms['rule'];
}>; // biome-ignore format: a table

function terms(one: Case): PositionTerms {
  const { kind = 'linear', side = 'buy', qty, entry, leverage = '10', rate = '0.005', taker = '0', extra = '0' } = one;
  const value = tradeValue(kind, money(qty), money(entry));
  const { size, cost } = moveContract(FLAT_PART, tradeOf(kind, side, money(qty), value));
  const tiers = tiersAt(rate);
  return {
    kind, size, cost, leverage: money(leverage), tiers, taker: money(taker), rule: one.rule ?? 'mark',
    extra: money(extra),
  }; // biome-ignore format: a row
}

const shown = (price: Money | null): string => (price === null ? 'none' : formatFixed(price, 2, 'half_even'));
const liquidation = (one: Case): string => shown(isolatedLiquidationPrice(terms(one)));

test('classic, linear: long 1 at 20,000, 50x, 0.5 %: margin 400 and 100, liquidated at 19,700 (help centre)', () => {
  const long: Case = { qty: '1', entry: '20000', leverage: '50', rule: 'classic' };
  const margin = positionMargin(terms(long), money('25000'));
  assert.equal(formatDecimal(margin.initial), '400', 'on entry, whatever the mark is');
  assert.equal(formatDecimal(margin.maintenance), '100');
  assert.equal(liquidation(long), '19700.00');
  assert.equal(liquidation({ ...long, extra: '3000' }), '16700.00');
  assert.equal(liquidation({ ...long, side: 'sell', extra: '3000' }), '23300.00', 'the mirror with 3,000 extra');
});

test('classic, inverse: 60,000 USD at 50,000, 10x, 0.5 %: long 45,662.10, short 55,248.62 (help centre)', () => {
  const long: Case = { kind: 'inverse', qty: '60000', entry: '50000', rule: 'classic' };
  const margin = positionMargin(terms(long), money('50000'));
  assert.equal(formatDecimal(margin.value), '1.2');
  assert.equal(formatDecimal(margin.initial), '0.12');
  assert.equal(formatDecimal(margin.maintenance), '0.006');
  assert.equal(liquidation(long), '45662.10');
  assert.equal(liquidation({ ...long, side: 'sell' }), '55248.62');
});

test('by mark, inverse: the same example 45,681.82 and 55,277.78 (help centre, 2026-05)', () => {
  const long: Case = { kind: 'inverse', qty: '60000', entry: '50000' };
  assert.equal(liquidation(long), '45681.82');
  assert.equal(liquidation({ ...long, side: 'sell' }), '55277.78');
  assert.equal(liquidation({ ...long, taker: '0.0006' }), '45681.82', 'the fee to close is reserved beside the margin');
});

test('by mark, inverse: extra margin and deduction stand where the article has them', () => {
  const tiers = withDeductions([
    { upTo: money('1'), rate: money('0.005'), maxLeverage: money('100') },
    { upTo: null, rate: money('0.01'), maxLeverage: money('50') },
  ]);
  const [fee, extra, deduction] = [0.0006, 0.05, 0.005];
  const one = { kind: 'inverse', qty: '60000', entry: '50000', taker: '0.0006', extra: '0.05' } as const;
  const long = isolatedLiquidationPrice({ ...terms(one), tiers });
  const short = isolatedLiquidationPrice({ ...terms({ ...one, side: 'sell' }), tiers });
  const near = (price: Money | null, expected: number) =>
    assert.ok(Math.abs(Number(price) / 1e18 - expected) < 1e-6, `${shown(price)} is not ${expected}`);
  near(long, (60000 * 1.01) / (1.2 * 1.1 + extra / (1 + fee) + deduction));
  near(short, (60000 * 0.99) / (1.2 * 0.9 - extra / (1 - fee) - deduction));
});

test('by mark, linear: maintenance counts at the liquidation price, not at entry', () => {
  const long: Case = { qty: '1', entry: '20000', leverage: '50' };
  assert.equal(liquidation(long), '19698.49', '19,600 ÷ 0.995');
  assert.equal(liquidation({ ...long, side: 'sell' }), '20298.51', '20,400 ÷ 1.005');
});

test('the fee to close is taken at the bankruptcy price: 13.5 long and 16.5 short (help centre)', () => {
  const long: Case = { qty: '0.5', entry: '50000', taker: '0.0006' };
  assert.equal(formatDecimal(feeToCloseOf(terms(long))), '13.5');
  assert.equal(formatDecimal(feeToCloseOf(terms({ ...long, side: 'sell' }))), '16.5');
  const margin = positionMargin(terms(long), money('50000'));
  assert.equal(formatDecimal(margin.initial), '2513.5');
  assert.equal(formatDecimal(margin.maintenance), '138.5');
  assert.equal(formatDecimal(positionMargin(terms(long), money('50100')).initial), '2518.5', 'by mark: 25,050 ÷ 10');
  assert.equal(formatDecimal(positionMargin(terms({ ...long, rule: 'classic' }), money('50100')).initial), '2500');
});

test('bankruptcy prices: entry × (1 ∓ 1/leverage), inverse entry × leverage ÷ (leverage ± 1)', () => {
  const price = (one: Case) => shown(bankruptcyPrice(terms(one)));
  assert.equal(price({ qty: '0.5', entry: '50000' }), '45000.00');
  assert.equal(price({ qty: '0.5', entry: '50000', side: 'sell' }), '55000.00');
  const inverse = { kind: 'inverse', qty: '5000000', entry: '7890.08', leverage: '50' } as const;
  assert.equal(price(inverse), '7735.37', 'help centre, ADL: 7,735.372549');
  assert.equal(price({ ...inverse, side: 'sell', leverage: '1' }), 'none', 'an inverse short at 1x cannot go bankrupt');
  assert.equal(price({ qty: '1', entry: '50000', leverage: '1' }), 'none');
});

test('break-even: one bought at 45,000 with 24.75 of fees paid needs 45,049.53 (V5 position page)', () => {
  const long = terms({ qty: '1', entry: '45000', taker: '0.0005' });
  assert.equal(shown(breakEvenPrice(long, money('-24.75'))), '45049.53');
  const short = terms({ qty: '1', entry: '45000', side: 'sell' });
  assert.equal(shown(breakEvenPrice(short, money('-24.75'))), '44950.53', '(45,000 − 24.75) ÷ 1.00055');
  const inverse = terms({ kind: 'inverse', qty: '60000', entry: '50000', taker: '0.001' });
  assert.equal(shown(breakEvenPrice(inverse, money('-0.0012'))), '50100.10', '60,060 ÷ 1.1988');
  assert.equal(breakEvenPrice({ ...long, ...FLAT_PART }, ZERO), null);
});

test('in cross mode the whole account stands behind a position', () => {
  const long = terms({ qty: '1', entry: '20000', leverage: '50' });
  assert.equal(shown(crossLiquidationPrice(long, money('400'))), '19698.49', 'as isolated, with as much');
  assert.equal(shown(crossLiquidationPrice(long, money('5000'))), '15075.38', '15,000 ÷ 0.995');
  assert.equal(crossLiquidationPrice(long, money('30000')), null, 'a long that is paid in full');
  const inverse = terms({ kind: 'inverse', qty: '10000', entry: '8000', rule: 'classic' });
  assert.equal(shown(crossLiquidationPrice(inverse, money('0.5'))), '5734.77', '10,000 ÷ (1.25 + 0.5 − 0.00625)');
  assert.equal(crossLiquidationPrice(terms({ kind: 'inverse', qty: '10000', entry: '8000', side: 'sell' }), money('2')), null); // biome-ignore format: one line
  assert.equal(crossLiquidationPrice({ ...long, ...FLAT_PART }, money('400')), null);
});

const LADDER = withDeductions([
  { upTo: money('20000'), rate: money('0.005'), maxLeverage: money('100') },
  { upTo: money('50000'), rate: money('0.01'), maxLeverage: money('50') },
  { upTo: money('200000'), rate: money('0.02'), maxLeverage: money('25') },
  { upTo: null, rate: money('0.05'), maxLeverage: money('10') },
]);
const COIN_LADDER = LADDER.map((tier) => ({
  ...tier,
  upTo: tier.upTo === null ? null : ((tier.upTo / 50_000n) as Money),
  deduction: (tier.deduction / 50_000n) as Money,
}));

const anyPosition = fc.record({
  kind: fc.constantFrom('linear' as const, 'inverse' as const),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  lots: fc.integer({ min: 1, max: 10_000 }),
  entry: fc.integer({ min: 100_000, max: 900_000 }),
  leverage: fc.integer({ min: 1, max: 20 }),
  extra: fc.integer({ min: 0, max: 300 }),
  rule: fc.constantFrom('classic' as const, 'mark' as const),
});

type Drawn = typeof anyPosition extends fc.Arbitrary<infer T> ? T : never;

function drawn({ kind, side, lots, entry, leverage, extra, rule }: Drawn): PositionTerms {
  const qty = kind === 'linear' ? `${lots / 1000}` : `${lots * 50}`;
  const base = terms({ kind, side, qty, entry: `${entry / 10}`, leverage: `${leverage}`, taker: '0.0006', rule });
  const more = (((base.cost < 0n ? -base.cost : base.cost) * BigInt(extra)) / 1000n) as Money;
  return { ...base, tiers: kind === 'linear' ? LADDER : COIN_LADDER, extra: more };
}

/** Margin and profit less maintenance margin at a price: what isolated liquidation compares. */
function spare(one: PositionTerms, price: Money): number {
  const margin = positionMargin(one, price);
  return Number(isolatedMargin(one) + margin.unrealised - margin.maintenance) / 1e18;
}

test('at the liquidation price margin equals maintenance, and one tick on the safe side it is more (property)', () => {
  fc.assert(
    fc.property(anyPosition, (raw) => {
      const one = drawn(raw);
      const price = isolatedLiquidationPrice(one);
      const long = one.size > 0n;
      const value = Math.abs(Number(one.cost)) / 1e18;
      if (price === null) {
        const extreme = money(long ? '0.00001' : '100000000');
        assert.ok(spare(one, extreme) > -value * 1e-6, 'no price liquidates it');
        return;
      }
      assert.ok(Math.abs(spare(one, price)) < value * 1e-6 + 1e-7, `${shown(price)}: ${spare(one, price)}`);
      const safe = (price + (price / 1000n) * (long ? 1n : -1n)) as Money;
      const lost = (price - (price / 1000n) * (long ? 1n : -1n)) as Money;
      assert.ok(spare(one, safe) > 0 && spare(one, lost) < 0, 'and only there it changes its sign');
    }),
    { numRuns: 500 },
  );
});

test('a position lost at its bankruptcy price loses exactly its isolated margin, fee to close included (property)', () => {
  fc.assert(
    fc.property(anyPosition, (raw) => {
      const one = { ...drawn(raw), rule: 'mark' as const };
      const price = bankruptcyPrice(one);
      if (price === null) return;
      const { unrealised, feeToClose } = positionMargin(one, price);
      const left = Number(isolatedMargin(one) + unrealised - feeToClose) / 1e18;
      assert.ok(Math.abs(left) < Math.abs(Number(one.cost)) * 1e-24 + 2e-7, `${left} is left`);
    }),
  );
});

test('in cross mode, margin and room equal maintenance at the liquidation price; more room takes it away (property)', () => {
  fc.assert(
    fc.property(anyPosition, fc.integer({ min: 10, max: 900 }), (raw, part) => {
      const one = { ...drawn(raw), extra: ZERO };
      const room = (((one.cost < 0n ? -one.cost : one.cost) * BigInt(part)) / 1000n) as Money;
      const price = crossLiquidationPrice(one, room);
      if (price === null) return;
      const margin = positionMargin(one, price);
      const apart = Number(room + margin.unrealised - margin.maintenance) / 1e18;
      assert.ok(Math.abs(apart) < (Math.abs(Number(one.cost)) / 1e18) * 1e-6 + 1e-7, `${apart} apart`);
      const further = crossLiquidationPrice(one, (room + room / 100n) as Money);
      if (further !== null) assert.ok(one.size > 0n ? further < price : further > price);
    }),
  );
});
