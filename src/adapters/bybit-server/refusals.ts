import type { Category } from '../../domain/ids.ts';
import type { ExchangeRefusal, ExchangeRefusalCode } from '../../ports/exchange.ts';

/** What a client gets instead of a result. */
export type WireRefusal = Readonly<{
  retCode: number;
  retMsg: string;
  /** What `retExtInfo` says of it. */
  extInfo?: object;
  /** What the result says of it, where it is not empty. */
  result?: object;
}>;

/** Codes that the server itself gives, with the texts of the V5 docs, "Error Codes". */
export const REFUSED = {
  parameter: { retCode: 10001, retMsg: 'Request parameter error.' },
  /** The outcome is unknown: the exchange could not say whether it will stand by it. */
  timeout: { retCode: 10000, retMsg: 'Server Timeout' },
  invalidKey: { retCode: 10003, retMsg: 'API key is invalid.' },
  signature: { retCode: 10004, retMsg: 'Error sign, please check your signature generation algorithm.' },
  permission: { retCode: 10005, retMsg: 'Permission denied, please check your API key permissions.' },
  rateLimit: { retCode: 10006, retMsg: 'Too many visits. Exceeded the API Rate Limit.' },
  unauthenticated: { retCode: 10007, retMsg: 'User authentication failed.' },
  address: { retCode: 10010, retMsg: "Unmatched IP, please check your API key's bound IP addresses." },
  route: { retCode: 10017, retMsg: 'Route not found.' },
  expiredKey: { retCode: 33004, retMsg: 'Your api key has expired.' },
  addressRate: { retCode: 10403, retMsg: 'Exceeded the IP Rate Limit.' },
  operation: { retCode: 10404, retMsg: 'op type is not found.' },
  category: { retCode: 10404, retMsg: 'category is not correct.' },
  repeatedAuth: { retCode: 20001, retMsg: 'Repeat auth.' },
  repeatedRequest: { retCode: 20006, retMsg: 'reqId is duplicated.' },
  unchanged: {
    retCode: 10001,
    retMsg: 'The order remains unchanged as the parameters entered match the existing ones.',
  },
} as const satisfies Record<string, WireRefusal>;

export const refused = (retCode: number, retMsg: string): WireRefusal => ({ retCode, retMsg });
export const invalidParam = (name: string): WireRefusal => refused(10001, `params error: ${name} invalid`);
export const missingParam = (names: string): WireRefusal =>
  refused(10001, `Missing some parameters that must be filled in, ${names}`);
export const unsupportedParam = (name: string): WireRefusal =>
  refused(10001, `params error: ${name} is not supported by this exchange`);
export const invalidSymbol = invalidParam('symbol');

type Text = readonly [retCode: number, retMsg: string];
const both = (retCode: number, retMsg: string) =>
  ({ derivatives: [retCode, retMsg], spot: [retCode, retMsg] }) as const;

/** Every refusal of an exchange as derivatives and as spot say it; `%s` takes the limit that was passed, `%d` the detail. */
const TABLE: Readonly<Record<ExchangeRefusalCode, Readonly<{ derivatives: Text; spot: Text }>>> = {
  INSTRUMENT_NOT_FOUND: { derivatives: [10001, 'params error: symbol invalid'], spot: [170121, 'Invalid symbol.'] },
  INSTRUMENT_NOT_TRADING: {
    derivatives: [110074, 'This contract is not live'],
    spot: [170151, 'The trading pair is not open yet'],
  },
  OFF_TICK: { derivatives: [10001, 'Price invalid'], spot: [170134, 'Order price decimal too long.'] },
  OFF_STEP: { derivatives: [10001, 'Qty invalid'], spot: [170137, 'Order volume decimal too long'] },
  PRICE_OUT_OF_RANGE: {
    derivatives: [110003, 'Order price exceeds the allowable range.'],
    spot: [170132, 'Order price too high.'],
  },
  PRICE_OUTSIDE_BAND_HIGH: {
    derivatives: [30208, 'Failed to submit order(s). The order price is higher than the maximum buying price'],
    spot: [170193, 'Buy order price cannot be higher than %s.'],
  },
  PRICE_OUTSIDE_BAND_LOW: {
    derivatives: [30209, 'Failed to submit order(s). The order price is lower than the minimum selling price.'],
    spot: [170194, 'Sell order price cannot be lower than %s.'],
  },
  QTY_TOO_SMALL: {
    derivatives: [10001, 'The number of contracts exceeds minimum limit allowed: %s'],
    spot: [170136, 'Order quantity lower than the minimum.'],
  },
  QTY_TOO_LARGE: {
    derivatives: [10001, 'The number of contracts exceeds maximum limit allowed: %s'],
    spot: [170124, 'Order amount too large.'],
  },
  BELOW_MIN_NOTIONAL: {
    derivatives: [110094, 'Order notional value below the lower limit'],
    spot: [170140, 'Order value exceeded lower limit'],
  },
  INSUFFICIENT_BALANCE: {
    derivatives: [110007, 'Available balance is insufficient'],
    spot: [170131, 'Balance insufficient'],
  },
  DUPLICATE_CLIENT_ORDER_ID: {
    derivatives: [110072, 'OrderLinkedID is duplicate'],
    spot: [170141, 'Duplicate clientOrderId'],
  },
  ORDER_NOT_FOUND: { derivatives: [110001, 'Order does not exist'], spot: [170213, 'Order does not exist.'] },
  ORDER_ALREADY_FINAL: {
    derivatives: [110008, 'The order has been completed or cancelled.'],
    spot: [170142, 'Order has been cancelled'],
  },
  QTY_BELOW_FILLED: {
    derivatives: [110064, 'The modified contract quantity cannot be less than or equal to the filled quantity.'],
    spot: [170313, 'The modified contract quantity cannot be less than to the filled quantity'],
  },
  NOT_MODIFIED: {
    derivatives: [10001, REFUSED.unchanged.retMsg],
    spot: [10001, REFUSED.unchanged.retMsg],
  },
  REDUCE_ONLY_WITHOUT_POSITION: {
    derivatives: [110017, 'orderQty will be truncated to zero'],
    spot: [10001, 'params error: reduceOnly invalid'],
  },
  TOO_MANY_ORDERS: {
    derivatives: [110020, 'Not allowed to have more than 500 active orders.'],
    spot: [170810, 'Cannot exceed maximum of 500 conditional, TP/SL and active orders.'],
  },
  NO_MARKET_PRICE: {
    derivatives: [110118, 'Unable to retrieve a price of the market order due to low liquidity'],
    spot: [110118, 'Unable to retrieve a price of the market order due to low liquidity'],
  },
  LEVERAGE_UNCHANGED: {
    derivatives: [110043, 'Set leverage has not been modified.'],
    spot: [110043, 'Set leverage has not been modified.'],
  },
  LEVERAGE_ABOVE_LIMIT: {
    derivatives: [110013, 'Cannot set leverage due to risk limit level.'],
    spot: [110013, 'Cannot set leverage due to risk limit level.'],
  },
  POSITION_IDX_MISMATCH: {
    derivatives: [10001, 'position idx not match position mode'],
    spot: [10001, 'position idx not match position mode'],
  },
  TRIGGER_NOT_ABOVE: {
    derivatives: [110092, 'expect Rising, but %d'],
    spot: [170202, 'Please enter the TP/SL price.'],
  },
  TRIGGER_NOT_BELOW: {
    derivatives: [110093, 'expect Falling, but %d'],
    spot: [170202, 'Please enter the TP/SL price.'],
  },
  TRIGGER_OFF_TICK: both(10001, 'params error: triggerPrice invalid'),
  TRIGGER_TOO_HIGH: both(170203, 'trigger price cannot be higher than 110% price.'),
  TRIGGER_TOO_LOW: both(170204, 'trigger price cannot be lower than 90% of qty.'),
  SETTLE_NOT_COLLATERAL: both(
    110101,
    'Trading inverse contracts under Cross and Portfolio modes requires enabling the settlement asset as collateral.',
  ),
  TOO_MANY_CONDITIONAL: {
    derivatives: [110009, 'The number of stop orders exceeds the maximum allowable limit'],
    spot: [170810, 'Cannot exceed maximum of 500 conditional, TP/SL and active orders.'],
  },
  EXIT_ON_WRONG_SIDE: { derivatives: [10001, '%d'], spot: [10001, '%d'] },
  EXITS_NOT_ALLOWED: both(110057, 'Conditional order or limit order contains TP/SL related params'),
  EXITS_TOO_LARGE: both(
    110058,
    "You can't set take profit and stop loss due to insufficient size of remaining position size.",
  ),
  EXITS_OF_PARTLY_FILLED: both(110059, 'Not allowed to modify the TP/SL of a partially filled open order'),
  EXITS_UNCHANGED: both(34040, 'not modified'),
  TOO_MANY_EXITS: both(110061, 'Not allowed to have more than 20 TP/SLs under Partial tpSlMode'),
  NO_POSITION: both(10001, 'can not set tp/sl/ts for zero position'),
  MODE_BLOCKED_BY_POSITION: both(110024, 'You have an existing position, so the position mode cannot be switched.'),
  MODE_BLOCKED_BY_ORDERS: both(110028, 'You have existing open orders, so the position mode cannot be switched.'),
  MODE_UNCHANGED: both(110025, 'Position mode has not been modified.'),
  HEDGE_NOT_SUPPORTED: both(110029, 'Hedge mode is not supported for this symbol.'),
  EXITS_LOCKED: {
    derivatives: [110060, 'Under full TP/SL mode, it is not allowed to modify TP/SL'],
    spot: [170312, 'The current order does not support modification'],
  },
  NOT_SUPPORTED: {
    derivatives: [10001, 'params error: not supported by this exchange'],
    spot: [10001, 'params error: not supported by this exchange'],
  },
  LEVERAGE_DIFFERS: both(10001, 'params error: buyLeverage must be equal to sellLeverage'),
  ABOVE_RISK_LIMIT: both(
    110090,
    'Order placement failed as your position may exceed the max limit. Please adjust your leverage to %s or below to increase the max. position limit',
  ),
  // What Bybit documents no code for is a parameter error that says which.
  NOT_MASTER: both(10005, REFUSED.permission.retMsg),
  USERNAME_INVALID: both(10001, 'params error: username invalid'),
  USERNAME_TAKEN: both(10001, 'params error: username exists'),
  TOO_MANY_SUB_MEMBERS: both(10001, 'params error: too many sub-accounts, at most %s'),
  SUB_MEMBER_NOT_FOUND: both(500010, 'The subaccount specified does not belong to the parent account'),
  SUB_MEMBER_NOT_EMPTY: both(141025, 'This subaccount has assets and cannot be deleted'),
  SUB_MEMBER_FROZEN: both(141004, 'sub member is not normal'),
  TOO_MANY_KEYS: both(10001, 'params error: too many API keys, at most %s'),
  KEY_NOT_FOUND: both(10001, 'params error: apikey invalid'),
  TRANSFER_REPEATED: both(131214, 'TransferId exist'),
  TRANSFER_TO_ITSELF: both(131211, "fromAccountType can't be the same as toAccountType"),
  TRANSFER_AMOUNT_INVALID: both(131210, 'Amount accuracy error'),
  TRANSFER_NOT_ALLOWED: both(131202, 'Invalid memberId'),
  TRANSFER_BALANCE: both(131212, 'Insufficient balance'),
  // Bybit documents no codes for loans that are not given.
  COIN_NOT_LENT: both(10001, 'params error: coin invalid'),
  LOAN_AMOUNT_INVALID: both(10001, 'params error: amount invalid'),
  LOAN_TOO_LARGE: both(10001, 'The amount exceeds what can be borrowed: %d'),
  LOAN_BY_REQUEST: both(182120, 'Please use the repay and no-convert-repay API.'),
  NOTHING_OWED: both(182102, 'Failed repayment, there are no liabilities in the current currency'),
  NOTHING_TO_PAY_WITH: both(182101, 'Failed repayment, insufficient collateral balance'),
  MARGIN_MODE_UNCHANGED: both(110026, 'Cross/isolated margin mode has not been modified.'),
  MARGIN_MODE_REFUSED: both(3400045, 'Set margin mode failed'),
  SPOT_MARGIN_IN_USE: both(10001, 'Repay what is borrowed before spot margin is switched off'),
  NOT_ISOLATED: both(110015, 'The position is in cross margin mode.'),
  NOT_ISOLATED_AUTO: both(110076, 'Only isolated mode can set auto-add-margin'),
  NO_POSITION_FOR_MARGIN: both(110033, "You can't set margin without an open position"),
  MARGIN_UNCHANGED: both(110027, 'Margin has not been modified.'),
  MARGIN_NOT_ADDED: both(110078, 'Added margin more than max can reduce margin'),
  MARGIN_TOO_LARGE: both(110014, 'Insufficient available balance to add additional margin.'),
  WOULD_LIQUIDATE: both(110046, 'Liquidation will be triggered immediately by this adjustment.'),
  TRANSFER_NOT_SAFE: both(131228, 'your balance is not enough. Please check transfer safe amount'),
  COLLATERAL_FIXED: both(182111, '%d cannot be switched off as collateral'),
  COLLATERAL_IN_USE: both(182108, 'Switching failed: %d'),
  SPREAD_ISOLATED_MARGIN: both(110110, 'Spread trading is not available in isolated margin trading mode'),
  SPREAD_HEDGE_MODE: both(110113, 'Spread trading is not available in hedge mode'),
  SPREAD_ORDER_OPEN: both(110114, 'You have a Spread trading order in progress. Please try again later'),
  LEG_NOT_CANCELABLE: both(
    110115,
    'The cancellation of a combo single-leg order can only be done by canceling the combo order',
  ),
  LEG_OUTSIDE_BAND: both(
    110116,
    'The entry price of a single leg, derived from the combo order price, exceeds the limit price',
  ),
  LEG_NOT_AMENDABLE: both(
    110117,
    'The modification of a combo single-leg order can only be done by modifying the combo order',
  ),
  TOO_MANY_SPREAD_ORDERS: both(110020, 'Not allowed to have more than 50 active orders.'),
  UNAVAILABLE: { derivatives: [10016, 'Server error.'], spot: [10016, 'Server error.'] },
};

/** The limit that was passed: what a refusal's own sentence ends with. */
const LAST_NUMBER = /\d+(?:\.\d+)?$/;

/** Bybit's code and text for an exchange's refusal. */
export function wireRefusal({ code, detail }: ExchangeRefusal, category: Category): WireRefusal {
  const [retCode, retMsg] = TABLE[code][category === 'spot' ? 'spot' : 'derivatives'];
  const withDetail = retMsg.replace('%d', () => detail);
  return { retCode, retMsg: withDetail.replace('%s', () => LAST_NUMBER.exec(detail)?.[0] ?? detail) };
}
