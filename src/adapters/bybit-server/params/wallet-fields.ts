import { parseDecimal } from '../../../domain/decimal.ts';
import type { AssetId, Money } from '../../../domain/ids.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Exchange, WalletName } from '../../../ports/exchange.ts';
import { missingParam, refused } from '../refusals.ts';
import type { Field } from './fields.ts';

/** How transfers refuse a parameter (V5 docs, "Error Codes", asset). */
const requestError = refused(131203, 'Request parameter error');
export const notTransferable = refused(131206, 'cannot be transfer');

const NAMES = { UNIFIED: 'unified', FUND: 'fund' } as const satisfies Record<string, WalletName>;
export const WIRE_WALLET = { unified: 'UNIFIED', fund: 'FUND' } as const satisfies Record<WalletName, string>;

/** A unified account has two wallets; CONTRACT, SPOT and the like are gone. */
export const walletName: Field<WalletName> = (raw, name) => {
  if (raw === undefined || raw === null || raw === '') return err(missingParam(name));
  return typeof raw === 'string' && Object.hasOwn(NAMES, raw)
    ? ok(NAMES[raw as keyof typeof NAMES])
    : err(requestError);
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const transferId: Field<string> = (raw, name) => {
  if (raw === undefined || raw === null || raw === '') return err(missingParam(name));
  return typeof raw === 'string' && UUID.test(raw) ? ok(raw) : err(requestError);
};

export const transferAmount: Field<Money> = (raw, name) => {
  if (raw === undefined || raw === null || raw === '') return err(missingParam(name));
  if (typeof raw !== 'string') return err(requestError);
  if (/^\d+\.\d{19,}$/.test(raw)) return err(refused(131210, 'Amount accuracy error'));
  const value = parseDecimal(raw);
  return value.ok && value.value > 0n ? value : err(refused(131215, 'Amount error'));
};

/** Every coin that something here is traded for or settled in. */
export const knownCoins = (exchange: Exchange): ReadonlySet<AssetId> =>
  new Set(
    [...exchange.instruments('spot'), ...exchange.instruments('linear'), ...exchange.instruments('inverse')].flatMap(
      ({ base, quote, settle }) => [base, quote, settle],
    ),
  );

/** Coins with commas between them, or null. */
export const coinList = (given: string | null): readonly AssetId[] | null =>
  given === null ? null : given.split(',').map((coin) => coin.trim() as AssetId);
