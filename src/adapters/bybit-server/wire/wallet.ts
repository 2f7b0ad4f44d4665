import { formatDecimal, ZERO } from '../../../domain/decimal.ts';
import type { AssetId } from '../../../domain/ids.ts';
import type { Wallet, WalletCoin } from '../../../ports/exchange.ts';
import { shownQuotient } from '../numbers.ts';

/** One wallet of GET /v5/account/wallet-balance and of the private topic `wallet`, with the given coins. */
export function walletRow(wallet: Wallet, coins: readonly WalletCoin[]) {
  const { totals } = wallet;
  const imRate = shownQuotient(totals.initialMargin, totals.marginBalance, 2);
  const mmRate = shownQuotient(totals.maintenanceMargin, totals.marginBalance, 2);
  return {
    accountType: 'UNIFIED',
    totalEquity: formatDecimal(totals.equity),
    totalWalletBalance: formatDecimal(totals.walletBalance),
    totalMarginBalance: formatDecimal(totals.marginBalance),
    totalAvailableBalance: formatDecimal(totals.available),
    totalPerpUPL: formatDecimal(totals.perpUnrealised),
    totalInitialMargin: formatDecimal(totals.initialMargin),
    totalInitialMarginByMp: formatDecimal(totals.initialMargin),
    totalMaintenanceMargin: formatDecimal(totals.maintenanceMargin),
    totalMaintenanceMarginByMp: formatDecimal(totals.maintenanceMargin),
    accountIMRate: imRate,
    accountIMRateByMp: imRate,
    accountMMRate: mmRate,
    accountMMRateByMp: mmRate,
    accountLTV: '0',
    coin: coins.map(coinRow),
  };
}

const coinRow = (coin: WalletCoin) => ({
  coin: coin.asset,
  equity: formatDecimal(coin.equity),
  usdValue: formatDecimal(coin.usdValue),
  walletBalance: formatDecimal(coin.wallet),
  locked: formatDecimal(coin.locked),
  totalOrderIM: formatDecimal(coin.orderMargin),
  totalPositionIM: formatDecimal(coin.positionMargin),
  totalPositionMM: formatDecimal(coin.maintenanceMargin),
  unrealisedPnl: formatDecimal(coin.unrealisedPnl),
  cumRealisedPnl: formatDecimal(coin.realisedPnl),
  borrowAmount: formatDecimal(coin.borrowAmount),
  spotBorrow: formatDecimal(coin.spotBorrow),
  accruedInterest: formatDecimal(coin.accruedInterest),
  // Nothing is hedged or given as a bonus here.
  spotHedgingQty: '0',
  bonus: '0',
  collateralSwitch: coin.collateralSwitch,
  marginCollateral: coin.marginCollateral,
  availableToBorrow: '',
  availableToWithdraw: '',
});

/** The coins that a client asked for, unknown ones as zero; without a list, all that are not zero. */
export function chosenCoins(wallet: Wallet, asked: readonly string[] | null): readonly WalletCoin[] {
  if (asked === null) return wallet.coins.filter((coin) => coin.wallet !== ZERO || coin.equity !== ZERO);
  return asked.map((name) => wallet.coins.find((coin) => coin.asset === name) ?? emptyCoin(name as AssetId));
}

const emptyCoin = (asset: AssetId): WalletCoin => ({
  asset,
  wallet: ZERO,
  equity: ZERO,
  usdValue: ZERO,
  locked: ZERO,
  orderMargin: ZERO,
  positionMargin: ZERO,
  maintenanceMargin: ZERO,
  unrealisedPnl: ZERO,
  realisedPnl: ZERO,
  spotBorrow: ZERO,
  borrowAmount: ZERO,
  accruedInterest: ZERO,
  collateralSwitch: true,
  marginCollateral: true,
});
