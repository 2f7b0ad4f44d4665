import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { formatDecimal, money, ZERO } from '../../../src/domain/decimal.ts';
import type { Money, Side } from '../../../src/domain/ids.ts';
import {
  cashOf,
  entryPrice,
  FLAT_PART,
  feeOn,
  moveContract,
  tradeOf,
  tradeValue,
} from '../../../src/paper/formulas/contract.ts';
import { fundingPayment } from '../../../src/paper/formulas/funding.ts';
import { oneWayOrderMargin, sumOrders } from '../../../src/paper/formulas/margin.ts';
import { positionMargin } from '../../../src/paper/formulas/position.ts';
import { withDeductions } from '../../../src/paper/formulas/tiers.ts';
import { PlainExchange, type PlainMarket } from '../../support/plain-exchange.ts';

const XYZ = [['1000', '0.02'], ['2000', '0.025'], ['3000', '0.03'], ['4000', '0.035'], [null, '0.04']] as const; // biome-ignore format: a table
const COIN = [['0.02', '0.005'], ['0.1', '0.01'], [null, '0.02']] as const; // biome-ignore format: a table
const market = (valuation: PlainMarket['valuation'], tiers: PlainMarket['tiers'] = XYZ): PlainMarket => ({
  valuation, tiers, base: 'XYZ', quote: valuation === 'inverse' ? 'USD' : 'USDT', maker: '0.0002', taker: '0.0006',
}); // biome-ignore format: a row
const MARKETS = { linear: market('linear'), inverse: market('inverse', COIN), premium: market('premium') };
const NAMES = ['linear', 'inverse', 'premium'] as const;
type Name = (typeof NAMES)[number];

const same = (ours: Money, plain: Decimal, what: string, units = 0) => {
  const apart = new Decimal(formatDecimal(ours)).minus(plain).abs();
  assert.ok(apart.lte(new Decimal(units).times('1e-8')), `${what}: ${formatDecimal(ours)}, on paper ${plain}`);
};

test('the plain exchange knows the worked numbers', () => {
  const plain = new PlainExchange({ linear: { ...MARKETS.linear, tiers: XYZ }, inverse: MARKETS.inverse });
  plain.fill('a', 'linear', 'buy', '0.5', '50000', true);
  assert.equal(plain.position('a', 'linear', '7000').maintenance.minus('13.5').toString(), '92.5', 'of 3,500');
  assert.equal(plain.position('a', 'linear', '50000').initial.toString(), '2513.5');
  plain.fill('a', 'inverse', 'buy', '60000', '50000', true);
  const long = plain.position('a', 'inverse', '60000');
  assert.equal(long.unrealised.toString(), '0.2');
  plain.place({ uid: 'b', orderId: '1', market: 'linear', side: 'buy', qty: '1', price: '50000' });
  assert.equal(plain.orders('b', 'linear', '50000').initial.toString(), '5057');
  assert.equal(plain.orders('b', 'linear', '49000').loss.toString(), '1000');
  assert.equal(plain.funding('a', 'inverse', '50000', '0.0001'), '-0.00012');
});

test('trades at the best price first, the oldest first, at the price of whoever waited', () => {
  const plain = new PlainExchange(MARKETS);
  const order = { market: 'linear', side: 'sell' as const, qty: '1' };
  plain.place({ ...order, uid: 'a', orderId: '1', price: '101' });
  plain.place({ ...order, uid: 'b', orderId: '2', price: '100' });
  plain.place({ ...order, uid: 'c', orderId: '3', price: '100' });
  plain.place({ uid: 'd', orderId: '4', market: 'linear', side: 'buy', qty: '2.5', price: '102' });
  const makers = plain.fills.filter(({ maker }) => maker).map(({ uid, qty, price }) => `${uid} ${qty} at ${price}`);
  assert.deepEqual(makers, ['b 1 at 100', 'c 1 at 100', 'a 0.5 at 101']);
  plain.cancel('linear', '1');
  plain.place({ uid: 'd', orderId: '5', market: 'linear', side: 'buy', qty: '1', price: '200', ioc: true });
  assert.equal(plain.fills.length, 6, 'nothing is left to trade with');
});

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('fill' as const), who: fc.nat(2), with: fc.nat(2), name: fc.constantFrom(...NAMES),
      lots: fc.integer({ min: 1, max: 3000 }), ticks: fc.integer({ min: 5000, max: 20_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('funding' as const), ticks: fc.integer({ min: 5000, max: 20_000 }), points: fc.integer({ min: -100, max: 100 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leverage' as const), who: fc.nat(2), name: fc.constantFrom(...NAMES), times: fc.integer({ min: 1, max: 50 }) }) },
); // biome-ignore format: a table
const flow = fc.array(action, { minLength: 5, maxLength: 60 });

type Book = { part: { size: Money; cost: Money }; leverage: Money };
/** The same accounts by the formulas of the exchange. */
class Formulas {
  readonly books = new Map<string, Book>();
  readonly wallets = new Map<string, bigint>();

  book(uid: string, name: Name): Book {
    const key = `${uid}/${name}`;
    if (!this.books.has(key)) this.books.set(key, { part: FLAT_PART, leverage: money('10') });
    return this.books.get(key)!;
  }

  move(uid: string, name: Name, by: bigint): void {
    const key = `${uid}/${name === 'inverse' ? 'XYZ' : 'USDT'}`;
    this.wallets.set(key, (this.wallets.get(key) ?? 0n) + by);
  }

  fill(uid: string, name: Name, side: Side, qty: Money, price: Money, maker: boolean): void {
    const book = this.book(uid, name);
    const value = tradeValue(name, qty, price);
    const half = tradeOf(name, side, qty, value);
    const moved = moveContract(book.part, half);
    book.part = { size: moved.size, cost: moved.cost };
    this.move(uid, name, cashOf(name, half, moved) - feeOn(value, money(maker ? '0.0002' : '0.0006')));
  }
}

const qtyOf = (name: Name, lots: number): Money => (BigInt(lots) * money(name === 'inverse' ? '1' : '0.001')) as Money;
const priceOf = (ticks: number): Money => (BigInt(ticks) * money('0.1')) as Money;

test('any flow of fills and funding: wallets, positions and margin are those on paper (property)', () => {
  fc.assert(
    fc.property(flow, fc.integer({ min: 5000, max: 20_000 }), (actions, markTicks) => {
      const plain = new PlainExchange(MARKETS);
      const ours = new Formulas();
      const users = ['0', '1', '2'];
      for (const one of actions) {
        if (one.do === 'leverage') {
          plain.setLeverage(`${one.who}`, one.name, `${one.times}`);
          ours.book(`${one.who}`, one.name).leverage = money(`${one.times}`);
        } else if (one.do === 'funding') {
          const [mark, rate] = [priceOf(one.ticks), (BigInt(one.points) * money('0.00001')) as Money];
          for (const name of ['linear', 'inverse'] as const) {
            for (const uid of users) {
              plain.funding(uid, name, formatDecimal(mark), formatDecimal(rate));
              ours.move(uid, name, fundingPayment(name, ours.book(uid, name).part.size, mark, rate));
            }
          }
        } else {
          const [qty, price] = [qtyOf(one.name, one.lots), priceOf(one.ticks)];
          for (const [uid, side, maker] of [
            [one.who, 'buy', false],
            [one.with, 'sell', true],
          ] as const) {
            // biome-ignore format: a pair
            plain.fill(`${uid}`, one.name, side, formatDecimal(qty), formatDecimal(price), maker);
            ours.fill(`${uid}`, one.name, side, qty, price, maker);
          }
        }
      }
      compare(plain, ours, users, priceOf(markTicks));
    }),
    { numRuns: 300 },
  );
});

function compare(plain: PlainExchange, ours: Formulas, users: readonly string[], mark: Money): void {
  const marks = Object.fromEntries(NAMES.map((name) => [name, formatDecimal(mark)]));
  for (const uid of users) {
    const unrealised = { USDT: 0n, XYZ: 0n };
    for (const name of NAMES) {
      const { part, leverage } = ours.book(uid, name);
      const expected = plain.position(uid, name, marks[name]!);
      const tiers = withDeductions(
        MARKETS[name].tiers.map(([upTo, rate]) => ({
          upTo: upTo === null ? null : money(upTo), rate: money(rate), maxLeverage: money('100'),
        })), // biome-ignore format: a row
      );
      const margin = positionMargin(
        { ...part, kind: name, leverage, tiers, taker: money('0.0006'), rule: 'mark', extra: ZERO },
        mark,
      );
      assert.equal(formatDecimal(part.size), new Decimal(expected.size).toFixed());
      same(margin.unrealised, expected.unrealised, `unrealised of ${name}`);
      same(margin.initial, expected.initial, `initial of ${name}`, 4);
      same(margin.maintenance, expected.maintenance, `maintenance of ${name}`, 4);
      const entry = entryPrice(name, part);
      if (entry !== null) same(entry, expected.entry, `entry of ${name}`, 1);
      unrealised[name === 'inverse' ? 'XYZ' : 'USDT'] += margin.unrealised + (name === 'premium' ? part.cost : 0n);
    }
    for (const coin of ['USDT', 'XYZ'] as const) {
      const wallet = ours.wallets.get(`${uid}/${coin}`) ?? 0n;
      same(wallet as Money, plain.wallet(uid, coin), `wallet in ${coin}`);
      same((wallet + unrealised[coin]) as Money, plain.equity(uid, coin, marks), `equity in ${coin}`);
    }
  }
}

test('any set of working orders needs the margin that it needs on paper (property)', () => {
  const orders = fc.array(
    fc.record({ buy: fc.boolean(), lots: fc.integer({ min: 1, max: 3000 }), away: fc.integer({ min: 1, max: 900 }) }),
    { minLength: 1, maxLength: 10 },
  );
  const names = fc.constantFrom('linear' as const, 'inverse' as const);
  const numbers = fc.tuple(fc.integer({ min: -4000, max: 4000 }), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 9000, max: 11_000 })); // biome-ignore format: one line
  fc.assert(
    fc.property(names, orders, numbers, (name, rows, [lots, times, ticks]) => {
      const plain = new PlainExchange(MARKETS);
      plain.setLeverage('a', name, `${times}`);
      if (lots !== 0) plain.fill('a', name, lots > 0 ? 'buy' : 'sell', formatDecimal(qtyOf(name, Math.abs(lots))), '1000', true); // biome-ignore format: one line
      const ours = rows.map(({ buy, lots: count, away }) => ({
        side: buy ? ('buy' as const) : ('sell' as const),
        leaves: qtyOf(name, count),
        price: priceOf(buy ? 10_000 - away : 10_000 + away),
      }));
      ours.forEach(({ side, leaves, price }, index) =>
        plain.place({ uid: 'a', orderId: `${index}`, market: name, side, qty: formatDecimal(leaves), price: formatDecimal(price) }),
      ); // biome-ignore format: one order
      const mark = priceOf(ticks);
      const [buys, sells] = (['buy', 'sell'] as const).map((side) => sumOrders(name, ours, side, mark));
      const terms = { kind: name, leverage: money(`${times}`), taker: money('0.0006') };
      const margin = oneWayOrderMargin(terms, qtyOf(name, lots), buys!, sells!);
      const expected = plain.orders('a', name, formatDecimal(mark));
      const units = 3 * rows.length + 3;
      same((margin.initial + margin.loss) as Money, expected.initial.plus(expected.loss), 'margin and loss', units);
      assert.ok(new Decimal(formatDecimal((margin.initial + margin.loss) as Money)).gte(expected.initial.plus(expected.loss)), 'never less'); // biome-ignore format: one line
    }),
  );
});
