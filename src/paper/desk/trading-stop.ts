import { absolute, formatDecimal } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { floorLots, toTicks } from '../../domain/instrument.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { ExchangeOrder, ExchangeRefusal, ExitTerms, TradingStop } from '../../ports/exchange.ts';
import { refuse } from '../rules/refusal.ts';
import { accountOf, positionOf, settingsOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { Decision } from './decision.ts';
import { EXIT_SIDES, addPartial, entrySide, MOST_PARTIAL, setWhole } from './exits.ts';
import { isPartialExit } from './exit-kinds.ts';
import { addTrailing, type ExitOf, exitsOf } from './exit-orders.ts';
import { checkExit, type ExitSide } from './exit-terms.ts';
import { IDX_MISMATCH, indexesOf } from './position-mode.ts';
import { closeOrder } from './settle.ts';
import { sourcePrice } from './waiting.ts';

type Checked<T = void> = Result<T, ExchangeRefusal>;

/** Sets, changes or takes away the ways out of an open position (V5 docs, "Set Trading Stop"). */
export function setTradingStop(decision: Decision, uid: string, stop: TradingStop): Checked {
  const { desk } = decision;
  const market = desk.markets.get(stop.instrument);
  if (market === undefined) return refuse('INSTRUMENT_NOT_FOUND', `${stop.instrument} is not listed`);
  const idx = stop.positionIdx;
  if (!indexesOf(settingsOf(desk.state, uid), market.instrument).includes(idx)) return IDX_MISMATCH;
  const { size } = positionOf(accountOf(desk.state.accounts, uid), market.id, idx);
  if (size === 0n) return refuse('NO_POSITION', 'there is no position to get out of');
  const of: ExitOf = { uid, market, idx, entry: entrySide(size), parent: null };
  const checked = checkStop(of, stop);
  if (!checked.ok) return checked;
  return stop.mode === 'full'
    ? setFull(decision, of, stop, absolute(size))
    : addPartialStop(decision, of, stop, absolute(size));
}

function checkStop(of: ExitOf, stop: TradingStop): Checked {
  for (const which of EXIT_SIDES) {
    const terms = settingOf(stop, which);
    if (terms === null || terms === 'none') continue;
    if (stop.mode === 'full' && terms.limitPrice !== null) {
      return refuse('EXITS_NOT_ALLOWED', 'of a whole position as market orders only');
    }
    const checked = checkExit(of.market, which, of.entry, terms, sourcePrice(of.market, terms.by));
    if (!checked.ok) return checked;
  }
  return checkTrailing(of, stop);
}

function checkTrailing({ market, entry }: ExitOf, { trailing, activePrice }: TradingStop): Checked {
  if (trailing === null || trailing === 'none') return ok(undefined);
  if (trailing <= 0n || !toTicks(market.instrument.listing, trailing).ok) {
    return refuse('OFF_TICK', `${formatDecimal(trailing)} is not a multiple of the tick`);
  }
  if (activePrice === null) return ok(undefined);
  const terms = { price: activePrice, by: 'last', limitPrice: null } as const;
  return checkExit(market, 'take_profit', entry, terms, market.last);
}

const settingOf = (stop: TradingStop, which: ExitSide) => (which === 'take_profit' ? stop.takeProfit : stop.stopLoss);

function setFull(decision: Decision, of: ExitOf, stop: TradingStop, size: Money): Checked {
  const now = exitsOf(decision, of.uid, of.market, of.idx);
  let changed = false;
  for (const which of EXIT_SIDES) {
    const terms = settingOf(stop, which);
    const before = now.find((order) => order.stopKind === which) ?? null;
    if (terms === null || isSet(before, terms)) continue;
    changed = true;
    if (terms !== 'none') setWhole(decision, of, which, terms, size);
    else if (before !== null) end(decision, of, before);
  }
  if (setTrailing(decision, of, stop, now, size)) changed = true;
  return changed ? ok(undefined) : refuse('EXITS_UNCHANGED', 'that is what is set');
}

const isSet = (before: ExchangeOrder | null, terms: ExitTerms | 'none'): boolean =>
  terms === 'none'
    ? before === null
    : before !== null && before.trigger?.price === terms.price && before.trigger.by === terms.by;

function setTrailing(
  decision: Decision,
  of: ExitOf,
  { trailing, activePrice }: TradingStop,
  now: readonly ExchangeOrder[],
  size: Money,
): boolean {
  if (trailing === null) return false;
  const before = now.find((order) => order.stopKind === 'trailing_stop') ?? null;
  const same = before?.trailing?.distance === trailing && before.trailing.activePrice === activePrice;
  if (same || (before === null && trailing === 'none')) return false;
  if (before !== null) end(decision, of, before);
  if (trailing === 'none') return true;
  const extreme = activePrice === null ? of.market.last : null;
  addTrailing(decision, of, { distance: trailing, activePrice, extreme }, size);
  return true;
}

const end = (decision: Decision, { uid, market }: ExitOf, { orderId }: ExchangeOrder): void =>
  closeOrder(decision, market, { uid, orderId }, 'by_user');

function addPartialStop(decision: Decision, of: ExitOf, stop: TradingStop, size: Money): Checked {
  const takeProfit = stop.takeProfit === 'none' ? null : stop.takeProfit;
  const stopLoss = stop.stopLoss === 'none' ? null : stop.stopLoss;
  if (takeProfit === null && stopLoss === null) return trailingOnly(decision, of, stop, size);
  const qty = checkPartialSize(of.market, stop.size ?? size, size);
  if (!qty.ok) return qty;
  const waiting = exitsOf(decision, of.uid, of.market, of.idx).filter(isPartialExit).length;
  const more = Number(takeProfit !== null) + Number(stopLoss !== null);
  if (waiting + more > MOST_PARTIAL) return refuse('TOO_MANY_EXITS', `${waiting} wait already`);
  addPartial(decision, of, { takeProfit, stopLoss }, qty.value);
  trailingOnly(decision, of, stop, size);
  return ok(undefined);
}

/** A trailing stop is of the whole position in either mode. */
function trailingOnly(decision: Decision, of: ExitOf, stop: TradingStop, size: Money): Checked {
  const now = exitsOf(decision, of.uid, of.market, of.idx);
  const changed = setTrailing(decision, of, stop, now, size);
  return changed ? ok(undefined) : refuse('EXITS_UNCHANGED', 'nothing is to be set');
}

function checkPartialSize({ instrument }: Market, qty: Money, size: Money): Checked<Money> {
  const { step, minQty } = instrument.listing;
  if (qty <= 0n || qty % step !== 0n) return refuse('OFF_STEP', `${formatDecimal(qty)} is not a multiple of the step`);
  if (qty > size || floorLots(instrument.listing, qty) < minQty) {
    return refuse('EXITS_TOO_LARGE', `${formatDecimal(size)} is open`);
  }
  return ok(qty);
}
