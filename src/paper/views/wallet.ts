import { multiply, ONE, ZERO } from '../../domain/decimal.ts';
import type { AssetId, InstrumentId, Money } from '../../domain/ids.ts';
import { instrumentId } from '../../domain/ids.ts';
import type { Wallet, WalletCoin } from '../../ports/exchange.ts';
import { type CoinMargin, coinMargin, type MarginSource } from '../rules/margin.ts';
import { type AccountFacts, coinOf } from '../state/state.ts';

/** Index price of an instrument; null when it is not listed. */
export type IndexSource = (id: InstrumentId) => Money | null;

const USDT = 'USDT' as AssetId;

/** One unit of a coin in USD: the tether counts as a dollar, other coins by their index against it; zero when unknown. */
export function usdPrice(asset: AssetId, index: IndexSource): Money {
  return asset === USDT ? ONE : (index(instrumentId('spot', `${asset}USDT`)) ?? ZERO);
}

/**
 * An account's coins and totals. Margin is held in settle coins only: other coins count as equity with a haircut of
 * their whole value, so what is available is what is left of the settle coins.
 */
export function walletOf(source: MarginSource, account: AccountFacts, index: IndexSource): Wallet {
  const settles = new Set(source.perpetuals.map((instrument) => instrument.settle));
  const assets = new Set([...account.coins.keys(), ...settles]);
  const sums = { walletBalance: 0n, available: 0n, perpUnrealised: 0n, initialMargin: 0n, maintenanceMargin: 0n };
  const coins: WalletCoin[] = [];
  for (const asset of assets) {
    const margin = settles.has(asset) ? coinMargin(source, account, asset) : null;
    const coin = walletCoin(account, asset, margin, usdPrice(asset, index));
    if (account.coins.has(asset)) coins.push(coin);
    const usd = (amount: Money): bigint => multiply(amount, usdPrice(asset, index), 'down');
    sums.walletBalance += usd(coin.wallet);
    if (margin === null) continue;
    sums.available += usd(margin.available);
    sums.perpUnrealised += usd(margin.unrealised);
    sums.initialMargin += usd((margin.orderMargin + margin.positionMargin) as Money);
    sums.maintenanceMargin += usd(margin.maintenance);
  }
  const equity = (sums.walletBalance + sums.perpUnrealised) as Money;
  const available = (sums.available > 0n ? sums.available : 0n) as Money;
  return { coins, totals: { ...(sums as Record<keyof typeof sums, Money>), available, equity, marginBalance: equity } };
}

function walletCoin(account: AccountFacts, asset: AssetId, margin: CoinMargin | null, price: Money): WalletCoin {
  const { wallet, locked, realised, spotBorrow } = coinOf(account, asset);
  const unrealisedPnl = margin?.unrealised ?? ZERO;
  const equity = (wallet - spotBorrow + unrealisedPnl) as Money;
  return {
    asset,
    wallet,
    equity,
    usdValue: multiply(equity, price, 'down'),
    locked,
    orderMargin: margin?.orderMargin ?? ZERO,
    positionMargin: margin?.positionMargin ?? ZERO,
    maintenanceMargin: margin?.maintenance ?? ZERO,
    unrealisedPnl,
    realisedPnl: realised,
    spotBorrow,
    borrowAmount: (wallet < 0n ? spotBorrow - wallet : spotBorrow) as Money,
    accruedInterest: ZERO,
    collateralSwitch: !account.settings.current.notCollateral.includes(asset),
    marginCollateral: true,
  };
}
