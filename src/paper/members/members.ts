import type { UnixMs } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Credential, ExchangeRefusal, KeyChange, Member, NewSubKey, NewSubMember } from '../../ports/exchange.ts';
import { below, type Rng } from '../../ports/rng.ts';
import type { Decision } from '../desk/decision.ts';
import { refuse } from '../rules/refusal.ts';
import { isHouse, type PaperState } from '../state/state.ts';
import type { Credentials } from './credentials.ts';

type Decided<T> = Result<T, ExchangeRefusal>;

/** Keys that one account may have (V5 docs, "Create Sub UID API Key": 20). */
const MOST_KEYS = 20;
const USERNAME = /^(?=.*[a-zA-Z])(?=.*\d)[a-zA-Z\d]{6,16}$/;
/** Sub-accounts of one master (V5 docs, "Get Sub UID List (Limited)": it lists so many). */
const MOST_SUB_MEMBERS = 10_000;

/** A user: a sub-account as it was made, or the master account that the configuration names. */
export function memberOf(state: PaperState, uid: string, openedAt: UnixMs): Member | null {
  const member = state.members.get(uid);
  if (member !== undefined) return member;
  if (isHouse(uid) || !state.accounts.has(uid)) return null;
  return { uid, parent: null, username: `master${uid}`, kind: 'normal', note: '', frozen: false, createdAt: openedAt };
}

export const subMembersOf = (state: PaperState, uid: string): readonly Member[] =>
  [...state.members.values()].filter((member) => member.parent === uid);

export function createSubMember(decision: Decision, uid: string, sub: NewSubMember): Decided<Member> {
  const { state } = decision.desk;
  if (state.members.has(uid)) return refuse('NOT_MASTER', `${uid} is a sub-account`);
  if (!USERNAME.test(sub.username)) {
    return refuse('USERNAME_INVALID', '6 to 16 letters and digits, at least one of each');
  }
  if ([...state.members.values()].some((member) => member.username === sub.username)) {
    return refuse('USERNAME_TAKEN', sub.username);
  }
  if (subMembersOf(state, uid).length >= MOST_SUB_MEMBERS) {
    return refuse('TOO_MANY_SUB_MEMBERS', String(MOST_SUB_MEMBERS));
  }
  const member: Member = { ...sub, uid: nextUid(state), parent: uid, frozen: false, createdAt: decision.at };
  decision.emit({ type: 'member_created', at: decision.at, member });
  return ok(member);
}

/** Above every uid there is or was: deleted members leave their accounts behind. */
function nextUid(state: PaperState): string {
  let highest = 100_000_000n;
  for (const uid of state.accounts.keys()) if (/^\d+$/.test(uid) && BigInt(uid) > highest) highest = BigInt(uid);
  return String(highest + 1n);
}

/** A frozen account's keys open nothing; what it has and what it works stays. */
export function freezeSubMember(decision: Decision, uid: string, sub: string, frozen: boolean): Decided<void> {
  const member = ownSub(decision.desk.state, uid, sub);
  if (!member.ok) return member;
  if (member.value.frozen !== frozen) decision.emit({ type: 'member_frozen', at: decision.at, uid: sub, frozen });
  return ok(undefined);
}

/** Only of an account that has nothing left. */
export function deleteSubMember(decision: Decision, uid: string, sub: string): Decided<void> {
  const { state } = decision.desk;
  const member = ownSub(state, uid, sub);
  if (!member.ok) return member;
  const account = state.accounts.get(sub);
  const hasCoins =
    account !== undefined &&
    ([...account.coins.values()].some((coin) => coin.wallet !== 0n || coin.spotBorrow > 0n) ||
      [...account.fund.values()].some((one) => one > 0n));
  const hasPositions = account !== undefined && [...account.positions.values()].some(({ size }) => size !== 0n);
  if (hasCoins || hasPositions || (account?.open.size ?? 0) > 0)
    return refuse('SUB_MEMBER_NOT_EMPTY', `${sub} has assets, positions or orders`);
  decision.emit({ type: 'member_deleted', at: decision.at, uid: sub });
  return ok(undefined);
}

export function createSubKey(
  decision: Decision,
  uid: string,
  key: NewSubKey,
  keys: Credentials,
  rng: Rng,
): Decided<Credential> {
  const member = ownSub(decision.desk.state, uid, key.uid);
  if (!member.ok) return member;
  if (member.value.frozen) return refuse('SUB_MEMBER_FROZEN', key.uid);
  if (keys.of(key.uid).length >= MOST_KEYS) return refuse('TOO_MANY_KEYS', String(MOST_KEYS));
  const credential: Credential = {
    ...key,
    apiKey: word(rng, 18),
    apiSecret: word(rng, 36),
    createdAt: decision.at,
    // "If you don't bind an IP, the key expires after 90 days" (V5 docs, "Create Sub UID API Key").
    expiresAt: key.ips.length > 0 ? null : ((decision.at + UNBOUND_MS) as UnixMs),
  };
  decision.emit({ type: 'key_set', at: decision.at, key: credential });
  return ok(credential);
}

const UNBOUND_MS = 90 * 86_400_000;

export function changeKey(
  decision: Decision,
  uid: string,
  apiKey: string,
  change: KeyChange,
  keys: Credentials,
): Decided<Credential> {
  const found = ownKey(decision.desk.state, uid, apiKey, keys);
  if (!found.ok) return found;
  const { apiSecret, ...rest } = found.value;
  const isStored = (decision.desk.state.keys.get(apiKey)?.apiSecret ?? null) !== null;
  const ips = change.ips ?? rest.ips;
  const unboundNow = change.ips !== undefined && ips.length === 0 && isStored;
  const expiresAt = ips.length > 0 ? null : unboundNow ? ((decision.at + UNBOUND_MS) as UnixMs) : rest.expiresAt;
  const key = { ...rest, ...change, expiresAt, apiSecret: isStored ? apiSecret : null };
  decision.emit({ type: 'key_set', at: decision.at, key });
  return ok({ ...key, apiSecret });
}

export function deleteKey(decision: Decision, uid: string, apiKey: string, keys: Credentials): Decided<void> {
  const found = ownKey(decision.desk.state, uid, apiKey, keys);
  if (!found.ok) return found;
  decision.emit({ type: 'key_deleted', at: decision.at, apiKey, uid: found.value.uid });
  return ok(undefined);
}

function ownKey(state: PaperState, uid: string, apiKey: string, keys: Credentials): Decided<Credential> {
  const key = keys.of(uid).find((one) => one.apiKey === apiKey);
  if (key !== undefined) return ok(key);
  for (const sub of subMembersOf(state, uid)) {
    const own = keys.of(sub.uid).find((one) => one.apiKey === apiKey);
    if (own !== undefined) return ok(own);
  }
  return refuse('KEY_NOT_FOUND', `${apiKey} is no key of ${uid} or of its sub-accounts`);
}

function ownSub(state: PaperState, uid: string, sub: string): Decided<Member> {
  const member = state.members.get(sub);
  return member !== undefined && member.parent === uid
    ? ok(member)
    : refuse('SUB_MEMBER_NOT_FOUND', `${sub} is no sub-account of ${uid}`);
}

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
const word = (rng: Rng, length: number): string =>
  Array.from({ length }, () => ALPHABET[below(rng, ALPHABET.length)]).join('');
