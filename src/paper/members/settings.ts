import { formatDecimal, money } from '../../domain/decimal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { AccountSettings, ExchangeRefusal } from '../../ports/exchange.ts';
import type { Decision } from '../desk/decision.ts';
import { refuse } from '../rules/refusal.ts';
import { settingsOf } from '../state/state.ts';

const LEAST_SPOT_LEVERAGE = money('2');
const MOST_SPOT_LEVERAGE = money('10');

/** What an account chooses for itself; what is chosen already is no change and no error. */
export function changeSettings(
  decision: Decision,
  uid: string,
  change: Partial<AccountSettings>,
): Result<AccountSettings, ExchangeRefusal> {
  const before = settingsOf(decision.desk.state, uid);
  const settings = { ...before, ...change };
  const { leverage } = settings.spotMargin;
  if (leverage < LEAST_SPOT_LEVERAGE || leverage > MOST_SPOT_LEVERAGE) {
    return refuse(
      'LEVERAGE_ABOVE_LIMIT',
      `from ${formatDecimal(LEAST_SPOT_LEVERAGE)} to ${formatDecimal(MOST_SPOT_LEVERAGE)}`,
    );
  }
  const isSame = (Object.keys(change) as (keyof AccountSettings)[]).every((name) => before[name] === settings[name]);
  if (!isSame) decision.emit({ type: 'settings_set', at: decision.at, uid, settings });
  return ok(settings);
}
