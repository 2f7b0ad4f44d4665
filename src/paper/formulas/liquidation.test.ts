import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, money, ZERO } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import { type ContractKind, FLAT_PART, moveContract, signedValue, tradeOf, tradeValue } from './contract.ts';
import {
  crossTakeoverPrice,
  isIsolatedExhausted,
  isolatedTakeoverPrice,
  liquidationStep,
  type RiskAccount,
  type RiskPosition,
  shareOf,
  takeoverFee,
} from './liquidation.ts';
import { isolatedLiquidationPrice, isolatedMargin, type PositionTerms } from './position.ts';
import { withDeductions } from './tiers.ts';

const TIERS = withDeductions([
  { upTo: money('100000'), rate: money('0.005'), maxLeverage: money('100') },
  { upTo: money('500000'), rate: money('0.01'), maxLeverage: money('50') },
  { upTo: null, rate: money('0.02'), maxLeverage: money('25') },
]);
const GRID = { tick: money('0.5'), lowest: money('0.5'), highest: money('999999') };

const risk = (fields: Partial<RiskPosition> = {}): RiskPosition => ({
  kind: 'linear', size: money('1'), mark: money('50000'), maintenance: money('250'), tiers: TIERS, step: money('0.001'),
  ...fields,
}); // biome-ignore format: a row
const step = (fields: Partial<RiskAccount>) =>
  liquidationStep({ exhausted: true, hasOrders: false, canRepay: false, positions: [], ...fields });
const shown = (one: ReturnType<typeof step>): string =>
  `${one.type}${'index' in one ? ` ${one.index}` : ''}${'qty' in one ? ` ${formatDecimal(one.qty)}` : ''}`;

test('nothing happens to an account that has margin left; then orders go, debts are paid, positions go', () => {
  const positions = [risk()];
  assert.equal(shown(step({ exhausted: false, hasOrders: true, positions })), 'none');
  assert.equal(shown(step({ hasOrders: true, canRepay: true, positions })), 'cancel_orders');
  assert.equal(shown(step({ canRepay: true, positions })), 'repay');
  assert.equal(shown(step({ positions })), 'take_over 0');
  assert.equal(shown(step({ positions: [risk({ size: ZERO })] })), 'none');
});

test('the largest maintenance margin goes first, futures before short options, long options never', () => {
  const option = (size: string, maintenance: string) =>
    risk({ kind: 'premium', size: money(size), maintenance: money(maintenance) });
  const small = risk({ maintenance: money('10') });
  assert.equal(shown(step({ positions: [small, risk(), option('-1', '9000')] })), 'take_over 1');
  assert.equal(shown(step({ positions: [option('5', '0'), option('-1', '20'), option('-1', '30')] })), 'take_over 2');
  assert.equal(shown(step({ positions: [option('5', '0')] })), 'none');
  assert.equal(shown(step({ positions: [risk(), risk()] })), 'take_over 0', 'among equals the first');
});

test('above the lowest risk tier only what brings the position one tier down goes', () => {
  assert.equal(shown(step({ positions: [risk({ size: money('12') })] })), 'reduce 0 2', '600,000 to 500,000');
  assert.equal(shown(step({ positions: [risk({ size: money('-10') })] })), 'reduce 0 8', '500,000 to 100,000');
  assert.equal(shown(step({ positions: [risk({ size: money('2') })] })), 'take_over 0');
  const odd = risk({ size: money('2.003'), mark: money('50001') });
  assert.equal(shown(step({ positions: [odd] })), 'reduce 0 0.004', 'in whole steps, enough of them');
  const coin = TIERS.map((tier) => ({ ...tier, upTo: tier.upTo === null ? null : ((tier.upTo / 50_000n) as Money) }));
  const inverse = risk({ kind: 'inverse', size: money('150000'), tiers: coin, step: money('1') });
  assert.equal(shown(step({ positions: [inverse] })), 'reduce 0 50000', '3 BTC to 2 BTC');
});

const position = (fields: Partial<PositionTerms> & { side: Side; qty: string; entry: string }): PositionTerms => {
  const { side, qty, entry, kind = 'linear', ...more } = fields;
  const value = tradeValue(kind, money(qty), money(entry));
  const { size, cost } = moveContract(FLAT_PART, tradeOf(kind, side, money(qty), value));
  return {
    kind, size, cost, leverage: money('10'), tiers: TIERS, taker: money('0.0006'), rule: 'mark', extra: ZERO, ...more,
  }; // biome-ignore format: a row
};

test("an isolated position is taken over at its bankruptcy price on the tick: 7,735.50 of the help centre's example", () => {
  const long = position({ side: 'buy', kind: 'inverse', qty: '5000', entry: '7890.08', leverage: money('50') });
  assert.equal(
    formatDecimal(isolatedTakeoverPrice(long, GRID)),
    '7735.5',
    '7,735.372549 up: the account loses no more',
  );
  const short = position({ side: 'sell', qty: '0.5', entry: '50000' });
  assert.equal(formatDecimal(isolatedTakeoverPrice(short, GRID)), '55000');
  const safe = position({ side: 'sell', kind: 'inverse', qty: '5000', entry: '50000', leverage: money('1') });
  assert.equal(formatDecimal(isolatedTakeoverPrice(safe, GRID)), '999999', 'no price ruins it');
});

test('an isolated position is exhausted from its liquidation price on, and not a tick before', () => {
  for (const side of ['buy', 'sell'] as const) {
    const terms = position({ side, qty: '1', entry: '20000', leverage: money('50'), taker: ZERO });
    const price = isolatedLiquidationPrice(terms) as Money;
    const further = side === 'buy' ? money('0.0001') : -money('0.0001');
    assert.equal(isIsolatedExhausted(terms, (price + further) as Money), false);
    assert.equal(isIsolatedExhausted(terms, (price - further) as Money), true);
  }
  assert.equal(isIsolatedExhausted({ ...position({ side: 'buy', qty: '1', entry: '1' }), ...FLAT_PART }, money('1')), false); // biome-ignore format: one line
});

test('a cross position may lose its share by maintenance margin, the fee to close included', () => {
  const share = shareOf(money('900'), money('250'), money('750'));
  assert.equal(formatDecimal(share), '300');
  const mark = money('50000');
  const price = (size: string, taker: string) =>
    formatDecimal(crossTakeoverPrice({ kind: 'linear', size: money(size), mark, taker: money(taker) }, share, GRID));
  assert.equal(price('1', '0'), '49700');
  assert.equal(price('-1', '0'), '50300');
  assert.equal(price('1', '0.0006'), '49730', '49,700 ÷ 0.9994 = 49,729.84');
  assert.equal(price('-1', '0.0006'), '50269.5', '50,300 ÷ 1.0006 = 50,269.84');
  const gone = shareOf(money('-300'), money('250'), money('750'));
  assert.equal(formatDecimal(crossTakeoverPrice({ kind: 'linear', size: money('1'), mark, taker: ZERO }, gone, GRID)), '50100', 'better than the mark: the fund pays what the account cannot'); // biome-ignore format: one line
  assert.equal(shareOf(money('300'), ZERO, ZERO), 0n);
});

const anyKind = fc.constantFrom<ContractKind>('linear', 'inverse');
const anyBook = fc.array(
  fc.record({
    buy: fc.boolean(),
    lots: fc.integer({ min: 1, max: 5000 }),
    entry: fc.integer({ min: 50_000, max: 150_000 }),
    mark: fc.integer({ min: 50_000, max: 150_000 }),
  }),
  { minLength: 1, maxLength: 6 },
);

test('an account whose positions are all taken over ends with nothing, never less, and nothing is made or lost (property)', () => {
  fc.assert(
    fc.property(anyKind, anyBook, fc.integer({ min: 0, max: 50 }), (kind, rows, permille) => {
      const taker = money('0.0006');
      const ticks = (count: number) => (BigInt(count) * money('0.5')) as Money;
      const books = rows.map((row) => {
        const qty = (BigInt(row.lots) * (kind === 'linear' ? money('0.001') : money('7'))) as Money;
        const half = tradeOf(kind, row.buy ? 'buy' : 'sell', qty, tradeValue(kind, qty, ticks(row.entry)));
        return { ...row, qty, part: moveContract(FLAT_PART, half), mark: ticks(row.mark) };
      });
      const profit = books.reduce((sum, { part, mark }) => sum + signedValue(kind, part.size, mark) - part.cost, 0n);
      const exposed = books.reduce((sum, { qty, mark }) => sum + tradeValue(kind, qty, mark), 0n);
      const base = ((exposed * BigInt(permille)) / 1000n) as Money; // margin balance when liquidation begins
      let wallet = base - profit;
      const before = wallet;
      let [fund, fees, short] = [0n, 0n, 0n];
      for (const { part, mark, qty } of books) {
        const share = shareOf(base, tradeValue(kind, qty, mark), exposed as Money);
        const price = crossTakeoverPrice({ kind, size: part.size, mark, taker }, share, GRID);
        const value = tradeValue(kind, qty, price);
        const closing = tradeOf(kind, part.size > 0n ? 'sell' : 'buy', qty, value);
        const after = moveContract(part, closing);
        const fromMark = after.realised - (signedValue(kind, part.size, mark) - part.cost);
        const fee = takeoverFee(value, taker, (share + fromMark) as Money);
        assert.equal(after.size, 0n);
        wallet += after.realised - fee;
        fees += fee;
        fund += moveContract(FLAT_PART, { size: -closing.size as Money, paid: -closing.paid as Money }).cost;
        short += (value * money('0.5')) / price + 3n * money('0.00000001');
      }
      assert.ok(wallet >= 0n, `${formatDecimal(wallet as Money)} is left`);
      assert.ok(wallet <= short, 'and no more than rounding to the tick');
      assert.equal(wallet + fees - fund, before - books.reduce((sum, { part }) => sum + part.cost, 0n));
    }),
  );
});

test('an isolated takeover never costs more than the margin of the position (property)', () => {
  const drawn = fc.record({
    kind: fc.constantFrom('linear' as const, 'inverse' as const),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    lots: fc.integer({ min: 1, max: 100_000 }),
    entry: fc.integer({ min: 10_000, max: 200_000 }),
    leverage: fc.integer({ min: 1, max: 100 }),
    extra: fc.integer({ min: 0, max: 100_000 }),
    rule: fc.constantFrom('classic' as const, 'mark' as const),
  });
  fc.assert(
    fc.property(drawn, ({ kind, side, lots, entry, leverage, extra, rule }) => {
      const qty = kind === 'linear' ? `${lots / 1000}` : `${lots}`;
      const terms = position({
        kind, side, qty, entry: `${entry / 2}`, leverage: money(`${leverage}`), rule,
        extra: (BigInt(extra) * (kind === 'linear' ? money('0.01') : money('0.0000001'))) as Money,
      }); // biome-ignore format: a row
      const price = isolatedTakeoverPrice(terms, GRID);
      const value = tradeValue(kind, money(qty), price);
      const { realised } = moveContract(terms, tradeOf(kind, side === 'buy' ? 'sell' : 'buy', money(qty), value));
      const margin = isolatedMargin(terms);
      const fee = takeoverFee(value, terms.taker, (margin + realised) as Money);
      assert.ok(margin + realised - fee >= 0n, `${formatDecimal((margin + realised) as Money)} before fees`);
    }),
    { numRuns: 500 },
  );
});
