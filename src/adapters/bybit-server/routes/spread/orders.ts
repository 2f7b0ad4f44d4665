import { formatFixed } from '../../../../domain/decimal.ts';
import type { Side } from '../../../../domain/ids.ts';
import { err, ok, type Result } from '../../../../domain/result.ts';
import type { ExchangeRefusal, OrderIds } from '../../../../ports/exchange.ts';
import { sameLimit } from '../../limits.ts';
import { flag, optional, saying, text, wordOf } from '../../params/fields.ts';
import {
  AMEND_SPREAD,
  amendSpread,
  CANCEL_SPREAD,
  CREATE_SPREAD,
  decimal,
  placeSpread,
  spreadRef,
} from '../../params/spread.ts';
import { missingParam, type WireRefusal, wireRefusal } from '../../refusals.ts';
import { accountRoute, type Route } from '../../route.ts';
import { comboOf } from './market.ts';

const idsResult = (ids: OrderIds) => ({ orderId: ids.orderId, orderLinkId: ids.clientOrderId ?? '' });

/** Combos are refused in the words of derivatives. */
function answered<T>(result: Result<T, ExchangeRefusal>, show: (value: T) => object): Result<object, WireRefusal> {
  return result.ok ? ok(show(result.value)) : err(wireRefusal(result.error, 'linear'));
}

const create = accountRoute(
  {
    method: 'POST',
    path: '/v5/spread/order/create',
    permission: 'spread',
    limit: sameLimit('spread.create', 20),
    params: CREATE_SPREAD,
  },
  async (params, { exchange: { spread }, uid }) => {
    const order = placeSpread(params);
    if (!order.ok) return order;
    return answered(await spread.place(uid, order.value), idsResult);
  },
);

const amend = accountRoute(
  {
    method: 'POST',
    path: '/v5/spread/order/amend',
    permission: 'spread',
    limit: sameLimit('spread.amend', 20),
    params: AMEND_SPREAD,
  },
  async (params, { exchange: { spread }, uid }) => {
    const ref = spreadRef(params);
    if (!ref.ok) return ref;
    const combo = comboOf(spread, params.symbol);
    if (!combo.ok) return combo;
    const change = amendSpread(params);
    if (!change.ok) return change;
    return answered(await spread.amend(uid, ref.value, change.value), idsResult);
  },
);

const cancel = accountRoute(
  {
    method: 'POST',
    path: '/v5/spread/order/cancel',
    permission: 'spread',
    limit: sameLimit('spread.cancel', 20),
    params: CANCEL_SPREAD,
  },
  async (params, { exchange: { spread }, uid }) => {
    const ref = spreadRef(params);
    return ref.ok ? answered(await spread.cancel(uid, ref.value), idsResult) : ref;
  },
);

/** With a symbol its orders, with `cancelAll` those of all combos; asked for neither it does nothing. */
const cancelAll = accountRoute(
  {
    method: 'POST',
    path: '/v5/spread/order/cancel-all',
    permission: 'spread',
    limit: sameLimit('spread.cancel-all', 5),
    params: { symbol: optional(text), cancelAll: flag },
  },
  async ({ symbol, cancelAll: all }, { exchange: { spread }, uid }) => {
    if (symbol === null && !all) return err(missingParam('symbol or cancelAll'));
    if (symbol !== null) {
      const combo = comboOf(spread, symbol);
      if (!combo.ok) return combo;
    }
    const done = await spread.cancelAll(uid, all ? null : symbol);
    return answered(done, (list) => ({ list: list.map(idsResult), success: '1' }));
  },
);

/** Here sides are numbers. */
const SIDE_NUMBERS = { '1': 'buy', '2': 'sell' } as const satisfies Record<string, Side>;
/** Digits of the quantity that is shown. */
const SHOWN = 8;

const maxQty = accountRoute(
  {
    method: 'GET',
    path: '/v5/spread/max-qty',
    retMsg: 'Success',
    permission: 'spread',
    limit: sameLimit('spread.max-qty', 50),
    params: { symbol: text, side: saying(wordOf(SIDE_NUMBERS), 'Side invalid'), orderPrice: decimal },
  },
  ({ symbol, side, orderPrice }, { exchange: { spread }, uid }) =>
    answered(spread.maxQty(uid, symbol, side, orderPrice), (qty) => ({ ab: formatFixed(qty, SHOWN, 'down') })),
);

export const SPREAD_ORDER_ROUTES: readonly Route[] = [create, amend, cancel, cancelAll, maxQty];
