import type { AssetId, Money, UnixMs } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type { AccountSettings, NewTransfer, Transfer } from './exchange-account.ts';
import type { Credential } from './exchange-access.ts';
import type { CoinAmount } from './exchange-money.ts';
import type { ExchangeRefusal } from './exchange-refusal.ts';

type Answer<T> = Promise<Result<T, ExchangeRefusal>>;

/** Users, their sub-accounts and keys, and what they move between accounts. */
export interface ExchangeMembers {
  /** Null for a uid that does not exist. */
  member(uid: string): Member | null;
  /** Sub-accounts of a master account that were not deleted, oldest first. */
  subMembers(uid: string): readonly Member[];
  keysOf(uid: string): readonly Credential[];
  createSubMember(uid: string, sub: NewSubMember): Answer<Member>;
  /** A sub-account that begins with the coins of a demo account. */
  createDemoMember(uid: string): Answer<Member>;
  freezeSubMember(uid: string, sub: string, frozen: boolean): Answer<void>;
  deleteSubMember(uid: string, sub: string): Answer<void>;
  createSubKey(uid: string, key: NewSubKey): Answer<Credential>;
  /** A key of the user's own, or as a master one of its sub-accounts'. */
  changeKey(uid: string, apiKey: string, change: KeyChange): Answer<Credential>;
  deleteKey(uid: string, apiKey: string): Answer<void>;

  /** What lies in the funding account: it does not trade. */
  funding(uid: string): ReadonlyMap<AssetId, Money>;
  /** What of the trading account may be moved out now; not below zero. */
  transferable(uid: string, asset: AssetId): Money;
  transfer(uid: string, transfer: NewTransfer): Answer<Transfer>;
  /**
   * Pays coins in, or where an amount is below zero takes them out, as far as they could be moved
   * out: one after the other, up to the first that cannot.
   */
  adjustMoney(uid: string, amounts: readonly CoinAmount[]): Answer<void>;
  /** US dollars of one unit; zero where nobody says. */
  usdPrice(asset: AssetId): Money;

  changeSettings(uid: string, change: SettingsChange): Answer<AccountSettings>;
}

/** New values, or what makes them of those that there are when it is decided. */
export type SettingsChange = Partial<AccountSettings> | ((current: AccountSettings) => Partial<AccountSettings>);

/** `parent` null: a master account. */
export type Member = Readonly<{
  uid: string;
  parent: string | null;
  username: string;
  kind: 'normal' | 'custodial';
  note: string;
  frozen: boolean;
  createdAt: UnixMs;
}>;

export type NewSubMember = Readonly<Pick<Member, 'username' | 'kind' | 'note'>>;
export type KeyChange = Readonly<Partial<Pick<Credential, 'readOnly' | 'permissions' | 'ips' | 'note'>>>;
export type NewSubKey = Readonly<Pick<Credential, 'uid' | 'readOnly' | 'permissions' | 'ips' | 'note'>>;
