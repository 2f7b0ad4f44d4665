import { ONE } from '../../domain/decimal.ts';
import type { InstrumentId, Money } from '../../domain/ids.ts';
import { qtyOf } from '../../domain/instrument.ts';
import type { CloseReason } from '../../ports/exchange.ts';
import { remove } from '../desk/cancel.ts';
import type { Decision } from '../desk/decision.ts';
import { isExhausted } from '../formulas/account.ts';
import { isIsolatedExhausted, liquidationStep, type RiskPosition } from '../formulas/liquidation.ts';
import { type AccountFacts, accountOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { type AccountRisk, accountRisk } from './account-risk.ts';
import type { PositionRisk } from './contract-risk.ts';
import { addByItself } from './auto-margin.ts';
import { repayByForce } from './loans.ts';
import { crossTerms, handOver, isolatedTerms } from './takeover.ts';

/** More steps than any account takes: orders once, then every position tier by tier. */
const MOST_STEPS = 10_000;

/**
 * Liquidates an account for as long as its margin says so (Bybit help centre, "Liquidation Process"): orders first, then
 * positions, the one with the largest maintenance margin first, tier by tier. True when anything was done.
 */
export function liquidate(decision: Decision, uid: string): boolean {
  const account = accountOf(decision.desk.state.accounts, uid);
  return account.settings.current.marginMode === 'isolated'
    ? liquidateIsolated(decision, account)
    : liquidateCross(decision, account);
}

type Held = Readonly<{ position: PositionRisk; market: Market }>;

function liquidateCross(decision: Decision, account: AccountFacts): boolean {
  const { uid } = account;
  let canRepay = true;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const risk = accountRisk(decision.desk.risk, account);
    if (!isExhausted(risk.totals)) return steps > 0;
    const held = heldBy(decision, risk);
    const step = liquidationStep({
      exhausted: true,
      hasOrders: account.open.size > 0,
      canRepay,
      positions: held.map((one) => riskPosition(decision, one)),
    });
    if (step.type === 'none') return steps > 0;
    if (step.type === 'repay') {
      canRepay = repayByForce(decision, account);
      continue;
    }
    if (step.type === 'cancel_orders') {
      cancelOrders(decision, account, null, 'all_before_liquidation');
      continue;
    }
    const one = held[step.index] as Held;
    const { size } = one.position.facts;
    const qty = (step.type === 'reduce' ? step.qty : size < 0n ? -size : size) as Money;
    takeOver(
      decision,
      uid,
      one,
      (size < 0n ? -qty : qty) as Money,
      crossTerms(decision, uid, one.market, risk, one.position, qty),
    );
  }
  throw new RangeError(`the liquidation of ${uid} does not end`);
}

function liquidateIsolated(decision: Decision, account: AccountFacts): boolean {
  let any = false;
  for (const one of heldBy(decision, accountRisk(decision.desk.risk, account))) {
    const { terms, facts } = one.position;
    if (terms === null || !isIsolatedExhausted(terms, one.position.mark)) continue;
    any = true;
    if (addByItself(decision, account, one.market, one.position)) continue;
    cancelOrders(decision, account, one.market.id, 'before_liquidation');
    takeOver(decision, account.uid, one, facts.size, isolatedTerms(one.market, one.position));
  }
  return any;
}

function heldBy({ desk }: Decision, risk: AccountRisk): readonly Held[] {
  return [...risk.contracts.values()].flatMap(({ instrument, positions }) => {
    const market = desk.markets.get(instrument.id);
    return market === undefined ? [] : positions.map((position) => ({ position, market }));
  });
}

function riskPosition({ desk }: Decision, { position, market }: Held): RiskPosition {
  const { instrument } = market;
  const usd = desk.risk.usd(instrument.settle);
  return {
    kind: instrument.contract?.valuation ?? 'linear',
    size: position.facts.size,
    mark: position.mark,
    maintenance: ((position.maintenance * usd) / ONE) as Money,
    tiers: instrument.tiers,
    step: qtyOf(instrument.listing, 1 as never),
  };
}

function cancelOrders(decision: Decision, account: AccountFacts, id: InstrumentId | null, reason: CloseReason): void {
  for (const { order } of [...account.open.values()]) {
    if (id === null || order.instrument === id) remove(decision, account.uid, order, reason);
  }
}

function takeOver(
  decision: Decision,
  uid: string,
  { position, market }: Held,
  size: Money,
  terms: Readonly<{ price: Money; fee: Money }>,
): void {
  const { facts } = position;
  const createdBy = size === facts.size ? 'takeover' : 'liquidation';
  handOver(decision, market, { ...terms, uid, idx: facts.idx, size, kind: 'bust', createdBy });
  decision.facts.push({
    type: 'liquidation',
    instrument: market.id,
    at: decision.at,
    side: size > 0n ? 'buy' : 'sell',
    qty: (size < 0n ? -size : size) as Money,
    price: terms.price,
  });
}
