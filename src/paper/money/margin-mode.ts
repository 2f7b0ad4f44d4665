import { formatDecimal, ZERO } from '../../domain/decimal.ts';
import type { InstrumentId, Money } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import {
  type AddedMargin,
  type ExchangeRefusal,
  isFuture,
  type MarginMode,
  type PositionIdx,
} from '../../ports/exchange.ts';
import type { Decision } from '../desk/decision.ts';
import { IDX_MISMATCH, indexesOf } from '../desk/position-mode.ts';
import { isExhausted } from '../formulas/account.ts';
import { isIsolatedExhausted } from '../formulas/liquidation.ts';
import { refuse } from '../rules/refusal.ts';
import { type AccountFacts, accountOf, positionOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { type AccountRisk, accountRisk, changedRisk } from './account-risk.ts';

/** Cross or isolated margin for everything that the account holds and will hold. */
export function setMarginMode(decision: Decision, uid: string, mode: MarginMode): Result<void, ExchangeRefusal> {
  const { desk, at } = decision;
  const account = accountOf(desk.state.accounts, uid);
  const settings = { ...account.settings.current, marginMode: mode };
  if (account.settings.current.marginMode === mode) return refuse('MARGIN_MODE_UNCHANGED', `it is ${mode} already`);
  if (mode === 'isolated' && account.spreads.size > 0) {
    return refuse('SPREAD_ORDER_OPEN', 'combos are traded in cross margin only');
  }
  // Margin that was added belongs to isolated positions: it goes back to the wallet that it never left.
  const facts = [...account.positions].map(([key, one]) => [key, { ...one, extraMargin: ZERO }] as const);
  const changed: AccountFacts = { ...account, positions: new Map(facts), settings: { current: settings } };
  const reason = dangerOf(accountRisk(desk.risk, changed), mode);
  if (reason !== null) return refuse('MARGIN_MODE_REFUSED', reason);
  for (const { instrument, idx, extraMargin } of account.positions.values()) {
    if (extraMargin === 0n) continue;
    const amount = -extraMargin as Money;
    decision.emit({ type: 'margin_added', at, uid, instrument, positionIdx: idx, amount });
  }
  decision.emit({ type: 'settings_set', at, uid, settings });
  return ok(undefined);
}

/** Why an account cannot have this margin mode; null: it can. */
function dangerOf(risk: AccountRisk, mode: MarginMode): string | null {
  if (mode === 'cross') return isExhausted(risk.totals) ? 'The account would be liquidated' : null;
  for (const [asset, { borrowAmount, isolatedAvailable }] of risk.coins) {
    if (borrowAmount > 0n) return `${asset} is borrowed`;
    if (isolatedAvailable < 0n) return `${asset} does not cover the margin of positions and orders`;
  }
  for (const { positions } of risk.contracts.values()) {
    for (const { terms, mark, facts } of positions) {
      if (terms !== null && isIsolatedExhausted(terms, mark)) return `${facts.instrument} would be liquidated`;
      if (terms === null) return 'Options are held in cross margin only';
    }
  }
  return null;
}

/** Isolated: gives a position more margin of its own, or takes away what was added. */
export function addMargin(decision: Decision, uid: string, added: AddedMargin): Result<void, ExchangeRefusal> {
  const { desk, at } = decision;
  const account = accountOf(desk.state.accounts, uid);
  const { instrument: id, idx, amount } = added;
  const market = desk.markets.get(id);
  const allowed = checkPosition(account, market, idx);
  if (!allowed.ok) return allowed;
  const facts = positionOf(account, id, idx);
  if (facts.size === 0n) return refuse('NO_POSITION_FOR_MARGIN', id);
  if (amount === 0n) return refuse('MARGIN_UNCHANGED', 'nothing is added');
  const extraMargin = (facts.extraMargin + amount) as Money;
  if (extraMargin < 0n) return refuse('MARGIN_NOT_ADDED', `${formatDecimal(facts.extraMargin)} was added`);
  const before = accountRisk(desk.risk, account);
  const positions = [...account.positions.values()].map((one) => (one === facts ? { ...facts, extraMargin } : one));
  const ofContract = positions.filter(({ instrument }) => instrument === id);
  const after = changedRisk(desk.risk, account, before, { instrument: id, positions: ofContract });
  const available = after.coins.get(allowed.value.instrument.settle)?.isolatedAvailable ?? ZERO;
  if (amount > 0n && available < 0n)
    return refuse('MARGIN_TOO_LARGE', `${formatDecimal(amount)} is more than there is`);
  const risk = after.contracts.get(id)?.positions.find((one) => one.facts.idx === idx);
  const terms = risk?.terms ?? null;
  if (risk !== undefined && terms !== null && isIsolatedExhausted(terms, risk.mark)) {
    return refuse('WOULD_LIQUIDATE', 'the position needs it');
  }
  decision.emit({ type: 'margin_added', at, uid, instrument: id, positionIdx: idx, amount });
  decision.touch(uid, allowed.value);
  return ok(undefined);
}

/** Isolated: lets positions of a contract take margin by themselves. */
export function setAutoAddMargin(
  decision: Decision,
  uid: string,
  id: InstrumentId,
  idx: PositionIdx | null,
  on: boolean,
): Result<void, ExchangeRefusal> {
  const { desk, at } = decision;
  const account = accountOf(desk.state.accounts, uid);
  const market = desk.markets.get(id);
  if (market === undefined) return refuse('INSTRUMENT_NOT_FOUND', `${id} is not listed`);
  if (account.settings.current.marginMode !== 'isolated') return refuse('NOT_ISOLATED_AUTO', 'margin is cross');
  const all = indexesOf(account.settings.current, market.instrument);
  if (idx !== null && !all.includes(idx)) return IDX_MISMATCH;
  for (const positionIdx of idx === null ? all : [idx]) {
    decision.emit({ type: 'auto_margin_set', at, uid, instrument: id, positionIdx, on });
  }
  return ok(undefined);
}

function checkPosition(
  { settings }: AccountFacts,
  market: Market | undefined,
  idx: PositionIdx,
): Result<Market, ExchangeRefusal> {
  if (market === undefined) return refuse('INSTRUMENT_NOT_FOUND', 'it is not listed');
  if (!isFuture(market.instrument)) return refuse('NOT_SUPPORTED', 'it has no margin of its own');
  if (settings.current.marginMode !== 'isolated') return refuse('NOT_ISOLATED', 'margin is cross');
  return indexesOf(settings.current, market.instrument).includes(idx) ? ok(market) : IDX_MISMATCH;
}
