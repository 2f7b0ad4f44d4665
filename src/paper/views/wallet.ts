import { ZERO } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import type { Wallet, WalletCoin } from '../../ports/exchange.ts';
import type { CoinFigures, CoinTerms } from '../formulas/account.ts';
import { type AccountRisk, accountRisk, type RiskSource } from '../money/account-risk.ts';
import { coinTermsOf } from '../money/terms.ts';
import { type AccountFacts, coinOf } from '../state/state.ts';

/** An account's coins and totals as the unified account shows them. */
export function walletOf(source: RiskSource, account: AccountFacts, known: AccountRisk | null = null): Wallet {
  const risk = known ?? accountRisk(source, account);
  const coins = [...account.coins.keys()].map((asset) =>
    walletCoin(account, asset, risk.coins.get(asset) as CoinFigures, risk.terms.get(asset) as CoinTerms),
  );
  const { totals } = risk;
  return {
    coins,
    totals: {
      equity: totals.equity,
      walletBalance: totals.walletBalance,
      marginBalance: totals.marginBalance,
      available: totals.available > 0n ? totals.available : ZERO,
      perpUnrealised: totals.perpUnrealised,
      initialMargin: totals.initial,
      maintenanceMargin: totals.maintenance,
    },
  };
}

function walletCoin(account: AccountFacts, asset: AssetId, figures: CoinFigures, terms: CoinTerms): WalletCoin {
  const { wallet, locked, realised, spotBorrow } = coinOf(account, asset);
  return {
    asset,
    wallet,
    equity: figures.equity,
    usdValue: figures.usdValue,
    locked,
    orderMargin: (terms.orderInitial + terms.orderLoss) as Money,
    positionMargin: terms.positionInitial,
    maintenanceMargin: terms.positionMaintenance,
    unrealisedPnl: terms.unrealised,
    realisedPnl: realised,
    spotBorrow,
    borrowAmount: figures.borrowAmount,
    accruedInterest: ZERO,
    collateralSwitch: !account.settings.current.notCollateral.includes(asset),
    marginCollateral: coinTermsOf(asset).collateral !== null,
  };
}
