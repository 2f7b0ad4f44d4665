import type { Credential, Member } from '../../../ports/exchange.ts';

/** Every group of permissions is named, those that a key has not with an empty list. */
const ALL_GROUPS = [
  'ContractTrade', 'Spot', 'Wallet', 'Options', 'Derivatives', 'CopyTrading', 'BlockTrade', 'Exchange', 'NFT', 'Affiliate',
  'Earn', 'FiatP2P', 'FiatConvertBroker', 'FiatGlobalPay', 'FiatBitPay', 'BitCard', 'ByXPost',
] as const; // biome-ignore format: a list
/** Those that keys are told of with when they are made, changed and listed. */
const KEY_GROUPS = ALL_GROUPS.slice(0, ALL_GROUPS.indexOf('FiatP2P'));

const DAY_MS = 24 * 3_600_000;
/** Days until a key ends that is bound to addresses: it does not. */
const NEVER_ENDS = -2;
/** A key that ends within so many days "expires soon". */
const SOON_DAYS = 7;

/** `2025-10-13T03:20:45Z`. */
const isoSeconds = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

const permissionsOf = (key: Credential, groups: readonly string[]) =>
  Object.fromEntries(groups.map((group) => [group, key.permissions[group] ?? []]));

/** A number of its own for every key, always the same: Bybit's is a count of its data base. */
function numberOf(apiKey: string): string {
  let hash = 0x811c9dc5;
  for (const character of apiKey) hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193);
  return String(10_000_000 + ((hash >>> 0) % 90_000_000));
}

const daysLeft = ({ expiresAt }: Credential, now: number): number =>
  expiresAt === null ? NEVER_ENDS : Math.max(0, Math.floor((expiresAt - now) / DAY_MS));

const common = (key: Credential) => ({
  id: numberOf(key.apiKey),
  note: key.note,
  apiKey: key.apiKey,
  ips: key.ips.length === 0 ? ['*'] : key.ips,
  type: 1,
});

/** GET /v5/user/query-api. `member` null: a master account that the exchange has heard nothing of. */
export function queryApiResult(key: Credential, member: Member | null, now: number) {
  const numeric = /^\d{1,15}$/.test(key.uid) ? Number(key.uid) : 0;
  const parent = member?.parent ?? null;
  return {
    ...common(key),
    readOnly: key.readOnly ? 1 : 0,
    secret: '',
    permissions: permissionsOf(key, ALL_GROUPS),
    deadlineDay: daysLeft(key, now),
    expiredAt: isoSeconds(key.expiresAt ?? 0),
    createdAt: isoSeconds(key.createdAt),
    unified: 0,
    uta: 1,
    userID: numeric,
    inviterID: 0,
    vipLevel: 'No VIP',
    mktMakerLevel: '0',
    affiliateID: 0,
    rsaPublicKey: '',
    isMaster: parent === null,
    parentUid: parent ?? '0',
    kycLevel: 'LEVEL_DEFAULT',
    kycRegion: '',
    userIDInt64: key.uid,
    inviterIDInt64: '0',
    affiliateIDInt64: '0',
  };
}

/** The answer to a key that was made: the only time that its secret is told. */
export const madeKeyResult = (key: Credential) => {
  const { ips: _ips, type: _type, ...told } = common(key);
  return {
    ...told,
    readOnly: key.readOnly ? 1 : 0,
    secret: key.apiSecret,
    permissions: permissionsOf(key, KEY_GROUPS),
  };
};

/** The answer to a key that was changed. */
export const changedKeyResult = (key: Credential) => {
  const { type: _, ...told } = common(key);
  return { ...told, readOnly: key.readOnly ? 1 : 0, secret: '', permissions: permissionsOf(key, KEY_GROUPS) };
};

/** 1: for ever, 2: expired, 3: valid, 4: expires soon. */
function statusOf(key: Credential, now: number): number {
  if (key.expiresAt === null) return 1;
  if (key.expiresAt <= now) return 2;
  return daysLeft(key, now) < SOON_DAYS ? 4 : 3;
}

/** Row of GET /v5/user/sub-apikeys: here `readOnly` is a boolean. */
export const subKeyRow = (key: Credential, now: number) => ({
  ...common(key),
  status: statusOf(key, now),
  expiredAt: isoSeconds(key.expiresAt ?? 0),
  createdAt: isoSeconds(key.createdAt),
  permissions: permissionsOf(key, KEY_GROUPS),
  secret: '******',
  readOnly: key.readOnly,
  deadlineDay: daysLeft(key, now),
  flag: 'hmac',
});
