import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { unwrap } from '../../domain/result.ts';
import { listInstrument, riskTiers } from '../config/listings.ts';
import { DEFAULT_INSTRUMENTS } from '../config/catalogue.ts';
import { flatPosition, type PositionFacts } from '../state/state.ts';
import { liquidationPrice, type MarginOrder, perpetualMargin } from './margin.ts';

const PERP = unwrap(listInstrument(DEFAULT_INSTRUMENTS.find((one) => one.category === 'linear') as never));
const NO_FEE = money('0');
const TAKER = money('0.0006');

const FLAT = flatPosition(PERP.id, 0);
const position = (size: string, cost: string, leverage = '10'): PositionFacts => ({
  ...FLAT,
  size: money(size),
  cost: money(cost),
  leverage: money(leverage),
});
const order = (side: 'buy' | 'sell', leaves: string, price: string): MarginOrder => ({
  side,
  leaves: money(leaves),
  price: money(price),
});

test("a position's margin is its value at mark over its leverage plus the fee to close (help centre example)", () => {
  const margin = perpetualMargin(PERP, position('0.5', '25000'), [], money('50000'), TAKER);
  assert.equal(formatDecimal(margin.positionMargin), '2513.5', '0.5 BTC at 50,000, 10x, 0.06 %: fee to close 13.5');
  assert.equal(formatDecimal(margin.maintenance), '138.5', '0.5 % of 25,000, and the same fee');
  const short = perpetualMargin(PERP, position('-0.5', '-25000'), [], money('50000'), TAKER);
  assert.equal(formatDecimal(short.positionMargin), '2516.5', 'the fee to close a short is 16.5');
});

test('unrealised profit follows the mark on both sides', () => {
  assert.equal(
    formatDecimal(perpetualMargin(PERP, position('0.5', '25000'), [], money('50100'), TAKER).unrealised),
    '50',
  );
  assert.equal(
    formatDecimal(perpetualMargin(PERP, position('-0.5', '-25000'), [], money('50100'), TAKER).unrealised),
    '-50',
  );
});

test('maintenance margin grows by tiers without a jump (help centre table XYZUSDT)', () => {
  const rows = [
    ['1000', '0.02'], ['2000', '0.025'], ['3000', '0.03'], ['4000', '0.035'], [null, '0.04'],
  ] as const; // biome-ignore format: a table
  const tiers = riskTiers(rows.map(([upTo, maintenanceRate]) => ({ upTo, maintenanceRate, maxLeverage: '10' })));
  assert.deepEqual(
    tiers.map((tier) => formatDecimal(tier.deduction)),
    ['0', '5', '15', '30', '50'],
  );
  const instrument = { ...PERP, tiers };
  const margin = perpetualMargin(instrument, position('1', '3500'), [], money('3500'), NO_FEE);
  assert.equal(formatDecimal(margin.maintenance), '92.5');
});

test('BTCUSDT of 2.6 million needs 13,360 of maintenance', () => {
  const margin = perpetualMargin(PERP, position('26', '2600000'), [], money('100000'), NO_FEE);
  assert.equal(formatDecimal(margin.maintenance), '13360');
});

test('orders tie up what they would open: the larger side, less what closes the position, plus both fees', () => {
  const mark = money('50000');
  const buy = perpetualMargin(PERP, position('0', '0'), [order('buy', '1', '50000')], mark, TAKER).orderMargin;
  assert.equal(formatDecimal(buy), '5057', '5,000 of margin, 30 to open, 27 to close at 45,000');
  const both = perpetualMargin(
    PERP,
    position('0', '0'),
    [order('buy', '1', '50000'), order('sell', '1', '50000')],
    mark,
    TAKER,
  );
  assert.equal(formatDecimal(both.orderMargin), '5063', 'the sell side counts: its fee to close is at 55,000');
  const closing = perpetualMargin(PERP, position('1', '50000'), [order('sell', '1', '50000')], mark, TAKER);
  assert.equal(formatDecimal(closing.orderMargin), '0');
  const flipping = perpetualMargin(PERP, position('1', '50000'), [order('sell', '2', '50000')], mark, TAKER);
  assert.equal(formatDecimal(flipping.orderMargin), '5063', 'only one of two opens');
});

test('an order that would lose at once against the mark ties up the loss as well', () => {
  const margin = perpetualMargin(PERP, position('0', '0'), [order('buy', '1', '50500')], money('50000'), NO_FEE);
  assert.equal(formatDecimal(margin.orderMargin), '5550');
});

test('at the liquidation price the margin balance equals the maintenance margin', () => {
  for (const [size, cost] of [
    ['1', '20000'],
    ['-1', '-20000'],
  ] as const) {
    const facts = position(size, cost, '50');
    const balance = money('400');
    const price = liquidationPrice(PERP, facts, balance, NO_FEE);
    assert.ok(price !== null);
    const margin = perpetualMargin(PERP, facts, [], price, NO_FEE);
    const apart = Number(balance + margin.unrealised - margin.maintenance) / 1e18;
    assert.ok(Math.abs(apart) < 0.11, `${formatDecimal(price)}: ${apart} apart, a tick is 0.1`);
  }
  assert.equal(
    formatDecimal(liquidationPrice(PERP, position('1', '20000', '50'), money('400'), NO_FEE) as never),
    '19698.5',
  );
  assert.equal(
    liquidationPrice(PERP, position('1', '20000'), money('30000'), NO_FEE),
    null,
    'a long that is paid in full',
  );
  assert.equal(liquidationPrice(PERP, FLAT, money('400'), NO_FEE), null);
});
