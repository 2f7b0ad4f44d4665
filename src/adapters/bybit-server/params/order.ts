import { money, ONE, ZERO } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import { instrumentId } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type { AmendOrder, ExchangeOrderRef, PlaceOrder, PositionIdx, SpecialTerms } from '../../../ports/exchange.ts';
import { invalidParam, missingParam, REFUSED, refused, type WireRefusal } from '../refusals.ts';
import { BBO_SIDES, ORDER_TYPES, SIDES, SMP_TYPES, TIMES_IN_FORCE, TRIGGER_BY } from '../words.ts';
import { attachedExits, EXIT_TYPES, EXITS, exitChanges, given, priceOrNone } from './exits.ts';
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
  whole,
  withDefault,
  wordOf,
} from './fields.ts';

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
  qty: anything,
  price: anything,
  marketUnit: optional(oneOf(['baseCoin', 'quoteCoin'])),
  timeInForce: withDefault(timeInForce, 'gtc'),
  orderLinkId: clientOrderId,
  reduceOnly: flag,
  smpType: withDefault(wordOf(SMP_TYPES), 'none'),
  slippageToleranceType: optional(oneOf(['TickSize', 'Percent'])),
  slippageTolerance: optional(text),
  positionIdx: saying(withDefault(whole(0, 2), 0), 'position idx not match position mode'),
  isLeverage: withDefault(whole(0, 1), 0),
  orderFilter: optional(text),
  triggerPrice: priceOrNone,
  triggerDirection: withDefault(whole(0, 2), 0),
  triggerBy: optional(wordOf(TRIGGER_BY)),
  ...EXITS,
  ...EXIT_TYPES,
  closeOnTrigger: flag,
  bboSideType: optional(wordOf(BBO_SIDES)),
  bboLevel: optional(whole(1, 5)),
  orderIv: optional(positive),
  mmp: flag,
  rpiTakerAccess: unsupported(false),
} as const;

const NO_RPI = 'RPI orders are restricted to approved market makers only';

export type CreateParams = Params<typeof CREATE_ORDER>;

export function placeOrder(params: CreateParams): Result<PlaceOrder, WireRefusal> {
  const spot = params.category === 'spot';
  const market = params.orderType === 'market';
  if (params.timeInForce === 'rpi') {
    return err(spot ? refused(170355, NO_RPI) : refused(110119, `Order failed. ${NO_RPI}`));
  }
  if (spot && params.reduceOnly) return err(invalidParam('reduceOnly'));
  if (params.category === 'option' && params.orderLinkId === null) return err(missingParam('orderLinkId'));
  const size = sizeOf(params);
  if (!size.ok) return size;
  const terms = specialTerms(params);
  if (!terms.ok) return terms;
  const isPriced = market || terms.value.bbo !== null || terms.value.iv !== null;
  if (spot && !isPriced && isZero(params.price)) return err(refused(170133, 'Order price lower than the minimum.'));
  const price = isPriced ? ok(null) : saying(positive, 'Price invalid')(params.price, 'price');
  if (!price.ok) return price;
  const slippage = slippageOf(params);
  if (!slippage.ok) return slippage;
  if (slippage.value !== null && terms.value.trigger !== null) return err(invalidParam('slippageTolerance'));
  return ok({
    instrument: instrumentId(params.category, params.symbol),
    clientOrderId: params.orderLinkId,
    side: params.side,
    type: params.orderType,
    ...size.value,
    price: price.value,
    timeInForce: market ? 'ioc' : params.timeInForce,
    reduceOnly: params.reduceOnly,
    slippage: slippage.value,
    selfTrade: params.smpType,
    ...terms.value,
  });
}

const isZero = (raw: unknown): boolean => typeof raw === 'string' && /^0+(\.0+)?$/.test(raw);

/** Nothing as quantity means everything, for an order of contracts that may only close. */
function sizeOf(params: CreateParams): Result<Pick<PlaceOrder, 'qty' | 'qtyIn'>, WireRefusal> {
  const spot = params.category === 'spot';
  if (!spot && params.qty === '0' && params.reduceOnly && params.closeOnTrigger)
    return ok({ qty: ZERO, qtyIn: 'base' });
  const qty = saying(positive, 'Qty invalid')(params.qty, 'qty');
  if (!qty.ok) return qty;
  const usual = params.side === 'buy' ? 'quoteCoin' : 'baseCoin';
  const inQuote = spot && params.orderType === 'market' && (params.marketUnit ?? usual) === 'quoteCoin';
  return ok({ qty: qty.value, qtyIn: inQuote ? 'quote' : 'base' });
}

type Special = SpecialTerms & Pick<PlaceOrder, 'trigger' | 'filter'>;

function specialTerms(params: CreateParams): Result<Special, WireRefusal> {
  const { category: word } = params;
  const isFutures = word === 'linear' || word === 'inverse';
  const exits = attachedExits(params);
  if (!exits.ok) return exits;
  const unsuited = unsuitedExit(params, exits.value);
  if (unsuited !== null) return err(unsuited);
  const trigger = triggerOf(params);
  if (!trigger.ok) return trigger;
  const bbo = isFutures && params.orderType === 'limit' ? bboOf(params) : ok(null);
  if (!bbo.ok) return bbo;
  return ok({
    positionIdx: params.positionIdx as PositionIdx,
    leverage: word === 'spot' && params.isLeverage === 1,
    closeOnTrigger: isFutures && params.closeOnTrigger,
    exits: exits.value,
    bbo: bbo.value,
    iv: word === 'option' ? params.orderIv : null,
    mmp: word === 'option' && params.mmp,
    ...trigger.value,
  });
}

/** Spot knows exits of limit orders only, and a whole position is left at the market. */
function unsuitedExit(params: CreateParams, exits: PlaceOrder['exits']): WireRefusal | null {
  if (exits === null) return null;
  if (params.category === 'spot') {
    if (params.orderType === 'limit') return null;
    return invalidParam(exits.takeProfit === null ? 'stopLoss' : 'takeProfit');
  }
  if (params.category === 'option' && exits.mode === 'partial') return invalidParam('tpslMode');
  if (exits.mode === 'partial') return null;
  if (exits.takeProfit?.limitPrice) return invalidParam('tpOrderType');
  return exits.stopLoss?.limitPrice ? invalidParam('slOrderType') : null;
}

const BAD_FILTER = refused(170201, 'Invalid orderFilter parameter');
const SPOT_FILTERS = { Order: 'order', tpslOrder: 'tpsl', StopOrder: 'stop' } as const;

/** What the order waits for: on spot its filter says whether it waits, elsewhere its trigger price. */
function triggerOf(params: CreateParams): Result<Pick<PlaceOrder, 'trigger' | 'filter'>, WireRefusal> {
  const price = given(params.triggerPrice);
  const by = params.triggerBy ?? 'last';
  if (params.category === 'spot') {
    const filter = SPOT_FILTERS[(params.orderFilter ?? 'Order') as keyof typeof SPOT_FILTERS];
    if (filter === undefined) return err(BAD_FILTER);
    if (filter === 'order') return price === null ? ok(PLAIN) : err(BAD_FILTER);
    if (price === null) return err(refused(170202, 'Please enter the TP/SL price.'));
    return ok({ trigger: { price, direction: null, by: 'last' }, filter });
  }
  if (price === null) return ok(PLAIN);
  if (params.category === 'option') return err(invalidParam('triggerPrice'));
  if (params.triggerDirection === 0) return err(invalidParam('triggerDirection'));
  const direction = params.triggerDirection === 1 ? 'rise' : 'fall';
  return ok({ trigger: { price, direction, by }, filter: 'order' });
}
const PLAIN = { trigger: null, filter: 'order' } as const;

function bboOf({ bboSideType: side, bboLevel: level }: CreateParams): Result<PlaceOrder['bbo'], WireRefusal> {
  if (side === null && level === null) return ok(null);
  if (side === null) return err(missingParam('bboSideType'));
  return level === null ? err(missingParam('bboLevel')) : ok({ side, level });
}

const TICK_RANGE = refused(110108, 'Allowable range: 1 to 10000 tick size');
const PERCENT_RANGE = refused(110109, 'Allowable range: 0.01% to 10%');

/** Market orders only; a limit order carries its bound in its price and Bybit does not look at the tolerance. */
function slippageOf(params: CreateParams): Result<PlaceOrder['slippage'], WireRefusal> {
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
  triggerPrice: priceOrNone,
  triggerBy: optional(wordOf(TRIGGER_BY)),
  ...EXITS,
  orderIv: optional(positive),
} as const;

export function amendOrder(params: Params<typeof AMEND_ORDER>): Result<AmendOrder, WireRefusal> {
  const change: AmendOrder = {
    price: params.price,
    qty: params.qty,
    triggerPrice: given(params.triggerPrice),
    triggerBy: params.triggerBy,
    exits: exitChanges(params),
    iv: params.category === 'option' ? params.orderIv : null,
  };
  return Object.values(change).every((value) => value === null) ? err(REFUSED.unchanged) : ok(change);
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
