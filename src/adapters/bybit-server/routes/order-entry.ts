import type { Category } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type {
  Exchange,
  ExchangeOrderRef,
  ExchangeRefusal,
  OrderFilter,
  OrderIds,
  PlaceOrder,
} from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { CATEGORIES, category, optional, type Params, text } from '../params/fields.ts';
import { AMEND_ORDER, amendOrder, CANCEL_ORDER, CREATE_ORDER, orderRef, placeOrder } from '../params/order.ts';
import { invalidParam, missingParam, refused, type WireRefusal, wireRefusal } from '../refusals.ts';
import { type AccountContext, accountRoute, type Route } from '../route.ts';
import { kindsOf, orderFilter } from './find.ts';

const idsResult = (ids: OrderIds) => ({ orderId: ids.orderId, orderLinkId: ids.clientOrderId ?? '' });

export const createOrder = accountRoute(
  {
    method: 'POST',
    path: '/v5/order/create',
    permission: 'orders',
    limit: { name: 'order.create', futures: 10, option: 10, spot: 20 },
    params: CREATE_ORDER,
  },
  (params, context) => createOne(params, context),
);

type Done = Promise<Result<ReturnType<typeof idsResult>, WireRefusal>>;

export async function createOne(params: Params<typeof CREATE_ORDER>, { exchange, uid }: AccountContext): Done {
  const order = placeOrder(params);
  if (!order.ok) return order;
  const placed = await exchange.place(uid, order.value);
  return placed.ok
    ? ok(idsResult(placed.value))
    : err(placeRefusal(exchange, order.value, placed.error, params.category));
}

/** Spot has more than one code for what the exchange calls by one name: the order itself tells which. */
export function placeRefusal(
  exchange: Exchange,
  order: PlaceOrder,
  refusal: ExchangeRefusal,
  category: Category,
): WireRefusal {
  if (category !== 'spot') return wireRefusal(refusal, category);
  if (refusal.code === 'OFF_STEP' && order.qtyIn === 'quote')
    return refused(170148, 'Market order amount decimal too long');
  const listing = exchange.instrument(order.instrument)?.listing;
  const isLow = listing !== undefined && order.price !== null && order.price < BigInt(listing.minPrice) * listing.tick;
  if (refusal.code === 'PRICE_OUT_OF_RANGE' && isLow) return refused(170133, 'Order price lower than the minimum.');
  return wireRefusal(refusal, category);
}

export const amendRoute = accountRoute(
  {
    method: 'POST',
    path: '/v5/order/amend',
    permission: 'orders',
    limit: sameLimit('order.amend', 10),
    params: AMEND_ORDER,
  },
  (params, context) => amendOne(params, context),
);

const UNLISTED: ExchangeRefusal = { code: 'INSTRUMENT_NOT_FOUND', detail: '' };

export async function amendOne(params: Params<typeof AMEND_ORDER>, { exchange, uid }: AccountContext): Done {
  const ref = orderRef(params);
  if (!ref.ok) return ref;
  const change = amendOrder(params);
  if (!change.ok) return change;
  if (exchange.instrument(ref.value.instrument) === null) return err(wireRefusal(UNLISTED, params.category));
  const amended = await exchange.amend(uid, ref.value, change.value);
  return answerFor(exchange, uid, ref.value, params.category, amended);
}

export const cancelRoute = accountRoute(
  {
    method: 'POST',
    path: '/v5/order/cancel',
    permission: 'orders',
    limit: { name: 'order.cancel', futures: 10, option: 10, spot: 20 },
    params: CANCEL_ORDER,
  },
  (params, context) => cancelOne(params, context),
);

export async function cancelOne(params: Params<typeof CANCEL_ORDER>, { exchange, uid }: AccountContext): Done {
  const ref = orderRef(params);
  if (!ref.ok) return ref;
  if (exchange.instrument(ref.value.instrument) === null) return err(wireRefusal(UNLISTED, params.category));
  if (params.orderFilter !== null && !isNamed(exchange, uid, ref.value, params)) {
    return err(wireRefusal({ code: 'ORDER_NOT_FOUND', detail: '' }, params.category));
  }
  return answerFor(exchange, uid, ref.value, params.category, await exchange.cancel(uid, ref.value));
}

/** On spot an order is found under the filter of its kind only. */
function isNamed(
  exchange: Exchange,
  uid: string,
  ref: ExchangeOrderRef,
  { category, orderFilter: word }: Params<typeof CANCEL_ORDER>,
): boolean {
  if (category !== 'spot') return true;
  const named = { category, base: null, settle: null, ...ref };
  const [open] = exchange.orders(uid, { ...named, recentlyClosed: false });
  return (
    open === undefined || exchange.orders(uid, { ...named, kinds: kindsOf(word), recentlyClosed: false }).length > 0
  );
}

function answerFor(
  exchange: Exchange,
  uid: string,
  ref: ExchangeOrderRef,
  category: Category,
  result: Result<OrderIds, ExchangeRefusal>,
): Result<ReturnType<typeof idsResult>, WireRefusal> {
  if (result.ok) return ok(idsResult(result.value));
  if (result.error.code === 'ORDER_ALREADY_FINAL') return err(finalRefusal(exchange, uid, ref, category));
  return err(wireRefusal(result.error, category));
}

/** Canceled and filled orders are refused by different codes. */
function finalRefusal(exchange: Exchange, uid: string, ref: ExchangeOrderRef, category: Category): WireRefusal {
  const filter = {
    category,
    instrument: ref.instrument,
    base: null,
    settle: null,
    orderId: ref.orderId,
    clientOrderId: ref.clientOrderId,
  };
  const [order] = exchange.orders(uid, { ...filter, recentlyClosed: true });
  const isFilled = order?.status === 'filled';
  if (category === 'spot')
    return isFilled ? refused(170139, 'Order has been filled.') : refused(170142, 'Order has been cancelled');
  return order?.status === 'canceled'
    ? refused(110010, 'The order has been cancelled')
    : wireRefusal({ code: 'ORDER_ALREADY_FINAL', detail: '' }, category);
}

const cancelAll = accountRoute(
  {
    method: 'POST',
    path: '/v5/order/cancel-all',
    permission: 'orders',
    limit: { name: 'order.cancel-all', futures: 10, option: 1, spot: 20 },
    params: {
      category: category(...CATEGORIES),
      symbol: optional(text),
      baseCoin: optional(text),
      settleCoin: optional(text),
      orderFilter: optional(text),
      stopOrderType: optional(text),
    },
  },
  async (params, { exchange, uid }) => {
    const { symbol, baseCoin, settleCoin } = params;
    const isFutures = params.category === 'linear' || params.category === 'inverse';
    if (isFutures && symbol === null && baseCoin === null && settleCoin === null) {
      return err(missingParam('symbol or baseCoin or settleCoin'));
    }
    if (params.category === 'spot' && settleCoin !== null) return err(invalidParam('settleCoin'));
    const filter = orderFilter(exchange, params);
    if (!filter.ok) return filter;
    const canceled = await exchange.cancelAll(uid, { ...filter.value, kinds: canceledKinds(params) });
    if (!canceled.ok) return err(wireRefusal(canceled.error, params.category));
    return ok({ list: canceled.value.map(idsResult), success: '1' });
  },
);

/** Spot means plain orders unless it says otherwise; contracts mean everything. `Stop`: conditional orders alone. */
function canceledKinds(
  params: Readonly<{ category: Category; orderFilter: string | null; stopOrderType: string | null }>,
): NonNullable<OrderFilter['kinds']> | null {
  const { category: word, orderFilter: kind, stopOrderType } = params;
  if (word !== 'spot' && kind === 'StopOrder' && stopOrderType === 'Stop') return ['stop'];
  return kindsOf(kind ?? (word === 'spot' ? 'Order' : null));
}

export const ORDER_ENTRY_ROUTES: readonly Route[] = [createOrder, amendRoute, cancelRoute, cancelAll];
