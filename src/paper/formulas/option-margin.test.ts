import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import {
  DEFAULT_OPTION_FACTORS,
  deliveryAmount,
  deliveryFee,
  intrinsic,
  markOnTick,
  type OptionContract,
  optionFee,
  optionLiquidationFee,
  optionMargin,
  optionOrderMargin,
  optionValue,
  outOfTheMoney,
} from './option-margin.ts';

const call = (strike: string): OptionContract => ({ type: 'call', strike: money(strike) });
const put = (strike: string): OptionContract => ({ type: 'put', strike: money(strike) });
const prices = (index: string, mark: string) => ({ index: money(index), mark: money(mark) });
const held = (size: string, price: string) => ({ size: money(size), price: money(price) });
const shown = (amount: Money) => formatDecimal(amount);
const OLD = { ...DEFAULT_OPTION_FACTORS, feeCap: money('0.125') };

test('short 1 at index 30,000, mark 300: maintenance 1,260; a 31,000 call sold at 320 needs 3,820 (help centre)', () => {
  const margin = optionMargin(DEFAULT_OPTION_FACTORS, call('31000'), prices('30000', '300'), held('-1', '320'));
  assert.equal(shown(margin.maintenance), '1260');
  assert.equal(shown(margin.initial), '3820', 'max(4,500 − 1,000, 3,000) + 320');
});

test('deep out of the money the floor counts, in the money there is no discount, and margin is never below MM', () => {
  const initial = (contract: OptionContract, size = '-1', mark = '300', price = '300') =>
    shown(optionMargin(DEFAULT_OPTION_FACTORS, contract, prices('30000', mark), held(size, price)).initial);
  assert.equal(initial(call('40000')), '3300', '10 % of the index and the mark');
  assert.equal(initial(put('31000')), '4800', 'a put above the index is in the money');
  assert.equal(initial(put('28000')), '3300', '4,500 − 2,000 is below 3,000');
  assert.equal(initial(call('31000'), '-0.5'), '1900');
  const steep = { ...DEFAULT_OPTION_FACTORS, minInitial: money('0.01'), maintenance: money('0.2') };
  const margin = optionMargin(steep, call('40000'), prices('30000', '300'), held('-1', '300'));
  assert.equal(shown(margin.initial), shown(margin.maintenance));
});

test('a mark above the index counts for maintenance: a put that is worth more than the coin', () => {
  const margin = optionMargin(DEFAULT_OPTION_FACTORS, put('80000'), prices('30000', '50000'), held('-1', '50000'));
  assert.equal(shown(margin.maintenance), '51560', '1,500 + 50,000 + 60');
});

test('long options need no margin', () => {
  const margin = optionMargin(DEFAULT_OPTION_FACTORS, call('31000'), prices('30000', '300'), held('2', '320'));
  assert.deepEqual([margin.initial, margin.maintenance], [0n, 0n]);
});

test('fees: 2.52 today, 3.78 by the older table, 1.05 where the cap binds (help centre)', () => {
  const index = money('42000');
  const fill = { qty: money('0.3'), price: money('3000') };
  assert.equal(shown(optionFee(DEFAULT_OPTION_FACTORS, money('0.0002'), index, fill)), '2.52');
  assert.equal(shown(optionFee(OLD, money('0.0003'), index, fill)), '3.78');
  const cheap = { qty: money('0.3'), price: money('50') };
  assert.equal(shown(optionFee(DEFAULT_OPTION_FACTORS, money('0.0002'), index, cheap)), '1.05');
  assert.equal(shown(optionFee(DEFAULT_OPTION_FACTORS, money('-0.0001'), index, fill)), '-1.26', 'a rebate');
});

test('a buy order holds premium and fee: 1,053.78 for 0.3 at 3,500 (help centre)', () => {
  const buy = { side: 'buy' as const, leaves: money('0.3'), price: money('3500'), rate: money('0.0003'), closable: money('0') }; // biome-ignore format: one line
  assert.equal(shown(optionOrderMargin(OLD, call('48000'), prices('42000', '3400'), buy)), '1053.78');
});

test('a sell order holds the margin of the short plus fee less premium; what closes a long holds nothing', () => {
  const sell = (leaves: string, closable: string) =>
    optionOrderMargin(DEFAULT_OPTION_FACTORS, call('31000'), prices('30000', '300'), {
      side: 'sell', leaves: money(leaves), price: money('320'), rate: money('0.0003'), closable: money(closable),
    }); // biome-ignore format: an order
  assert.equal(shown(sell('1', '0')), '3509', '3,820 + 9 − 320');
  assert.equal(shown(sell('1', '1')), '0');
  assert.equal(shown(sell('2', '1')), '3509');
  assert.equal(shown(sell('1', '-5')), '3509', 'a short is not closed by a sell');
});

test('a position that is taken over pays 0.2 % of the index', () => {
  assert.equal(shown(optionLiquidationFee(DEFAULT_OPTION_FACTORS, money('30000'), money('-0.5'))), '30');
});

test('delivery pays the difference, and 2.07 of fee on both sides (help centre: 0.3 at 46,000, strike 45,000)', () => {
  const expiry = { index: money('46000'), deliveryPrice: money('46050'), daily: false };
  assert.equal(shown(deliveryAmount(call('45000'), expiry.deliveryPrice, money('0.3'))), '315');
  assert.equal(shown(deliveryAmount(call('45000'), expiry.deliveryPrice, money('-0.3'))), '-315');
  assert.equal(shown(deliveryFee(DEFAULT_OPTION_FACTORS, call('45000'), expiry, money('0.3'))), '2.07');
  assert.equal(shown(deliveryFee(DEFAULT_OPTION_FACTORS, call('45000'), expiry, money('-0.3'))), '2.07');
  assert.equal(shown(deliveryFee(DEFAULT_OPTION_FACTORS, call('46040'), expiry, money('1'))), '1.25', 'capped');
  assert.equal(shown(deliveryFee(DEFAULT_OPTION_FACTORS, put('45000'), expiry, money('1'))), '0', 'worthless');
  assert.equal(shown(deliveryFee(DEFAULT_OPTION_FACTORS, call('45000'), { ...expiry, daily: true }, money('1'))), '0');
});

test("Bybit's delivery sample: 0.01 of a 16,000 put that expired worthless pays nothing, a call would 5.4186369547", () => {
  const price = money('16541.86369547');
  assert.equal(shown(deliveryAmount(put('16000'), price, money('0.01'))), '0');
  assert.equal(shown(deliveryAmount(call('16000'), price, money('0.01'))), '5.41863695', 'the receiver gets less');
  assert.equal(shown(deliveryAmount(call('16000'), price, money('-0.01'))), '-5.41863696', 'the payer pays more');
});

test('strategies of the execution notes at expiry: butterfly and straddle', () => {
  const at = (price: string, legs: readonly (readonly [OptionContract, string])[], premium: string) =>
    shown((legs.reduce((sum, [leg, size]) => sum + deliveryAmount(leg, money(price), money(size)), 0n) - money(premium)) as Money); // biome-ignore format: one sum
  const butterfly = [[call('55000'), '1'], [call('60000'), '-2'], [call('65000'), '1']] as const; // biome-ignore format: a row
  const shownAt = (price: string) => at(price, butterfly, '1500');
  assert.deepEqual(['50000', '55000', '56500', '60000', '63500', '65000', '70000'].map(shownAt), [
    '-1500',
    '-1500',
    '0',
    '3500',
    '0',
    '-1500',
    '-1500',
  ]);
  const straddle = [[call('60000'), '1'], [put('60000'), '1']] as const; // biome-ignore format: a row
  assert.deepEqual(
    ['50000', '51800', '60000', '68200', '72000'].map((price) => at(price, straddle, '8200')),
    ['1800', '0', '-8200', '0', '3800'],
  );
});

test('marks lie on the tick, at least one tick above zero', () => {
  const mark = (price: string) => shown(markOnTick(money(price), money('5')));
  assert.deepEqual(['12.4', '12.5', '17.5', '12.6', '0.00000009', '0'].map(mark), ['10', '10', '20', '15', '5', '5']);
});

test('value is an asset of the long and a debt of the short', () => {
  assert.equal(shown(optionValue(money('0.3'), money('3100'))), '930');
  assert.equal(shown(optionValue(money('-0.3'), money('3100'))), '-930');
});

const anyOption = fc.record({
  type: fc.constantFrom('call' as const, 'put' as const),
  strike: fc.integer({ min: 1000, max: 200_000 }),
  index: fc.integer({ min: 1000, max: 200_000 }),
  mark: fc.integer({ min: 5, max: 100_000 }),
  lots: fc.integer({ min: 1, max: 10_000 }),
});

test('margin of shorts is at least mark value, grows with the mark, and delivery never leaves a debt to pay (property)', () => {
  fc.assert(
    fc.property(anyOption, fc.integer({ min: 0, max: 5000 }), ({ type, strike, index, mark, lots }, more) => {
      const contract = { type, strike: money(`${strike}`) };
      const size = -(BigInt(lots) * money('0.01')) as Money;
      const at = (price: number) =>
        optionMargin(DEFAULT_OPTION_FACTORS, contract, prices(`${index}`, `${price}`), { size, price: money(`${mark}`) }); // biome-ignore format: one call
      assert.ok(at(mark).initial >= at(mark).maintenance);
      assert.ok(at(mark).maintenance >= -optionValue(size, money(`${mark}`)));
      assert.ok(at(mark + more).maintenance >= at(mark).maintenance && at(mark + more).initial >= at(mark).initial);
      const settled = money(`${index}.12345678`);
      const residue = deliveryAmount(contract, settled, size) + deliveryAmount(contract, settled, -size as Money);
      assert.ok(residue <= 0n && residue > -2n * money('0.00000001'), 'what is left is the exchange’s');
      const moneyness = outOfTheMoney(contract, settled) * intrinsic(contract, settled);
      assert.equal(moneyness, 0n, 'an option is in or out of the money, never both');
    }),
  );
});
