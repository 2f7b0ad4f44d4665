import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import { FLAT_PART, feeOn, moveContract, tradeOf, tradeValue } from './contract.ts';
import { legPrices, legSides, type SpreadLeg } from './spread.ts';

const leg = (mark: string, tick = '0.1', lowest = '1', highest = '1000000'): SpreadLeg => ({
  mark: money(mark),
  tick: money(tick),
  lowest: money(lowest),
  highest: money(highest),
});
const prices = (price: string, far: SpreadLeg, near: SpreadLeg): string => {
  const found = legPrices(money(price), far, near);
  return found === null ? 'none' : `${formatDecimal(found.far)} ${formatDecimal(found.near)}`;
};

test('both legs give way equally, and lie exactly the price of the combo apart', () => {
  assert.equal(prices('1200', leg('61200'), leg('60000')), '61200 60000', 'at the marks');
  assert.equal(prices('1000', leg('61200'), leg('60000')), '61100 60100');
  assert.equal(prices('-100', leg('60000'), leg('60000')), '59950 60050', 'a combo may cost less than nothing');
  assert.equal(prices('0', leg('60000'), leg('60010')), '60005 60005');
});

test('the coarser tick decides, the finer follows', () => {
  assert.equal(prices('21', leg('124.1', '0.01'), leg('103.15', '0.1')), '124.1 103.1', '103.125 to the tick');
  assert.equal(prices('21.05', leg('124.1', '0.1'), leg('103.15', '0.01')), '124.2 103.15', '124.15 to the even tick');
});

test('legs move together into their price ranges; where none fits the combo cannot trade', () => {
  assert.equal(prices('1000', leg('61200'), leg('60000', '0.1', '1', '60050')), '61050 60050');
  assert.equal(prices('1000', leg('61200', '0.1', '61150'), leg('60000')), '61150 60150');
  assert.equal(prices('1000', leg('61200', '0.1', '61150'), leg('60000', '0.1', '1', '60050')), 'none');
});

test('ticks that do not fit are refused', () => {
  assert.throws(() => prices('1', leg('10', '0.3'), leg('10', '0.2')), RangeError);
  assert.throws(() => prices('1.05', leg('10'), leg('10')), RangeError);
});

test('calendar of the execution notes: in at 1,200, out at 900: +300 less 134.255 of fees', () => {
  const life: readonly (readonly [Side, string, string, string])[] = [
    ['sell', '1200', '61200', '60000'],
    ['buy', '900', '61900', '61000'],
  ];
  const held = { far: FLAT_PART, near: FLAT_PART };
  let [earned, fees] = [0n, 0n];
  for (const [side, price, farMark, nearMark] of life) {
    const at = legPrices(money(price), leg(farMark), leg(nearMark))!;
    for (const name of ['far', 'near'] as const) {
      const value = tradeValue('linear', money('1'), at[name]);
      const moved = moveContract(held[name], tradeOf('linear', legSides(side)[name], money('1'), value));
      held[name] = moved;
      earned += moved.realised;
      fees += feeOn(value, money('0.00055'));
    }
  }
  assert.equal(formatDecimal(earned as Money), '300');
  assert.equal(formatDecimal(fees as Money), '134.255');
  assert.equal(held.far.size | held.near.size, 0n);
});

test('leg prices differ by the combo price, on their ticks and inside their ranges, as near the marks as can be (property)', () => {
  const drawn = fc.record({
    far: fc.integer({ min: 30_000, max: 100_000 }),
    near: fc.integer({ min: 30_000, max: 100_000 }),
    price: fc.integer({ min: -20_000, max: 20_000 }),
    band: fc.integer({ min: 0, max: 20_000 }),
    coarse: fc.constantFrom('far' as const, 'near' as const, null),
  });
  fc.assert(
    fc.property(drawn, ({ far, near, price, band, coarse }) => {
      const cents = (count: number) => (BigInt(count) * money('0.01')) as Money;
      const tickOf = (name: 'far' | 'near') => (coarse === name ? money('0.5') : money('0.01'));
      const one = (mark: number, name: 'far' | 'near'): SpreadLeg => ({
        mark: cents(mark), tick: tickOf(name), lowest: cents(mark - band), highest: cents(mark + band),
      }); // biome-ignore format: a row
      const legs = { far: one(far, 'far'), near: one(near, 'near') };
      const found = legPrices(cents(price), legs.far, legs.near);
      const gap = Math.abs(far - near - price);
      if (found === null) return assert.ok(gap > 2 * band - 100, 'there was room for it');
      assert.equal(found.far - found.near, cents(price));
      for (const name of ['far', 'near'] as const) {
        assert.equal(found[name] % legs[name].tick, 0n);
        assert.ok(found[name] >= legs[name].lowest && found[name] <= legs[name].highest);
        const off = found[name] - legs[name].mark;
        assert.ok((off < 0n ? -off : off) <= cents(Math.ceil(gap / 2) + 100), 'no leg bears more than its half');
      }
    }),
  );
});
