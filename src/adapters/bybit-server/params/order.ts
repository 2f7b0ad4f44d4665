import { money, ONE } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import { instrumentId } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import {
  type AmendOrder,
  type ExchangeOrderRef,
  NO_AMENDMENT,
  PLAIN_ORDER,
  type PlaceOrder,
} from '../../../ports/exchange.ts';
import { invalidParam, missingParam, REFUSED, refused, type WireRefusal } from '../refusals.ts';
import { ORDER_TYPES, SIDES, SMP_TYPES, TIMES_IN_FORCE } from '../words.ts';
import {
  anything,
  CATEGORIES,
  category,
  clientOrderId,
  type Field,
  flag,
  oneOf,
  optional,
  type Params,
  positive,
  saying,
  text,
  unsupported,
  withDefault,
  wordOf,
} from './fields.ts';

/** Take profit, stop loss and triggers: on Bybit, not here. `"0"` is how a client says "none". */
const CONDITIONAL = {
  triggerPrice: unsupported('0'),
  triggerBy: unsupported('LastPrice'),
  takeProfit: unsupported('0'),
  stopLoss: unsupported('0'),
  tpTriggerBy: unsupported('LastPrice'),
  slTriggerBy: unsupported('LastPrice'),
  tpslMode: unsupported('Full'),
  tpLimitPrice: unsupported('0'),
  slLimitPrice: unsupported('0'),
  orderIv: unsupported(),
} as const;

const timeInForce: Field<'gtc' | 'ioc' | 'fok' | 'post_only' | 'rpi'> = wordOf({
  ...TIMES_IN_FORCE,
  RPI: 'rpi' as const,
});

/** POST /v5/order/create and `order.create` (V5 docs, "Place Order"). */
export const CREATE_ORDER = {
  category: category(...CATEGORIES),
  symbol: text,
  side: saying(wordOf(SIDES), 'Side invalid'),
  orderType: saying(wordOf(ORDER_TYPES), 'OrderType invalid'),
  qty: saying(positive, 'Qty invalid'),
  price: anything,
  marketUnit: optional(oneOf(['baseCoin', 'quoteCoin'])),
  timeInForce: withDefault(timeInForce, 'gtc'),
  orderLinkId: clientOrderId,
  reduceOnly: flag,
  smpType: withDefault(wordOf(SMP_TYPES), 'none'),
  slippageToleranceType: optional(oneOf(['TickSize', 'Percent'])),
  slippageTolerance: optional(text),
  positionIdx: saying(unsupported(0, '0'), 'position idx not match position mode'),
  isLeverage: unsupported(0, '0'),
  orderFilter: unsupported('Order'),
  triggerDirection: unsupported(0, '0'),
  ...CONDITIONAL,
  tpOrderType: unsupported('Market'),
  slOrderType: unsupported('Market'),
  closeOnTrigger: unsupported(false),
  bboSideType: unsupported(),
  bboLevel: unsupported(),
  rpiTakerAccess: unsupported(false),
  mmp: unsupported(false),
} as const;

export function placeOrder(params: Params<typeof CREATE_ORDER>): Result<PlaceOrder, WireRefusal> {
  const spot = params.category === 'spot';
  const market = params.orderType === 'market';
  if (params.timeInForce === 'rpi') {
    return err(refused(spot ? 170355 : 110119, spot ? RPI_ONLY : `Order failed. ${RPI_ONLY}`));
  }
  if (spot && params.reduceOnly) return err(invalidParam('reduceOnly'));
  const price = market ? ok(null) : saying(positive, 'Price invalid')(params.price, 'price');
  if (!price.ok) return price;
  const slippage = slippageOf(params);
  if (!slippage.ok) return slippage;
  return ok({
    instrument: instrumentId(params.category, params.symbol),
    clientOrderId: params.orderLinkId,
    side: params.side,
    type: params.orderType,
    qty: params.qty,
    qtyIn:
      spot && market && (params.marketUnit ?? (params.side === 'buy' ? 'quoteCoin' : 'baseCoin')) === 'quoteCoin'
        ? 'quote'
        : 'base',
    price: price.value,
    timeInForce: market ? 'ioc' : params.timeInForce,
    reduceOnly: params.reduceOnly,
    slippage: slippage.value,
    selfTrade: params.smpType,
    ...PLAIN_ORDER,
  });
}

const RPI_ONLY = 'RPI orders are restricted to approved market makers only';
const TICK_RANGE = refused(110108, 'Allowable range: 1 to 10000 tick size');
const PERCENT_RANGE = refused(110109, 'Allowable range: 0.01% to 10%');

/** Market orders only; a limit order carries its bound in its price and Bybit does not look at the tolerance. */
function slippageOf(params: Params<typeof CREATE_ORDER>): Result<PlaceOrder['slippage'], WireRefusal> {
  const { slippageToleranceType: unit, slippageTolerance: size } = params;
  if (params.orderType !== 'market' || (unit === null && size === null)) return ok(null);
  if (unit === null) return err(missingParam('slippageToleranceType'));
  if (size === null) return err(missingParam('slippageTolerance'));
  if (unit === 'TickSize') {
    const ticks = /^\d{1,5}$/.test(size) ? Number(size) : 0;
    return ticks >= 1 && ticks <= 10_000 ? ok({ ticks }) : err(TICK_RANGE);
  }
  if (!/^\d{1,2}(\.\d{1,2})?$/.test(size)) return err(PERCENT_RANGE);
  const fraction = (money(size) / 100n) as Money;
  return fraction >= ONE / 10_000n && fraction <= ONE / 10n ? ok({ fraction }) : err(PERCENT_RANGE);
}

const REFERENCE = {
  category: category(...CATEGORIES),
  symbol: text,
  orderId: optional(text),
  orderLinkId: optional(text),
} as const;

/** POST /v5/order/amend and `order.amend`. */
export const AMEND_ORDER = {
  ...REFERENCE,
  qty: saying(optional(positive), 'Qty invalid'),
  price: saying(optional(positive), 'Price invalid'),
  ...CONDITIONAL,
} as const;

export function amendOrder(params: Params<typeof AMEND_ORDER>): Result<AmendOrder, WireRefusal> {
  if (params.price === null && params.qty === null) return err(REFUSED.unchanged);
  return ok({ ...NO_AMENDMENT, price: params.price, qty: params.qty });
}

/** POST /v5/order/cancel and `order.cancel`. */
export const CANCEL_ORDER = { ...REFERENCE, orderFilter: optional(text) } as const;

/** The order that a request names; where both ids are given the exchange's own wins. */
export function orderRef(params: Params<typeof REFERENCE>): Result<ExchangeOrderRef, WireRefusal> {
  if (params.orderId === null && params.orderLinkId === null) return err(missingParam('orderId or orderLinkId'));
  return ok({
    instrument: instrumentId(params.category, params.symbol),
    orderId: params.orderId,
    clientOrderId: params.orderId === null ? params.orderLinkId : null,
  });
}
