import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, formatFixed, money, ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import {
  accountTotals,
  type CoinTerms,
  coinFigures,
  initialRate,
  isExhausted,
  maintenanceRate,
  marginBase,
  withCoin,
} from './account.ts';
import { collateralValue, haircutLoss, marginValueOf, removable } from './collateral.ts';

const WHOLE = [{ upTo: null, ratio: money('1') }];
const BTC_BANDS = [
  { upTo: money('10'), ratio: money('0.95') },
  { upTo: money('100'), ratio: money('0.5') },
  { upTo: null, ratio: money('0') },
];
const NAMES = [
  'wallet', 'locked', 'spotBorrow', 'bonus', 'index', 'unrealised', 'optionValue', 'longOptionValue', 'buyOptionMargin',
  'positionInitial', 'positionMaintenance', 'orderInitial', 'orderLoss', 'borrowInitialRate', 'borrowMaintenanceRate',
] as const; // biome-ignore format: a table

/** A coin by the fields that matter; the rest is zero, its price one dollar. */
function coin(fields: Partial<Record<(typeof NAMES)[number], string>>, collateral: CoinTerms['collateral'] = WHOLE) {
  const given = { index: '1', ...fields };
  const amounts = Object.fromEntries(NAMES.map((name) => [name, money(given[name] ?? '0')]));
  return { ...(amounts as Record<(typeof NAMES)[number], Money>), collateral };
}

const shown = (amount: Money | null) => (amount === null ? null : formatDecimal(amount));

test('equity is wallet − spot borrowing + unrealised + option value', () => {
  const { equity, usdValue } = coinFigures(
    coin({ wallet: '2', spotBorrow: '0.5', unrealised: '0.1', optionValue: '-0.02', index: '50000' }),
  );
  assert.equal(shown(equity), '1.58');
  assert.equal(shown(usdValue), '79000');
});

test('a collateral ratio counts band by band; debts count whole; what is switched off counts for nothing', () => {
  assert.equal(shown(collateralValue(BTC_BANDS, money('4'), money('50000'))), '190000');
  assert.equal(shown(collateralValue(BTC_BANDS, money('12'), money('50000'))), '525000', '9.5 + 1 BTC');
  assert.equal(
    shown(collateralValue(BTC_BANDS, money('1000'), money('50000'))),
    '2725000',
    'the last band is worthless',
  );
  assert.equal(shown(marginValueOf(BTC_BANDS, money('-4'), money('50000'))), '-200000');
  assert.equal(shown(marginValueOf(null, money('4'), money('50000'))), '0');
  assert.equal(shown(marginValueOf(null, money('-4'), money('50000'))), '-200000');
});

test('an account in dollars, bitcoin and a debt: the totals of the wallet object', () => {
  const usdt = coin({ wallet: '1000', unrealised: '-200', positionInitial: '300', positionMaintenance: '30', orderInitial: '50', orderLoss: '5' }); // biome-ignore format: one line
  const btc = coin({ wallet: '0.1', index: '50000' }, BTC_BANDS);
  const eth = coin({ wallet: '1', spotBorrow: '2', index: '2000', borrowInitialRate: '0.1', borrowMaintenanceRate: '0.04' }); // biome-ignore format: one line
  const totals = accountTotals([usdt, btc, eth].map(coinFigures), money('7'));
  const { equity, walletBalance, perpUnrealised, marginBalance, initial, maintenance, available } = totals;
  assert.equal(shown(equity), '3800', '800 + 5,000 − 2,000');
  assert.equal(shown(walletBalance), '3750', '1,000 + 4,750 − 2,000');
  assert.equal(shown(perpUnrealised), '-200');
  assert.equal(shown(marginBalance), '3550');
  assert.equal(shown(initial), '750', '350 and a tenth of 4,000');
  assert.equal(shown(maintenance), '190', '30 and 160');
  assert.equal(shown(available), '2788', '3,550 − 7 − 5 − 750');
  assert.equal(shown(marginBase(totals)), '3538');
  assert.equal(formatFixed(initialRate(totals) as Money, 4, 'half_even'), '0.2120');
  assert.equal(formatFixed(maintenanceRate(totals) as Money, 4, 'half_even'), '0.0537');
});

test('a profit of a coin with a ratio counts at that ratio; a loss eats the balance at it', () => {
  const { margin } = coinFigures(coin({ wallet: '1', unrealised: '-0.5', index: '50000' }, BTC_BANDS));
  assert.equal(shown(margin.walletBalance), '47500');
  assert.equal(shown(margin.perpUnrealised), '-23750');
  const deep = coinFigures(coin({ wallet: '1', unrealised: '-2', index: '50000' }, BTC_BANDS)).margin;
  assert.equal(shown((deep.walletBalance + deep.perpUnrealised) as Money), '-50000', 'what is missing counts whole');
});

test('long options are no margin in cross mode, but equity; premium and mark of short ones are', () => {
  const long = coinFigures(coin({ wallet: '100', optionValue: '900', longOptionValue: '900' }));
  assert.equal(shown(long.equity), '1000');
  assert.equal(shown(long.margin.walletBalance), '100');
  assert.equal(shown(long.borrowAmount), '0');
});

test('borrowed is spot borrowing and all that is not covered otherwise', () => {
  const borrowed = (fields: Parameters<typeof coin>[0]) => shown(coinFigures(coin(fields)).borrowAmount);
  assert.equal(borrowed({ wallet: '-1.5' }), '1.5', 'a fee was paid that was not there');
  assert.equal(borrowed({ wallet: '50', unrealised: '-100' }), '50', 'an unrealised loss beyond the wallet');
  assert.equal(borrowed({ wallet: '100', spotBorrow: '100' }), '100');
  assert.equal(borrowed({ wallet: '100', buyOptionMargin: '130' }), '30');
  assert.equal(borrowed({ wallet: '100', locked: '300' }), '200', 'a spot margin order');
  assert.equal(borrowed({ wallet: '100', optionValue: '20', longOptionValue: '320' }), '200', 'short options for 300');
});

test('isolated mode: available per coin is wallet less margins, locked and bonus', () => {
  const { isolatedAvailable } = coinFigures(
    coin({ wallet: '1000', positionInitial: '300', orderInitial: '50', locked: '20', bonus: '10', unrealised: '999' }),
  );
  assert.equal(shown(isolatedAvailable), '620');
});

test('liquidation begins where maintenance margin reaches the margin balance, not before', () => {
  const at = (unrealised: string) =>
    accountTotals([coinFigures(coin({ wallet: '1000', unrealised, positionMaintenance: '100' }))], ZERO);
  assert.equal(isExhausted(at('-899.99999999')), false);
  assert.equal(isExhausted(at('-900')), true);
  assert.equal(shown(maintenanceRate(at('-900'))), '1');
  assert.equal(maintenanceRate(at('-1200')), null);
  const empty = accountTotals([coinFigures(coin({ wallet: '-5' }))], ZERO);
  assert.equal(isExhausted(empty), false, 'nothing is held, so nothing can be liquidated');
  assert.equal(shown(maintenanceRate(empty)), '0');
});

test('a spot order that buys what counts for less has a haircut', () => {
  const usdt = { qty: money('5000'), index: money('1'), tiers: WHOLE };
  const btc = { qty: money('0.1'), index: money('50000'), tiers: BTC_BANDS };
  assert.equal(shown(haircutLoss(usdt, btc)), '250');
  assert.equal(shown(haircutLoss(btc, usdt)), '0');
});

test('what can leave is free and does not eat margin that is needed', () => {
  const most = (free: string, available: string, tiers: CoinTerms['collateral'] = BTC_BANDS) =>
    shown(removable(money(free), money(available), money('50000'), tiers));
  assert.equal(most('1', '1000000'), '1');
  assert.equal(most('1', '23750'), '0.5');
  assert.equal(most('1', '0'), '0');
  assert.equal(most('1', '0', null), '1', 'no margin is lost with it');
  assert.equal(most('-1', '100'), '0');
  assert.equal(most('1', '-1'), '0');
});

const cents = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((amount) => (BigInt(amount) * money('0.01')) as Money);
const anyCoin = fc.record({
  wallet: cents(-100_000, 1_000_000), locked: cents(0, 1000), spotBorrow: cents(0, 100_000), bonus: cents(0, 100),
  index: cents(1, 5_000_000), unrealised: cents(-200_000, 200_000), optionValue: cents(-1000, 1000),
  longOptionValue: cents(1000, 2000), buyOptionMargin: cents(0, 1000), positionInitial: cents(0, 50_000),
  positionMaintenance: cents(0, 10_000), orderInitial: cents(0, 50_000), orderLoss: cents(0, 500),
  borrowInitialRate: cents(0, 30), borrowMaintenanceRate: cents(0, 10),
  collateral: fc.constantFrom(WHOLE, BTC_BANDS, null),
}); // biome-ignore format: a table

test('exchanging one coin equals adding all up again, and the identities of the wallet hold (property)', () => {
  fc.assert(
    fc.property(fc.array(anyCoin, { minLength: 1, maxLength: 6 }), anyCoin, cents(0, 1000), (coins, other, haircut) => {
      const figures = coins.map(coinFigures);
      const totals = accountTotals(figures, haircut);
      const after = coinFigures(other);
      assert.deepEqual(withCoin(totals, figures[0]!, after), accountTotals([after, ...figures.slice(1)], haircut));
      assert.equal(totals.marginBalance, totals.walletBalance + totals.perpUnrealised);
      assert.equal(totals.available, totals.marginBalance - haircut - totals.orderLoss - totals.initial);
      assert.ok(isExhausted(totals) === (maintenanceRate(totals) ?? money('2')) >= money('1'));
    }),
  );
});

test('more of a coin never counts for less, and a ratio never makes it worth more (property)', () => {
  fc.assert(
    fc.property(cents(-100_000, 1_000_000), cents(0, 100_000), cents(1, 5_000_000), (amount, more, index) => {
      const before = marginValueOf(BTC_BANDS, amount, index);
      assert.ok(marginValueOf(BTC_BANDS, (amount + more) as Money, index) >= before);
      assert.ok(before <= marginValueOf(WHOLE, amount, index));
    }),
  );
});
