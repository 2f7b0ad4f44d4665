import { formatDecimal, ZERO } from '../../domain/decimal.ts';
import type { Lots, Money } from '../../domain/ids.ts';
import { priceOf, toTicks } from '../../domain/instrument.ts';
import { ok, type Result, unwrap } from '../../domain/result.ts';
import type { ExchangeRefusal, OrderIds, OrderTrigger, PlaceOrder, StopKind, TriggerBy } from '../../ports/exchange.ts';
import { checkQty, checkValue } from '../rules/entry.ts';
import { refuse } from '../rules/refusal.ts';
import { accountOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { accept, asAsked, isWaiting } from './accept.ts';
import { categoryOf, type Decision } from './decision.ts';
import { fund, type Hold } from './funds.ts';

type Checked<T> = Result<T, ExchangeRefusal>;
type Asked = NonNullable<PlaceOrder['trigger']>;

/** Most conditional orders of a contract, and of each kind of a spot pair (V5 docs, "Place Order"). */
const MOST_CONDITIONAL = 10;
const MOST_SPOT = 30;

/**
 * An order that waits for a price: in no book, without margin; of the spot kinds `tpsl` reserves its funds at once. What
 * depends on the market at the trigger is looked at there.
 */
export function placeWaiting(decision: Decision, uid: string, market: Market, order: PlaceOrder, asked: Asked) {
  const checked = checkWaiting(decision, uid, market, order, asked);
  if (!checked.ok) return checked;
  const { trigger, stopKind, hold } = checked.value;
  const price = order.type === 'market' ? null : order.price;
  const terms = {
    ...asAsked(order),
    price,
    boundPrice: price ?? trigger.price,
    qty: order.qty,
    createdBy: market.instrument.category === 'spot' ? 'user' : 'stop_order',
    stopKind,
    trigger,
  } as const;
  const orderId = accept(decision, uid, market, terms, { waits: true, hold });
  return ok<OrderIds>({ orderId, clientOrderId: order.clientOrderId });
}

type Waiting = Readonly<{ trigger: OrderTrigger; stopKind: StopKind; hold: Hold }>;

function checkWaiting(
  decision: Decision,
  uid: string,
  market: Market,
  order: PlaceOrder,
  asked: Asked,
): Checked<Waiting> {
  if (market.status !== 'trading') return refuse('INSTRUMENT_NOT_TRADING', `${market.id} does not trade now`);
  const trigger = checkTrigger(market, asked);
  if (!trigger.ok) return trigger;
  const size = checkSize(market, order, trigger.value.price);
  if (!size.ok) return size;
  const near = checkNear(market, order, trigger.value.price);
  if (!near.ok) return near;
  const stopKind = market.instrument.category === 'spot' && order.filter === 'tpsl' ? 'tpsl' : 'stop';
  const room = checkRoom(decision, uid, market, stopKind);
  if (!room.ok) return room;
  const hold = stopKind === 'tpsl' ? holdOf(decision, uid, market, order, trigger.value.price) : ok(NO_HOLD);
  return hold.ok ? ok({ trigger: trigger.value, stopKind, hold: hold.value }) : hold;
}

export const NO_HOLD: Hold = { asset: null, amount: ZERO };

/** The price that triggers look at. */
export const sourcePrice = (market: Market, by: TriggerBy): Money =>
  by === 'last' ? market.last : by === 'mark' ? market.mark() : market.index();

/** A trigger lies where the price is not yet; spot, where nobody says the direction, finds it from there. */
export function checkTrigger(market: Market, asked: Asked): Checked<OrderTrigger> {
  const { price, by } = asked;
  if (price <= 0n) return refuse('PRICE_OUT_OF_RANGE', 'a price is above zero');
  if (!toTicks(market.instrument.listing, price).ok) {
    return refuse('TRIGGER_OFF_TICK', `${formatDecimal(price)} is not a multiple of the tick`);
  }
  const now = sourcePrice(market, by);
  const direction = asked.direction ?? (price >= now ? 'rise' : 'fall');
  if (asked.direction === 'rise' && price <= now) {
    return refuse('TRIGGER_NOT_ABOVE', `trigger_price[${formatDecimal(price)}] <= current[${formatDecimal(now)}]`);
  }
  if (asked.direction === 'fall' && price >= now) {
    return refuse('TRIGGER_NOT_BELOW', `trigger_price[${formatDecimal(price)}] >= current[${formatDecimal(now)}]`);
  }
  return ok({ price, direction, by });
}

/** On spot the trigger of a limit order lies within a tenth of its price. */
function checkNear(market: Market, { type, price }: PlaceOrder, triggerPrice: Money): Checked<void> {
  if (market.instrument.category !== 'spot' || type === 'market' || price === null) return ok(undefined);
  if (triggerPrice * 10n > price * 11n) return refuse('TRIGGER_TOO_HIGH', formatDecimal(triggerPrice));
  if (triggerPrice * 10n < price * 9n) return refuse('TRIGGER_TOO_LOW', formatDecimal(triggerPrice));
  return ok(undefined);
}

/** Price, quantity and value; nothing as quantity means whatever there is to close when its time has come. */
export function checkSize(market: Market, order: PlaceOrder, triggerPrice: Money): Checked<void> {
  const { listing, category, quoteStep } = market.instrument;
  if (order.type === 'limit') {
    if (order.price === null || order.price <= 0n) return refuse('PRICE_OUT_OF_RANGE', 'a limit order needs a price');
    const ticks = toTicks(listing, order.price);
    if (!ticks.ok) return refuse('OFF_TICK', `${formatDecimal(order.price)} is not a multiple of the tick`);
    if (ticks.value < listing.minPrice || ticks.value > listing.maxPrice) {
      return refuse('PRICE_OUT_OF_RANGE', formatDecimal(priceOf(listing, listing.maxPrice)));
    }
  }
  if (order.qty === 0n && order.reduceOnly && order.closeOnTrigger) return ok(undefined);
  const price = order.price ?? triggerPrice;
  if (order.qtyIn === 'quote') {
    if (category !== 'spot' || order.type !== 'market') return refuse('NOT_SUPPORTED', 'only spot is sized in quote');
    if (order.qty % quoteStep !== 0n) return refuse('OFF_STEP', `a multiple of ${formatDecimal(quoteStep)}`);
    return order.qty >= listing.minNotional ? ok(undefined) : refuse('BELOW_MIN_NOTIONAL', formatDecimal(order.qty));
  }
  const lots = checkQty(market, order);
  if (!lots.ok) return lots;
  return checkValue(market, lots.value, unwrap(toTicks(listing, price)), order.reduceOnly);
}

function checkRoom(decision: Decision, uid: string, market: Market, stopKind: StopKind): Checked<void> {
  const { state, options } = decision.desk;
  const { open } = accountOf(state.accounts, uid);
  const spot = market.instrument.category === 'spot';
  let alike = 0;
  let all = 0;
  for (const { order } of open.values()) {
    if (spot && categoryOf(order.instrument) === 'spot') all += 1;
    if (order.instrument === market.id && order.stopKind === stopKind && isWaiting(order)) alike += 1;
  }
  if (spot && all >= options.maxOpenOrders) return refuse('TOO_MANY_ORDERS', `${all} orders of spot are open`);
  if (alike < (spot ? MOST_SPOT : MOST_CONDITIONAL)) return ok(undefined);
  return refuse(spot ? 'TOO_MANY_ORDERS' : 'TOO_MANY_CONDITIONAL', `${alike} orders of ${market.id} wait`);
}

/** What an order that waits with its funds reserves: a market buy what it would cost at its trigger. */
export function holdOf(
  decision: Decision,
  uid: string,
  market: Market,
  order: PlaceOrder,
  triggerPrice: Money,
  replaces: string | null = null,
): Checked<Hold> {
  if (order.qtyIn === 'quote' && order.side === 'sell') {
    return refuse('NOT_SUPPORTED', 'what waits with its funds is sized in the coin that it gives');
  }
  const bound = unwrap(toTicks(market.instrument.listing, order.price ?? triggerPrice));
  const terms = { order, bound, walked: null, replaces };
  if (order.qtyIn === 'quote') {
    return fund(decision.desk, uid, market, { ...terms, lots: 0 as Lots, spends: order.qty });
  }
  return fund(decision.desk, uid, market, { ...terms, lots: unwrap(checkQty(market, order)), spends: null });
}
