import { formatDecimal } from '../../domain/decimal.ts';
import type { Lots, Money, Ticks } from '../../domain/ids.ts';
import { invariant, ok, type Result } from '../../domain/result.ts';
import type { AmendSpread, ExchangeRefusal, OrderIds, SpreadOrder, SpreadRef } from '../../ports/exchange.ts';
import type { Decision } from '../desk/decision.ts';
import type { LegPrices } from '../formulas/spread.ts';
import { refuse } from '../rules/refusal.ts';
import { findSpread } from './find.ts';
import { fundLegs, type LegHolds } from './funds.ts';
import { orderedAt } from './legs.ts';
import { settleSpread } from './match.ts';
import { checkQty, outsideBand } from './place.ts';
import { screenMakers } from './screen.ts';
import type { SpreadMarket } from './spread-market.ts';

type Wanted = Readonly<{ price: Ticks; qty: Money; leaves: Lots; prices: LegPrices; holds: LegHolds }>;

/**
 * Changes price, total quantity or both of a working order and its legs. Less at the same price keeps its place,
 * everything else enters anew.
 */
export function amendSpread(
  decision: Decision,
  uid: string,
  ref: SpreadRef,
  change: AmendSpread,
): Result<OrderIds, ExchangeRefusal> {
  const found = findSpread(decision.desk.state, uid, ref);
  if (!found.ok) return found;
  const { order } = found.value;
  const market = decision.desk.spreads.get(order.symbol);
  if (market === undefined) return refuse('INSTRUMENT_NOT_FOUND', `${order.symbol} is not listed`);
  const wanted = checkChange(decision, uid, market, order, change);
  if (!wanted.ok) return wanted;
  apply(decision, uid, market, order, wanted.value);
  return ok({ orderId: order.orderId, clientOrderId: order.clientOrderId });
}

function checkChange(
  decision: Decision,
  uid: string,
  market: SpreadMarket,
  order: SpreadOrder,
  change: AmendSpread,
): Result<Wanted, ExchangeRefusal> {
  if (!market.isTrading) return refuse('INSTRUMENT_NOT_TRADING', `${market.symbol} does not trade now`);
  const price = change.price ?? order.price;
  const qty = change.qty ?? order.qty;
  const ticks = market.toTicks(price);
  if (!ticks.ok) return ticks;
  if (qty > 0n && qty <= order.cumQty) {
    return refuse('QTY_BELOW_FILLED', `${formatDecimal(order.cumQty)} is filled already`);
  }
  const lots = checkQty(market, qty);
  if (!lots.ok) return lots;
  if (price === order.price && qty === order.qty) {
    return refuse('NOT_MODIFIED', 'price and quantity are what the order has');
  }
  const prices = orderedAt(market, order.side, price);
  if (prices === null) return outsideBand(price);
  const rest = (qty - order.cumQty) as Money;
  const holds = fundLegs(decision.desk, uid, market, { side: order.side, qty: rest, prices, replaces: order });
  if (!holds.ok) return holds;
  const leaves = Number(rest / market.terms.step) as Lots;
  return ok({ price: ticks.value, qty, leaves, prices, holds: holds.value });
}

function apply(decision: Decision, uid: string, market: SpreadMarket, order: SpreadOrder, wanted: Wanted): void {
  const { orderId, side } = order;
  const { price, qty, leaves, prices, holds } = wanted;
  const at = decision.at;
  decision.emit({ type: 'spread_amended', at, uid, orderId, price: market.priceOf(price), qty });
  for (const which of ['far', 'near'] as const) {
    const leg = order[which];
    const held = holds[which].amount;
    decision.emit({ type: 'amended', at, uid, orderId: leg.orderId, price: prices[which], qty, held });
    decision.touch(uid, market[which]);
  }
  const id = market.book.idOf(orderId);
  invariant(id !== null, `combo order ${orderId} is in its book`);
  if (order.timeInForce !== 'post_only') screenMakers(decision, market, { side, price, qty: leaves });
  const outcome = market.book.amend(id, price, leaves);
  if (!outcome.keptPlace) settleSpread(decision, market, { owner: { uid, orderId }, side }, outcome);
}
