import { isIP } from 'node:net';
import { err, ok } from '../../../domain/result.ts';
import { invalidParam, missingParam } from '../refusals.ts';
import type { Field } from './fields.ts';
import { isObject } from './source.ts';

/** Words that a key may have, by group (V5 docs, "Create Sub UID API Key", "Modify Master API Key"). */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  ContractTrade: ['Order', 'Position'],
  Spot: ['SpotTrade'],
  Wallet: ['AccountTransfer', 'SubMemberTransfer', 'SubMemberTransferList', 'Withdraw'],
  Options: ['OptionsTrade'],
  Derivatives: ['DerivativesTrade'],
  Exchange: ['ExchangeHistory'],
  Earn: ['Earn'],
  BlockTrade: ['BlockTrade'],
  Affiliate: ['Affiliate'],
  FiatP2P: ['FiatP2POrder', 'Advertising'],
  FiatBitPay: ['FaitPayOrder'],
  FiatConvertBroker: ['FiatConvertBrokerOrder'],
  BitCard: ['BitCard'],
  ByXPost: ['ByXPost'],
};
/** Groups that Bybit still takes and gives nothing for. */
const DEAD_GROUPS = ['NFT', 'CopyTrading', 'FiatGlobalPay'];
/** Not for sub-accounts: neither do they withdraw, nor move what is not theirs. */
const MASTER_WORDS = ['SubMemberTransfer', 'Withdraw'];

type Permissions = Readonly<Record<string, readonly string[]>>;

const isList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((word) => typeof word === 'string');

/** Null where one of the words does not exist. */
function readPermissions(raw: unknown): Permissions | null {
  if (!isObject(raw)) return null;
  const read: [string, readonly string[]][] = [];
  for (const [group, words] of Object.entries(raw)) {
    if (!isList(words)) return null;
    if (DEAD_GROUPS.includes(group)) continue;
    const known = Object.hasOwn(WORDS, group) ? WORDS[group] : undefined;
    if (known === undefined || !words.every((word) => known.includes(word))) return null;
    if (words.length > 0) read.push([group, [...new Set(words)]]);
  }
  return Object.fromEntries(read);
}

export const permissions: Field<Permissions> = (raw, name) => {
  if (raw === undefined || raw === null || raw === '') return err(missingParam(name));
  const read = readPermissions(raw);
  return read === null ? err(invalidParam(name)) : ok(read);
};

export const isForMasters = (given: Permissions): boolean =>
  (given['Wallet'] ?? []).some((word) => MASTER_WORDS.includes(word));

/** Addresses with commas between them; `*` or nothing: any. */
export const addresses: Field<readonly string[]> = (raw, name) => {
  if (raw === undefined || raw === null || raw === '' || raw === '*') return ok([]);
  if (typeof raw !== 'string') return err(invalidParam(name));
  const list = raw.split(',').map((one) => one.trim());
  return list.every((one) => isIP(one) !== 0) ? ok([...new Set(list)]) : err(invalidParam(name));
};
