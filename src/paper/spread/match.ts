import type { InstrumentId, Lots, Money, Side, Ticks } from '../../domain/ids.ts';
import { opposite } from '../../domain/ids.ts';
import { toLots, toTicks } from '../../domain/instrument.ts';
import type { TimeInForce } from '../../domain/order.ts';
import { invariant, unwrap } from '../../domain/result.ts';
import type { CancelReason } from '../../matching/index.ts';
import type { CloseReason, SpreadLegFill, SpreadOrder } from '../../ports/exchange.ts';
import type { Fill, Outcome, Owner } from '../book/order-book.ts';
import type { Decision } from '../desk/decision.ts';
import { bookTrade } from '../desk/settle.ts';
import { legSides } from '../formulas/spread.ts';
import type { TradedEvent, TradeHalf } from '../state/events.ts';
import { accountOf, SYNTHETIC } from '../state/state.ts';
import { tickDirection } from '../tape/trades.ts';
import { closeSpread } from './close.ts';
import { tradedAt } from './legs.ts';
import { screenMakers } from './screen.ts';
import type { SpreadMarket } from './spread-market.ts';

export type Arriving = Readonly<{
  /** Null: the exchange's own agents. */
  owner: Owner;
  side: Side;
  price: Ticks;
  qty: Lots;
  timeInForce: TimeInForce;
}>;

/** Lets an order into the book of its combo and books everything that comes of it, on the legs too. */
export function enterSpread(decision: Decision, market: SpreadMarket, order: Arriving): Outcome {
  if (order.timeInForce !== 'post_only') screenMakers(decision, market, order);
  const account = order.owner === null ? 0 : decision.desk.accountNumber(order.owner.uid);
  const outcome = market.book.submit({ ...order, account, selfTrade: 'none' });
  settleSpread(decision, market, order, outcome);
  return outcome;
}

/** Books what an order did on its arrival, or on its return with other terms. */
export function settleSpread(
  decision: Decision,
  market: SpreadMarket,
  { owner, side }: Pick<Arriving, 'owner' | 'side'>,
  outcome: Outcome,
): void {
  for (const fill of outcome.fills) tradeSpread(decision, market, owner, side, fill);
  if (owner === null) return;
  const order = spreadOf(decision, owner);
  const reason = endOf(order, outcome);
  if (reason !== null) {
    closeSpread(decision, owner.uid, order, reason);
    return;
  }
  const priority = decision.desk.state.priority + 1;
  market.working.set(owner.orderId, owner.uid);
  decision.emit({ type: 'spread_rested', ...owner, priority });
}

function endOf(order: SpreadOrder, { leaves, ended }: Outcome): CloseReason | null {
  if (leaves === 0) return 'filled';
  return ended === null ? null : closeReason(order, ended);
}

function closeReason(order: SpreadOrder, reason: CancelReason): CloseReason {
  if (reason === 'POST_ONLY_WOULD_TAKE') return 'post_only_would_take';
  if (reason === 'NOT_WHOLLY_FILLABLE') return 'fok_unfilled';
  if (reason === 'NOT_FILLED_AT_ONCE')
    return order.type === 'market' && order.cumQty === 0n ? 'no_liquidity' : 'ioc_unfilled';
  return 'by_user';
}

/** One match: both legs trade between the same two accounts, then the combo. */
function tradeSpread(decision: Decision, market: SpreadMarket, taker: Owner, side: Side, fill: Fill): void {
  const price = market.priceOf(fill.price);
  const qty = market.qtyOf(fill.qty);
  const execId = decision.desk.counters.id('linear');
  const { maker } = fill;
  if (taker !== null || maker !== null) {
    const legs = tradeLegs(decision, market, taker, side, fill);
    const half = (owner: Owner, which: 'taker' | 'maker', id: string) => ({
      uid: owner?.uid ?? SYNTHETIC,
      orderId: owner?.orderId ?? null,
      execId: id,
      side: which === 'taker' ? side : opposite(side),
      liquidity: which,
      legs: legs.map((event) => legFill(event, event[which])),
    });
    decision.emit({
      type: 'spread_traded',
      at: decision.at,
      symbol: market.symbol,
      seq: decision.seq(market),
      price,
      qty,
      taker: half(taker, 'taker', execId),
      maker: half(maker, 'maker', decision.desk.counters.id('linear')),
    });
    if (maker !== null && fill.makerLeaves === 0) {
      closeSpread(decision, maker.uid, spreadOf(decision, maker), 'filled');
    }
  }
  print(decision, market, { price, qty, side, execId });
}

/** The trades of both legs, each at the price that the combo's gives. */
function tradeLegs(
  decision: Decision,
  market: SpreadMarket,
  taker: Owner,
  side: Side,
  fill: Fill,
): readonly TradedEvent[] {
  const prices = tradedAt(market, market.priceOf(fill.price));
  invariant(prices !== null, 'orders whose legs cannot trade were taken out of the book before');
  const sides = legSides(side);
  const qty = market.qtyOf(fill.qty);
  return [{ leg: 'far', on: market.far } as const, { leg: 'near', on: market.near } as const].map(({ leg, on }) => {
    const { listing, category, id } = on.instrument;
    return bookTrade(decision, on, {
      kind: 'future_spread',
      taker: legOwner(decision, taker, id),
      side: sides[leg],
      maker: legOwner(decision, fill.maker, id),
      price: unwrap(toTicks(listing, prices[leg])),
      qty: unwrap(toLots(listing, qty)),
      execId: decision.desk.counters.id(category),
    });
  });
}

function legOwner(decision: Decision, owner: Owner, instrument: InstrumentId): Owner {
  if (owner === null) return null;
  const { far, near } = spreadOf(decision, owner);
  return { uid: owner.uid, orderId: (far.instrument === instrument ? far : near).orderId };
}

const legFill = (event: TradedEvent, half: TradeHalf): SpreadLegFill => ({
  instrument: event.instrument,
  execId: half.execId,
  side: half.side,
  price: event.price,
  qty: event.qty,
  notional: event.notional,
  fee: half.fee,
  feeAsset: half.feeAsset,
});

function spreadOf(decision: Decision, owner: NonNullable<Owner>): SpreadOrder {
  const facts = accountOf(decision.desk.state.accounts, owner.uid).spreads.get(owner.orderId);
  invariant(facts !== undefined, `combo order ${owner.orderId} is open`);
  return facts.order;
}

function print(
  decision: Decision,
  market: SpreadMarket,
  trade: Readonly<{ price: Money; qty: Money; side: Side; execId: string }>,
): void {
  const { price, qty, side, execId } = trade;
  market.direction = tickDirection(market.last ?? price, price, market.direction);
  market.last = price;
  decision.spreadTrades.push({
    symbol: market.symbol,
    tradeId: execId,
    price,
    qty,
    aggressor: side,
    at: decision.at,
    seq: decision.seq(market),
    tickDirection: market.direction,
  });
}
