import { absolute, roundTo, ZERO } from '../../domain/decimal.ts';
import type { Money, UnixMs } from '../../domain/ids.ts';
import { isDaily } from '../config/option-series.ts';
import { remove } from '../desk/cancel.ts';
import type { Decision } from '../desk/decision.ts';
import { entryPrice, feeOn, marginValue, settleSession, signedValue, toCoin } from '../formulas/contract.ts';
import { DEFAULT_OPTION_FACTORS, deliveryAmount, deliveryFee, intrinsic } from '../formulas/option-margin.ts';
import type { DeliveredRow, SessionRow } from '../state/cash-events.ts';
import { isHouse, type PositionFacts } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { holdersOf } from './funding.ts';

/** Digits of a delivery price. */
const PRICE_SCALE = 8;

/**
 * The end of a contract: its orders are canceled, every position is closed at the delivery price (options pay what they
 * are worth at it), and nothing trades any more. Inverse futures are *settled*, everything else *delivered*.
 */
export function deliver(decision: Decision, market: Market, due: UnixMs, average: Money): void {
  const { instrument, id } = market;
  const { at, desk } = decision;
  const price = roundTo(average, PRICE_SCALE, 'half_even');
  const kind = instrument.category === 'inverse' ? 'settle' : 'delivery';
  market.status = 'delivering';
  decision.emit({ type: 'status_set', at, instrument: id, status: 'delivering' });
  cancelAll(decision, market, kind);
  const rows = holdersOf(decision, market).map(([uid, facts]) => deliveredRow(decision, market, uid, facts, price));
  const { base, settle, contract } = instrument;
  decision.facts.push({ type: 'delivery', instrument: id, at: due, price, base, settle });
  if (rows.length > 0) {
    const paid = rows.reduce((sum, { cash }) => sum + cash, 0n);
    const costs =
      (contract?.option ?? null) === null
        ? holdersOf(decision, market).reduce((sum, [, { cost }]) => sum + cost, 0n)
        : 0n;
    const strike = contract?.option?.strike ?? null;
    const prices = { price, strike, mark: market.mark(), index: market.index() };
    const residue = (-costs - paid) as Money;
    const seq = decision.seq(market);
    decision.emit({ type: 'delivered', at, due, instrument: id, settle, kind, seq, ...prices, rows, residue });
    for (const { uid } of rows) decision.touch(uid, market);
  }
  market.status = 'closed';
  decision.emit({ type: 'status_set', at, instrument: id, status: 'closed' });
  for (const left of market.book.ids()) market.book.cancel(left);
  desk.sound.clear();
}

function cancelAll(decision: Decision, market: Market, reason: 'settle' | 'delivery'): void {
  for (const account of [...decision.desk.state.accounts.values()]) {
    for (const { order } of [...account.open.values()]) {
      if (order.instrument === market.id) remove(decision, account.uid, order, reason);
    }
  }
}

function deliveredRow(
  decision: Decision,
  { instrument }: Market,
  uid: string,
  facts: PositionFacts,
  price: Money,
): DeliveredRow {
  const { idx, size, cost, openFees } = facts;
  const { counters } = decision.desk;
  const kind = instrument.contract?.valuation ?? 'linear';
  const ids = { execId: counters.id(instrument.category), orderId: counters.id(instrument.category) };
  const cash = cashOf(instrument, size, cost, price);
  const { fee, feeRate } = isHouse(uid) ? { fee: ZERO, feeRate: ZERO } : feeOf(instrument, size, price);
  const isOption = kind === 'premium';
  return {
    uid,
    idx,
    ...ids,
    size,
    value: isOption ? absolute(cash) : marginValue(kind, size, price),
    cash,
    realised: (isOption ? cash - cost : cash) as Money,
    fee,
    feeRate,
    entryPrice: entryPrice(kind, facts) ?? ZERO,
    entryValue: absolute(cost),
    openFee: openFees,
  };
}

/** Futures: profit at the delivery price. Options: what they pay. Rounded down at the coin's scale. */
function cashOf({ contract }: Market['instrument'], size: Money, cost: Money, price: Money): Money {
  const option = contract?.option ?? null;
  if (option !== null) return deliveryAmount(option, price, size);
  return toCoin(signedValue(contract?.valuation ?? 'linear', size, price) - cost, 1n, 'down');
}

function feeOf({ contract, launchedAt }: Market['instrument'], size: Money, price: Money) {
  const { feeRate = ZERO, at = launchedAt } = contract?.delivery ?? {};
  const option = contract?.option ?? null;
  if (option === null) {
    return { fee: feeOn(marginValue(contract?.valuation ?? 'linear', size, price), feeRate), feeRate };
  }
  const factors = { ...DEFAULT_OPTION_FACTORS, deliveryFee: feeRate };
  const expiry = { index: price, deliveryPrice: price, daily: isDaily(launchedAt, at) };
  return { fee: deliveryFee(factors, option, expiry, size), feeRate: intrinsic(option, price) === 0n ? ZERO : feeRate };
}

/** Session settlement of a USDC contract: what positions gained at mark is booked. */
export function settleSessionOf(decision: Decision, market: Market, due: UnixMs, mark: Money): void {
  const { instrument } = market;
  const { counters } = decision.desk;
  const rows = holdersOf(decision, market).map(([uid, facts]): SessionRow => {
    const { cost, realised } = settleSession('linear', facts, mark);
    const ids = { execId: counters.id(instrument.category), orderId: counters.id(instrument.category) };
    const average = entryPrice('linear', facts) ?? ZERO;
    return { uid, idx: facts.idx, ...ids, size: facts.size, cost, cash: realised, entryPrice: average };
  });
  if (rows.length === 0) return;
  const { id } = market;
  const { at } = decision;
  const seq = decision.seq(market);
  decision.emit({ type: 'session_settled', at, due, instrument: id, settle: instrument.settle, seq, mark, rows });
  for (const { uid } of rows) decision.touch(uid, market);
}
