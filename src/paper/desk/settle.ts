import { ZERO } from '../../domain/decimal.ts';
import type { Lots, Money, Side, Ticks } from '../../domain/ids.ts';
import { opposite } from '../../domain/ids.ts';
import { priceOf, qtyOf } from '../../domain/instrument.ts';
import type { Liquidity } from '../../domain/order.ts';
import type { CancelReason } from '../../matching/index.ts';
import type { CloseReason, ExecutionKind, PositionIdx } from '../../ports/exchange.ts';
import type { PaperInstrument } from '../config/listings.ts';
import type { Fill, Outcome, Owner } from '../book/order-book.ts';
import { feeOf } from '../rules/fees.ts';
import { kindOf, type Moved, movePosition, type OpenPart, valueOf } from '../rules/position.ts';
import type { TradedEvent, TradeHalf } from '../state/events.ts';
import { accountOf, type OrderFacts, positionOf, SYNTHETIC } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { tickDirection } from '../tape/trades.ts';
import { isWaiting } from './accept.ts';
import type { Decision } from './decision.ts';
import { metBySelf } from './self-trade.ts';

/** Books what an order did on its arrival: its trades, the makers that are done, those that had to go, and its own end. */
export function settle(decision: Decision, market: Market, taker: Owner, side: Side, outcome: Outcome): void {
  for (const fill of outcome.fills) settleFill(decision, market, { taker, side, fill });
  for (const { owner } of outcome.removed) {
    if (owner !== null) closeOrder(decision, market, owner, 'self_trade', taker?.orderId ?? null);
  }
  if (taker !== null) settleTaker(decision, market, taker, outcome);
}

function settleTaker(decision: Decision, market: Market, taker: NonNullable<Owner>, outcome: Outcome): void {
  const facts = openOrder(decision, taker);
  if (facts.order.qtyIn === 'quote') return closeOrder(decision, market, taker, endOfAmount(facts));
  if (outcome.leaves === 0) return closeOrder(decision, market, taker, 'filled');
  if (outcome.ended !== null) {
    const met =
      outcome.ended === 'SELF_TRADE'
        ? (outcome.removed.at(-1)?.owner?.orderId ?? metBySelf(decision, market, taker, facts.order.side))
        : null;
    return closeOrder(decision, market, taker, closeReason(facts, outcome.ended), met);
  }
  const priority = decision.desk.state.priority + 1;
  decision.emit({ type: 'rested', uid: taker.uid, orderId: taker.orderId, priority });
}

/** An amount that does not buy another whole lot is given back: the order ends as canceled, as it does at Bybit. */
const endOfAmount = ({ order }: OrderFacts): CloseReason =>
  order.cumQty === 0n ? 'no_liquidity' : order.leavesQty === 0n ? 'filled' : 'ioc_unfilled';

function closeReason({ order }: OrderFacts, reason: CancelReason): CloseReason {
  switch (reason) {
    case 'SELF_TRADE':
      return 'self_trade';
    case 'POST_ONLY_WOULD_TAKE':
      return 'post_only_would_take';
    case 'NOT_WHOLLY_FILLABLE':
      return 'fok_unfilled';
    case 'NOT_FILLED_AT_ONCE':
      return order.type === 'market' && order.cumQty === 0n ? 'no_liquidity' : 'ioc_unfilled';
    case 'REQUESTED':
    case 'ALL_OF_ACCOUNT':
      return 'by_user';
  }
}

/** Ends an order that is no longer in the book, or never was; a spot order that still waits is deactivated. */
export function closeOrder(
  decision: Decision,
  market: Market,
  owner: NonNullable<Owner>,
  reason: CloseReason,
  smpOrderId: string | null = null,
): void {
  const waited = market.instrument.category === 'spot' && isWaiting(openOrder(decision, owner).order);
  const status = reason === 'filled' ? 'filled' : waited ? 'deactivated' : 'canceled';
  decision.emit({ type: 'closed', at: decision.at, ...owner, status, reason, smpOrderId });
  decision.touch(owner.uid, market);
}

type Match = Readonly<{ taker: Owner; side: Side; fill: Fill }>;

/** Books one match on both sides and prints it. Between synthetic orders only the print remains. */
export function settleFill(decision: Decision, market: Market, match: Match): void {
  const { taker, side, fill } = match;
  const { instrument } = market;
  const price = priceOf(instrument.listing, fill.price);
  const qty = qtyOf(instrument.listing, fill.qty);
  const execId = decision.desk.counters.id(instrument.category);
  if (taker !== null || fill.maker !== null) {
    bookTrade(decision, market, {
      kind: 'trade',
      taker,
      side,
      maker: fill.maker,
      price: fill.price,
      qty: fill.qty,
      execId,
    });
    if (fill.maker !== null && fill.makerLeaves === 0) closeOrder(decision, market, fill.maker, 'filled');
  }
  print(decision, market, { price, qty, side, execId });
}

/** What is to be booked: `side` and `execId` are the taker's. */
export type BookedTrade = Readonly<{
  kind: ExecutionKind;
  taker: Owner;
  side: Side;
  maker: Owner;
  price: Ticks;
  qty: Lots;
  execId: string;
}>;

/** Books a trade on both sides, whatever made its price. Nothing is printed, no order is ended. */
export function bookTrade(decision: Decision, market: Market, trade: BookedTrade): TradedEvent {
  const { taker, maker, side, execId } = trade;
  const { instrument } = market;
  const price = priceOf(instrument.listing, trade.price);
  const qty = qtyOf(instrument.listing, trade.qty);
  const terms: FillTerms = { market, qty, price, notional: valueOf(instrument, trade.price, trade.qty) };
  const taken = halfOf(decision, terms, taker, side, 'taker', execId, null);
  const again = taker?.uid === maker?.uid ? taken.position : null;
  const makerId = decision.desk.counters.id(instrument.category);
  const given = halfOf(decision, terms, maker, opposite(side), 'maker', makerId, again);
  const event: TradedEvent = {
    type: 'traded',
    at: decision.at,
    instrument: instrument.id,
    kind: trade.kind,
    pays: paysOf(instrument),
    seq: decision.seq(market),
    price,
    qty,
    notional: terms.notional,
    mark: market.mark(),
    index: market.index(),
    option: volatilities(market, price),
    aggressor: side,
    taker: taken,
    maker: given,
  };
  decision.emit(event);
  for (const owner of [taker, maker]) if (owner !== null) decision.touch(owner.uid, market);
  return event;
}

type FillTerms = Readonly<{ market: Market; qty: Money; price: Money; notional: Money }>;

/** Both coins of a pair; the premium of an option; nothing for futures, which settle profits. */
function paysOf({ category, base, quote, settle }: PaperInstrument): TradedEvent['pays'] {
  if (category === 'spot') return { base, quote };
  return category === 'option' ? { base: null, quote: settle } : null;
}

function volatilities(market: Market, price: Money): TradedEvent['option'] {
  if (market.instrument.category !== 'option') return null;
  const { iv, underlying } = market.optionPrice();
  return { tradeIv: market.volOf(price), markIv: iv, underlyingPrice: underlying };
}

function halfOf(
  decision: Decision,
  terms: FillTerms,
  owner: Owner,
  side: Side,
  liquidity: Liquidity,
  execId: string,
  again: TradeHalf['position'],
): TradeHalf {
  const { market, qty, price, notional } = terms;
  const { instrument } = market;
  const { state, ratesOf } = decision.desk;
  const uid = owner?.uid ?? SYNTHETIC;
  const idx = owner === null ? 0 : openOrder(decision, owner).order.positionIdx;
  const facts = positionOf(accountOf(state.accounts, uid), instrument.id, idx);
  const before = again?.idx === idx ? again : facts;
  const position =
    instrument.contract === null
      ? null
      : positionHalf(idx, before, facts.openFees, movePosition(kindOf(instrument), before, side, qty, notional));
  const half = { uid, execId, side, liquidity, position };
  if (owner === null) {
    return { ...half, orderId: null, fee: ZERO, feeAsset: instrument.settle, feeRate: ZERO, held: ZERO };
  }
  const filled = { side, liquidity, qty, price, value: notional, index: market.index() };
  const fee = feeOf(instrument, ratesOf(uid, instrument.category), filled);
  const held = heldAfter(openOrder(decision, owner), qty, notional);
  return { ...half, orderId: owner.orderId, fee: fee.amount, feeAsset: fee.asset, feeRate: fee.rate, held };
}

/** What of a position a trade closed, and what that had cost. */
function positionHalf(
  idx: PositionIdx,
  before: OpenPart,
  openFees: Money,
  moved: Moved,
): NonNullable<TradeHalf['position']> {
  const { closedQty } = moved;
  const size = before.size < 0n ? -before.size : before.size;
  if (closedQty === 0n) return { idx, ...moved, entryValue: ZERO, openFee: ZERO };
  const released = size === closedQty ? before.cost : (((before.cost * closedQty) / size) as Money);
  const openFee = (size === closedQty ? openFees : (openFees * closedQty) / size) as Money;
  return { idx, ...moved, entryValue: (released < 0n ? -released : released) as Money, openFee };
}

/** What an order still has to reserve after a fill: a limit its rest at its limit, a market order what it did not use. */
function heldAfter({ order, held, heldAsset }: OrderFacts, qty: Money, notional: Money): Money {
  if (heldAsset === null) return ZERO;
  if (order.side === 'sell') return (held - qty) as Money;
  if (order.type === 'market') return (held - notional) as Money;
  return (held - (held * qty) / (order.qty - order.cumQty)) as Money; // exact: held is the rest × one price
}

function openOrder(decision: Decision, owner: NonNullable<Owner>): OrderFacts {
  return accountOf(decision.desk.state.accounts, owner.uid).open.get(owner.orderId) as OrderFacts;
}

function print(
  decision: Decision,
  market: Market,
  trade: Readonly<{ price: Money; qty: Money; side: Side; execId: string }>,
): void {
  market.direction = tickDirection(market.last, trade.price, market.direction);
  market.last = trade.price;
  decision.trades.push({
    instrument: market.id,
    tradeId: trade.execId,
    price: trade.price,
    qty: trade.qty,
    aggressor: trade.side,
    at: decision.at,
    seq: decision.seq(market),
    tickDirection: market.direction,
  });
}
