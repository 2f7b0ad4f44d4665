import { money } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import type { CollateralTier } from '../formulas/collateral.ts';

/** How a coin counts as margin, and on which terms it is lent. */
export type CoinTermsOf = Readonly<{
  collateral: readonly CollateralTier[] | null;
  /** Of one hour, as a fraction: shown only, interest is not charged. */
  hourlyRate: Money;
  /** Most that one account may borrow. */
  borrowLimit: Money | null;
}>;

type Band = readonly [upTo: string | null, ratio: string];
const bands = (...rows: readonly Band[]): readonly CollateralTier[] =>
  rows.map(([upTo, ratio]) => ({ upTo: upTo === null ? null : money(upTo), ratio: money(ratio) }));
const terms = (hourlyRate: string, borrowLimit: string, ...rows: readonly Band[]): CoinTermsOf => ({
  collateral: bands(...rows),
  hourlyRate: money(hourlyRate),
  borrowLimit: money(borrowLimit),
});

/** Modelled on GET /v5/spot-margin-trade/collateral and /v5/account/collateral-info: what counts falls with the quantity. */
const TABLE: Readonly<Record<string, CoinTermsOf>> = {
  USDT: terms('0.00000228', '8000000', [null, '1']),
  USDC: terms('0.00000228', '8000000', [null, '1']),
  BTC: terms('0.00000057', '400', ['1000', '0.95'], ['4000', '0.9'], [null, '0']),
  ETH: terms('0.00000068', '4000', ['10000', '0.95'], ['40000', '0.9'], [null, '0']),
  SOL: terms('0.0000057', '40000', ['100000', '0.9'], ['300000', '0.8'], [null, '0']),
  XRP: terms('0.0000046', '2000000', ['5000000', '0.9'], ['10000000', '0.8'], [null, '0']),
  BNB: terms('0.0000114', '4000', ['10000', '0.9'], ['40000', '0.8'], [null, '0']),
};

/** Coins that the table does not name are no collateral and are not lent. */
const OTHER: CoinTermsOf = { collateral: null, hourlyRate: money('0'), borrowLimit: money('0') };

export const coinTermsOf = (asset: AssetId): CoinTermsOf => TABLE[asset] ?? OTHER;
export const knownCoins = (): readonly AssetId[] => Object.keys(TABLE) as AssetId[];

/** Part of what is borrowed that has to be there as maintenance margin. */
export const BORROW_MAINTENANCE = money('0.04');
