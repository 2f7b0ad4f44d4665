import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import {
  COIN_UNIT,
  type ContractKind,
  cashOf,
  entryPrice,
  feeOn,
  FLAT_PART,
  marginValue,
  moveContract,
  settleSession,
  type OpenPart,
  signedValue,
  toCoin,
  tradeOf,
  tradeValue,
  unrealisedOf,
} from './contract.ts';

const shown = (row: Readonly<Record<string, Money>>) =>
  Object.fromEntries(Object.entries(row).map(([name, amount]) => [name, formatDecimal(amount)]));

const trade = (kind: ContractKind, before: OpenPart, side: Side, qty: string, price: string) =>
  moveContract(before, tradeOf(kind, side, money(qty), tradeValue(kind, money(qty), money(price))));

test('a linear contract is worth quantity × price, an inverse one quantity ÷ price in coin', () => {
  assert.equal(formatDecimal(tradeValue('linear', money('0.5'), money('50000'))), '25000');
  assert.equal(formatDecimal(tradeValue('inverse', money('60000'), money('50000'))), '1.2');
  assert.equal(formatDecimal(tradeValue('premium', money('0.3'), money('3000'))), '900');
});

test('the value of an inverse fill is rounded half-even at eight digits, that of margin up, that of profit down', () => {
  const [qty, price] = [money('300'), money('28224.5')];
  assert.equal(formatDecimal(tradeValue('inverse', qty, price)), '0.01062906', '0.010629062…');
  assert.equal(formatDecimal(marginValue('inverse', qty, price)), '0.01062907');
  assert.equal(formatDecimal(signedValue('inverse', qty, price)), '-0.01062907');
  assert.equal(formatDecimal(signedValue('inverse', money('-300'), price)), '0.01062906');
  assert.equal(formatDecimal(tradeValue('inverse', money('1'), money('200000000'))), '0', 'a tie goes to even');
  assert.equal(formatDecimal(tradeValue('inverse', money('3'), money('200000000'))), '0.00000002', 'and so does 1.5');
});

test("the position of Bybit's inverse sample: value, entry and loss", () => {
  const short = trade('inverse', FLAT_PART, 'sell', '300', '27464.5');
  assert.equal(formatDecimal(short.cost), '0.01092319', 'positionValue of the sample');
  const entry = entryPrice('inverse', short) as Money;
  assert.ok(Math.abs(Number(entry) / 1e18 - 27464.50441675) < 0.00000001, "avgPrice of the sample, in Bybit's digits");
  assert.equal(formatDecimal(unrealisedOf('inverse', short, money('28224.50'))), '-0.00029413', 'unrealisedPnl');
});

test('unrealised profit follows the mark on both sides of both kinds', () => {
  const profit = (kind: ContractKind, side: Side, qty: string, entry: string, mark: string) =>
    formatDecimal(unrealisedOf(kind, trade(kind, FLAT_PART, side, qty, entry), money(mark)));
  assert.equal(profit('linear', 'buy', '0.5', '50000', '50100'), '50');
  assert.equal(profit('linear', 'sell', '0.5', '50000', '50100'), '-50');
  assert.equal(profit('inverse', 'buy', '60000', '50000', '60000'), '0.2', '1.2 − 1 BTC');
  assert.equal(profit('inverse', 'sell', '60000', '50000', '60000'), '-0.2');
  assert.equal(formatDecimal(unrealisedOf('inverse', FLAT_PART, money('1'))), '0');
});

test('adding averages the cost, so that the entry price of inverse contracts is the harmonic mean', () => {
  const one = trade('inverse', FLAT_PART, 'buy', '10000', '50000');
  const two = trade('inverse', one, 'buy', '10000', '40000');
  assert.deepEqual(shown(two), { size: '20000', cost: '-0.45', closedQty: '0', realised: '0' });
  assert.equal(formatDecimal(entryPrice('inverse', two) as Money), '44444.444444444444444444');
  assert.equal(formatDecimal(entryPrice('linear', { size: money('-2'), cost: money('-101') }) as Money), '50.5');
  assert.equal(entryPrice('linear', FLAT_PART), null);
});

test('closing inverse contracts realises coin: a long gains when the price rises', () => {
  const long = trade('inverse', FLAT_PART, 'buy', '60000', '50000');
  const closed = trade('inverse', long, 'sell', '30000', '60000');
  assert.deepEqual(shown(closed), { size: '30000', cost: '-0.6', closedQty: '30000', realised: '0.1' });
  const flipped = trade('inverse', long, 'sell', '90000', '60000');
  assert.deepEqual(shown(flipped), { size: '-30000', cost: '0.5', closedQty: '60000', realised: '0.2' });
});

test('linear: adding averages, closing realises, a trade through zero opens the other side at its own price', () => {
  const two = trade('linear', trade('linear', FLAT_PART, 'buy', '1', '100'), 'buy', '1', '110');
  assert.deepEqual(shown(two), { size: '2', cost: '210', closedQty: '0', realised: '0' });
  const part = trade('linear', two, 'sell', '0.5', '120');
  assert.deepEqual(shown(part), { size: '1.5', cost: '157.5', closedQty: '0.5', realised: '7.5' });
  const through = trade('linear', two, 'sell', '3', '90');
  assert.deepEqual(shown(through), { size: '-1', cost: '-90', closedQty: '2', realised: '-30' });
  const third = trade('linear', trade('linear', trade('linear', FLAT_PART, 'buy', '1', '100'), 'buy', '2', '100.05'), 'sell', '1', '100.1'); // biome-ignore format: one life
  assert.equal(formatDecimal(third.realised), '0.06666666', 'what does not divide is rounded against the profit');
});

test('an option books its premium at once, a perpetual only what it realised', () => {
  const bought = tradeOf('premium', 'buy', money('0.3'), money('900'));
  const position = moveContract(FLAT_PART, bought);
  assert.equal(formatDecimal(cashOf('premium', bought, position)), '-900');
  assert.equal(formatDecimal(unrealisedOf('premium', position, money('3100'))), '30');
  const perp = tradeOf('linear', 'buy', money('0.3'), money('900'));
  assert.equal(formatDecimal(cashOf('linear', perp, moveContract(FLAT_PART, perp))), '0');
});

test('a session settlement books the profit and moves the entry to the mark', () => {
  const long = trade('linear', FLAT_PART, 'buy', '0.5', '50000');
  const settled = settleSession('linear', long, money('50100'));
  assert.deepEqual(shown(settled), { size: '0.5', cost: '25050', closedQty: '0', realised: '50' });
  assert.equal(formatDecimal(unrealisedOf('linear', settled, money('50100'))), '0');
  assert.equal(formatDecimal(entryPrice('linear', settled) as Money), '50100');
  const inverse = settleSession('inverse', trade('inverse', FLAT_PART, 'sell', '60000', '50000'), money('60000'));
  assert.deepEqual(shown(inverse), { size: '-60000', cost: '1', closedQty: '0', realised: '-0.2' });
});

test('rounding to the coin is that of whole numbers on both sides of zero', () => {
  const at = (numerator: bigint, rounding: 'up' | 'down' | 'half_even') =>
    toCoin(numerator * COIN_UNIT, 2n, rounding) / COIN_UNIT;
  const rows = [-4n, -3n, -1n, 0n, 1n, 3n, 4n];
  assert.deepEqual(
    rows.map((one) => at(one, 'up')),
    [-2n, -1n, 0n, 0n, 1n, 2n, 2n],
  );
  assert.deepEqual(
    rows.map((one) => at(one, 'down')),
    [-2n, -2n, -1n, 0n, 0n, 1n, 2n],
  );
  assert.deepEqual(
    rows.map((one) => at(one, 'half_even')),
    [-2n, -2n, 0n, 0n, 0n, 2n, 2n],
  );
});

test('fees are rounded up at eight digits, rebates never grow', () => {
  assert.equal(formatDecimal(feeOn(money('1.2'), money('0.00055'))), '0.00066');
  assert.equal(formatDecimal(feeOn(money('0.00000001'), money('0.00055'))), '0.00000001');
  assert.equal(formatDecimal(feeOn(money('0.00010005'), money('-0.0001'))), '-0.00000001');
});

const KINDS: readonly ContractKind[] = ['linear', 'inverse', 'premium'];
const rows = fc.array(
  fc.record({
    buyer: fc.integer({ min: 0, max: 3 }),
    seller: fc.integer({ min: 0, max: 3 }),
    lots: fc.integer({ min: 1, max: 5000 }),
    ticks: fc.integer({ min: 1, max: 1_000_000 }),
  }),
  { minLength: 1, maxLength: 40 },
);

test('whatever is traded among accounts, cost − realised is what each paid, and all of it sums to zero (property)', () => {
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), rows, (kind, trades) => {
      const books = [0, 1, 2, 3].map(() => ({ part: FLAT_PART, paid: 0n, realised: 0n, cash: 0n }));
      for (const { buyer, seller, lots, ticks } of trades) {
        const qty = (BigInt(lots) * money(kind === 'inverse' ? '1' : '0.001')) as Money;
        const value = tradeValue(kind, qty, (BigInt(ticks) * money('0.0001')) as Money);
        for (const [who, side] of [
          [buyer, 'buy'],
          [seller, 'sell'],
        ] as const) {
          // biome-ignore format: a pair
          const book = books[who]!;
          const half = tradeOf(kind, side, qty, value);
          const after = moveContract(book.part, half);
          book.part = { size: after.size, cost: after.cost };
          book.paid += half.paid;
          book.realised += after.realised;
          book.cash += cashOf(kind, half, after);
          assert.ok(after.size !== 0n || after.cost === 0n, 'a flat position costs nothing');
          assert.equal(after.cost - book.realised, book.paid);
        }
      }
      const sum = (of: (book: (typeof books)[number]) => bigint) => books.reduce((all, book) => all + of(book), 0n);
      assert.equal(
        sum(({ part }) => part.size),
        0n,
      );
      assert.equal(
        sum(({ paid }) => paid),
        0n,
      );
      assert.equal(
        sum(({ cash, part }) => cash - (kind === 'premium' ? 0n : part.cost)),
        0n,
      );
    }),
  );
});

test('closing a part never earns more than its share, and at most a unit less (property)', () => {
  const amounts = fc.record({
    lots: fc.integer({ min: 2, max: 100_000 }),
    part: fc.integer({ min: 1, max: 99_999 }),
    entry: fc.integer({ min: 1000, max: 10_000_000 }),
    exit: fc.integer({ min: 1000, max: 10_000_000 }),
    buy: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.constantFrom('linear', 'inverse' as const), amounts, (kind, { lots, part, entry, exit, buy }) => {
      fc.pre(part < lots);
      const price = (ticks: number) => (BigInt(ticks) * money('0.01')) as Money;
      const [opening, closing] = buy ? (['buy', 'sell'] as const) : (['sell', 'buy'] as const);
      const open = trade(kind, FLAT_PART, opening, `${lots}`, formatDecimal(price(entry)));
      const closed = trade(kind, open, closing, `${part}`, formatDecimal(price(exit)));
      const got = tradeOf(kind, closing, money(`${part}`), tradeValue(kind, money(`${part}`), price(exit))).paid;
      const exact = -got * BigInt(lots) - open.cost * BigInt(part); // × lots
      const realised = closed.realised * BigInt(lots);
      assert.ok(realised <= exact, 'rounded against the profit');
      assert.ok(realised > exact - COIN_UNIT * BigInt(lots), 'by less than a unit');
    }),
  );
});
