import { formatDecimal } from '../../domain/decimal.ts';
import type { Lots, Money, Ticks } from '../../domain/ids.ts';
import { opposite } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import {
  type ExchangeRefusal,
  type OrderIds,
  PLAIN_ORDER,
  type PlaceSpread,
  type SpreadLegOrder,
} from '../../ports/exchange.ts';
import { accept } from '../desk/accept.ts';
import type { Decision } from '../desk/decision.ts';
import type { Hold } from '../desk/funds.ts';
import { legSides } from '../formulas/spread.ts';
import { refuse } from '../rules/refusal.ts';
import { accountOf, spreadClientKey } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { checkMode, fundLegs } from './funds.ts';
import { orderedAt } from './legs.ts';
import { enterSpread } from './match.ts';
import type { SpreadMarket } from './spread-market.ts';

/** Working orders of all combos together (Bybit V5, "Spread Trading, Create Order"). */
const MOST_ORDERS = 50;

/** A new order of a combo: checked, accepted with an order for each leg, matched. */
export function placeSpread(decision: Decision, uid: string, asked: PlaceSpread): Result<OrderIds, ExchangeRefusal> {
  const { desk } = decision;
  const market = desk.spreads.get(asked.symbol);
  if (market === undefined) return refuse('INSTRUMENT_NOT_FOUND', `${asked.symbol} is not listed`);
  const checked = checkOrder(decision, uid, market, asked);
  if (!checked.ok) return checked;
  const { price, lots } = checked.value;
  const bound = market.priceOf(price);
  const qty = market.qtyOf(lots);
  const prices = orderedAt(market, asked.side, bound);
  if (prices === null) return outsideBand(bound);
  const held = fundLegs(desk, uid, market, { side: asked.side, qty, prices, replaces: null });
  if (!held.ok) return held;
  const orderId = desk.counters.id('linear');
  const sides = legSides(asked.side);
  const leg = (on: Market, which: 'far' | 'near'): SpreadLegOrder => ({
    orderId: acceptLeg(
      decision,
      uid,
      on,
      { orderId, side: sides[which], price: prices[which], qty },
      held.value[which],
    ),
    instrument: on.id,
    side: sides[which],
  });
  const { symbol, clientOrderId, side, type } = asked;
  const { kind, base, settle } = market.terms;
  const timeInForce = type === 'market' ? 'ioc' : asked.timeInForce;
  decision.emit({
    type: 'spread_accepted',
    uid,
    order: {
      orderId, clientOrderId, symbol, kind, base, settle, side, type, price: bound, qty, timeInForce,
      far: leg(market.far, 'far'),
      near: leg(market.near, 'near'),
      createdAt: decision.at,
    },
  }); // biome-ignore format: a row
  enterSpread(decision, market, { owner: { uid, orderId }, side, price, qty: lots, timeInForce });
  return ok({ orderId, clientOrderId });
}

export const outsideBand = (price: Money) =>
  refuse('LEG_OUTSIDE_BAND', `at ${formatDecimal(price)} a leg would lie outside its price limit`);

type Checked = Readonly<{ price: Ticks; lots: Lots }>;

function checkOrder(
  decision: Decision,
  uid: string,
  market: SpreadMarket,
  asked: PlaceSpread,
): Result<Checked, ExchangeRefusal> {
  const { state } = decision.desk;
  const known =
    asked.clientOrderId === null ? undefined : state.clientIds.get(spreadClientKey(uid, asked.clientOrderId));
  if (known !== undefined) {
    return refuse('DUPLICATE_CLIENT_ORDER_ID', `${asked.clientOrderId ?? ''} is order ${known}`);
  }
  if (!market.isTrading) return refuse('INSTRUMENT_NOT_TRADING', `${market.symbol} does not trade now`);
  const lots = checkQty(market, asked.qty);
  if (!lots.ok) return lots;
  const price = asked.type === 'market' ? marketPrice(market, asked, lots.value) : limitPrice(market, asked.price);
  if (!price.ok) return price;
  const mode = checkMode(decision.desk, uid, market);
  if (!mode.ok) return mode;
  const count = accountOf(state.accounts, uid).spreads.size;
  if (count >= MOST_ORDERS) return refuse('TOO_MANY_SPREAD_ORDERS', `${count} orders of combos are open`);
  return ok({ price: price.value, lots: lots.value });
}

export function checkQty({ terms }: SpreadMarket, qty: Money): Result<Lots, ExchangeRefusal> {
  const { step, minQty, maxQty } = terms;
  const shown = (lots: Lots): string => formatDecimal((BigInt(lots) * step) as Money);
  if (qty <= 0n) return refuse('QTY_TOO_SMALL', shown(minQty));
  if (qty % step !== 0n) return refuse('OFF_STEP', `${formatDecimal(qty)} is no multiple of ${formatDecimal(step)}`);
  const lots = Number(qty / step) as Lots;
  if (lots < minQty) return refuse('QTY_TOO_SMALL', shown(minQty));
  return lots > maxQty ? refuse('QTY_TOO_LARGE', shown(maxQty)) : ok(lots);
}

const limitPrice = (market: SpreadMarket, price: Money | null): Result<Ticks, ExchangeRefusal> =>
  price === null ? refuse('PRICE_OUT_OF_RANGE', 'a limit order has a price') : market.toTicks(price);

/** The worst price that is needed now for the quantity, as far as the legs may trade there. */
function marketPrice(market: SpreadMarket, { side }: PlaceSpread, lots: Lots): Result<Ticks, ExchangeRefusal> {
  let left: number = lots;
  let worst: Ticks | null = null;
  for (const level of market.book.levels.side(opposite(side))) {
    if (left <= 0 || orderedAt(market, side, market.priceOf(level.price)) === null) break;
    worst = level.price;
    left -= level.qty;
  }
  return worst === null ? refuse('NO_MARKET_PRICE', `nobody is on the other side of ${market.symbol}`) : ok(worst);
}

type LegTerms = Readonly<{ orderId: string; side: SpreadLegOrder['side']; price: Money; qty: Money }>;

/** The leg's order, as its account sees it: it rests in no book, its coins are reserved and its margin is counted. */
function acceptLeg(decision: Decision, uid: string, on: Market, leg: LegTerms, hold: Hold): string {
  const { trigger, filter, ...plain } = PLAIN_ORDER;
  const terms = {
    ...plain,
    clientOrderId: null,
    side: leg.side,
    type: 'limit',
    price: leg.price,
    boundPrice: leg.price,
    qty: leg.qty,
    qtyIn: 'base',
    timeInForce: 'gtc',
    reduceOnly: false,
    slippage: null,
    selfTrade: 'none',
    createdBy: 'future_spread',
    stopKind: null,
    trigger,
    trailing: null,
    parent: { orderId: leg.orderId, clientOrderId: null },
    ocoOrderId: null,
  } as const;
  return accept(decision, uid, on, terms, { waits: false, hold });
}
