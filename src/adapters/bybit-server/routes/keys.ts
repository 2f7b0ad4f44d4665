import { err, ok, type Result } from '../../../domain/result.ts';
import type { Credential, KeyChange } from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { type Field, optional, pageSize, text, whole } from '../params/fields.ts';
import { addresses, isForMasters, permissions } from '../params/key-fields.ts';
import { page } from '../params/paging.ts';
import { invalidParam, missingParam, REFUSED, type WireRefusal, wireRefusal } from '../refusals.ts';
import { accountRoute, type AccountContext, type Route } from '../route.ts';
import { changedKeyResult, madeKeyResult, queryApiResult, subKeyRow } from '../wire/key.ts';
import { uidField } from './user.ts';

const readOnly: Field<boolean> = (raw, name) => {
  const value = whole(0, 1)(raw, name);
  return value.ok ? ok(value.value === 1) : value;
};

const isMaster = ({ exchange, uid }: AccountContext): boolean => (exchange.member(uid)?.parent ?? null) === null;

const queryApi = accountRoute(
  {
    method: 'GET',
    path: '/v5/user/query-api',
    permission: 'open',
    limit: sameLimit('user.query-api', 10),
    retMsg: '',
    params: {},
  },
  (_params, { exchange, uid, credential, now }) => ok(queryApiResult(credential, exchange.member(uid), now)),
);

const createSubKey = accountRoute(
  {
    method: 'POST',
    path: '/v5/user/create-sub-api',
    permission: 'members',
    limit: sameLimit('user.create-sub-api', 1),
    retMsg: '',
    params: { subuid: uidField, note: optional(text), readOnly, ips: addresses, permissions },
  },
  async (params, { exchange, uid }) => {
    const { subuid, note, ...rest } = params;
    if (isForMasters(rest.permissions)) return err(invalidParam('permissions'));
    const made = await exchange.createSubKey(uid, { uid: subuid, note: note ?? '', ...rest });
    return made.ok ? ok(madeKeyResult(made.value)) : err(wireRefusal(made.error, 'linear'));
  },
);

const subKeys = accountRoute(
  {
    method: 'GET',
    path: '/v5/user/sub-apikeys',
    permission: 'open',
    limit: sameLimit('user.sub-apikeys', 10),
    retMsg: '',
    params: { subMemberId: uidField, limit: pageSize(20, 20), cursor: optional(text) },
  },
  (params, { exchange, uid, now }) => {
    if (exchange.member(params.subMemberId)?.parent !== uid) {
      return err(wireRefusal({ code: 'SUB_MEMBER_NOT_FOUND', detail: params.subMemberId }, 'linear'));
    }
    const keys = [...exchange.keysOf(params.subMemberId)].sort((a, b) => b.createdAt - a.createdAt);
    const cut = page(keys, params.limit, params.cursor, (key) => ({ at: key.createdAt, id: key.apiKey }));
    if (!cut.ok) return cut;
    return ok({ result: cut.value.rows.map((key) => subKeyRow(key, now)), nextPageCursor: cut.value.nextPageCursor });
  },
);

/**
 * The key that a request about a sub-account's key means: a master names one of its sub-accounts', a sub-account's key
 * means itself.
 */
function meantSubKey(context: AccountContext, named: string | null): Result<Credential, WireRefusal> {
  const { exchange, uid, credential } = context;
  if (!isMaster(context)) {
    return named === null || named === credential.apiKey ? ok(credential) : err(invalidParam('apikey'));
  }
  if (named === null) return err(missingParam('apikey'));
  const keys = exchange.subMembers(uid).flatMap((sub) => exchange.keysOf(sub.uid));
  const key = keys.find(({ apiKey }) => apiKey === named);
  return key === undefined ? err(invalidParam('apikey')) : ok(key);
}

type Asked = Readonly<{
  readOnly: boolean | null;
  ips?: readonly string[] | null;
  permissions: KeyChange['permissions'] | null;
}>;

/** What is not named stays as it is. */
const changeOf = (asked: Asked): KeyChange => ({
  ...(asked.readOnly === null ? {} : { readOnly: asked.readOnly }),
  ...(asked.ips === null || asked.ips === undefined ? {} : { ips: asked.ips }),
  ...(asked.permissions === null || asked.permissions === undefined ? {} : { permissions: asked.permissions }),
});

async function change(context: AccountContext, apiKey: string, wanted: KeyChange) {
  const changed = await context.exchange.changeKey(context.uid, apiKey, wanted);
  return changed.ok ? ok(changedKeyResult(changed.value)) : err(wireRefusal(changed.error, 'linear'));
}

async function remove(context: AccountContext, apiKey: string) {
  const removed = await context.exchange.deleteKey(context.uid, apiKey);
  if (!removed.ok) return err(wireRefusal(removed.error, 'linear'));
  context.keysChanged();
  return ok({});
}

/** "Only the API key that calls this endpoint can be modified." */
const updateOwnKey = accountRoute(
  {
    method: 'POST',
    path: '/v5/user/update-api',
    permission: 'members',
    limit: sameLimit('user.update-api', 5),
    retMsg: '',
    params: { readOnly: optional(readOnly), permissions: optional(permissions) },
  },
  async (params, context) =>
    isMaster(context) ? change(context, context.credential.apiKey, changeOf(params)) : err(REFUSED.permission),
);

const updateSubKey = accountRoute(
  {
    method: 'POST',
    path: '/v5/user/update-sub-api',
    permission: 'members',
    limit: sameLimit('user.update-sub-api', 5),
    retMsg: '',
    params: {
      apikey: optional(text),
      readOnly: optional(readOnly),
      ips: optional(addresses),
      permissions: optional(permissions),
    },
  },
  async (params, context) => {
    const key = meantSubKey(context, params.apikey);
    if (!key.ok) return key;
    if (params.permissions !== null && isForMasters(params.permissions)) return err(invalidParam('permissions'));
    return change(context, key.value.apiKey, changeOf(params));
  },
);

const deleteOwnKey = accountRoute(
  {
    method: 'POST',
    path: '/v5/user/delete-api',
    permission: 'members',
    limit: sameLimit('user.delete-api', 5),
    retMsg: '',
    params: {},
  },
  async (_params, context) =>
    isMaster(context) ? remove(context, context.credential.apiKey) : err(REFUSED.permission),
);

const deleteSubKey = accountRoute(
  {
    method: 'POST',
    path: '/v5/user/delete-sub-api',
    permission: 'members',
    limit: sameLimit('user.delete-sub-api', 5),
    retMsg: '',
    params: { apikey: optional(text) },
  },
  async (params, context) => {
    const key = meantSubKey(context, params.apikey);
    return key.ok ? remove(context, key.value.apiKey) : key;
  },
);

export const KEY_ROUTES: readonly Route[] = [
  queryApi,
  createSubKey,
  subKeys,
  updateOwnKey,
  updateSubKey,
  deleteOwnKey,
  deleteSubKey,
];
