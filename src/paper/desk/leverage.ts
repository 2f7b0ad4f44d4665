import { formatDecimal } from '../../domain/decimal.ts';
import type { InstrumentId, Money } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { ExchangeRefusal } from '../../ports/exchange.ts';
import { coinMargin, marginOrders, maxLeverageAt, perpetualMargin } from '../rules/margin.ts';
import { refuse } from '../rules/refusal.ts';
import { accountOf, positionOf } from '../state/state.ts';
import type { Decision } from './decision.ts';

/** Leverage of one perpetual; what is open must be affordable with it. */
export function setLeverage(
  decision: Decision,
  uid: string,
  id: InstrumentId,
  leverage: Money,
): Result<void, ExchangeRefusal> {
  const { desk } = decision;
  const market = desk.markets.get(id);
  if (market === undefined) return refuse('INSTRUMENT_NOT_FOUND', `${id} is not listed`);
  const { contract, settle } = market.instrument;
  const allowed = contract?.leverage ?? null;
  if (allowed === null) return refuse('NOT_SUPPORTED', 'it has no leverage');
  const account = accountOf(desk.state.accounts, uid);
  const position = positionOf(account, id);
  if (leverage < allowed.min || leverage % allowed.step !== 0n) {
    return refuse(
      'LEVERAGE_ABOVE_LIMIT',
      `from ${formatDecimal(allowed.min)} in steps of ${formatDecimal(allowed.step)}`,
    );
  }
  const { value } = perpetualMargin(market.instrument, position, [], market.mark(), 0n as Money);
  const most = maxLeverageAt(market.instrument, value);
  if (leverage > most) return refuse('LEVERAGE_ABOVE_LIMIT', `the most is ${formatDecimal(most)}`);
  if (leverage === position.leverage) return refuse('LEVERAGE_UNCHANGED', `it is ${formatDecimal(leverage)} already`);
  const orders = marginOrders(account, id);
  const after = coinMargin(desk.margin, account, settle, {
    instrument: id,
    orders,
    position: { ...position, leverage },
  });
  if (leverage < position.leverage && after.available < 0n) {
    return refuse('INSUFFICIENT_BALANCE', `${formatDecimal(after.available)} ${settle} would be available`);
  }
  decision.emit({ type: 'leverage_set', at: decision.at, uid, instrument: id, positionIdx: 0, leverage });
  decision.touch(uid, market);
  return ok(undefined);
}
