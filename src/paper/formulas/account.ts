import { divide, multiply, ONE, ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { type CollateralTier, marginValueOf } from './collateral.ts';

/** One coin of a unified account; amounts in the coin. Sums over its positions and orders are the caller's. */
export type CoinTerms = Readonly<{
  wallet: Money;
  /** Reserved by working spot orders. */
  locked: Money;
  /** Borrowed by hand or by spot margin, interest included; the coins are in the wallet. */
  spotBorrow: Money;
  bonus: Money;
  /** US dollars. */
  index: Money;
  /** Null: the coin does not count as margin (no collateral, or switched off). */
  collateral: readonly CollateralTier[] | null;
  /** Of perpetuals and futures that settle in this coin. */
  unrealised: Money;
  /** Net value of options that settle in this coin, and of the long ones alone. */
  optionValue: Money;
  longOptionValue: Money;
  /** Margin of option buys that wait. */
  buyOptionMargin: Money;
  positionInitial: Money;
  positionMaintenance: Money;
  orderInitial: Money;
  /** What working orders would lose at once against their marks; as a positive amount. */
  orderLoss: Money;
  /** Margin that borrowed coins need, as parts of their value. */
  borrowInitialRate: Money;
  borrowMaintenanceRate: Money;
}>;

/** What Bybit shows of a coin, and in US dollars what it adds to the account. */
export type CoinFigures = Readonly<{
  equity: Money;
  /** Equity in US dollars, without collateral ratio. */
  usdValue: Money;
  borrowAmount: Money;
  /** In isolated mode: what new orders may use, in the coin. */
  isolatedAvailable: Money;
  margin: UsdMargin;
}>;

/** US dollars. Assets are rounded down and requirements up, so that no account looks safer than it is. */
export type UsdMargin = Readonly<{
  equity: Money;
  /** Wallet less spot borrowing, after collateral ratios. */
  walletBalance: Money;
  /** What unrealised profit adds to that. */
  perpUnrealised: Money;
  initial: Money;
  maintenance: Money;
  orderLoss: Money;
}>;

/** The account-wide part of Bybit's wallet object in cross mode. */
export type AccountTotals = UsdMargin &
  Readonly<{
    /** walletBalance + perpUnrealised. */
    marginBalance: Money;
    /** Of spot orders and, as `orderLoss`, of others: both are taken off. */
    haircut: Money;
    /** marginBalance − haircut − order loss − initial: may be below zero. */
    available: Money;
  }>;

/**
 * Equity = wallet − spot borrowing + unrealised + option value (V5 notes, section 8). Borrowed is what spot margin
 * borrowed, and what else is missing: wallet, unrealised and short options less what is reserved, where below zero
 * (help centre, "Borrowing": equity − buy option margin − positive option value − frozen).
 */
export function coinFigures(coin: CoinTerms): CoinFigures {
  const { wallet, spotBorrow, unrealised, optionValue, index, collateral } = coin;
  const equity = (wallet - spotBorrow + unrealised + optionValue) as Money;
  const shortOptions = optionValue - coin.longOptionValue;
  const uncovered = wallet + unrealised + shortOptions - coin.buyOptionMargin - coin.locked;
  const borrowAmount = (uncovered < 0n ? spotBorrow - uncovered : spotBorrow) as Money;
  const usdValue = multiply(equity, index, 'down');
  const walletBalance = marginValueOf(collateral, (wallet - spotBorrow) as Money, index);
  const withProfit = marginValueOf(collateral, (wallet - spotBorrow + unrealised) as Money, index);
  const initial = coin.positionInitial + coin.orderInitial;
  return {
    equity,
    usdValue,
    borrowAmount,
    isolatedAvailable: (wallet - initial - coin.locked - coin.bonus) as Money,
    margin: {
      equity: usdValue,
      walletBalance,
      perpUnrealised: (withProfit - walletBalance) as Money,
      initial: required(initial, borrowAmount, coin.borrowInitialRate, index),
      maintenance: required(coin.positionMaintenance, borrowAmount, coin.borrowMaintenanceRate, index),
      orderLoss: multiply(coin.orderLoss, index, 'up'),
    },
  };
}

/** (margin + borrowed × rate) × index in one rounding, up. */
const required = (margin: bigint, borrowed: Money, rate: Money, index: Money): Money =>
  divide((margin * ONE + borrowed * rate) * index, ONE * ONE, 'up') as Money;

const NOTHING: UsdMargin = {
  equity: ZERO,
  walletBalance: ZERO,
  perpUnrealised: ZERO,
  initial: ZERO,
  maintenance: ZERO,
  orderLoss: ZERO,
};

/** Sums the coins of an account in cross mode. `haircut`: of its spot orders, in US dollars (see `haircutLoss`). */
export function accountTotals(coins: readonly CoinFigures[], haircut: Money): AccountTotals {
  let sum = NOTHING;
  for (const { margin } of coins) sum = plus(sum, margin, 1n);
  return completed(sum, haircut);
}

/**
 * The same totals with the figures of one coin exchanged: exact, because totals are sums. An order changes the figures
 * of one coin, so that a check of a new order does not have to look at the others.
 */
export const withCoin = (totals: AccountTotals, before: CoinFigures, after: CoinFigures): AccountTotals =>
  completed(plus(plus(totals, before.margin, -1n), after.margin, 1n), totals.haircut);

const plus = (sum: UsdMargin, one: UsdMargin, sign: bigint): UsdMargin => ({
  equity: (sum.equity + sign * one.equity) as Money,
  walletBalance: (sum.walletBalance + sign * one.walletBalance) as Money,
  perpUnrealised: (sum.perpUnrealised + sign * one.perpUnrealised) as Money,
  initial: (sum.initial + sign * one.initial) as Money,
  maintenance: (sum.maintenance + sign * one.maintenance) as Money,
  orderLoss: (sum.orderLoss + sign * one.orderLoss) as Money,
});

function completed(sum: UsdMargin, haircut: Money): AccountTotals {
  const marginBalance = (sum.walletBalance + sum.perpUnrealised) as Money;
  const available = (marginBalance - haircut - sum.orderLoss - sum.initial) as Money;
  return { ...sum, marginBalance, haircut, available };
}

/** What initial and maintenance margin are measured against: margin balance less haircut and order loss. */
export const marginBase = ({ marginBalance, haircut, orderLoss }: AccountTotals): Money =>
  (marginBalance - haircut - orderLoss) as Money;

/**
 * Account IM and MM rates as fractions, rounded up (help centre, "Trading Terms and Formulas in UTA"). Zero where
 * nothing is required; null where something is and no balance stands against it: beyond every number.
 */
export const initialRate = (totals: AccountTotals): Money | null => rateOf(totals.initial, marginBase(totals));
export const maintenanceRate = (totals: AccountTotals): Money | null => rateOf(totals.maintenance, marginBase(totals));

function rateOf(margin: Money, base: Money): Money | null {
  if (margin === 0n) return ZERO;
  return base > 0n ? (divide(margin * ONE, base, 'up') as Money) : null;
}

/** Whether a cross account is to be liquidated: maintenance margin is required and reaches what stands against it. */
export const isExhausted = (totals: AccountTotals): boolean =>
  totals.maintenance > 0n && totals.maintenance >= marginBase(totals);
