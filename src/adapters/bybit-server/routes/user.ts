import { err, ok, type Result } from '../../../domain/result.ts';
import type { Exchange, Member } from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { flag, type Field, optional, pageSize, text, whole } from '../params/fields.ts';
import { invalidParam, missingParam, refused, type WireRefusal, wireRefusal } from '../refusals.ts';
import { accountRoute, type AccountContext, type Route } from '../route.ts';
import { madeMemberResult, MEMBER_KINDS, memberRow } from '../wire/member.ts';

/** The end of a list of sub-accounts. */
const LAST_PAGE = '0';
/** "At most 1k sub-accounts": for more there are pages. */
const MOST_AT_ONCE = 1_000;
const MOST_ASKED = 200;

/** A uid as number or text. */
export const uidField: Field<string> = (raw, name) => {
  if (raw === undefined || raw === null || raw === '') return err(missingParam(name));
  const word = typeof raw === 'number' && Number.isSafeInteger(raw) ? String(raw) : raw;
  return typeof word === 'string' && /^\d{1,18}$/.test(word) ? ok(word) : err(invalidParam(name));
};

const memberKind: Field<Member['kind']> = (raw, name) => {
  const value = whole(1, 6)(raw, name);
  if (!value.ok) return value;
  const kind = MEMBER_KINDS[value.value as keyof typeof MEMBER_KINDS] as Member['kind'] | undefined;
  return kind === undefined ? err(invalidParam(name)) : ok(kind);
};

const ownSubs = ({ exchange, uid }: AccountContext): readonly Member[] => [...exchange.subMembers(uid)].reverse();

const createSubMember = accountRoute(
  {
    method: 'POST',
    path: '/v5/user/create-sub-member',
    permission: 'members',
    limit: sameLimit('user.create-sub-member', 1),
    retMsg: '',
    params: { username: text, memberType: memberKind, note: optional(text) },
  },
  async (params, { exchange, uid }) => {
    const { username, memberType: kind, note } = params;
    const made = await exchange.createSubMember(uid, { username, kind, note: note ?? '' });
    return made.ok ? ok(madeMemberResult(made.value)) : err(wireRefusal(made.error, 'linear'));
  },
);

const querySubMembers = accountRoute(
  {
    method: 'GET',
    path: '/v5/user/query-sub-members',
    permission: 'members',
    limit: sameLimit('user.query-sub-members', 10),
    retMsg: '',
    params: {},
  },
  (_params, context) => ok({ subMembers: ownSubs(context).slice(0, MOST_AT_ONCE).map(memberRow) }),
);

const pageParams = { pageSize: pageSize(100, 100), nextCursor: optional(text) };

/** Newest first; the cursor is the uid of the last row. */
const subMembers = accountRoute(
  {
    method: 'GET',
    path: '/v5/user/submembers',
    permission: 'members',
    limit: sameLimit('user.submembers', 5),
    retMsg: '',
    params: pageParams,
  },
  (params, context) => {
    const all = ownSubs(context);
    const after = params.nextCursor === null || params.nextCursor === LAST_PAGE ? null : params.nextCursor;
    if (after !== null && !/^\d{1,18}$/.test(after)) return err(invalidParam('nextCursor'));
    const left = after === null ? all : all.filter(({ uid }) => BigInt(uid) < BigInt(after));
    const rows = left.slice(0, params.pageSize);
    const next = left.length > rows.length ? (rows.at(-1)?.uid ?? LAST_PAGE) : LAST_PAGE;
    return ok({ subMembers: rows.map(memberRow), nextCursor: next });
  },
);

/** Nobody's money is managed by others here. */
const escrowMembers = accountRoute(
  {
    method: 'GET',
    path: '/v5/user/escrow_sub_members',
    permission: 'members',
    limit: sameLimit('user.escrow_sub_members', 5),
    retMsg: '',
    params: pageParams,
  },
  () => ok({ subMembers: [], nextCursor: LAST_PAGE }),
);

const frozen: Field<boolean> = (raw, name) => {
  const value = whole(0, 1)(raw, name);
  return value.ok ? ok(value.value === 1) : value;
};

const freezeSubMember = accountRoute(
  {
    method: 'POST',
    path: '/v5/user/frozen-sub-member',
    permission: 'members',
    limit: sameLimit('user.frozen-sub-member', 5),
    retMsg: '',
    params: { subuid: uidField, frozen },
  },
  async (params, { exchange, uid, keysChanged }) => {
    const done = await exchange.freezeSubMember(uid, params.subuid, params.frozen);
    if (!done.ok) return err(wireRefusal(done.error, 'linear'));
    keysChanged();
    return ok({});
  },
);

const deleteSubMember = accountRoute(
  {
    method: 'POST',
    path: '/v5/user/del-submember',
    permission: 'members',
    limit: sameLimit('user.del-submember', 5),
    params: { subMemberId: uidField },
  },
  async (params, { exchange, uid, keysChanged }) => {
    const done = await exchange.deleteSubMember(uid, params.subMemberId);
    if (!done.ok) return err(wireRefusal(done.error, 'linear'));
    keysChanged();
    return ok({});
  },
);

const createDemoMember = accountRoute(
  {
    method: 'POST',
    path: '/v5/user/create-demo-member',
    permission: 'members',
    limit: sameLimit('user.create-demo-member', 5),
    retMsg: '',
    params: {},
  },
  async (_params, { exchange, uid }) => {
    const made = await exchange.createDemoMember(uid);
    return made.ok ? ok({ subMemberId: made.value.uid }) : err(wireRefusal(made.error, 'linear'));
  },
);

/** The caller's own uid, or one of its sub-accounts. */
export function ownMember(exchange: Exchange, uid: string, asked: string | null): Result<string, WireRefusal> {
  if (asked === null || asked === uid) return ok(uid);
  return exchange.member(asked)?.parent === uid ? ok(asked) : err(refused(131202, 'Invalid memberId'));
}

/** The wallets of a user: every account is a unified one. */
const memberType = accountRoute(
  {
    method: 'GET',
    path: '/v5/user/get-member-type',
    permission: 'open',
    limit: sameLimit('user.get-member-type', 10),
    retMsg: '',
    params: { memberIds: optional(text) },
  },
  (params, { exchange, uid }) => {
    const asked = params.memberIds === null ? [uid] : params.memberIds.split(',').map((one) => one.trim());
    if (asked.length > MOST_ASKED) return err(invalidParam('memberIds'));
    const known = asked.map((one) => ownMember(exchange, uid, one));
    const stranger = known.find((one) => !one.ok);
    if (stranger !== undefined) return stranger;
    return ok({ accounts: asked.map((one) => ({ uid: one, accountType: ['UNIFIED', 'FUND'] })) });
  },
);

const agree: Field<true> = (raw, name) => {
  const value = raw === undefined || raw === null ? err(missingParam(name)) : flag(raw, name);
  if (!value.ok) return value;
  return value.value ? ok(true) : err(invalidParam(name));
};

/** Contracts that ask for an agreement are not listed here: there is nothing that it opens. */
const agreement = accountRoute(
  {
    method: 'POST',
    path: '/v5/user/agreement',
    permission: 'open',
    limit: sameLimit('user.agreement', 20),
    retMsg: 'success',
    params: { category: optional(whole(2, 3)), categoryV2: optional(whole(1, 2)), agree },
  },
  ({ category, categoryV2 }) => (category === null && categoryV2 === null ? err(missingParam('categoryV2')) : ok({})),
);

/** Nobody is invited to a paper exchange. */
const referrals = accountRoute(
  {
    method: 'GET',
    path: '/v5/user/invitation/referrals',
    permission: 'open',
    limit: sameLimit('user.invitation-referrals', 10),
    retMsg: '',
    params: { status: optional(whole(0, 9)), size: optional(whole(1, 1000)), cursor: optional(text) },
  },
  () => ok({ nextCursor: '', records: [] }),
);

export const USER_ROUTES: readonly Route[] = [
  createSubMember,
  querySubMembers,
  subMembers,
  escrowMembers,
  freezeSubMember,
  deleteSubMember,
  createDemoMember,
  memberType,
  agreement,
  referrals,
];
