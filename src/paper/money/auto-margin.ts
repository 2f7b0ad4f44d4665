import { absolute, minimum, ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import type { Decision } from '../desk/decision.ts';
import { toCoin } from '../formulas/contract.ts';
import { isIsolatedExhausted } from '../formulas/liquidation.ts';
import { type AccountFacts, positionOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { accountRisk } from './account-risk.ts';
import type { PositionRisk } from './contract-risk.ts';

const ONE_COIN = 10n ** 18n;

/**
 * An isolated position whose margin is used up, and that may, takes more from the wallet: its initial margin once more,
 * and again until it is safe or nothing is left. What would not save it is not taken. True when it was saved.
 */
export function addByItself(
  decision: Decision,
  account: AccountFacts,
  { instrument }: Market,
  { facts, terms, mark }: PositionRisk,
): boolean {
  const { autoAddMargin, cost, leverage } = positionOf(account, facts.instrument, facts.idx);
  if (!autoAddMargin || terms === null) return false;
  const { coins } = accountRisk(decision.desk.risk, account);
  const available = coins.get(instrument.settle)?.isolatedAvailable ?? ZERO;
  const portion = toCoin(absolute(cost) * ONE_COIN, leverage, 'up');
  let amount = ZERO;
  while (isIsolatedExhausted({ ...terms, extra: (terms.extra + amount) as Money }, mark)) {
    if (amount >= available) return false;
    amount = minimum(available, (amount + portion) as Money);
  }
  const { uid } = account;
  const { instrument: id, idx: positionIdx } = facts;
  decision.emit({ type: 'margin_added', at: decision.at, uid, instrument: id, positionIdx, amount });
  return true;
}
