import { err, ok, type Result } from '../../../domain/result.ts';
import { sameLimit } from '../limits.ts';
import { anything, category, type Field, instant, oneOf, optional, pageSize, text } from '../params/fields.ts';
import { missingParam, refused, type WireRefusal } from '../refusals.ts';
import { accountRoute, type Route } from '../route.ts';
import { instrumentOf } from './find.ts';

/**
 * What Bybit has for institutions and market makers: limits of their own, protection, block trades. Nobody here is one,
 * so that their lists are empty and what they may do is refused as it is to others.
 */
const NO_INSTITUTION = refused(3500002, 'Current user is not an institutional user');
const OTHERS = refused(3500153, 'You do not have permission to query other UIDs');
const NO_PROTECTION = refused(110065, "MMP hasn't yet been enabled for your account. Please contact your BD manager.");

/** Orders a second of an account that is upgraded in nothing. */
const RATES = [
  { bizType: 'SPOT', rate: 20 },
  { bizType: 'OPTIONS', rate: 10 },
  { bizType: 'DERIVATIVES', rate: 10 },
] as const;

const list: Field<readonly unknown[]> = (raw, name): Result<readonly unknown[], WireRefusal> =>
  Array.isArray(raw) && raw.length > 0 ? ok(raw) : err(missingParam(name));

const api = (word: string) => sameLimit(`apilimit.${word}`, 50);

const queryLimit = accountRoute(
  {
    method: 'GET', path: '/v5/apilimit/query', permission: 'open', limit: api('query'), retMsg: 'success',
    params: { uids: text },
  },
  ({ uids }, { uid }) =>
    uids.split(',').every((one) => one.trim() === uid)
      ? ok({ list: RATES.map((rate) => ({ uids: uid, ...rate })) })
      : err(OTHERS),
); // biome-ignore format: a table

const queryAllLimits = accountRoute(
  {
    method: 'GET', path: '/v5/apilimit/query-all', permission: 'open', limit: api('query-all'), retMsg: 'success',
    params: { limit: pageSize(1000, 1000), cursor: optional(text), uids: optional(text) },
  },
  (_params, { uid }) => ok({ list: RATES.map((rate) => ({ uids: uid, ...rate })), nextPageCursor: '' }),
); // biome-ignore format: a table

const queryCap = accountRoute(
  {
    method: 'GET', path: '/v5/apilimit/query-cap', permission: 'open', limit: api('query-cap'), retMsg: 'success',
    params: {},
  },
  () =>
    ok({
      list: RATES.map(({ bizType, rate }) => ({
        insCap: String(rate), uidCap: String(rate), totalRate: String(rate), bizType,
      })),
    }),
); // biome-ignore format: a table

const setLimit = accountRoute(
  {
    method: 'POST', path: '/v5/apilimit/set', permission: 'open', limit: api('set'), retMsg: 'success',
    params: { list },
  },
  () => err(NO_INSTITUTION),
); // biome-ignore format: a table

const account = (word: string) => sameLimit(`account.${word}`, 5);

const mmpState = accountRoute(
  {
    method: 'GET', path: '/v5/account/mmp-state', permission: 'open', limit: account('mmp-state'),
    params: { baseCoin: text },
  },
  () => ok({ result: [] }),
); // biome-ignore format: a table

const mmpModify = accountRoute(
  {
    method: 'POST', path: '/v5/account/mmp-modify', permission: 'open', limit: account('mmp-modify'),
    retMsg: 'success',
    params: { baseCoin: text, window: text, frozenPeriod: text, qtyLimit: text, deltaLimit: text },
  },
  () => err(NO_PROTECTION),
); // biome-ignore format: a table

const mmpReset = accountRoute(
  {
    method: 'POST', path: '/v5/account/mmp-reset', permission: 'open', limit: account('mmp-reset'),
    retMsg: 'success',
    params: { baseCoin: text },
  },
  () => err(NO_PROTECTION),
); // biome-ignore format: a table

/** A block trade between two users that nobody takes part in. */
const movePositions = accountRoute(
  {
    method: 'POST', path: '/v5/position/move-positions', permission: 'positions',
    limit: sameLimit('position.move-positions', 10),
    params: { fromUid: text, toUid: text, list },
  },
  () => ok({ blockTradeId: '', status: 'Rejected', rejectParty: 'Taker' }),
); // biome-ignore format: a table

const moveHistory = accountRoute(
  {
    method: 'GET', path: '/v5/position/move-history', permission: 'positions',
    limit: sameLimit('position.move-history', 10),
    params: {
      category: optional(category('spot', 'linear', 'inverse', 'option')),
      symbol: optional(text),
      startTime: instant,
      endTime: instant,
      status: optional(oneOf(['Processing', 'Filled', 'Rejected'])),
      blockTradeId: anything,
      limit: pageSize(200, 20),
      cursor: optional(text),
    },
  },
  () => ok({ list: [], nextPageCursor: '' }),
); // biome-ignore format: a table

/** Risk limits change at once here: none is ever waiting to be confirmed. */
const confirmLimit = accountRoute(
  {
    method: 'POST', path: '/v5/position/confirm-pending-mmr', permission: 'positions',
    limit: sameLimit('position.confirm-pending-mmr', 10),
    params: { category: category('linear', 'inverse'), symbol: text },
  },
  (params, { exchange }) => {
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    return instrument.ok ? ok({}) : instrument;
  },
); // biome-ignore format: a table

export const INSTITUTION_ROUTES: readonly Route[] = [
  queryLimit, queryAllLimits, queryCap, setLimit, mmpState, mmpModify, mmpReset, movePositions, moveHistory, confirmLimit,
]; // biome-ignore format: a list
