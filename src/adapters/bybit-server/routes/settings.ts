import type { AssetId } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type { AccountSettings, SettingsChange } from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { category, type Field, oneOf, text, wordOf } from '../params/fields.ts';
import { isObject } from '../params/source.ts';
import { invalidParam, missingParam, refused, type WireRefusal, wireRefusal } from '../refusals.ts';
import { accountRoute, type AccountContext, type Route } from '../route.ts';

const onOff = oneOf(['ON', 'OFF']);
type Switch = Readonly<{ coin: string; collateralSwitch: 'ON' | 'OFF' }>;

/** A flag that has to be there. */
const decided: Field<boolean> = (raw, name) => {
  if (raw === undefined || raw === null || raw === '') return err(missingParam(name));
  return typeof raw === 'boolean' ? ok(raw) : err(invalidParam(name));
};

async function change({ exchange, uid }: AccountContext, wanted: SettingsChange, result: object = {}) {
  const changed = await exchange.changeSettings(uid, wanted);
  return changed.ok ? ok(result) : err(wireRefusal(changed.error, 'linear'));
}

/** The coins that count as collateral after some were switched: all of them at once, or none. */
async function switchCollateral(context: AccountContext, switches: readonly Switch[], result: object) {
  const known = new Set(
    context.exchange.money.coinTerms().flatMap(({ asset, collateral }) => (collateral === null ? [] : [asset])),
  );
  if (switches.some(({ coin }) => !known.has(coin as AssetId))) return err(invalidParam('coin'));
  const of = (word: Switch['collateralSwitch']) =>
    switches.filter((one) => one.collateralSwitch === word).map(({ coin }) => coin as AssetId);
  const [on, off] = [of('ON'), of('OFF')];
  const wanted = ({ notCollateral }: AccountSettings) => ({
    notCollateral: [...notCollateral.filter((coin) => !on.includes(coin) && !off.includes(coin)), ...off],
  });
  return change(context, wanted, result);
}

const collateralSwitch = accountRoute(
  {
    method: 'POST',
    path: '/v5/account/set-collateral-switch',
    permission: 'open',
    limit: sameLimit('account.set-collateral-switch', 5),
    retMsg: 'SUCCESS',
    params: { coin: text, collateralSwitch: onOff },
  },
  (params, context) => switchCollateral(context, [params], {}),
);

const switchList: Field<readonly Switch[]> = (raw, name) => {
  if (!Array.isArray(raw) || raw.length === 0) return err(raw === undefined ? missingParam(name) : invalidParam(name));
  const rows: Switch[] = [];
  for (const row of raw as readonly unknown[]) {
    const read = readSwitch(row);
    if (!read.ok) return read;
    rows.push(read.value);
  }
  return new Set(rows.map(({ coin }) => coin)).size === rows.length
    ? ok(rows)
    : err(refused(182112, 'Duplicate currency, please re-adjust'));
};

function readSwitch(row: unknown): Result<Switch, WireRefusal> {
  if (!isObject(row)) return err(invalidParam('request'));
  const coin = text(row['coin'], 'coin');
  if (!coin.ok) return coin;
  const word = onOff(row['collateralSwitch'], 'collateralSwitch');
  return word.ok ? ok({ coin: coin.value, collateralSwitch: word.value }) : word;
}

const collateralSwitches = accountRoute(
  {
    method: 'POST',
    path: '/v5/account/set-collateral-switch-batch',
    permission: 'open',
    limit: sameLimit('account.set-collateral-switch-batch', 5),
    retMsg: 'SUCCESS',
    params: { request: switchList },
  },
  ({ request }, context) => switchCollateral(context, request, { list: request }),
);

/** What becomes of a limit price beyond the band: moved to its edge (`true`), or refused. Futures have one choice. */
const limitPriceAction = accountRoute(
  {
    method: 'POST',
    path: '/v5/account/set-limit-px-action',
    permission: 'open',
    limit: sameLimit('account.set-limit-px-action', 10),
    retMsg: 'success',
    params: { category: category('linear', 'inverse', 'spot'), modifyEnable: decided },
  },
  (params, context) => {
    const action = params.modifyEnable ? 'clamp' : 'refuse';
    const market = params.category === 'spot' ? 'spot' : 'futures';
    return change(context, ({ beyondBand }) => ({ beyondBand: { ...beyondBand, [market]: action } }));
  },
);

/** Is kept and shown, and means nothing: it is about margin in portfolio mode. */
const deltaMode = accountRoute(
  {
    method: 'POST',
    path: '/v5/account/set-delta-mode',
    permission: 'open',
    limit: sameLimit('account.set-delta-mode', 5),
    retMsg: 'success',
    params: { deltaEnable: wordOf({ '0': false, '1': true }) },
  },
  (params, context) => change(context, { deltaMode: params.deltaEnable }),
);

const userSettings = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/user-setting-config',
    permission: 'open',
    limit: sameLimit('account.user-setting-config', 50),
    params: {},
  },
  (_params, { exchange, uid }) => {
    const { beyondBand, deltaMode: deltaEnable } = exchange.settings(uid);
    return ok({
      // The two words of the documentation are of opposite meaning: spot is true where prices are moved, futures
      // where they are refused.
      lpaSpot: beyondBand.spot === 'clamp',
      lpaPerp: beyondBand.futures === 'refuse',
      deltaEnable,
      // Fees are not paid in another coin.
      smsef: false,
      fmsef: false,
    });
  },
);

const smpGroup = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/smp-group',
    permission: 'open',
    limit: sameLimit('account.smp-group', 5),
    retMsg: 'success',
    params: {},
  },
  (_params, { exchange, uid }) => ok({ smpGroup: exchange.settings(uid).smpGroup }),
);

const hedgingMode = accountRoute(
  {
    method: 'POST',
    path: '/v5/account/set-hedging-mode',
    permission: 'open',
    limit: sameLimit('account.set-hedging-mode', 5),
    retMsg: 'SUCCESS',
    params: { setHedgingMode: onOff },
  },
  () => err(refused(140001, 'Switching the PM spot hedging switch is not allowed in non PM mode')),
);

/** Every account here is a unified one from its first day. */
const upgrade = accountRoute(
  {
    method: 'POST',
    path: '/v5/account/upgrade-to-uta',
    permission: 'open',
    limit: sameLimit('account.upgrade-to-uta', 1),
    retMsg: '',
    params: {},
  },
  () =>
    ok({
      unifiedUpdateStatus: 'FAIL',
      unifiedUpdateMsg: { msg: ['Update account failed. The account is a unified trading account already.'] },
    }),
);

export const SETTING_ROUTES: readonly Route[] = [
  collateralSwitch,
  collateralSwitches,
  limitPriceAction,
  deltaMode,
  userSettings,
  smpGroup,
  hedgingMode,
  upgrade,
];
