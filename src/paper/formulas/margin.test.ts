import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, money, ZERO } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import type { ContractKind } from './contract.ts';
import {
  hedgeOrderMargin,
  heldForOrders,
  largestValue,
  type MarginOrder,
  NO_ORDERS,
  oneWayOrderMargin,
  orderCost,
  orderLoss,
  orderRate,
  sideOrderMargin,
  sumOrders,
} from './margin.ts';

const order = (side: Side, leaves: string, price: string): MarginOrder => ({
  side,
  leaves: money(leaves),
  price: money(price),
});
const terms = (kind: ContractKind, leverage = '10', taker = '0.0006') => ({
  kind,
  leverage: money(leverage),
  taker: money(taker),
});
const LINEAR = terms('linear');
const MARK = money('50000');

const oneWay = (size: string, ...orders: MarginOrder[]): string => {
  const [buys, sells] = (['buy', 'sell'] as const).map((side) => sumOrders('linear', orders, side, MARK));
  return formatDecimal(heldForOrders(oneWayOrderMargin(LINEAR, money(size), buys!, sells!), 'cross'));
};

test('a buy of 1 at 50,000, 10x, 0.06 % costs 5,057; a sell 5,063 (help centre, "Order Cost")', () => {
  assert.equal(formatDecimal(orderCost(LINEAR, order('buy', '1', '50000'), MARK).initial), '5057');
  assert.equal(formatDecimal(orderCost(LINEAR, order('sell', '1', '50000'), MARK).initial), '5063');
});

test('inverse: value in coin, and the fees to close change places', () => {
  const inverse = terms('inverse');
  const buy = orderCost(inverse, order('buy', '60000', '50000'), MARK).initial;
  assert.equal(formatDecimal(buy), '0.121512', '0.12 + 0.00072 + 0.000792 at 1.32 BTC');
  assert.equal(formatDecimal(orderCost(inverse, order('sell', '60000', '50000'), MARK).initial), '0.121368');
});

test('one-way: the larger side counts, less what closes the position', () => {
  const [buy, sell] = [order('buy', '1', '50000'), order('sell', '1', '50000')];
  assert.equal(oneWay('0', buy), '5057');
  assert.equal(oneWay('0', buy, sell), '5063', 'the sell side counts: its fee to close is at 55,000');
  assert.equal(oneWay('1', sell), '0', 'closing needs nothing');
  assert.equal(oneWay('1', order('sell', '2', '50000')), '5063', 'only one of two opens');
  assert.equal(oneWay('-1', buy, sell), '5063');
  assert.equal(oneWay('-0.25', buy), '3792.75', 'three quarters of 5,057');
});

test('hedge mode: both sides count, each with its own leverage', () => {
  const buys = sumOrders('linear', [order('buy', '1', '50000')], 'buy', MARK);
  const sells = sumOrders('linear', [order('sell', '1', '50000')], 'sell', MARK);
  const both = hedgeOrderMargin({ terms: LINEAR, buys }, { terms: LINEAR, sells });
  assert.equal(formatDecimal(both.initial), '10120');
  const lower = hedgeOrderMargin({ terms: LINEAR, buys }, { terms: terms('linear', '5'), sells });
  assert.equal(formatDecimal(lower.initial), '15123', '5,057 and 10,000 + 30 + 36');
  assert.equal(formatDecimal(hedgeOrderMargin({ terms: LINEAR, buys: NO_ORDERS }, { terms: LINEAR, sells }).initial), '5063'); // biome-ignore format: one line
});

test('an order that would lose at once against the mark ties up the loss in cross mode only', () => {
  const margin = orderCost(terms('linear', '10', '0'), order('buy', '1', '50500'), MARK);
  assert.equal(formatDecimal(heldForOrders(margin, 'cross')), '5550');
  assert.equal(formatDecimal(heldForOrders(margin, 'isolated')), '5050');
  assert.equal(formatDecimal(orderLoss('linear', order('sell', '2', '49900'), MARK)), '200');
  assert.equal(formatDecimal(orderLoss('linear', order('sell', '2', '50100'), MARK)), '0');
  assert.equal(formatDecimal(orderLoss('inverse', order('buy', '60000', '60000'), MARK)), '0.2', '1.2 − 1 BTC');
  assert.equal(formatDecimal(orderLoss('inverse', order('sell', '60000', '40000'), MARK)), '0.3', '1.5 − 1.2 BTC');
});

test('the largest position that orders could make is compared with the risk limit', () => {
  const buys = sumOrders('linear', [order('buy', '1', '49000')], 'buy', MARK);
  const sells = sumOrders('linear', [order('sell', '3', '51000')], 'sell', MARK);
  const largest = (size: string) => formatDecimal(largestValue('linear', money(size), buys, sells, MARK));
  assert.equal(largest('0'), '150000');
  assert.equal(largest('2'), '150000', 'long 3 rather than short 1');
  assert.equal(largest('0.5'), '125000');
});

const drawn = fc.record({
  kind: fc.constantFrom('linear' as const, 'inverse' as const),
  leverage: fc.integer({ min: 1, max: 100 }),
  size: fc.integer({ min: -2000, max: 2000 }),
  orders: fc.array(
    fc.record({
      buy: fc.boolean(),
      lots: fc.integer({ min: 1, max: 1000 }),
      ticks: fc.integer({ min: 300_000, max: 700_000 }),
    }),
    { minLength: 1, maxLength: 12 },
  ),
});

test('margin never falls with one order more, and sides do not help each other below the larger one (property)', () => {
  fc.assert(
    fc.property(drawn, ({ kind, leverage, size, orders }) => {
      const rules = terms(kind, `${leverage}`);
      const scale = kind === 'linear' ? money('0.001') : money('10');
      const all = orders.map(({ buy, lots, ticks }): MarginOrder => ({
        side: buy ? 'buy' : 'sell',
        leaves: (BigInt(lots) * scale) as Money,
        price: (BigInt(ticks) * money('0.1')) as Money,
      })); // biome-ignore format: one row
      const held = (rows: readonly MarginOrder[]): bigint => {
        const [buys, sells] = (['buy', 'sell'] as const).map((side) => sumOrders(kind, rows, side, MARK));
        return heldForOrders(oneWayOrderMargin(rules, (BigInt(size) * scale) as Money, buys!, sells!), 'cross');
      };
      const unit = money('0.00000001') * BigInt(4 * all.length);
      const one = (side: Side) => held(all.filter((row) => row.side === side));
      assert.equal(held(all), one('buy') > one('sell') ? one('buy') : one('sell'));
      if (size === 0) assert.ok(held(all) + unit >= held(all.slice(1)));
    }),
  );
});

test('what opens is charged like an order of that size alone, up to rounding (property)', () => {
  const numbers = fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 }));
  fc.assert(
    fc.property(fc.constantFrom('linear' as const, 'inverse' as const), numbers, (kind, [position, more]) => {
      const rules = terms(kind);
      const flip = sumOrders(kind, [order('sell', `${position + more}`, '50500')], 'sell', MARK);
      const part = sideOrderMargin(rules, 'sell', flip, money(`${position}`)).initial;
      const alone = orderCost(rules, order('sell', `${more}`, '50500'), MARK).initial;
      assert.ok(part - alone < 3n * money('0.00000001') && alone - part < 3n * money('0.00000001'));
    }),
  );
});

test('rates are rounded up, so that no leverage makes an order too cheap', () => {
  assert.equal(formatDecimal(orderRate(terms('linear', '3', '0'), 'buy')), '0.333333333333333334');
  assert.equal(sideOrderMargin(LINEAR, 'buy', NO_ORDERS, ZERO).initial, ZERO);
});
