import { formatDecimal } from '../../../domain/decimal.ts';
import type { InsuranceFund } from '../../../ports/exchange.ts';

/** Bybit's thresholds for positions that are closed against profitable ones (V5 docs, "Get ADL Alert"). */
const TRIGGER_RATIO = '-0.3';
const STOP_RATIO = '-0.25';
const LEAST_FUND = '10000';

/** Row of GET /v5/market/adlAlert. A fund has lost nothing of its greatest balance here. */
export const adlRow = (fund: InsuranceFund, symbol: string) => ({
  coin: fund.asset,
  symbol,
  balance: formatDecimal(fund.balance),
  maxBalance: formatDecimal(fund.balance),
  insurancePnlRatio: TRIGGER_RATIO,
  pnlRatio: '0',
  adlTriggerThreshold: LEAST_FUND,
  adlStopRatio: STOP_RATIO,
});

/** The same in the topic `adlAlert`: short names, and numbers as its sample has them. */
export const adlPush = (fund: InsuranceFund, symbol: string) => ({
  c: fund.asset,
  s: symbol,
  b: Number(formatDecimal(fund.balance)),
  mb: Number(formatDecimal(fund.balance)),
  i_pr: Number(TRIGGER_RATIO),
  pr: 0,
  adl_tt: Number(LEAST_FUND),
  adl_sr: Number(STOP_RATIO),
});
