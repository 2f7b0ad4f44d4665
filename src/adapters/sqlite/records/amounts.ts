import { formatDecimal, parseDecimal } from '../../../domain/decimal.ts';
import type { AssetId, Money } from '../../../domain/ids.ts';
import { unwrap } from '../../../domain/result.ts';

/** Amounts as the tables hold them: exact plain decimals in text columns. */
export const textOf = (amount: Money): string => formatDecimal(amount);
export const textOrNull = (amount: Money | null): string | null => (amount === null ? null : formatDecimal(amount));
export const amountOf = (text: string): Money => unwrap(parseDecimal(text));
export const amountOrNull = (text: string | null): Money | null => (text === null ? null : amountOf(text));

/** Amounts per asset as one column: JSON, in the order in which the assets first came. */
export const amountsText = (amounts: ReadonlyMap<AssetId, Money>): string =>
  JSON.stringify(Object.fromEntries([...amounts].map(([asset, amount]) => [asset, formatDecimal(amount)])));

export const amountsOf = (text: string): Map<AssetId, Money> =>
  new Map(
    Object.entries(JSON.parse(text) as Record<AssetId, string>).map(([asset, amount]) => [
      asset as AssetId,
      amountOf(amount),
    ]),
  );
