import { money, ZERO } from '../../domain/decimal.ts';
import { below, type Rng } from '../../ports/rng.ts';
import { readFees } from './fees.ts';
import { at, type ConfigReader } from './reader.ts';
import type { AccountConfig, CategoryFees } from './types.ts';

const FIELDS = [
  'uid', 'apiKey', 'apiSecret', 'readOnly', 'permissions', 'ips', 'balances', 'fees', 'note', 'smpGroup',
]; // biome-ignore format: a table

/**
 * Trading everywhere: what a key gets when the configuration names no permissions. Not what moves money: programs that
 * are careful with keys, the gateway among them, refuse one that can more than trade.
 */
const TRADING: AccountConfig['permissions'] = {
  ContractTrade: ['Order', 'Position'],
  Spot: ['SpotTrade'],
  Options: ['OptionsTrade'],
};

/** Uids and keys are unique: one key opens one account. */
export function readAccounts(read: ConfigReader, value: unknown, fees: CategoryFees): readonly AccountConfig[] {
  const accounts = read.list(value, 'accounts').map((row, index) => readAccount(read, row, `accounts[${index}]`, fees));
  for (const name of ['uid', 'apiKey'] as const) {
    accounts.forEach((account, index) => {
      if (accounts.findIndex((other) => other[name] === account[name]) !== index) {
        read.fail(`accounts[${index}].${name}`, 'is used by another account');
      }
    });
  }
  return accounts;
}

function readAccount(read: ConfigReader, value: unknown, path: string, fees: CategoryFees): AccountConfig {
  const fields = read.object(value, path, FIELDS);
  const permissions = read.entries(fields.permissions, `${path}.permissions`).map(([group, words]) => {
    const where = at(`${path}.permissions`, group);
    return [
      group,
      read.list(words, where).map((word, i) => read.text(word, `${where}[${i}]`, null, /./, 'a word')),
    ] as const;
  });
  return {
    uid: read.text(fields.uid, `${path}.uid`, null, /^\d{1,18}$/, 'a number in quotes, up to 18 digits'),
    apiKey: read.text(fields.apiKey, `${path}.apiKey`, null, /^[\w-]{1,64}$/, 'up to 64 letters, digits, _ or -'),
    apiSecret: read.text(fields.apiSecret, `${path}.apiSecret`, null, /^[\x21-\x7e]{1,128}$/, 'text without spaces'),
    readOnly: read.flag(fields.readOnly, `${path}.readOnly`, false),
    permissions: fields.permissions === undefined ? TRADING : Object.fromEntries(permissions),
    ips: read
      .list(fields.ips, `${path}.ips`)
      .map((ip, i) => read.text(ip, `${path}.ips[${i}]`, null, /^[\d.:a-f]+$/, 'an address')),
    balances: read.entries(fields.balances, `${path}.balances`).map(([asset, amount]) => {
      const where = at(`${path}.balances`, asset);
      if (!/^[A-Z0-9]{1,20}$/.test(asset)) read.fail(where, 'is no coin: capital letters and digits');
      return [asset, read.decimal(amount, where, null, ZERO)] as const;
    }),
    fees: fields.fees === undefined ? null : readFees(read, fields.fees, `${path}.fees`, fees),
    note: read.text(fields.note, `${path}.note`, '', /^.{0,200}$/, 'a short text'),
    smpGroup: read.integer(fields.smpGroup, `${path}.smpGroup`, 0, 0, 1_000_000),
  };
}

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
const word = (rng: Rng, length: number): string =>
  Array.from({ length }, () => ALPHABET[below(rng, ALPHABET.length)]).join('');

/** The account of an exchange that was started without any: a made key and enough of every default coin. */
export function makeAccount(rng: Rng, uid: string): AccountConfig {
  return {
    uid,
    apiKey: word(rng, 18),
    apiSecret: word(rng, 36),
    readOnly: false,
    permissions: TRADING,
    ips: [],
    balances: [
      ['USDT', money('1000000')],
      ['BTC', money('10')],
      ['ETH', money('100')],
      ['BNB', money('1000')],
      ['XRP', money('100000')],
    ],
    fees: null,
    note: 'made at start',
    smpGroup: 0,
  };
}
