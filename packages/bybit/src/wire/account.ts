import { category, marginMode, positionStatus, side } from './enums.ts';
import type { Infer } from './schema.ts';
import { array, decimal, flag, integer, millis, name, object, orNull, record, rows, text } from './schema.ts';

/** Balances, account settings, positions and keys (docs/v5/account, docs/v5/position, docs/v5/user). */

const maybeDecimal = orNull(decimal);
const maybeText = orNull(text);
const maybeFlag = orNull(flag);
const maybeInteger = orNull(integer);
const maybeMillis = orNull(millis);

export const coinBalance = object({
  coin: name,
  /** Negative when borrowed against. */
  walletBalance: decimal,
  equity: maybeDecimal,
  usdValue: maybeDecimal,
  /** Held by open spot orders. */
  locked: maybeDecimal,
  borrowAmount: maybeDecimal,
  spotBorrow: maybeDecimal,
  accruedInterest: maybeDecimal,
  totalOrderIM: maybeDecimal,
  totalPositionIM: maybeDecimal,
  totalPositionMM: maybeDecimal,
  unrealisedPnl: maybeDecimal,
  cumRealisedPnl: maybeDecimal,
  bonus: maybeDecimal,
  spotHedgingQty: maybeDecimal,
  colRes: maybeDecimal,
  collateralSwitch: maybeFlag,
  marginCollateral: maybeFlag,
});
export type CoinBalance = Infer<typeof coinBalance>;

/** The unified account, in USD, with its coins. REST and the `wallet` topic (there only the coins that changed). */
export const wallet = object({
  accountType: name,
  totalEquity: maybeDecimal,
  totalWalletBalance: maybeDecimal,
  totalMarginBalance: maybeDecimal,
  totalAvailableBalance: maybeDecimal,
  totalPerpUPL: maybeDecimal,
  totalInitialMargin: maybeDecimal,
  totalMaintenanceMargin: maybeDecimal,
  accountIMRate: maybeDecimal,
  accountMMRate: maybeDecimal,
  accountIMRateByMp: maybeDecimal,
  accountMMRateByMp: maybeDecimal,
  totalInitialMarginByMp: maybeDecimal,
  totalMaintenanceMarginByMp: maybeDecimal,
  coin: rows(coinBalance),
});
export type Wallet = Infer<typeof wallet>;

export const accountInfo = object({
  /** 5 and 6 are the unified account 2.0, which this client assumes. */
  unifiedMarginStatus: integer,
  marginMode: orNull(marginMode),
  isMasterTrader: maybeFlag,
  spotHedgingStatus: maybeText,
  updatedTime: maybeMillis,
});
export type AccountInfo = Infer<typeof accountInfo>;

export const feeRate = object({
  symbol: maybeText,
  baseCoin: maybeText,
  takerFeeRate: decimal,
  makerFeeRate: decimal,
});
export type FeeRate = Infer<typeof feeRate>;

const positionShape = {
  symbol: name,
  /** Null when flat. */
  side: orNull(side),
  /** Never negative; the direction is `side`. */
  size: decimal,
  /** 0 one-way, 1 hedge Buy, 2 hedge Sell: one symbol may have two rows. */
  positionIdx: integer,
  positionValue: maybeDecimal,
  positionStatus: orNull(positionStatus),
  leverage: maybeDecimal,
  breakEvenPrice: maybeDecimal,
  markPrice: maybeDecimal,
  /** Null: none. The stream says "0" for none as well. */
  liqPrice: maybeDecimal,
  positionIM: maybeDecimal,
  positionIMByMp: maybeDecimal,
  positionMM: maybeDecimal,
  positionMMByMp: maybeDecimal,
  takeProfit: maybeDecimal,
  stopLoss: maybeDecimal,
  trailingStop: maybeDecimal,
  tpslMode: maybeText,
  sessionAvgPrice: maybeDecimal,
  delta: maybeDecimal,
  gamma: maybeDecimal,
  vega: maybeDecimal,
  theta: maybeDecimal,
  unrealisedPnl: maybeDecimal,
  curRealisedPnl: maybeDecimal,
  cumRealisedPnl: maybeDecimal,
  riskId: maybeInteger,
  riskLimitValue: maybeDecimal,
  autoAddMargin: maybeInteger,
  adlRankIndicator: maybeInteger,
  isReduceOnly: maybeFlag,
  tradeMode: maybeInteger,
  /** -1 where never traded. */
  seq: maybeInteger,
  openTime: maybeInteger,
  createdTime: maybeMillis,
  updatedTime: maybeMillis,
  mmrSysUpdatedTime: maybeText,
  mmrSysUpdateTime: maybeText,
  leverageSysUpdatedTime: maybeText,
};

export const position = object({ ...positionShape, avgPrice: maybeDecimal });
export type Position = Infer<typeof position>;

/** One row of the `position` topics: `entryPrice` stands for REST's `avgPrice`. */
export const positionPush = object({ category, ...positionShape, entryPrice: maybeDecimal });
export type PositionPush = Infer<typeof positionPush>;

/** Answers that hold nothing: `{}`. */
export const nothing = object({});

export const apiKey = object({
  id: maybeText,
  note: maybeText,
  apiKey: name,
  /** 1: may read only. */
  readOnly: integer,
  permissions: record(array(text)),
  /** Addresses the key is bound to; `*` or empty for none. */
  ips: array(text),
  type: maybeInteger,
  /** Days until a key without bound addresses expires; negative where it does not. */
  deadlineDay: maybeInteger,
  /** ISO 8601; 1970 where it does not expire. */
  expiredAt: maybeText,
  createdAt: maybeText,
  uta: maybeInteger,
  userID: integer,
  inviterID: maybeInteger,
  vipLevel: maybeText,
  mktMakerLevel: maybeText,
  affiliateID: maybeInteger,
  rsaPublicKey: maybeText,
  isMaster: maybeFlag,
  parentUid: maybeText,
  kycLevel: maybeText,
  kycRegion: maybeText,
});
export type ApiKeyDetails = Infer<typeof apiKey>;
