import type { Route } from '../route.ts';
import { ACCOUNT_ROUTES } from './account.ts';
import { ASSET_ROUTES } from './asset.ts';
import { DEMO_ROUTES } from './demo-money.ts';
import { KEY_ROUTES } from './keys.ts';
import { LOAN_ROUTES } from './loans.ts';
import { MARGIN_ROUTES } from './margin.ts';
import { MARKET_ROUTES } from './market.ts';
import { amendBatch, cancelBatch, createBatch } from './order-batch.ts';
import { amendRoute, cancelRoute, createOrder, ORDER_ENTRY_ROUTES } from './order-entry.ts';
import { ORDER_CHECK_ROUTES } from './order-checks.ts';
import { ORDER_QUERY_ROUTES } from './order-queries.ts';
import { PAY_ROUTES } from './pay-info.ts';
import { POSITION_ROUTES } from './position.ts';
import { ANALYSIS_ROUTES } from './analysis.ts';
import { INSTITUTION_ROUTES } from './institutions.ts';
import { OPTION_RISK_ROUTES } from './option-risk.ts';
import { RECORD_ROUTES } from './records.ts';
import { SPOT_MARGIN_ROUTES } from './spot-margin.ts';
import { POSITION_SETTING_ROUTES } from './trading-stop.ts';
import { SETTING_ROUTES } from './settings.ts';
import { SPREAD_MARKET_ROUTES } from './spread/market.ts';
import { SPREAD_ORDER_ROUTES } from './spread/orders.ts';
import { SPREAD_QUERY_ROUTES } from './spread/queries.ts';
import { TRANSFER_ROUTES } from './transfers.ts';
import { USER_ROUTES } from './user.ts';

/** Everything that V5 answers here. Another endpoint is another entry. */
export const ROUTES: readonly Route[] = [
  ...MARKET_ROUTES,
  ...ORDER_ENTRY_ROUTES,
  createBatch,
  amendBatch,
  cancelBatch,
  ...ORDER_CHECK_ROUTES,
  ...ORDER_QUERY_ROUTES,
  ...ACCOUNT_ROUTES,
  ...POSITION_ROUTES,
  ...POSITION_SETTING_ROUTES,
  ...MARGIN_ROUTES,
  ...LOAN_ROUTES,
  ...SPOT_MARGIN_ROUTES,
  ...PAY_ROUTES,
  ...RECORD_ROUTES,
  ...OPTION_RISK_ROUTES,
  ...ANALYSIS_ROUTES,
  ...INSTITUTION_ROUTES,
  ...USER_ROUTES,
  ...KEY_ROUTES,
  ...ASSET_ROUTES,
  ...DEMO_ROUTES,
  ...SETTING_ROUTES,
  ...TRANSFER_ROUTES,
  ...SPREAD_MARKET_ROUTES,
  ...SPREAD_ORDER_ROUTES,
  ...SPREAD_QUERY_ROUTES,
];

/** Operations of the trade socket: the same entries, with the same parameters and the same budgets. */
export const TRADE_OPERATIONS: ReadonlyMap<string, Route> = new Map([
  ['order.create', createOrder],
  ['order.amend', amendRoute],
  ['order.cancel', cancelRoute],
  ['order.create-batch', createBatch],
  ['order.amend-batch', amendBatch],
  ['order.cancel-batch', cancelBatch],
]);
