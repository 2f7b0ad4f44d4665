import { ONE } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { priceOf, qtyOf } from '../../domain/instrument.ts';
import { ok, type Result } from '../../domain/result.ts';
import {
  type ExchangeRefusal,
  isFuture,
  type MarginRates,
  type PlaceOrder,
  type PreChecked,
} from '../../ports/exchange.ts';
import { type AccountTotals, initialRate, maintenanceRate } from '../formulas/account.ts';
import { accountRisk, changedRisk } from '../money/account-risk.ts';
import { refuse } from '../rules/refusal.ts';
import { kindOf, movePosition, valueOf } from '../rules/position.ts';
import { accountOf, positionOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { Decision } from './decision.ts';
import { checkNew, type NewOrder } from './place.ts';
import { makeReady } from './ready.ts';

/** What an order would do to the margin of a cross account if it filled; it is not placed. */
export function preCheck(decision: Decision, uid: string, asked: PlaceOrder): Result<PreChecked, ExchangeRefusal> {
  const { desk } = decision;
  const account = accountOf(desk.state.accounts, uid);
  if (asked.trigger !== null) return refuse('NOT_SUPPORTED', 'not of an order that waits');
  if (account.settings.current.marginMode !== 'cross') return refuse('NOT_SUPPORTED', 'in cross margin only');
  const checked = checkNew(decision, uid, asked);
  if (!checked.ok) return checked;
  const { market, order, entry } = checked.value;
  if (market.instrument.contract === null) return refuse('NOT_SUPPORTED', 'of contracts only');
  const ready = makeReady(decision, uid, market, order, entry, null);
  if (!ready.ok && ready.error.code !== 'INSUFFICIENT_BALANCE') return ready;
  const before = accountRisk(desk.risk, account).totals;
  return ok({
    orderId: desk.counters.id(market.instrument.category),
    before: ratesOf(before),
    after: ratesOf(filledTotals(decision, uid, checked.value)),
    refusal: ready.ok ? null : ready.error,
  });
}

const ratesOf = (totals: AccountTotals): MarginRates => ({
  initial: initialRate(totals) ?? (ONE as Money),
  maintenance: maintenanceRate(totals) ?? (ONE as Money),
});

/** The account's margin with the order filled at its price, at the mark where it is a market order. */
function filledTotals(decision: Decision, uid: string, { market, order, entry }: NewOrder): AccountTotals {
  const { risk, state } = decision.desk;
  const account = accountOf(state.accounts, uid);
  const before = accountRisk(risk, account);
  const { instrument, id } = market;
  if (!('lots' in entry.qty) || !isFuture(instrument)) return before.totals;
  const facts = positionOf(account, id, order.positionIdx);
  const qty = qtyOf(instrument.listing, entry.qty.lots);
  const value = valueOf(instrument, priceAt(market, order, entry.bound), entry.qty.lots);
  const { size, cost } = movePosition(kindOf(instrument), facts, order.side, qty, value);
  const others = [...account.positions.values()].filter(
    (one) => one.instrument === id && one.idx !== order.positionIdx,
  );
  return changedRisk(risk, account, before, { instrument: id, positions: [...others, { ...facts, size, cost }] })
    .totals;
}

function priceAt(market: Market, order: PlaceOrder, bound: NewOrder['entry']['bound']): NewOrder['entry']['bound'] {
  if (order.type === 'limit') return bound;
  const { listing } = market.instrument;
  const ticks = Number(market.mark() / listing.tick) as typeof bound;
  return priceOf(listing, ticks) > 0n ? ticks : bound;
}
