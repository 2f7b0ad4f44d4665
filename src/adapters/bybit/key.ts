import { type ApiKeyDetails, type BybitError, describeError } from '@okd/bybit';
import type { Category, UnixMs } from '../../domain/ids.ts';
import type { KeyRefusal, KeyReport } from '../../ports/venue-access.ts';
import { hintFor } from './links.ts';

/** What a key may do, from what Bybit says of it (docs/v5/user/apikey-info). */
export function keyReport(details: ApiKeyDetails): KeyReport {
  const groups = details.permissions;
  const has = (group: string, word: string): boolean => groups[group]?.includes(word) ?? false;
  const readOnly = details.readOnly === 1;
  const canTrade: Category[] = [];
  if (!readOnly && has('Spot', 'SpotTrade')) canTrade.push('spot');
  if (!readOnly && has('ContractTrade', 'Order')) canTrade.push('linear', 'inverse');
  if (!readOnly && has('Options', 'OptionsTrade')) canTrade.push('option');
  const ips = details.ips.filter((ip) => ip !== '' && ip !== '*');
  return {
    uid: String(details.userID),
    permissions: Object.entries(groups).flatMap(([group, words]) => words.map((word) => `${group}:${word}`)),
    readOnly,
    canTrade,
    canTransfer: has('Wallet', 'AccountTransfer'),
    canWithdraw:
      has('Wallet', 'Withdraw') || has('Wallet', 'SubMemberTransfer') || has('Wallet', 'SubMemberTransferList'),
    ipBound: ips.length > 0,
    expiresAt: expiryOf(details),
  };
}

/** Keys bound to addresses do not expire; Bybit prints 1970 for them. */
function expiryOf({ expiredAt }: ApiKeyDetails): UnixMs | null {
  if (expiredAt === null) return null;
  const at = Date.parse(expiredAt);
  return Number.isNaN(at) || at <= 0 ? null : (at as UnixMs);
}

const CODES: Readonly<Record<number, KeyRefusal['code']>> = {
  10003: 'INVALID_KEY',
  10004: 'BAD_SIGNATURE',
  10010: 'IP_NOT_ALLOWED',
  33004: 'EXPIRED',
  10002: 'CLOCK_SKEW',
};

export function keyRefusal(error: BybitError): KeyRefusal {
  const hint = hintFor(error);
  if (error.type !== 'venue') return { code: 'UNREACHABLE', venueCode: describeError(error), hint };
  return { code: CODES[error.code] ?? 'FORBIDDEN', venueCode: `${error.code}`, hint };
}
