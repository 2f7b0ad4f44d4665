import { formatDecimal, roundTo } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import { err, ok } from '../../../domain/result.ts';
import type { GuardedProduct, PreChecked } from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { category, oneOf, saying, text, whole, withDefault, wordOf } from '../params/fields.ts';
import { CREATE_ORDER, placeOrder } from '../params/order.ts';
import { type WireRefusal, wireRefusal } from '../refusals.ts';
import { accountRoute, type Route } from '../route.ts';
import { SIDES, sideWord } from '../words.ts';
import { instrumentOf } from './find.ts';
import { placeRefusal } from './order-entry.ts';

/** A fraction in ten-thousandths, rounded up: margin is never understated. */
const inE4 = (fraction: Money): number => Number(roundTo((fraction * 10_000n) as Money, 0, 'up') / 10n ** 18n);

const unplaced = (refusal: WireRefusal, orderLinkId: string | null): WireRefusal => ({
  ...refusal,
  extInfo: { future_order_id: '', future_order_link_id: orderLinkId ?? '' },
});

const preCheck = accountRoute(
  {
    method: 'POST',
    path: '/v5/order/pre-check',
    permission: 'orders',
    limit: { name: 'order.pre-check', futures: 10, option: 10, spot: 20 },
    params: CREATE_ORDER,
  },
  async (params, { exchange, uid }) => {
    const order = placeOrder(params);
    if (!order.ok) return err(unplaced(order.error, params.orderLinkId));
    const checked = await exchange.preCheck(uid, order.value);
    if (!checked.ok) {
      return err(unplaced(placeRefusal(exchange, order.value, checked.error, params.category), params.orderLinkId));
    }
    const { refusal, after } = checked.value;
    if (refusal === null) return ok(checkedRow(checked.value, params.orderLinkId));
    const short = unplaced(wireRefusal(refusal, params.category), params.orderLinkId);
    const rates = { post_imr_e4: inE4(after.initial), post_mmr_e4: inE4(after.maintenance) };
    return err({ ...short, extInfo: { ...short.extInfo, ...rates } });
  },
);

const checkedRow = ({ orderId, before, after }: PreChecked, orderLinkId: string | null) => ({
  orderId,
  orderLinkId: orderLinkId ?? '',
  preImrE4: inE4(before.initial),
  preMmrE4: inE4(before.maintenance),
  postImrE4: inE4(after.initial),
  postMmrE4: inE4(after.maintenance),
});

const shown = (value: Money, digits: number): string => formatDecimal(roundTo(value, digits, 'down'));

const borrowCheck = accountRoute(
  {
    method: 'GET',
    path: '/v5/order/spot-borrow-check',
    permission: 'orders',
    limit: sameLimit('order.spot-borrow-check', 50),
    params: { category: category('spot'), symbol: text, side: saying(wordOf(SIDES), 'Side invalid') },
  },
  (params, { exchange, uid }) => {
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const most = exchange.borrowCheck(uid, instrument.value.id, params.side);
    return ok({
      symbol: params.symbol,
      side: sideWord(params.side),
      maxTradeQty: shown(most.maxQty, 4),
      maxTradeAmount: shown(most.maxAmount, 8),
      spotMaxTradeQty: shown(most.ownQty, 4),
      spotMaxTradeAmount: shown(most.ownAmount, 8),
      borrowCoin: most.borrows,
    });
  },
);

const PRODUCTS = { OPTIONS: 'options', DERIVATIVES: 'derivatives', SPOT: 'spot' } as const satisfies Record<
  string,
  GuardedProduct
>;

const setDcp = accountRoute(
  {
    method: 'POST',
    path: '/v5/order/disconnected-cancel-all',
    retMsg: 'success',
    permission: 'orders',
    limit: sameLimit('order.disconnected-cancel-all', 5),
    params: { product: withDefault(oneOf(['OPTIONS', 'DERIVATIVES', 'SPOT']), 'OPTIONS'), timeWindow: whole(3, 300) },
  },
  async ({ product, timeWindow }, { exchange, uid }) => {
    const set = await exchange.changeSettings(uid, ({ dcp }) => ({ dcp: { ...dcp, [PRODUCTS[product]]: timeWindow } }));
    return set.ok ? ok({}) : err(wireRefusal(set.error, 'linear'));
  },
);

const dcpInfo = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/query-dcp-info',
    retMsg: 'success',
    permission: 'open',
    limit: sameLimit('account.query-dcp-info', 5),
    params: {},
  },
  (_params, { exchange, uid }) => {
    const { dcp } = exchange.settings(uid);
    const rows = Object.entries(PRODUCTS).flatMap(([product, name]) => {
      const timeWindow = dcp[name];
      return timeWindow === null ? [] : [{ product, dcpStatus: 'ON', timeWindow: String(timeWindow) }];
    });
    return ok({ dcpInfos: rows });
  },
);

export const ORDER_CHECK_ROUTES: readonly Route[] = [preCheck, borrowCheck, setDcp, dcpInfo];
