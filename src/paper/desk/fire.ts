import type { Lots, Money } from '../../domain/ids.ts';
import { floorLots, priceOf, qtyOf, toLots } from '../../domain/instrument.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { CloseReason, ExchangeOrder, ExchangeRefusal } from '../../ports/exchange.ts';
import { marketBound } from '../rules/band.ts';
import { type Entry, limitPrice } from '../rules/entry.ts';
import { refuse } from '../rules/refusal.ts';
import { accountOf, type OrderFacts, settingsOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { TRIGGER_SOURCES, type TriggerBook } from '../triggers/trigger-book.ts';
import { isWaiting } from './accept.ts';
import { remove } from './cancel.ts';
import type { Decision } from './decision.ts';
import { enterBook, makeReady, type Ready } from './ready.ts';
import { closableLots } from './reduce-only.ts';
import { isExit, otherLeg, sideOfExit } from './exit-kinds.ts';
import { followPrice } from './trailing.ts';
import { sourcePrice } from './waiting.ts';

/**
 * Lets everything go live that a price has reached: every price at which this decision traded, in order, and where the
 * prices stand now. True when something did: that may have moved prices and positions again.
 */
export function fireDue(decision: Decision): boolean {
  const { triggers, markets } = decision.desk;
  const traded = decision.takeTraded();
  if (triggers.books.size === 0) return false;
  let fired = false;
  for (const [id, book] of [...triggers.books]) {
    const market = markets.get(id);
    if (market === undefined || market.status !== 'trading') continue;
    for (const trade of traded) {
      if (trade.instrument === id && reach(decision, market, book, 'last', trade.price)) fired = true;
    }
    for (const by of TRIGGER_SOURCES) {
      if (book.watches(by) && reach(decision, market, book, by, sourcePrice(market, by))) fired = true;
    }
  }
  return fired;
}

type Source = (typeof TRIGGER_SOURCES)[number];

function reach(decision: Decision, market: Market, book: TriggerBook, by: Source, price: Money): boolean {
  if (by === 'last') followPrice(decision, market.id, price);
  let fired = false;
  for (const { uid, orderId } of book.reached(by, price)) {
    // An earlier one of the same moment may have ended or moved it.
    const facts = accountOf(decision.desk.state.accounts, uid).open.get(orderId);
    if (facts === undefined || !isWaiting(facts.order)) continue;
    fire(decision, uid, market, facts, price);
    fired = true;
  }
  return fired;
}

function fire(decision: Decision, uid: string, market: Market, facts: OrderFacts, price: Money): void {
  const { order } = facts;
  if (order.trailing !== null && order.trailing.extreme === null) {
    const trailing = { ...order.trailing, extreme: price };
    const kept = { trigger: null, exits: null, ocoOrderId: null } as const;
    decision.emit({ type: 'conditions_set', at: decision.at, uid, orderId: order.orderId, trailing, ...kept });
    return;
  }
  const other = otherLeg(decision, uid, order);
  const which = sideOfExit(order);
  if (other !== null) {
    remove(decision, uid, other, which === 'take_profit' ? 'oco_other_triggered_tp' : 'oco_other_triggered_sl');
  }
  const owner = { uid, orderId: order.orderId };
  const ready = readyToFire(decision, uid, market, order);
  if (!ready.ok) return endAtTrigger(decision, market, owner, endingOf(order, ready.error));
  goLive(decision, market, owner, order, ready.value, other === null ? null : which);
}

/** It was triggered and could not go live: spot says that it was rejected, contracts that it was canceled. */
function endAtTrigger(
  decision: Decision,
  market: Market,
  owner: Readonly<{ uid: string; orderId: string }>,
  reason: CloseReason,
): void {
  const status = market.instrument.category === 'spot' ? 'rejected' : 'canceled';
  decision.emit({ type: 'closed', at: decision.at, ...owner, status, reason, smpOrderId: null });
  decision.touch(owner.uid, market);
}

function goLive(
  decision: Decision,
  market: Market,
  owner: Readonly<{ uid: string; orderId: string }>,
  order: ExchangeOrder,
  ready: Ready,
  ocoTriggeredBy: 'take_profit' | 'stop_loss' | null,
): void {
  const { listing } = market.instrument;
  const { hold } = ready;
  decision.triggered.add(order.orderId);
  decision.arrived.add(order.orderId);
  decision.emit({
    type: 'triggered',
    at: decision.at,
    ...owner,
    boundPrice: priceOf(listing, ready.bound),
    qty: order.qtyIn === 'quote' ? order.qty : qtyOf(listing, ready.lots),
    held: hold.amount,
    heldAsset: hold.asset,
    ocoTriggeredBy,
  });
  decision.touch(owner.uid, market);
  enterBook(decision, market, owner, order, ready);
}

/** The order as it would enter the book now, paid for. */
function readyToFire(
  decision: Decision,
  uid: string,
  market: Market,
  order: ExchangeOrder,
): Result<Ready, ExchangeRefusal> {
  const { beyondBand } = settingsOf(decision.desk.state, uid);
  const bound =
    order.type === 'market' ? ok(marketBound(market, order)) : limitPrice(market, order.side, order.price, beyondBand);
  if (!bound.ok) return bound;
  const qty = wantedQty(decision, uid, market, order);
  if (!qty.ok) return qty;
  return makeReady(decision, uid, market, order, { bound: bound.value, qty: qty.value }, order.orderId);
}

function wantedQty(
  decision: Decision,
  uid: string,
  market: Market,
  order: ExchangeOrder,
): Result<Entry['qty'], ExchangeRefusal> {
  if (order.qtyIn === 'quote') return ok({ amount: order.qty });
  const { listing } = market.instrument;
  const most = order.type === 'market' ? listing.maxMarketQty : listing.maxLimitQty;
  if (order.qty === 0n || isExit(order)) {
    const closable = closableLots(decision, uid, market, order.side, order.positionIdx);
    const asked = order.qty === 0n ? closable : floorLots(listing, order.qty);
    // A way out closes all that it is of, in one order where Bybit would need several.
    const lots = (isExit(order) ? Math.min(asked, closable) : Math.min(asked, closable, most)) as Lots;
    return lots > 0 ? ok({ lots }) : refuse('REDUCE_ONLY_WITHOUT_POSITION', 'there is nothing to close');
  }
  const lots = toLots(listing, order.qty);
  return lots.ok ? (lots.value <= most ? ok({ lots: lots.value }) : ok({ lots: most })) : err(OFF_STEP);
}

const OFF_STEP: ExchangeRefusal = { code: 'OFF_STEP', detail: 'the step has changed since' };

function endingOf(order: ExchangeOrder, { code }: ExchangeRefusal): CloseReason {
  switch (code) {
    case 'INSUFFICIENT_BALANCE':
      return 'insufficient_margin';
    case 'REDUCE_ONLY_WITHOUT_POSITION':
      return isExit(order) ? 'exits_cleared' : 'reduce_only';
    case 'PRICE_OUTSIDE_BAND_HIGH':
    case 'PRICE_OUTSIDE_BAND_LOW':
      return 'price_band';
    default:
      return 'admin';
  }
}
