import { formatDecimal } from '../../domain/decimal.ts';
import type { InstrumentId, Money } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { ExchangeRefusal, LeveragePair, PositionIdx } from '../../ports/exchange.ts';
import { marginValue } from '../formulas/contract.ts';
import { maxLeverageAt } from '../formulas/tiers.ts';
import { accountRisk, changedRisk } from '../money/account-risk.ts';
import { refuse } from '../rules/refusal.ts';
import { accountOf, positionOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { Decision } from './decision.ts';
import { marginMissing } from './funds.ts';
import { isHedged } from './position-mode.ts';

/** Leverage of one contract; what is open must be affordable with it. */
export function setLeverage(
  decision: Decision,
  uid: string,
  id: InstrumentId,
  { buy, sell }: LeveragePair,
): Result<void, ExchangeRefusal> {
  const { desk } = decision;
  const market = desk.markets.get(id);
  if (market === undefined) return refuse('INSTRUMENT_NOT_FOUND', `${id} is not listed`);
  const account = accountOf(desk.state.accounts, uid);
  const settings = account.settings.current;
  const hedged = isHedged(settings, market.instrument);
  if (buy !== sell && !(hedged && settings.marginMode === 'isolated')) {
    return refuse('LEVERAGE_DIFFERS', 'buyLeverage and sellLeverage are one here');
  }
  const wanted: readonly (readonly [PositionIdx, Money])[] = hedged
    ? [
        [1, buy],
        [2, sell],
      ]
    : [[0, buy]];
  for (const [idx, leverage] of wanted) {
    const allowed = checkLeverage(decision, uid, market, idx, leverage);
    if (!allowed.ok) return allowed;
  }
  if (wanted.every(([idx, leverage]) => positionOf(account, id, idx).leverage === leverage)) {
    return refuse('LEVERAGE_UNCHANGED', `it is ${formatDecimal(buy)} already`);
  }
  const before = accountRisk(desk.risk, account);
  const positions = wanted.map(([idx, leverage]) => ({ ...positionOf(account, id, idx), leverage }));
  const after = changedRisk(desk.risk, account, before, { instrument: id, positions });
  const missing = marginMissing(account, market, before, after);
  if (missing !== null) return refuse('INSUFFICIENT_BALANCE', missing);
  for (const [positionIdx, leverage] of wanted) {
    decision.emit({ type: 'leverage_set', at: decision.at, uid, instrument: id, positionIdx, leverage });
  }
  decision.touch(uid, market);
  return ok(undefined);
}

function checkLeverage(
  decision: Decision,
  uid: string,
  market: Market,
  idx: PositionIdx,
  leverage: Money,
): Result<void, ExchangeRefusal> {
  const { contract, tiers, id } = market.instrument;
  const allowed = contract?.leverage ?? null;
  if (contract === null || allowed === null) return refuse('NOT_SUPPORTED', 'it has no leverage');
  if (leverage < allowed.min || leverage % allowed.step !== 0n) {
    return refuse(
      'LEVERAGE_ABOVE_LIMIT',
      `from ${formatDecimal(allowed.min)} in steps of ${formatDecimal(allowed.step)}`,
    );
  }
  const { size } = positionOf(accountOf(decision.desk.state.accounts, uid), id, idx);
  const most = maxLeverageAt(tiers, marginValue(contract.valuation, size, market.mark()));
  return leverage > most ? refuse('LEVERAGE_ABOVE_LIMIT', `the most is ${formatDecimal(most)}`) : ok(undefined);
}
