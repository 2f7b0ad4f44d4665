import { formatDecimal, money } from '../../domain/decimal.ts';
import type { AssetId } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { AccountSettings, ExchangeRefusal, SettingsChange } from '../../ports/exchange.ts';
import type { Decision } from '../desk/decision.ts';
import { accountRisk, needsMargin } from '../money/account-risk.ts';
import { refuse } from '../rules/refusal.ts';
import { accountOf, settingsOf } from '../state/state.ts';

const LEAST_SPOT_LEVERAGE = money('2');
const MOST_SPOT_LEVERAGE = money('10');

/** What an account chooses for itself; what is chosen already is no change and no error. */
export function changeSettings(
  decision: Decision,
  uid: string,
  wanted: SettingsChange,
): Result<AccountSettings, ExchangeRefusal> {
  const before = settingsOf(decision.desk.state, uid);
  const change = typeof wanted === 'function' ? wanted(before) : wanted;
  const settings = { ...before, ...change };
  const { leverage } = settings.spotMargin;
  if (leverage < LEAST_SPOT_LEVERAGE || leverage > MOST_SPOT_LEVERAGE) {
    return refuse(
      'LEVERAGE_ABOVE_LIMIT',
      `from ${formatDecimal(LEAST_SPOT_LEVERAGE)} to ${formatDecimal(MOST_SPOT_LEVERAGE)}`,
    );
  }
  const isOwing = [...accountOf(decision.desk.state.accounts, uid).coins.values()].some(({ wallet }) => wallet < 0n);
  if (isOwing && before.spotMargin.on && !settings.spotMargin.on) {
    return refuse('SPOT_MARGIN_IN_USE', 'a wallet is below zero');
  }
  const collateral = checkCollateral(decision, uid, before, settings);
  if (!collateral.ok) return collateral;
  const isSame = (Object.keys(change) as (keyof AccountSettings)[]).every((name) => before[name] === settings[name]);
  if (!isSame) decision.emit({ type: 'settings_set', at: decision.at, uid, settings });
  return ok(settings);
}

/** Coins that always count (V5 docs, "Set Collateral Coin"). */
const ALWAYS_COLLATERAL: readonly AssetId[] = ['USDT' as AssetId, 'USDC' as AssetId];

/** A coin may be switched off only while the others carry what the account has open. */
function checkCollateral(
  decision: Decision,
  uid: string,
  before: AccountSettings,
  settings: AccountSettings,
): Result<void, ExchangeRefusal> {
  const added = settings.notCollateral.filter((asset) => !before.notCollateral.includes(asset));
  const fixed = added.find((asset) => ALWAYS_COLLATERAL.includes(asset));
  if (fixed !== undefined) return refuse('COLLATERAL_FIXED', fixed);
  const account = accountOf(decision.desk.state.accounts, uid);
  if (added.length === 0 || settings.marginMode === 'isolated' || !needsMargin(account)) return ok(undefined);
  const { available } = accountRisk(decision.desk.risk, { ...account, settings: { current: settings } }).totals;
  if (available >= 0n) return ok(undefined);
  return refuse('COLLATERAL_IN_USE', `without ${added.join(', ')} the margin is not enough`);
}
