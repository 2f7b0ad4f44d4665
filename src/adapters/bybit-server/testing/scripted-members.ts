import type { AssetId, Money, UnixMs } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type {
  AccountSettings,
  CoinAmount,
  Credential,
  ExchangeMembers,
  ExchangeRefusal,
  KeyChange,
  Member,
  NewSubKey,
  NewSubMember,
  NewTransfer,
  SettingsChange,
  Transfer,
} from '../../../ports/exchange.ts';
import { money } from '../../../domain/decimal.ts';

type Answer<T> = Promise<Result<T, ExchangeRefusal>>;

const AT = 1_690_000_000_000 as UnixMs;

/** Users of a scripted exchange: a master account 1001, whatever subs a test makes, and no rules. */
export class ScriptedMembers implements ExchangeMembers {
  readonly credentials = new Map<string, Credential>();
  readonly subs = new Map<string, Member>();
  readonly inFunding = new Map<AssetId, Money>();
  readonly moved: NewTransfer[] = [];
  readonly adjusted: CoinAmount[] = [];
  chosen: AccountSettings = SETTINGS;
  /** What the next writes answer; by default they are accepted. */
  refusal: ExchangeRefusal | null = null;

  credential = (apiKey: string): Credential | null => this.credentials.get(apiKey) ?? null;
  settings = (): AccountSettings => this.chosen;

  member = (uid: string): Member | null =>
    this.subs.get(uid) ?? {
      uid,
      parent: null,
      username: 'master',
      kind: 'normal',
      note: '',
      frozen: false,
      createdAt: AT,
    };
  subMembers = (uid: string): readonly Member[] => [...this.subs.values()].filter((one) => one.parent === uid);
  keysOf = (uid: string): readonly Credential[] => [...this.credentials.values()].filter((key) => key.uid === uid);

  createSubMember(uid: string, sub: NewSubMember): Answer<Member> {
    const member = { ...sub, uid: String(53_888_000 + this.subs.size), parent: uid, frozen: false, createdAt: AT };
    this.subs.set(member.uid, member);
    return this.answer(member);
  }

  createDemoMember(uid: string): Answer<Member> {
    return this.createSubMember(uid, { username: 'demo0001', kind: 'normal', note: 'demo' });
  }

  freezeSubMember(_uid: string, sub: string, frozen: boolean): Answer<void> {
    this.subs.set(sub, { ...this.member(sub), frozen } as Member);
    return this.answer(undefined);
  }

  deleteSubMember(_uid: string, sub: string): Answer<void> {
    this.subs.delete(sub);
    return this.answer(undefined);
  }

  createSubKey(_uid: string, key: NewSubKey): Answer<Credential> {
    const credential = { ...key, apiKey: 'made', apiSecret: 'made-secret', createdAt: AT, expiresAt: null };
    this.credentials.set(credential.apiKey, credential);
    return this.answer(credential);
  }

  changeKey(_uid: string, apiKey: string, change: KeyChange): Answer<Credential> {
    const credential = { ...(this.credentials.get(apiKey) as Credential), ...change };
    this.credentials.set(apiKey, credential);
    return this.answer(credential);
  }

  deleteKey(_uid: string, apiKey: string): Answer<void> {
    this.credentials.delete(apiKey);
    return this.answer(undefined);
  }

  funding = (): ReadonlyMap<AssetId, Money> => this.inFunding;
  transferable = (): Money => money('1000');

  transfer(_uid: string, wanted: NewTransfer): Answer<Transfer> {
    this.moved.push(wanted);
    return this.answer({ ...wanted, at: AT });
  }

  adjustMoney(_uid: string, amounts: readonly CoinAmount[]): Answer<void> {
    this.adjusted.push(...amounts);
    return this.answer(undefined);
  }

  usdPrice = (asset: AssetId): Money => money(asset === 'BTC' ? '60000' : '1');

  changeSettings(_uid: string, change: SettingsChange): Answer<AccountSettings> {
    const wanted = typeof change === 'function' ? change(this.chosen) : change;
    this.chosen = { ...this.chosen, ...wanted };
    return this.answer(this.chosen);
  }

  protected answer<T>(value: T): Answer<T> {
    return Promise.resolve(this.refusal === null ? ok(value) : err(this.refusal));
  }
}

const SETTINGS: AccountSettings = {
  marginMode: 'cross',
  hedged: {},
  spotMargin: { on: false, leverage: money('10') },
  notCollateral: [],
  beyondBand: { spot: 'refuse', futures: 'clamp' },
  dcp: { spot: null, derivatives: null, options: null },
  deltaMode: false,
  smpGroup: 0,
};
