import type { Route } from '../route.ts';
import { fullOrderbook, orderbook, rpiOrderbook } from './market/books.ts';
import { CANDLE_ROUTES } from './market/candles.ts';
import {
  accountRatio,
  deliveryPrices,
  fundingHistory,
  historicalVolatility,
  newDeliveryPrice,
  openInterest,
} from './market/history.ts';
import { instrumentsInfo } from './market/instruments.ts';
import { announcements, systemStatus, time } from './market/notices.ts';
import { recentTrade, tickers } from './market/prices.ts';
import { adlAlert, feeGroups, indexComponents, insurance, priceLimit, riskLimit } from './market/rules.ts';

/** What needs no key: the markets, their past and their rules. */
export const MARKET_ROUTES: readonly Route[] = [
  time,
  instrumentsInfo,
  orderbook,
  fullOrderbook,
  rpiOrderbook,
  tickers,
  recentTrade,
  ...CANDLE_ROUTES,
  fundingHistory,
  openInterest,
  accountRatio,
  historicalVolatility,
  deliveryPrices,
  newDeliveryPrice,
  riskLimit,
  priceLimit,
  insurance,
  adlAlert,
  indexComponents,
  feeGroups,
  systemStatus,
  announcements,
];
